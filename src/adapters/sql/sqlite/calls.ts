/** Calls to a worker thread: one message each way. */
import { parentPort, type Worker } from 'node:worker_threads'
import { QueueFull, UnknownOutcome } from '../../../core/ports.ts'
import { AlreadyInitialised, DatabaseMissing, DatabaseTooNew } from '../errors.ts'

/** What a worker answers: functions of at most one argument, by name. */
type Methods<M> = { readonly [N in keyof M]: (input: never) => unknown }

interface Request {
  readonly id: number
  readonly name: string
  readonly input: unknown
}
type Reply = { id: number; output: unknown } | { id: number; error: { name: string; message: string } }

/** Classes do not survive the way between threads; these are told apart by their callers. */
const classes: Readonly<Record<string, new (message: string) => Error>> = {
  UnknownOutcome,
  QueueFull,
  AlreadyInitialised,
  DatabaseMissing,
  DatabaseTooNew,
}

const nameOf = (error: unknown): string =>
  Object.keys(classes).find((name) => error instanceof (classes[name] as new (message: string) => Error)) ?? 'Error'

/** With its cause, such as SQLite's word for what failed: those messages name tables and columns, never values. */
const messageOf = (error: unknown): string => {
  if (!(error instanceof Error)) return 'unknown fault'
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message
}

const revive = ({ name, message }: { name: string; message: string }): Error => new (classes[name] ?? Error)(message)

/** In the worker: answers every call by its handler. */
export const answerCalls = <M extends Methods<M>>(handlers: M): void => {
  const answer = async ({ id, name, input }: Request) => {
    try {
      const handler = handlers[name as keyof M] as unknown as (input: unknown) => unknown
      parentPort?.postMessage({ id, output: await handler(input) } satisfies Reply)
    } catch (error) {
      parentPort?.postMessage({ id, error: { name: nameOf(error), message: messageOf(error) } } satisfies Reply)
    }
  }
  parentPort?.on('message', (request: Request) => void answer(request))
}

interface Waiting {
  resolve(output: unknown): void
  reject(error: Error): void
}

/** In the caller. When the worker ends, what it has not answered is rejected with `lost(the worker's error, if any)`. */
export class Calls<M extends Methods<M>> {
  readonly #worker: Worker
  readonly #waiting = new Map<number, Waiting>()
  readonly #exited: Promise<void>
  #last = 0
  #ended = false

  constructor(worker: Worker, lost: (cause: unknown) => Error) {
    this.#worker = worker
    worker.on('message', (reply: Reply) => this.#receive(reply))
    let fault: unknown
    worker.on('error', (error) => {
      fault = error
    })
    this.#exited = new Promise((resolve) => {
      worker.once('exit', () => {
        this.#ended = true
        for (const { reject } of this.#waiting.values()) reject(lost(fault))
        this.#waiting.clear()
        resolve()
      })
    })
  }

  call<N extends keyof M & string>(name: N, ...input: Parameters<M[N]>): Promise<Awaited<ReturnType<M[N]>>> {
    if (this.#ended) return Promise.reject(new Error('the store is closed'))
    return new Promise((resolve, reject) => {
      this.#last += 1
      this.#waiting.set(this.#last, { resolve: resolve as Waiting['resolve'], reject })
      this.#worker.postMessage({ id: this.#last, name, input: input[0] } satisfies Request)
    })
  }

  /** Ends the worker; whoever wants its work done asks for that first. */
  async end(): Promise<void> {
    await this.#worker.terminate()
    await this.#exited
  }

  #receive(reply: Reply): void {
    const waiting = this.#waiting.get(reply.id)
    this.#waiting.delete(reply.id)
    if ('error' in reply) waiting?.reject(revive(reply.error))
    else waiting?.resolve(reply.output)
  }
}

/**
 * The way of every request, written once: who is calling, what is asked, the one door, the answer. A dialect gives the
 * steps; their order is here, so that nothing about a key is said before the caller is known.
 */
import type { Caller } from '../core/access/caller.ts'
import { type Failure, Refusal } from '../core/failure.ts'
import type { House, Region } from '../core/house.ts'
import type { Place } from '../core/object.ts'
import { recordRefusal } from '../core/perform.ts'
import type { View } from '../core/ports.ts'
import type { Action } from './action.ts'
import type { Members } from './members.ts'

/** The request line and headers, as `node:http` reads them: names in lower case. */
export interface Head {
  readonly method: string
  readonly path: string
  /** Raw, without the question mark. */
  readonly query: string
  readonly headers: Readonly<Record<string, string | undefined>>
  /** The client's address, or what a trusted proxy says it is. */
  readonly source: string
}

export interface Exchange {
  readonly head: Head
  /**
   * The whole body, at most `max` bytes. Beyond 64 KiB it is read only when `welcome` says so, because a stranger's bytes
   * should cost nothing.
   */
  body(max: number, welcome: () => Promise<boolean>): Promise<Uint8Array | 'tooLarge'>
}

export interface Answer {
  readonly status: number
  readonly contentType: string
  readonly body: string
}

/** The client went away before its request was whole; there is nobody to answer. */
export class Disconnected extends Error {}

/** Refused by the dialect itself, before or beside the core: its own code and words. */
export class Denied<Code extends string = string> {
  readonly code: Code
  readonly message: string
  constructor(code: Code, message: string) {
    this.code = code
    this.message = message
  }
}

/** What a dialect read from the head. */
export interface Opened<Code extends string> {
  readonly action: Action<Code>
}

export interface Dialect<Code extends string, O extends Opened<Code>> {
  readonly name: string
  readonly actions: readonly Action<Code>[]
  /** The largest body that any caller may send, bytes. */
  readonly bodyBytesMax: number
  recognises(head: Head): boolean
  /** What is asked, and by whom it claims to be, from the head alone. */
  open(head: Head): O | Denied<Code>
  /** Whether the claimed access key exists: then a large body is read. */
  isKnown(opened: O, view: View): Promise<boolean>
  authenticate(
    opened: O,
    head: Head,
    body: Uint8Array,
    view: View,
    house: House,
    request: string,
  ): Promise<Caller | Denied<Code>>
  place(opened: O, caller: Caller, house: House): { place: Place; region: Region } | Denied<Code>
  /** The action's members out of the body. */
  members(opened: O, body: Uint8Array): { members: unknown } | Failure
  succeed(members: Members, request: string): Answer
  refuse(action: Action<Code> | undefined, failures: readonly Failure[], request: string): Answer
  deny(denied: Denied<Code>, request: string): Answer
  tooLarge(request: string): Answer
  /** For defects and faults; says nothing of them. */
  internal(request: string): Answer
}

/** Who watches: metrics, the log, and the count of strangers. */
export interface Watch {
  answered(dialect: string, action: string, outcome: 'success' | 'refused' | 'failed', milliseconds: number): void
  stranger(dialect: string, source: string, reason: string): void
  defect(error: unknown, request: string): void
}

interface Serving {
  readonly house: House
  readonly watch: Watch
}

const performFor = async <Code extends string, O extends Opened<Code>>(
  dialect: Dialect<Code, O>,
  { house, watch }: Serving,
  opened: O,
  body: Uint8Array,
  view: View,
  caller: Caller,
): Promise<Answer> => {
  const { action } = opened
  const { request } = caller
  const started = house.clock.monotonic()
  const answered = (outcome: 'success' | 'refused', answer: Answer): Answer => {
    watch.answered(dialect.name, action.name, outcome, house.clock.monotonic() - started)
    return answer
  }
  const recorded = (reason: Failure, regionId: string) =>
    recordRefusal({ house, caller, view, now: house.clock.now(), region: regionId }, action.name, [reason])

  const where = dialect.place(opened, caller, house)
  if (where instanceof Denied) {
    await recorded({ reason: 'invalidField', member: 'region', why: where.code }, '')
    return answered('refused', dialect.deny(where, request))
  }
  const read = dialect.members(opened, body)
  if ('reason' in read) {
    await recorded(read, where.region.id)
    return answered('refused', dialect.refuse(action, [read], request))
  }
  const result = await action.invoke(read.members, { house, caller, view, ...where })
  if (result instanceof Refusal) return answered('refused', dialect.refuse(action, result.failures, request))
  return answered('success', dialect.succeed(result, request))
}

const answerTo = async <Code extends string, O extends Opened<Code>>(
  dialect: Dialect<Code, O>,
  serving: Serving,
  exchange: Exchange,
  request: string,
): Promise<Answer> => {
  const { house, watch } = serving
  const { head } = exchange
  const strangers = (reason: string, answer: Answer): Answer => {
    watch.stranger(dialect.name, head.source, reason)
    return answer
  }

  const opened = dialect.open(head)
  if (opened instanceof Denied) return strangers(opened.code, dialect.deny(opened, request))

  const welcome = async () => dialect.isKnown(opened, await house.coherence.view())
  const body = await exchange.body(dialect.bodyBytesMax, welcome)
  if (body === 'tooLarge') return strangers('tooLarge', dialect.tooLarge(request))

  // Taken only now: whoever revoked something before this request was sent is in this view.
  const view = await house.coherence.view()
  const caller = await dialect.authenticate(opened, head, body, view, house, request)
  if (caller instanceof Denied) return strangers(caller.code, dialect.deny(caller, request))
  return performFor(dialect, serving, opened, body, view, caller)
}

/** A dialect as the server sees it. */
export interface Service {
  readonly name: string
  recognises(head: Head): boolean
  answer(exchange: Exchange): Promise<Answer>
}

export const serve = <Code extends string, O extends Opened<Code>>(
  dialect: Dialect<Code, O>,
  serving: Serving,
): Service => ({
  name: dialect.name,
  recognises: (head) => dialect.recognises(head),
  async answer(exchange) {
    const request = serving.house.random.id(serving.house.clock.now())
    try {
      return await answerTo(dialect, serving, exchange, request)
    } catch (error) {
      if (error instanceof Disconnected) throw error
      serving.watch.defect(error, request)
      return dialect.internal(request)
    }
  },
})

/** One request, from its head to its answer. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { BlockList } from 'node:net'
import { pipeline } from 'node:stream/promises'
import { type Answer, Disconnected, type Head, type Service } from '../contract/serve.ts'
import { type Body, isSmall, readBody, readSmall } from './body.ts'
import { isSecure, sourceOf } from './source.ts'
import type { Arrival, Turn } from './turn.ts'
import type { Place, UnderWay } from './under-way.ts'

/** What every request of a server meets. */
export interface Door {
  readonly services: readonly Service[]
  readonly trusted: BlockList
  readonly underWay: UnderWay
  readonly turn: Turn
  /** Whether the server takes no new connection, and closes each behind its answer. */
  draining: boolean
  onFault(error: unknown): void
}

const headOf = (request: IncomingMessage, trusted: BlockList): Head => {
  const url = request.url ?? '/'
  const mark = url.indexOf('?')
  const headers = request.headers as Readonly<Record<string, string | undefined>>
  const { remoteAddress } = request.socket
  return {
    method: request.method ?? '',
    path: mark < 0 ? url : url.slice(0, mark),
    query: mark < 0 ? '' : url.slice(mark + 1),
    headers,
    source: sourceOf(remoteAddress, headers['x-forwarded-for'], trusted),
    secure: isSecure('encrypted' in request.socket, remoteAddress, headers['x-forwarded-proto'], trusted),
  }
}

const notFound: Answer = { status: 404, contentType: 'text/plain', body: 'Not found\n' }

/**
 * `last`: the connection is closed behind the answer. Waits only for an answer that comes piece by piece, as fast as it is
 * taken; a fault in the middle of that ends the connection, so that nobody takes the part for the whole.
 */
export const send = (
  request: IncomingMessage,
  response: ServerResponse,
  { status, contentType, headers, body }: Answer,
  last = false,
): Promise<void> | undefined => {
  if (response.headersSent || response.destroyed) return undefined
  const lines = ['Content-Type', contentType]
  const whole = typeof body === 'string' || body instanceof Uint8Array
  if (whole) lines.push('Content-Length', String(Buffer.byteLength(body)))
  if (headers) lines.push(...Object.entries(headers).flat())
  // A body that was not read to its end cannot be told from the next request.
  if (!request.complete || last) lines.push('Connection', 'close')
  response.writeHead(status, lines)
  if (!request.complete) response.once('finish', () => request.destroy())
  if (!whole) return pipeline(body, response)
  response.end(body)
  return undefined
}

const wentAway = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'ERR_STREAM_PREMATURE_CLOSE'

export class Visit implements Arrival {
  readonly #door: Door
  readonly #request: IncomingMessage
  readonly #response: ServerResponse
  readonly #place: Place
  /** Where it was read before anything was asked of it. */
  #body: Uint8Array | undefined

  constructor(door: Door, request: IncomingMessage, response: ServerResponse) {
    this.#door = door
    this.#request = request
    this.#response = response
    this.#place = door.underWay.begin(response)
  }

  /** A small request is worked on once it is whole; one that is large or does not say, before its body is read. */
  enter(): void {
    const whole = (body: Uint8Array) => {
      this.#body = body
      this.#door.turn.add(this)
    }
    if (isSmall(this.#request)) readSmall(this.#request, whole, () => this.#leave())
    else this.#door.turn.add(this)
  }

  takeOn(): void {
    void this.#answered().then((answer) => (answer ? this.#send(answer) : this.#leave()))
  }

  /**
   * Nothing else is found out about a request that is declined. The connection is kept where the body was read, since a client
   * that connects again costs more than one that asks again.
   */
  decline(): (() => void) | undefined {
    const head = headOf(this.#request, this.#door.trusted)
    const answer = this.#serviceFor(head)?.shed?.(head)
    if (!answer) return undefined
    const last = this.#body === undefined
    // Nobody reads it any more, and thousands may wait to be told.
    this.#body = undefined
    return () => this.#send(answer, last)
  }

  #serviceFor(head: Head): Service | undefined {
    return this.#door.services.find((candidate) => candidate.recognises(head))
  }

  /** undefined: nobody is there, or nothing could be said. */
  #answered(): Promise<Answer | undefined> {
    const head = headOf(this.#request, this.#door.trusted)
    const service = this.#serviceFor(head)
    if (!service) return Promise.resolve(notFound)
    const body = (max: number, welcome: () => Promise<boolean>) => this.#read(max, welcome)
    return service.answer({ head, body }).catch((error) => {
      if (!(error instanceof Disconnected)) this.#door.onFault(error)
      return undefined
    })
  }

  #read(max: number, welcome: () => Promise<boolean>): Body | Promise<Body> {
    if (!this.#body) return readBody(this.#request, max, welcome)
    return this.#body.length > max ? 'tooLarge' : this.#body
  }

  #send(answer: Answer, last = false): void {
    // A client that keeps its connection would keep a draining server from its end.
    const sent = send(this.#request, this.#response, answer, last || this.#door.draining)
    if (sent) void sent.catch((error) => wentAway(error) || this.#door.onFault(error)).then(() => this.#end())
    else this.#end()
  }

  #leave(): void {
    this.#response.destroy()
    this.#end()
  }

  #end(): void {
    this.#door.underWay.end(this.#place)
  }
}

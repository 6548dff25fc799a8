/**
 * The way of every request, written once: who is calling, what is asked, the one door, the answer. A dialect gives the
 * steps; their order is here, so that nothing about a key is said before the caller is known.
 */
import type { Caller } from '../core/access/caller.ts'
import { onceAtHand } from '../core/at-hand.ts'
import { type Failure, type NotServing, Refusal } from '../core/failure.ts'
import type { House, Region } from '../core/house.ts'
import type { Place } from '../core/object.ts'
import { recordRefusal } from '../core/perform.ts'
import type { View } from '../core/ports.ts'
import type { Action } from './action.ts'
import type { Lockout } from './lockout.ts'
import type { Members } from './members.ts'
import type { RateLimits } from './rate-limits.ts'
import type { Slowdown } from './slowdown.ts'

/** The request line and headers, as `node:http` reads them: names in lower case. */
export interface Head {
  readonly method: string
  readonly path: string
  /** Raw, without the question mark. */
  readonly query: string
  readonly headers: Readonly<Record<string, string | undefined>>
  /** The client's address, or what a trusted proxy says it is. */
  readonly source: string
  /** Whether what the client sends is encrypted on its way: by TLS here, or, so says a trusted proxy, up to there. */
  readonly secure: boolean
}

/** By a name that the client chose: the record also answers to the names of what every object has. */
export const headerNamed = ({ headers }: Head, name: string): string =>
  Object.hasOwn(headers, name) ? (headers[name] ?? '') : ''

export interface Exchange {
  readonly head: Head
  /**
   * The whole body, at most `max` bytes. Beyond 64 KiB it is read only when `welcome` says so, because a stranger's bytes
   * should cost nothing.
   */
  body(max: number, welcome: () => Promise<boolean>): Uint8Array | 'tooLarge' | Promise<Uint8Array | 'tooLarge'>
}

export interface Answer {
  readonly status: number
  readonly contentType: string
  /** What is long comes piece by piece; bytes are a file's. */
  readonly body: string | Uint8Array | AsyncIterable<string>
  /** Beside the content type and the length. */
  readonly headers?: Readonly<Record<string, string>>
}

/** The client went away before its request was whole; there is nobody to answer. */
export class Disconnected extends Error {}

/** Refused by the dialect itself, before or beside the core: its own code, and what there is to add to its text. */
export class Denied<Code extends string = string> {
  readonly code: Code
  readonly detail: string | undefined
  constructor(code: Code, detail?: string) {
    this.code = code
    this.detail = detail
  }
}

/** Refused before anybody found out who it is: no failure of whom the request claims to be from. */
export class Unjudged<Code extends string = string> extends Denied<Code> {}

/** What a dialect read from a whole request: which action is asked. */
export interface Asking<Code extends string> {
  readonly action: Action<Code>
  /** The access key id that the request claims. */
  readonly claimed: string
}

/**
 * `O`: what the head alone says. `Q`: what the whole request asks; some forms name their action in the body only.
 */
export interface Dialect<Code extends string, O, Q extends Asking<Code>> {
  readonly name: string
  readonly actions: readonly Action<Code>[]
  recognises(head: Head): boolean
  /** What the head says. */
  open(head: Head): O | Denied<Code>
  /** The largest body of a request of this form, bytes. */
  bodyBytesMax(opened: O): number
  /** Whether the head's access key exists: then a large body is read. */
  isKnown(opened: O, view: View, house: House): Promise<boolean>
  /** What is asked. */
  read(opened: O, head: Head, body: Uint8Array): Q | Denied<Code>
  authenticate(
    asking: Q,
    head: Head,
    body: Uint8Array,
    view: View,
    house: House,
    request: string,
  ): Caller | Denied<Code> | Promise<Caller | Denied<Code>>
  /** Whether this is answered all the same while the installation answers nobody; nothing is where it is absent. */
  answersWhile?(asking: Q, state: NotServing['state']): boolean
  /** What a locked access key is told; undefined where nothing can be locked, such as a token. */
  locked?(asking: Q): Denied<Code> | undefined
  /** A failure where the request names a region that the installation, or the caller's session, does not have. */
  place(asking: Q, caller: Caller, house: House): { place: Place; region: Region; revision?: number } | Failure
  /** The documented rate of the action, calls a second; undefined where there is none. */
  perSecond(action: Action<Code>): number | undefined
  /** The action's members. */
  members(asking: Q, body: Uint8Array): { members: unknown } | Failure
  succeed(asking: Q, members: Members, request: string): Answer
  refuse(asking: Q, failures: readonly Failure[], request: string): Answer
  deny(denied: Denied<Code>, head: Head, request: string): Answer
  tooLarge(head: Head, request: string): Answer
  /** More has arrived than the server can answer: this cloud's throttling answer, to whoever asks. */
  throttled(head: Head, request: string): Answer
  /** For defects and faults; says nothing of them. */
  internal(head: Head, request: string): Answer
}

/** Who watches: metrics, the log, and the count of strangers. */
export interface Watch {
  answered(dialect: string, action: string, outcome: 'success' | 'refused' | 'failed', milliseconds: number): void
  stranger(dialect: string, source: string, reason: string): void
  /** A request that was not taken on, since too many had arrived. */
  shed(dialect: string): void
  defect(error: unknown, request: string): void
}

export interface Serving {
  readonly house: House
  readonly watch: Watch
  readonly rates: RateLimits
  readonly slowdown: Slowdown
  /** undefined: no access key is ever locked. */
  readonly lockout: Lockout | undefined
  /** Why the installation answers nobody now, whoever asks; undefined: it does answer. Asked for every request. */
  unavailable?(): NotServing | undefined
}

const performFor = <Code extends string, O, Q extends Asking<Code>>(
  dialect: Dialect<Code, O, Q>,
  { house, watch, rates }: Serving,
  asking: Q,
  body: Uint8Array,
  view: View,
  caller: Caller,
): Promise<Answer> => {
  const { action } = asking
  const { request } = caller
  const started = house.clock.monotonic()
  const answered = (outcome: 'success' | 'refused', answer: Answer): Answer => {
    watch.answered(dialect.name, action.name, outcome, house.clock.monotonic() - started)
    return answer
  }
  const refused = async (failure: Failure, regionId: string): Promise<Answer> => {
    await recordRefusal({ house, caller, view, now: house.clock.now(), region: regionId }, action.name, [failure])
    return answered('refused', dialect.refuse(asking, [failure], request))
  }

  const where = dialect.place(asking, caller, house)
  if ('reason' in where) return refused(where, '')
  const { account } = caller
  if (!rates.take(`${account.id} ${where.region.id} ${action.name}`, action.operation.mode, dialect.perSecond(action)))
    return refused({ reason: 'usageLimitExceeded' }, where.region.id)
  const read = dialect.members(asking, body)
  if ('reason' in read) return refused(read, where.region.id)
  return action
    .invoke(read.members, { house, caller, view, ...where })
    .then((result) =>
      result instanceof Refusal
        ? answered('refused', dialect.refuse(asking, result.failures, request))
        : answered('success', dialect.succeed(asking, result, request)),
    )
}

/** Said to anybody; it rests on nothing and is not recorded. */
const tell = <Code extends string, O, Q extends Asking<Code>>(
  dialect: Dialect<Code, O, Q>,
  { house, watch }: Serving,
  asking: Q,
  body: Uint8Array,
  request: string,
): Answer => {
  const started = house.clock.monotonic()
  const read = dialect.members(asking, body)
  const said = 'reason' in read ? new Refusal([read]) : asking.action.notice?.(read.members, house)
  if (!said) throw new Error(`${asking.action.name} is no notice`)
  const refused = said instanceof Refusal
  watch.answered(dialect.name, asking.action.name, refused ? 'refused' : 'success', house.clock.monotonic() - started)
  return refused ? dialect.refuse(asking, said.failures, request) : dialect.succeed(asking, said, request)
}

/** Refused before anybody is authenticated: it rests on nothing that was asked, and is not recorded. */
const turnedAway = <Code extends string, O, Q extends Asking<Code>>(
  dialect: Dialect<Code, O, Q>,
  serving: Serving,
  asking: Q,
  request: string,
): Answer | undefined => {
  const failure = serving.unavailable?.()
  if (!failure || dialect.answersWhile?.(asking, failure.state)) return undefined
  serving.watch.answered(dialect.name, asking.action.name, 'refused', 0)
  return dialect.refuse(asking, [failure], request)
}

/** Everything that an answer is made from. */
interface Way<Code extends string, O, Q extends Asking<Code>> {
  readonly dialect: Dialect<Code, O, Q>
  readonly serving: Serving
  readonly head: Head
  readonly request: string
}

/** Said before anybody is known; counted, and not recorded. */
const toStranger = <Code extends string, O, Q extends Asking<Code>>(
  { dialect, serving, head, request }: Way<Code, O, Q>,
  denied: Denied<Code>,
): Answer => {
  serving.watch.stranger(dialect.name, head.source, denied.code)
  return dialect.deny(denied, head, request)
}

const toKnown = <Code extends string, O, Q extends Asking<Code>>(
  { dialect, serving, head }: Way<Code, O, Q>,
  asking: Q,
  body: Uint8Array,
  view: View,
  caller: Caller,
): Promise<Answer> => {
  serving.lockout?.succeeded(asking.claimed)
  serving.slowdown.succeeded(asking.claimed, head.source)
  return performFor(dialect, serving, asking, body, view, caller)
}

/** A guess waits for its answer; whoever was not judged did not guess. */
const toDenied = async <Code extends string, O, Q extends Asking<Code>>(
  way: Way<Code, O, Q>,
  asking: Q,
  denied: Denied<Code>,
): Promise<Answer> => {
  if (!(denied instanceof Unjudged)) {
    way.serving.lockout?.failed(asking.claimed)
    await way.serving.slowdown.failed(asking.claimed, way.head.source)
  }
  return toStranger(way, denied)
}

const answerIn = <Code extends string, O, Q extends Asking<Code>>(
  way: Way<Code, O, Q>,
  asking: Q,
  body: Uint8Array,
  view: View | undefined,
): Answer | Promise<Answer> => {
  const { dialect, serving, head, request } = way
  if (!view) return turnedAway(dialect, serving, asking, request) ?? dialect.internal(head, request)
  return onceAtHand(dialect.authenticate(asking, head, body, view, serving.house, request), (known) =>
    known instanceof Denied ? toDenied(way, asking, known) : toKnown(way, asking, body, view, known),
  )
}

/** The request is whole. Most of them find at hand whatever they need, and wait for nothing but their place in the record. */
const answerWhole = <Code extends string, O, Q extends Asking<Code>>(
  way: Way<Code, O, Q>,
  opened: O,
  body: Uint8Array | 'tooLarge',
): Answer | Promise<Answer> => {
  const { dialect, serving, head, request } = way
  if (body === 'tooLarge') {
    serving.watch.stranger(dialect.name, head.source, 'tooLarge')
    return dialect.tooLarge(head, request)
  }
  const asking = dialect.read(opened, head, body)
  if (asking instanceof Denied) return toStranger(way, asking)
  const turned = turnedAway(dialect, serving, asking, request)
  if (turned) return turned
  if (asking.action.notice) return tell(dialect, serving, asking, body, request)
  const locked = serving.lockout?.isLocked(asking.claimed) ? dialect.locked?.(asking) : undefined
  if (locked) return toStranger(way, locked)

  // Taken only now: whoever revoked something before this request was sent is in this view.
  const taken = serving.house.coherence.view()
  return onceAtHand<View | undefined, Answer>(taken instanceof Promise ? taken.catch(() => undefined) : taken, (view) =>
    answerIn(way, asking, body, view),
  )
}

const answerTo = <Code extends string, O, Q extends Asking<Code>>(
  way: Way<Code, O, Q>,
  exchange: Exchange,
): Answer | Promise<Answer> => {
  const { dialect, serving, head } = way
  const opened = dialect.open(head)
  if (opened instanceof Denied) return toStranger(way, opened)
  const { house } = serving
  const welcome = async () => dialect.isKnown(opened, await house.coherence.view(), house)
  return onceAtHand(exchange.body(dialect.bodyBytesMax(opened), welcome), (body) => answerWhole(way, opened, body))
}

/** A dialect as the server sees it. */
export interface Service {
  readonly name: string
  recognises(head: Head): boolean
  answer(exchange: Exchange): Promise<Answer>
  /** What is told to a request that the server has no time for; a service without it is always answered. */
  shed?(head: Head): Answer
}

export const serve = <Code extends string, O, Q extends Asking<Code>>(
  dialect: Dialect<Code, O, Q>,
  serving: Serving,
): Service => ({
  name: dialect.name,
  recognises: (head) => dialect.recognises(head),
  shed(head) {
    serving.watch.shed(dialect.name)
    return dialect.throttled(head, serving.house.random.id(serving.house.clock.now()))
  },
  async answer(exchange) {
    const request = serving.house.random.id(serving.house.clock.now())
    try {
      return await answerTo({ dialect, serving, head: exchange.head, request }, exchange)
    } catch (error) {
      if (error instanceof Disconnected) throw error
      serving.watch.defect(error, request)
      return dialect.internal(exchange.head, request)
    }
  },
})

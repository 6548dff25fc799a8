/**
 * The protocol of `docs/spec/barrier.md` as a machine of which every state is visited: one process that may stall
 * anywhere, be fenced and join again, and writers that revoke one after the other. Time is counted in ticks of the one
 * clock that matters; a message is sent, has its effect in the database, and is answered, each whenever it likes.
 */

/** Mistakes that are easily made, each of which the search must find. */
export type Mistake =
  | 'the lease counts from the answer'
  | 'joining and the first lease are one statement'
  | 'a member is fenced although it renewed'
  | 'the silence of a member counts from the commit'
  | 'a change that was there already is answered at once'
  | 'a row that was read before an eviction is remembered'

export interface Bounds {
  readonly writers: number
  /** Ticks that pass. */
  readonly horizon: number
  /** Renewals of one membership. */
  readonly beatsMax: number
  /** Whether the process remembers rows that it reads. */
  readonly loads: boolean
}

const leaseTicks = 2

/** One writer removes members, for a removal is the same whoever does it. */
const fencing = 0

/** The process's row in the registry. */
interface Row {
  readonly membership: number
  readonly beat: number
  readonly acked: number
}

type Statement =
  | { readonly is: 'renew'; readonly sent: number; readonly snapshot: number }
  | { readonly is: 'joinAndRenew'; readonly sent: number; readonly snapshot: number }
  | { readonly is: 'renewed'; readonly sent: number; readonly snapshot: number }
  | { readonly is: 'acknowledge'; readonly epoch: number }

interface Process {
  /** 0: not joined. It joins twice at most. */
  readonly membership: number
  readonly joins: number
  readonly seen: number
  readonly leaseEnd: number
  readonly statement: Statement | undefined
  readonly load: { readonly seen: number; readonly snapshot: number } | undefined
  /** The epoch as of which the remembered row was read, or nothing remembered. */
  readonly remembered: number | undefined
}

type Writer =
  | { readonly is: 'idle' }
  | { readonly is: 'committed'; readonly epoch: number }
  | {
      readonly is: 'waiting'
      readonly epoch: number
      readonly since: number
      readonly beat: string
      readonly heard: number
    }
  | { readonly is: 'answered'; readonly epoch: number }

interface State {
  readonly now: number
  readonly epoch: number
  readonly row: Row | undefined
  readonly process: Process
  readonly writers: readonly Writer[]
}

interface Step {
  readonly what: string
  readonly to: State
}

const unread = -1

const rowText = (row: Row | undefined): string => (row ? `${row.membership}.${row.beat}.${row.acked}` : '-')
const beatOf = ({ membership, beat }: Row): string => `${membership}.${beat}`
const nameOf = ({ now, epoch, row, process: p, writers }: State): string => {
  const statement = p.statement ? Object.values(p.statement).join('.') : '-'
  const load = p.load ? `${p.load.seen}.${p.load.snapshot}` : '-'
  const all = writers.map((writer) => Object.values(writer).join('.')).join(',')
  return `${now}|${epoch}|${rowText(row)}|${p.membership}.${p.joins}.${p.seen}.${p.leaseEnd}.${p.remembered}|${statement}|${load}|${all}`
}

export const start = (writers: number): State => ({
  now: 0,
  epoch: 0,
  row: undefined,
  process: {
    membership: 0,
    joins: 0,
    seen: 0,
    leaseEnd: -1,
    statement: undefined,
    load: undefined,
    remembered: undefined,
  },
  writers: Array.from({ length: writers }, (): Writer => ({ is: 'idle' })),
})

/** Served with less than what was acknowledged before the request could have been sent. */
const broken = ({ now, process: { membership, leaseEnd, seen, remembered }, writers }: State): boolean => {
  if (membership === 0 || now >= leaseEnd) return false
  const known = Math.min(seen, remembered ?? seen)
  return writers.some((writer) => writer.is === 'answered' && known < writer.epoch)
}

class Machine {
  readonly #bounds: Bounds
  readonly #mistake: Mistake | undefined

  constructor(bounds: Bounds, mistake: Mistake | undefined) {
    this.#bounds = bounds
    this.#mistake = mistake
  }

  *steps(state: State): Iterable<Step> {
    if (state.now < this.#bounds.horizon) yield { what: 'a tick', to: { ...state, now: state.now + 1 } }
    yield* state.process.statement ? this.#underWay(state, state.process.statement) : this.#sent(state)
    if (this.#bounds.loads) yield* this.#loads(state)
    for (const [index, writer] of state.writers.entries()) yield* this.#written(state, index, writer)
  }

  *#sent(state: State): Iterable<Step> {
    const { now, row, process: p } = state
    const at = (over: Partial<Process>, then: Partial<State> = {}): State => ({
      ...state,
      ...then,
      process: { ...p, ...over },
    })
    if (p.membership === 0) {
      if (p.joins === 2) return
      const membership = p.joins + 1
      const joined = { membership, joins: membership, leaseEnd: -1 }
      if (this.#mistake === 'joining and the first lease are one statement')
        yield {
          what: 'join and renew sent',
          to: at({ ...joined, statement: { is: 'joinAndRenew', sent: now, snapshot: unread } }),
        }
      else yield { what: 'joined', to: at(joined, { row: { membership, beat: 0, acked: 0 } }) }
      return
    }
    const own = row?.membership === p.membership ? row : undefined
    if ((own?.beat ?? 0) < this.#bounds.beatsMax)
      yield { what: 'renewal sent', to: at({ statement: { is: 'renew', sent: now, snapshot: unread } }) }
    if (own && own.acked < p.seen)
      yield { what: 'acknowledgement sent', to: at({ statement: { is: 'acknowledge', epoch: p.seen } }) }
  }

  *#underWay(state: State, statement: Statement): Iterable<Step> {
    const { epoch, row, process: p } = state
    const at = (over: Partial<Process>, then: Partial<State> = {}): State => ({
      ...state,
      ...then,
      process: { ...p, ...over },
    })
    const own = row?.membership === p.membership ? row : undefined
    if (statement.is === 'acknowledge') {
      const acked = own && { ...own, acked: Math.max(own.acked, statement.epoch) }
      yield { what: 'acknowledged', to: at({ statement: undefined }, acked ? { row: acked } : {}) }
      return
    }
    if (statement.is === 'renewed') {
      yield { what: 'renewal answered', to: this.#leased(state, statement) }
      return
    }
    if (statement.snapshot === unread) {
      yield { what: 'renewal reads', to: at({ statement: { ...statement, snapshot: epoch } }) }
      return
    }
    const renewed = { statement: { ...statement, is: 'renewed' as const } }
    if (statement.is === 'joinAndRenew')
      yield { what: 'joined and renewed', to: at(renewed, { row: { membership: p.membership, beat: 0, acked: 0 } }) }
    else if (own) yield { what: 'renewed', to: at(renewed, { row: { ...own, beat: own.beat + 1 } }) }
    else
      yield {
        what: 'renewal finds no row: fenced',
        to: at({ membership: 0, seen: statement.snapshot, leaseEnd: -1, statement: undefined, remembered: undefined }),
      }
  }

  #leased(state: State, { sent, snapshot }: { readonly sent: number; readonly snapshot: number }): State {
    const { now, process: p } = state
    const from = this.#mistake === 'the lease counts from the answer' ? now : sent
    const evicted = snapshot > p.seen ? { seen: snapshot, remembered: undefined } : {}
    const process = { ...p, ...evicted, leaseEnd: Math.max(p.leaseEnd, from + leaseTicks), statement: undefined }
    return { ...state, process }
  }

  *#loads(state: State): Iterable<Step> {
    const { epoch, process: p } = state
    const at = (over: Partial<Process>): State => ({ ...state, process: { ...p, ...over } })
    if (!p.load) {
      if (p.membership > 0) yield { what: 'load sent', to: at({ load: { seen: p.seen, snapshot: unread } }) }
    } else if (p.load.snapshot === unread)
      yield { what: 'load reads', to: at({ load: { ...p.load, snapshot: epoch } }) }
    else {
      const kept = p.load.seen === p.seen || this.#mistake === 'a row that was read before an eviction is remembered'
      yield { what: 'load answered', to: at({ load: undefined, ...(kept ? { remembered: p.load.snapshot } : {}) }) }
    }
  }

  *#written(state: State, index: number, writer: Writer): Iterable<Step> {
    const { now, epoch, row } = state
    const at = (next: Writer, then: Partial<State> = {}): State => ({
      ...state,
      ...then,
      writers: state.writers.with(index, next),
    })
    const beat = row && beatOf(row)
    if (writer.is === 'idle') {
      yield { what: `writer ${index} commits`, to: at({ is: 'committed', epoch: epoch + 1 }, { epoch: epoch + 1 }) }
      const early = this.#mistake === 'a change that was there already is answered at once'
      if (epoch > 0)
        yield { what: `writer ${index} finds it done`, to: at({ is: early ? 'answered' : 'committed', epoch }) }
    } else if (writer.is === 'committed')
      yield {
        what: `writer ${index} sees its commit`,
        to: at({ is: 'waiting', epoch: writer.epoch, since: now, beat: '', heard: 0 }),
      }
    else if (writer.is === 'waiting') {
      const answered = { is: 'answered' as const, epoch: writer.epoch }
      if (!row || row.acked >= writer.epoch) yield { what: `writer ${index} answers: acknowledged`, to: at(answered) }
      else if (index === fencing && beat !== writer.beat)
        yield { what: `writer ${index} reads a beat`, to: at({ ...writer, beat: String(beat), heard: now }) }
      if (now >= writer.since + leaseTicks)
        yield { what: `writer ${index} answers: no lease is left`, to: at(answered) }
      if (this.#isSilent(state, writer)) yield { what: `writer ${index} fences`, to: { ...state, row: undefined } }
    }
  }

  #isSilent({ now, row }: State, { epoch, since, beat, heard }: Extract<Writer, { is: 'waiting' }>): boolean {
    if (!row || row.acked >= epoch || beat === '') return false
    const same = beatOf(row) === beat || this.#mistake === 'a member is fenced although it renewed'
    const from = this.#mistake === 'the silence of a member counts from the commit' ? since : heard
    return same && now >= from + leaseTicks
  }
}

export interface Verdict {
  readonly states: number
  /** The steps to the first state in which the promise is broken. */
  readonly counterexample: readonly string[] | undefined
}

/** Visits every state that can be reached, nearest first. */
export const explore = (bounds: Bounds, mistake?: Mistake): Verdict => {
  const machine = new Machine(bounds, mistake)
  const first = start(bounds.writers)
  const from = new Map<string, { readonly name: string; readonly what: string } | undefined>([
    [nameOf(first), undefined],
  ])
  const queue: { readonly state: State; readonly name: string }[] = [{ state: first, name: nameOf(first) }]
  for (let next = 0; next < queue.length; next += 1) {
    const { state, name } = queue[next] as (typeof queue)[number]
    if (broken(state)) {
      const path: string[] = []
      for (let at = from.get(name); at; at = from.get(at.name)) path.unshift(at.what)
      return { states: next + 1, counterexample: path }
    }
    for (const { what, to } of machine.steps(state)) {
      const reached = nameOf(to)
      if (from.has(reached)) continue
      from.set(reached, { name, what })
      queue.push({ state: to, name: reached })
    }
  }
  return { states: queue.length, counterexample: undefined }
}

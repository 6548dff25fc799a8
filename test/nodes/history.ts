/**
 * What clients sent and were answered, and when, by the one clock of the process that asked. From it alone is judged
 * whether the promises were kept.
 */
export type Outcome = 'success' | 'refused' | 'unknown'

export interface Event {
  /** What the call does to its subject: takes it away, gives it back, uses it; writes a value to it, reads it. */
  readonly does: 'take' | 'give' | 'use' | 'write' | 'read'
  readonly subject: string
  readonly node: number
  readonly action: string
  /** Before the first byte was sent, and after the answer was read; ms. */
  readonly sent: number
  readonly answered: number
  readonly outcome: Outcome
  /** What was written or read. */
  readonly value?: number
}

const at = ({ node, action, sent, answered }: Event): string =>
  `${action} at node ${node + 1} (sent ${sent.toFixed(1)}, answered ${answered.toFixed(1)})`

/** The changes of a subject are made one after the other, so that at most one is ever under way. */
const usedAfterTaken = (events: readonly Event[]): string[] => {
  const moves = events.filter(({ does }) => does === 'take' || does === 'give').toSorted((a, b) => a.sent - b.sent)
  const uses = events.filter(({ does, outcome }) => does === 'use' && outcome === 'success')
  return moves.flatMap((move, index) => {
    if (move.does !== 'take' || move.outcome !== 'success') return []
    const given = moves.slice(index + 1).find(({ does }) => does === 'give')?.sent ?? Number.POSITIVE_INFINITY
    const wrong = uses.filter((use) => use.sent > move.answered && use.answered < given)
    return wrong.map((use) => `${use.subject}: ${at(use)} succeeded after ${at(move)}`)
  })
}

/** Values grow with every write of a subject. */
const notSeen = (events: readonly Event[]): string[] => {
  const writes = events.filter(({ does, outcome }) => does === 'write' && outcome === 'success')
  return events
    .filter(({ does, outcome }) => does === 'read' && outcome === 'success')
    .flatMap((read) => {
      const before = writes.filter((write) => write.answered < read.sent)
      const newest = before.reduce((a, b) => ((b.value ?? 0) > (a?.value ?? -1) ? b : a), before[0])
      if (!newest || (read.value ?? -1) >= (newest.value ?? 0)) return []
      return [`${read.subject}: ${at(read)} gave ${read.value} after ${at(newest)} wrote ${newest.value}`]
    })
}

/** Every promise that the history shows broken, in words. */
export const judge = (events: readonly Event[]): string[] =>
  [...Map.groupBy(events, ({ subject }) => subject).values()].flatMap((own) => [
    ...usedAfterTaken(own),
    ...notSeen(own),
  ])

/**
 * The state of an object is derived from facts and never stored (SP 800-57 part 1, section 7; KMIP section 4.57).
 * The rules are data, so that the SQL expression of the same meaning is generated from them.
 */
import type { Instant } from './object.ts'

export const states = ['preActive', 'active', 'suspended', 'deactivated', 'destructionScheduled', 'destroyed'] as const
export type State = (typeof states)[number]

/** A kind that lacks one of the optional facts never gets into the states that come from it. */
export interface StateFacts {
  /** When the object is destroyed, UTC ms; null while no destruction is scheduled. */
  readonly destroyAt?: Instant | null
  readonly suspended: boolean
  readonly materialPresent?: boolean
  /** When imported material ends, UTC ms; null for never. */
  readonly materialExpiresAt?: Instant | null
  readonly deactivated?: boolean
}

export type Condition =
  | { fact: 'destroyAt' | 'materialExpiresAt'; is: 'passed' | 'set' }
  | { fact: 'materialPresent' | 'deactivated' | 'suspended'; is: boolean }

/** In order: the first rule of which any condition holds decides; none means `active`. */
export const stateRules: readonly { readonly state: State; readonly any: readonly Condition[] }[] = [
  { state: 'destroyed', any: [{ fact: 'destroyAt', is: 'passed' }] },
  { state: 'destructionScheduled', any: [{ fact: 'destroyAt', is: 'set' }] },
  {
    state: 'preActive',
    any: [
      { fact: 'materialPresent', is: false },
      { fact: 'materialExpiresAt', is: 'passed' },
    ],
  },
  { state: 'deactivated', any: [{ fact: 'deactivated', is: true }] },
  { state: 'suspended', any: [{ fact: 'suspended', is: true }] },
]

const holds = (facts: StateFacts, now: Instant, condition: Condition): boolean => {
  const value = facts[condition.fact]
  if (condition.is === 'passed') return typeof value === 'number' && value <= now
  if (condition.is === 'set') return value !== null && value !== undefined
  return value === condition.is
}

export const stateOf = (facts: StateFacts, now: Instant): State => {
  for (const rule of stateRules) for (const condition of rule.any) if (holds(facts, now, condition)) return rule.state
  return 'active'
}

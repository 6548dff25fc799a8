/** The target of an operation on one object, or on several, that the caller names by id. */
import type { Family } from '../../crypto/algorithms.ts'
import { keyNamed } from '../key-name.ts'
import type { KeyTarget, ManagedTarget } from '../operation.ts'

/** `name`: as `keyNamed` reads it. */
export const keyTarget = (name: string, rest: Omit<KeyTarget, 'ref'> = {}): KeyTarget => ({
  ref: keyNamed(name),
  ...rest,
})
export const keyTargets = (ids: readonly string[], rest: Omit<KeyTarget, 'ref'> = {}): readonly KeyTarget[] =>
  ids.map((id) => keyTarget(id, rest))

type DataKeyTarget = ManagedTarget<'dataKey'>

export const dataKeyTarget = (id: string, states?: DataKeyTarget['states']): DataKeyTarget => ({
  managed: 'dataKey',
  id,
  ...(states ? { states } : {}),
})
export const dataKeyTargets = (ids: readonly string[], states?: DataKeyTarget['states']): readonly DataKeyTarget[] =>
  ids.map((id) => dataKeyTarget(id, states))

type WhiteBoxTarget = ManagedTarget<'whiteBoxKey'>

export const whiteBoxTarget = (id: string, states?: WhiteBoxTarget['states']): WhiteBoxTarget => ({
  managed: 'whiteBoxKey',
  id,
  ...(states ? { states } : {}),
})
export const whiteBoxTargets = (ids: readonly string[]): readonly WhiteBoxTarget[] =>
  ids.map((id) => whiteBoxTarget(id))

/** Whatever can still be changed. */
export const beforeDestruction = ['preActive', 'active', 'suspended', 'deactivated'] as const

/** Keys in two halves that may come from outside. */
export const importable: readonly Family[] = ['rsa', 'ec', 'sm2']

/** Keys whose material is what seals and opens. */
export const symmetric: readonly Family[] = ['symmetric']

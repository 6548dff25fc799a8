/** The target of an operation on one key, or on several, that the caller names by id. */
import type { KeyTarget } from '../operation.ts'

export const keyTarget = (id: string, rest: Omit<KeyTarget, 'ref'> = {}): KeyTarget => ({ ref: { id }, ...rest })
export const keyTargets = (ids: readonly string[], rest: Omit<KeyTarget, 'ref'> = {}): readonly KeyTarget[] =>
  ids.map((id) => keyTarget(id, rest))

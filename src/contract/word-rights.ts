/** What the permission words of a dialect reach, from its declared actions. */
import type { Right } from '../core/access/right.ts'
import { type Action, variantsOf } from './action.ts'

export type WordRights = ReadonlyMap<string, ReadonlySet<Right>>

/** What is read of an action here. */
export type Worded = Pick<Action<string>, 'rights' | 'operation' | 'also'>

/** The core rights that each word reaches. */
export const wordRights = (actions: readonly Worded[]): WordRights => {
  const reached = new Map<string, Set<Right>>()
  for (const { rights, operation } of actions.flatMap((action) => variantsOf(action as Action<string>)))
    for (const [target, word] of Object.entries(rights)) {
      const right = operation.rights[target]
      const known = reached.get(word) ?? new Set()
      for (const one of [right, ...Object.values(operation.rightsIn?.[target] ?? {})]) if (one) known.add(one)
      reached.set(word, known)
    }
  return reached
}

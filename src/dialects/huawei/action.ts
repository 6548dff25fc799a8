import { actionsOf } from '../../contract/action.ts'
import type { Code } from './codes.ts'

/** Declares an action of this dialect. */
export const action = actionsOf<Code>()

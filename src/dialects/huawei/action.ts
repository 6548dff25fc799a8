import { actionsOf, noticesOf } from '../../contract/action.ts'
import type { Code } from './codes.ts'

/** Declares an action of this dialect; `notice` what it says to anybody. */
export const action = Object.assign(actionsOf<Code>(), { notice: noticesOf<Code>() })

import { actionsOf, noticesOf } from '../../../contract/action.ts'
import type { IamCode } from './codes.ts'

/** Declares an action of the identity service; `notice` what it says to anybody. */
export const action = Object.assign(actionsOf<IamCode>(), { notice: noticesOf<IamCode>() })

/** What the reference needs to know of a dialect beside its declarations. */
import type { Action } from '../../src/contract/action.ts'
import type { ErrorTable } from '../../src/contract/errors.ts'
import type { Reason } from '../../src/core/failure.ts'
import type { State } from '../../src/core/state.ts'
import type { MemberRefusal } from './reachable.ts'

export type ReferenceAction = Action<string>

export interface ReferenceVendorAction {
  readonly name: string
  readonly group: string
  /** Codes that are listed for the action beside the common ones. */
  readonly errors: readonly string[]
  /** Calls a second that the cloud lets through; absent where none is published. */
  readonly perSecond?: number
  /** Method and path, where they say which action is asked. */
  readonly route?: string
}

export interface ReferenceDialect {
  readonly name: string
  readonly title: string
  /** What the vendor calls its actions, many of them. */
  readonly noun: string
  /** How requests are sent, and how their errors are answered. */
  readonly requests: string
  readonly answers: string
  readonly actions: readonly ReferenceAction[]
  /** Each code with its text. */
  readonly texts: Readonly<Record<string, string>>
  readonly errors: ErrorTable<string>
  readonly precedence: readonly Reason[]
  readonly keyStates: Readonly<Record<State, string>>
  readonly commonErrors: readonly string[]
  readonly vendorActions: readonly ReferenceVendorAction[]
  readonly groups: Readonly<Record<string, string>>
  /** What the actions refuse when they read their members. */
  readonly memberRefusals: readonly MemberRefusal[]
  /** Codes that are answered although neither the action nor the common table lists them, and why. */
  readonly statedDifferences: Readonly<Record<string, string>>
  /** The table test of actions and codes. */
  readonly errorTests: string
  /** What every answer has beside the members of its action. */
  readonly always: readonly (readonly [member: string, type: string, meaning: string])[]
}

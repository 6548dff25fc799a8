/** From a core failure to a cloud's code: a total table, so that a forgotten reason does not compile. */
import type { Failure, Reason } from '../core/failure.ts'

type Of<R extends Reason> = Extract<Failure, { reason: R }>

export type ErrorTable<Code extends string> = {
  readonly [R in Reason]: Code | ((failure: Of<R>) => Code)
}

/** The code of one failure: the action's own row where it has one, else the dialect's. */
export const codeOf = <Code extends string>(
  table: ErrorTable<Code>,
  overrides: Partial<ErrorTable<Code>>,
  failure: Failure,
): Code => {
  const row = (overrides[failure.reason] ?? table[failure.reason]) as Code | ((failure: Failure) => Code)
  return typeof row === 'function' ? row(failure) : row
}

/** The failure that is answered: the first by the cloud's order of checks. */
export const foremost = (failures: readonly Failure[], precedence: readonly Reason[]): Failure => {
  const [first, ...others] = failures
  if (!first) throw new Error('a refusal without a failure')
  const rank = (failure: Failure) => precedence.indexOf(failure.reason)
  return others.reduce((chosen, failure) => (rank(failure) < rank(chosen) ? failure : chosen), first)
}

import { actionsOf } from '../../contract/action.ts'
import type { Code } from './codes.ts'
import { vendorActions } from './vendor.ts'

const declared = actionsOf<Code>()

const away = 'UnsupportedOperation.ServiceTemporaryUnavailable'
const listAway: ReadonlySet<string> = new Set(
  vendorActions.filter(({ errors }) => errors.includes(away)).map(({ name }) => name),
)

/** Declares an action of this dialect; one that lists a code for a service that is away answers by it. */
export const action: typeof declared = (declaration) => {
  const made = declared(declaration)
  return listAway.has(made.name) ? { ...made, errors: { notServing: away, ...made.errors } } : made
}

/** The total table from core failures to this service's codes, and the order in which it checks. */
import type { ErrorTable } from '../../../contract/errors.ts'
import type { Failure, Reason } from '../../../core/failure.ts'
import { precedence } from '../errors.ts'
import type { IamCode } from './codes.ts'

export { precedence }

/** Reasons about keys do not arise here: whatever comes of one says no more than that the request was wrong. */
const aboutKeys = Object.fromEntries(precedence.map((reason) => [reason, 'badRequest'])) as Record<Reason, IamCode>

export const errors: ErrorTable<IamCode> = {
  ...aboutKeys,
  missingData: 'badBody',
  unknownField: 'badBody',
  invalidField: 'badBody',
  unknownRegion: 'unknownScope',
  foreignAccount: 'forbidden',
  permissionDenied: 'forbidden',
  objectNotFound: 'notFound',
  nonUniqueNameAttribute: 'conflict',
  notServing: 'busy',
  serverBusy: 'busy',
  usageLimitExceeded: 'tooMany',
  conflict: 'conflict',
}

/** What is added to the code's own text, where a member is to blame. */
export const detailOf = (failure: Failure): string | undefined => {
  if ('why' in failure) return `The request body is invalid: ${failure.member}: ${failure.why}`
  if ('member' in failure) return `The request body is invalid: ${failure.member}`
  return undefined
}

/** The total table from core failures to this API's codes, and the sentences that people read. */
import type { Action } from '../../contract/action.ts'
import { codeOf, type ErrorTable, foremost } from '../../contract/errors.ts'
import type { Failure, Reason } from '../../core/failure.ts'
import type { Code } from './codes.ts'
import { type Problem, problemOf } from './envelope.ts'

export const errors: ErrorTable<Code> = {
  missingData: 'invalidRequest',
  unknownField: 'invalidRequest',
  invalidField: 'invalidRequest',
  invalidAttributeValue: 'invalidRequest',
  unknownRegion: 'invalidRequest',
  foreignAccount: 'permissionDenied',
  permissionDenied: 'permissionDenied',
  objectNotFound: 'notFound',
  incompatibleCryptographicUsageMask: 'unsupported',
  wrongKeyLifecycleState: 'conflict',
  nonUniqueNameAttribute: 'conflict',
  objectQuotaExceeded: 'conflict',
  tooManyGrants: 'conflict',
  grantNotFound: 'notFound',
  grantOfAnotherKey: 'notFound',
  tooManyTags: 'conflict',
  tagNotFound: 'notFound',
  notImported: 'unsupported',
  notGenerated: 'unsupported',
  objectInUse: 'conflict',
  notUserOwned: 'conflict',
  rotationNotEnabled: 'conflict',
  rotationEnabled: 'conflict',
  rotationRunning: 'conflict',
  notPrimary: 'conflict',
  noKeyToHandOut: 'conflict',
  copyMissing: 'notFound',
  copyExists: 'conflict',
  unsupportedByKeyStore: 'unsupported',
  keyStoreUnavailable: 'conflict',
  unknownBacking: 'notFound',
  rotatedRecently: 'tooManyRequests',
  unsupportedCryptographicParameters: 'unsupported',
  sessionTooLong: 'invalidRequest',
  featureNotSupported: 'unsupported',
  cryptographicFailure: 'unsupported',
  unusableRecipientKey: 'invalidRequest',
  attestationRefused: 'permissionDenied',
  keyUnwrapFailure: 'unsupported',
  wrongMaterialLength: 'unsupported',
  invalidPrivateKey: 'unsupported',
  materialMismatch: 'conflict',
  invalidTicket: 'invalidRequest',
  ticketOfAnotherKey: 'invalidRequest',
  expiredTicket: 'conflict',
  usageLimitExceeded: 'tooManyRequests',
  notServing: 'unavailable',
  serverBusy: 'tooManyRequests',
  conflict: 'conflict',
  revisionChanged: 'preconditionFailed',
}

/** The order of checks: the request, what exists, what stands in the way. */
export const precedence: readonly Reason[] = Object.keys(errors) as Reason[]

const messageOf = (failure: Failure): string => {
  switch (failure.reason) {
    case 'missingData':
      return `${failure.member} is required.`
    case 'unknownField':
      return `${failure.member} is unknown.`
    case 'invalidField':
    case 'invalidAttributeValue':
      return `${failure.member} ${failure.why}.`
    case 'objectNotFound':
      return `There is no such ${failure.kind}.`
    case 'nonUniqueNameAttribute':
      return 'The name is taken.'
    case 'revisionChanged':
      return 'The object is at another revision: look at it again.'
    case 'permissionDenied':
      return 'No policy allows it.'
    case 'wrongKeyLifecycleState':
      return `The ${failure.kind} is ${failure.state}.`
    case 'incompatibleCryptographicUsageMask':
      return `The key is for ${failure.usage} and of the family ${failure.family}.`
    case 'notServing':
      return failure.told
    default:
      return `Refused: ${failure.reason}.`
  }
}

/** The problem that is answered: of the first failure by the order of checks. */
export const problemFor = (
  { errors: own }: Pick<Action<Code>, 'errors'>,
  failures: readonly Failure[],
  request: string,
): Problem => {
  const first = foremost(failures, precedence)
  const member = 'member' in first ? first.member : undefined
  return problemOf(codeOf(errors, own, first), messageOf(first), request, member)
}

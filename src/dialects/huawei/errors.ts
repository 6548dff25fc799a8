/** The total table from core failures to this cloud's codes, the order in which it checks, and what it says. */
import type { ErrorTable } from '../../contract/errors.ts'
import type { Failure, Reason } from '../../core/failure.ts'
import type { State } from '../../core/state.ts'
import { type Code, isCode, textOf } from './codes.ts'

/** Using a key in a state in which it cannot be used. */
const unusable: Readonly<Record<State, Code>> = {
  active: 'KMS.0308',
  suspended: 'KMS.0209',
  deactivated: 'KMS.0209',
  destructionScheduled: 'KMS.0210',
  preActive: 'KMS.0308',
  destroyed: 'KMS.0207',
}

const ownCode = (code: string | undefined): Code => (code !== undefined && isCode(code) ? code : 'KMS.0308')

export const errors: ErrorTable<Code> = {
  missingData: 'KMS.0204',
  unknownField: 'KMS.0308',
  invalidField: ({ empty }) => (empty ? ownCode(empty.code) : 'KMS.0214'),
  invalidAttributeValue: ({ code }) => ownCode(code),
  // The project of the path is none of the account's, or not the token's.
  unknownRegion: ({ unscoped }) => (unscoped ? 'KMS.0305' : 'KMS.0321'),
  foreignAccount: 'KMS.0306',
  permissionDenied: 'KMS.0307',
  objectNotFound: ({ kind }) =>
    kind === 'keyStore' ? 'KMS.8003' : kind === 'accessPoint' || kind === 'releasePolicy' ? 'KMS.0308' : 'KMS.0207',
  incompatibleCryptographicUsageMask: 'KMS.0308',
  wrongKeyLifecycleState: ({ state }) => unusable[state],
  nonUniqueNameAttribute: 'KMS.1104',
  objectQuotaExceeded: 'KMS.1105',
  tooManyTags: 'KMS.0409',
  tagNotFound: 'KMS.0416',
  tooManyGrants: 'KMS.2404',
  grantNotFound: 'KMS.2501',
  grantOfAnotherKey: 'KMS.2502',
  notImported: 'KMS.0309',
  notGenerated: 'KMS.0312',
  objectInUse: 'KMS.0308',
  notUserOwned: 'KMS.0211',
  rotationNotEnabled: 'KMS.0313',
  rotationEnabled: 'KMS.2901',
  rotationRunning: 'KMS.0308',
  rotatedRecently: 'KMS.0308',
  notPrimary: 'KMS.0106',
  noKeyToHandOut: 'KMS.0308',
  copyMissing: 'KMS.0308',
  copyExists: 'KMS.0308',
  unsupportedByKeyStore: 'KMS.0338',
  keyStoreUnavailable: 'KMS.0209',
  unknownBacking: 'KMS.0308',
  unsupportedCryptographicParameters: 'KMS.0308',
  sessionTooLong: 'KMS.0308',
  featureNotSupported: 'KMS.0308',
  cryptographicFailure: 'KMS.2201',
  unusableRecipientKey: 'KMS.3804',
  attestationRefused: 'KMS.3804',
  keyUnwrapFailure: 'KMS.0311',
  wrongMaterialLength: ({ of }) => (of === 'material' ? 'KMS.2604' : 'KMS.2610'),
  invalidPrivateKey: 'KMS.2609',
  materialMismatch: 'KMS.2606',
  invalidTicket: 'KMS.2605',
  ticketOfAnotherKey: 'KMS.2603',
  expiredTicket: 'KMS.2601',
  notServing: 'KMS.0104',
  serverBusy: 'KMS.0104',
  usageLimitExceeded: 'KMS.0104',
  revisionChanged: 'KMS.0101', // Only our own API asks for a revision.
  conflict: 'KMS.0101', // The next attempt decides on the newer state.
}

/** The order of checks: the project, the request, what exists, who may, and only then the key itself. */
export const precedence: readonly Reason[] = [
  'notServing',
  'unknownRegion',
  'usageLimitExceeded',
  'invalidField',
  'missingData',
  'unknownField',
  'invalidAttributeValue',
  'featureNotSupported',
  'sessionTooLong',
  'foreignAccount',
  'objectNotFound',
  'permissionDenied',
  'notUserOwned',
  'notImported',
  'notGenerated',
  'wrongKeyLifecycleState',
  'incompatibleCryptographicUsageMask',
  'unsupportedCryptographicParameters',
  'objectInUse',
  'notPrimary',
  'copyExists',
  'copyMissing',
  'noKeyToHandOut',
  'unsupportedByKeyStore',
  'keyStoreUnavailable',
  'unknownBacking',
  'rotationNotEnabled',
  'rotationEnabled',
  'rotatedRecently',
  'rotationRunning',
  'nonUniqueNameAttribute',
  'objectQuotaExceeded',
  'tooManyTags',
  'tagNotFound',
  'grantNotFound',
  'grantOfAnotherKey',
  'tooManyGrants',
  'invalidTicket',
  'ticketOfAnotherKey',
  'expiredTicket',
  'attestationRefused',
  'keyUnwrapFailure',
  'wrongMaterialLength',
  'invalidPrivateKey',
  'materialMismatch',
  'cryptographicFailure',
  'unusableRecipientKey',
  'serverBusy',
  'revisionChanged',
  'conflict',
]

/** What a person reads: the code's text, and the member where one is to blame. */
export const messageOf = (code: Code, failure: Failure): string => {
  const text = textOf(code)
  if ('why' in failure) return `${text} \`${failure.member}\`: ${failure.why}.`
  if ('member' in failure) return `${text} \`${failure.member}\``
  return 'feature' in failure ? `${text} (${failure.feature})` : text
}

/** The total table from core failures to this cloud's codes, the order in which it checks, and what it says. */

import type { ErrorTable } from '../../contract/errors.ts'
import type { Failure, Reason } from '../../core/failure.ts'
import type { Kind } from '../../core/object.ts'
import { type Code, isCode, textOf } from './codes.ts'

const notFound: Partial<Record<Kind, Code>> = {
  binding: 'ResourceUnavailable.CloudResourceBindingNotFound',
  dataKey: 'ResourceUnavailable.DataKeyNotFound',
  whiteBoxKey: 'ResourceNotFound',
}

const overQuota: Partial<Record<Kind, Code>> = {
  dataKey: 'LimitExceeded.DataKeyLimitExceeded',
  whiteBoxKey: 'LimitExceeded.KeyLimitExceeded',
}

export const errors: ErrorTable<Code> = {
  missingData: 'MissingParameter',
  unknownField: 'UnknownParameter',
  invalidField: 'InvalidParameter',
  invalidAttributeValue: ({ code }) => (code !== undefined && isCode(code) ? code : 'InvalidParameter'),
  unknownRegion: 'UnsupportedRegion',
  foreignAccount: 'UnsupportedOperation.NotRoleOperation',
  permissionDenied: 'UnauthorizedOperation', // Actions that do not list it override: AuthFailure.UnauthorizedOperation.
  objectNotFound: ({ kind }) => notFound[kind] ?? 'ResourceUnavailable.CmkNotFound',
  incompatibleCryptographicUsageMask: 'InvalidParameter',
  // Cryptographic actions override by state.
  wrongKeyLifecycleState: ({ kind }) =>
    kind === 'dataKey' ? 'ResourceUnavailable.DataKeyStateNotSupport' : 'ResourceUnavailable.CmkStateNotSupport',
  nonUniqueNameAttribute: 'InvalidParameterValue.AliasAlreadyExists',
  objectQuotaExceeded: ({ kind }) => overQuota[kind] ?? 'LimitExceeded.CmkLimitExceeded',
  // This cloud has no grants.
  tooManyGrants: 'InvalidParameter',
  grantNotFound: 'InvalidParameter',
  grantOfAnotherKey: 'InvalidParameter',
  tooManyTags: 'FailedOperation.TaggingError', // Actions of the tag service override.
  tagNotFound: 'InvalidParameter',
  notImported: 'UnsupportedOperation.NotExternalCmk',
  notGenerated: 'UnsupportedOperation.ExternalCmkCanNotRotate',
  objectInUse: 'FailedOperation.CmkUsedByCloudProduct',
  notUserOwned: 'FailedOperation.CmkUsedByCloudProduct', // ArchiveKey and CancelKeyArchive override.
  rotationNotEnabled: 'UnsupportedOperation.RotateNotSupported',
  rotationEnabled: 'UnsupportedOperation.RotateNotSupported', // Enabling again is allowed here.
  rotationRunning: 'FailedOperation.RotateTaskRunning',
  notPrimary: 'UnsupportedOperation.RotateNotSupported',
  noKeyToHandOut: 'InvalidParameter',
  copyMissing: 'InvalidParameter',
  copyExists: 'InvalidParameter',
  unsupportedByKeyStore: 'UnsupportedOperation.RotateNotSupported',
  keyStoreUnavailable: 'ResourceUnavailable.CmkStateNotSupport',
  unknownBacking: 'InvalidParameter',
  rotatedRecently: 'RequestLimitExceeded.RotateRateLimited',
  unsupportedCryptographicParameters: 'InvalidParameter',
  sessionTooLong: 'InvalidParameter',
  featureNotSupported: 'UnsupportedOperation',
  cryptographicFailure: 'InvalidParameterValue.InvalidCiphertext',
  unusableRecipientKey: 'FailedOperation.EncryptionError',
  attestationRefused: 'InvalidParameter',
  keyUnwrapFailure: 'InvalidParameter.DecryptMaterialError',
  wrongMaterialLength: 'InvalidParameter.DecryptMaterialError',
  invalidPrivateKey: 'InvalidParameter.DecryptMaterialError',
  materialMismatch: 'InvalidParameterValue.MaterialNotMatch',
  invalidTicket: 'InvalidParameter',
  ticketOfAnotherKey: 'InvalidParameter',
  expiredTicket: 'ResourceUnavailable.TokenExpired',
  notServing: 'InternalError', // Actions that list a code for a service that is away override.
  serverBusy: 'RequestLimitExceeded', // The code that the official SDKs retry.
  usageLimitExceeded: 'RequestLimitExceeded',
  revisionChanged: 'InternalError', // Only our own API asks for a revision.
  conflict: 'InternalError', // Retried by clients too, and the next attempt decides on the newer state.
}

/** The order of checks: the request, who may, what exists, what it is for, in which state, and only then cryptography. */
export const precedence: readonly Reason[] = [
  'notServing',
  'unknownRegion',
  'usageLimitExceeded',
  'unknownField',
  'missingData',
  'invalidField',
  'invalidAttributeValue',
  'featureNotSupported',
  'sessionTooLong',
  'unsupportedCryptographicParameters',
  'foreignAccount',
  'permissionDenied',
  'objectNotFound',
  'incompatibleCryptographicUsageMask',
  'notImported',
  'notGenerated',
  'notUserOwned',
  'objectInUse',
  'wrongKeyLifecycleState',
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
  'tooManyGrants',
  'grantNotFound',
  'grantOfAnotherKey',
  'tooManyTags',
  'tagNotFound',
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
export const messageOf = (code: Code, failure: Failure, language: string | undefined): string => {
  const text = textOf(code, language)
  if ('why' in failure) return `${text} \`${failure.member}\`: ${failure.why}.`
  if ('member' in failure) return `${text} \`${failure.member}\``
  return 'feature' in failure ? `${text} (${failure.feature})` : text
}

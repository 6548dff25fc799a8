/**
 * Why the core refuses: a closed union, named after KMIP Result Reasons where KMIP has one. A member carries the facts
 * that a dialect needs to choose its code, and nothing else. Each dialect maps every reason (a total table).
 */
import type { Family } from '../crypto/algorithms.ts'
import type { Kind, ManagedKind, Usage } from './object.ts'
import type { State } from './state.ts'

export type Failure =
  // About the request, found before any object is looked at.
  | { reason: 'missingData'; member: string }
  | { reason: 'unknownField'; member: string }
  /** Of the wrong type, or empty text; then `empty` has the cloud's own code for this member, where it has one. */
  | { reason: 'invalidField'; member: string; why: string; empty?: { code?: string } }
  /** Right type, value out of range. `code` is the cloud's own code for this member, where it has one. */
  | { reason: 'invalidAttributeValue'; member: string; why: string; code?: string }
  /** `unscoped`: the caller's session is for no region at all. */
  | { reason: 'unknownRegion'; unscoped?: true }
  /** What was named is another's: an account that the caller's own does not administer, a key that is only lent to it. */
  | { reason: 'foreignAccount' }
  // About the objects.
  | { reason: 'permissionDenied' }
  | { reason: 'objectNotFound'; kind: Kind }
  /** The key is for something else: what it is for, and what it is made of. */
  | { reason: 'incompatibleCryptographicUsageMask'; usage: Usage; family: Family }
  | { reason: 'wrongKeyLifecycleState'; kind: ManagedKind; state: State }
  | { reason: 'nonUniqueNameAttribute' }
  | { reason: 'objectQuotaExceeded'; kind: Kind }
  /** More tags than one object may have. */
  | { reason: 'tooManyTags' }
  | { reason: 'tagNotFound' }
  /** More grants than one key may have. */
  | { reason: 'tooManyGrants' }
  | { reason: 'grantNotFound' }
  /** The grant is of another key than the one that was named. */
  | { reason: 'grantOfAnotherKey' }
  /** The material of this key was made here; only an imported key has what was asked for. */
  | { reason: 'notImported' }
  /** The material of this key was imported; only a key of ours has what was asked for. */
  | { reason: 'notGenerated' }
  /** Something is bound to the key and relies on it. */
  | { reason: 'objectInUse' }
  /** A product owns the key, and no user may take it from it. */
  | { reason: 'notUserOwned' }
  | { reason: 'rotationNotEnabled' }
  | { reason: 'rotationEnabled' }
  /** Another rotation of the key was faster. */
  | { reason: 'rotationRunning' }
  | { reason: 'rotatedRecently' }
  /** The material of the key changes in another region only. */
  | { reason: 'notPrimary' }
  /** The key has a copy in that region already. */
  | { reason: 'copyExists' }
  | { reason: 'copyMissing' }
  /** The access point has no private key, or it was handed out before. */
  | { reason: 'noKeyToHandOut' }
  /** What was asked for is not for keys in key stores. */
  | { reason: 'unsupportedByKeyStore' }
  /** The key store of the key is suspended. */
  | { reason: 'keyStoreUnavailable' }
  /** The installation is not configured with the root key that the key store names. */
  | { reason: 'unknownBacking' }
  | { reason: 'unsupportedCryptographicParameters'; plaintextTooLong?: true }
  /** Part of the cloud's API that this version does not do; it is refused rather than ignored. */
  | { reason: 'featureNotSupported'; feature: string }
  /** Longer than the role lets a session of it be. */
  | { reason: 'sessionTooLong' }
  // About cryptography. The first carries nothing: wrong key, wrong context, truncated, forged and unknown version are one answer.
  | { reason: 'cryptographicFailure' }
  /** The caller's own public key is none, or the result does not go with it. */
  | { reason: 'unusableRecipientKey' }
  /** Who asked for a capsule did not show that it may be opened to it; which part is wrong is not said. */
  | { reason: 'attestationRefused' }
  | { reason: 'keyUnwrapFailure' }
  /** What came wrapped has not the length of a key, or of the key that wraps a private key. */
  | { reason: 'wrongMaterialLength'; of: 'material' | 'wrappingKey' }
  /** What came wrapped is no private key of the key's algorithm. */
  | { reason: 'invalidPrivateKey' }
  | { reason: 'materialMismatch' }
  | { reason: 'invalidTicket' }
  | { reason: 'ticketOfAnotherKey' }
  | { reason: 'expiredTicket' }
  // About the moment.
  /** The installation answers nobody now: why, for its operator. */
  | { reason: 'notServing'; state: 'sealed' | 'quarantined' | 'away'; told: string }
  | { reason: 'serverBusy' }
  /** More calls in a second than the caller's account may make. */
  | { reason: 'usageLimitExceeded' }
  | { reason: 'conflict' }
  /** The object is not as it was when the caller looked at it. */
  | { reason: 'revisionChanged' }

export type Reason = Failure['reason']
export type NotServing = Extract<Failure, { reason: 'notServing' }>

/** What `refuse` gives: told apart from every result by its own class, so that no result can look like a refusal. */
export class Refusal {
  readonly failures: readonly Failure[]
  constructor(failures: readonly Failure[]) {
    this.failures = failures
  }
}

export const refuse = (...failures: Failure[]): Refusal => new Refusal(failures)

/**
 * Managed objects (KMIP section 3): the rows that Keystead keeps. Rows are immutable values; an update is a new row put
 * over the old one, and `revision` is the compare-and-set mark of every one of them.
 */

import type { WhiteBoxAlgorithm } from '../crypto/white-box/tables.ts'
import type { Right } from './access/right.ts'
import type { Context } from './context.ts'

/** UTC milliseconds since 1970. */
export type Instant = number
export type AccountId = string
export type RegionId = string
export type ProjectId = string
export type PrincipalId = string
export type KeyId = string

/** Where an object lives. Every object but an account is in exactly one place. */
export interface Place {
  readonly account: AccountId
  readonly region: RegionId
  readonly project: ProjectId
}

declare const wrapped: unique symbol
/** Key material under another key. Only `keyring.ts` makes one, and the store accepts no other bytes as material. */
export type WrappedKey = Uint8Array & { readonly [wrapped]: true }

/** Tags by their key. */
export type Tags = ReadonlyMap<string, string>
export const noTags: Tags = new Map()

interface Row<K extends string> {
  readonly kind: K
  readonly id: string
  readonly account: AccountId
  /** Starts at 1; the store counts it up at each put. */
  readonly revision: number
}

/** Names by which the clouds know an account or a principal, such as a number; the core only carries them. */
export type ExternalIds = Readonly<Record<string, string>>

export interface Account extends Row<'account'> {
  readonly name: string
  readonly external: ExternalIds
  /** The account whose principals may act for this one: the administrator of the organisation that it is a member of. */
  readonly administrator: AccountId | null
  readonly createdAt: Instant
}

/** Wraps the material of one account; itself wrapped under a generation of the root key. Its id is `<account>.<version>`. */
export interface DomainKey extends Row<'domainKey'> {
  readonly version: number
  /** 16 bytes in hex: the lineage that ciphertexts of content "wrapped key" name. */
  readonly lineage: string
  readonly wrapped: WrappedKey
  readonly createdAt: Instant
}

/** Whom a role trusts: everybody in an account whom that account's own policies let, or one principal of it. */
export interface Trust {
  readonly account: AccountId
  readonly principal: PrincipalId | null
}

/** What makes a principal a role: nobody signs in as it, and whom it trusts may take a session of it. */
export interface Role {
  readonly trusts: readonly Trust[]
  /** What a trusted caller must say beside, or null. */
  readonly externalId: string | null
  readonly sessionSecondsMax: number
}

export interface Principal extends Row<'principal'> {
  readonly name: string
  /** The account's own administrator: may do everything in it, and no policy can take that away. */
  readonly root: boolean
  readonly disabled: boolean
  readonly external: ExternalIds
  /** Ids of the policies attached to it. */
  readonly policies: readonly string[]
  /** scrypt record of the password, or null where the principal has none. Format: `crypto/password.ts`. */
  readonly passwordRecord: string | null
  /** null for a user. */
  readonly role: Role | null
  readonly createdAt: Instant
}

/** An access key. Its id is what a client sends; it belongs to one dialect. */
export interface Credential extends Row<'credential'> {
  readonly principal: PrincipalId
  readonly dialect: string
  readonly description: string
  readonly disabled: boolean
  readonly secret: WrappedKey
  readonly createdAt: Instant
}

/** A policy as written by its author, in the language that it names. */
export interface Policy extends Row<'policy'> {
  readonly name: string
  readonly language: string
  readonly document: string
  readonly createdAt: Instant
}

/** `owner` of the keys that users make. */
export const userOwner = 'user'

/** What a key is for; its algorithm says how (KMIP, Cryptographic Usage Mask). */
export const usages = ['encryptDecrypt', 'signVerify', 'generateVerifyMac', 'keyAgreement'] as const
export type Usage = (typeof usages)[number]
export type Origin = 'generated' | 'imported'

export interface Rotation {
  readonly enabled: boolean
  readonly periodDays: number
  readonly nextAt: Instant
  /** null before the first rotation. */
  readonly lastAt: Instant | null
}

/** Where material is kept: under a root key of its own beside the installation's. */
export interface KeyStore extends Row<'keyStore'> {
  readonly region: RegionId
  readonly project: ProjectId
  readonly name: string
  /** The configured root key that its domain key is wrapped by. */
  readonly backing: string
  /** Keys in it cannot be used. */
  readonly suspended: boolean
  /** How many keys are in it; one that holds keys is not removed. */
  readonly keys: number
  readonly external: ExternalIds
  readonly createdAt: Instant
}

/** What may ask for a key to be released to it: a program that can show who it is. */
export interface AccessPoint extends Row<'accessPoint'> {
  readonly region: RegionId
  readonly project: ProjectId
  /** The group of access points and release policies that it is in; no object of its own. */
  readonly keySpace: string
  readonly name: string
  /** The cloud's own number for what it is. */
  readonly type: number
  readonly identity: string
  readonly cluster: string
  readonly description: string
  readonly creator: Party
  readonly suspended: boolean
  readonly createdAt: Instant
  readonly modifiedAt: Instant
  /** SubjectPublicKeyInfo DER of its own pair, P-256; null where it has none. */
  readonly publicKey: Uint8Array | null
  /** PKCS#8 DER, wrapped; null once it was handed out. */
  readonly privateKey: WrappedKey | null
}

/** To whom and when a capsule may be opened. */
export interface ReleaseTerms {
  readonly version: string
  readonly start: Instant | null
  readonly end: Instant | null
  /** Ids of access points. */
  readonly accessPoints: readonly string[]
  /** Kept for who wrote them: no zone is known here, so none lets anybody in. */
  readonly zones: readonly string[]
}

/** Release terms under a name, which capsules may point to. */
export interface ReleasePolicy extends Row<'releasePolicy'> {
  readonly region: RegionId
  readonly project: ProjectId
  readonly keySpace: string
  readonly name: string
  readonly terms: ReleaseTerms
  readonly description: string
  readonly creator: Party
  readonly createdAt: Instant
  readonly modifiedAt: Instant
}

/** The copies of a key in other regions: the same material and lineage, each a key with an id and attributes of its own. */
export interface Copies {
  /** Where the key was made: the id of that copy is its lineage. null once that copy is gone; another one there has another id. */
  readonly birth: RegionId | null
  /** Where its material changes; the others follow in the same transaction. */
  readonly primary: RegionId
  /** All of them, with the primary one. */
  readonly regions: readonly RegionId[]
}

/** A principal or a whole account, by what a cloud calls it: such a name is not looked up, and fits nobody where it is none. */
export interface Party {
  readonly of: 'principal' | 'account'
  /** Which of its external ids. */
  readonly by: string
  readonly id: string
}

/** What a key's own account lets others do with the key, beside what their policies say. */
export interface Grant {
  /** 32 random bytes in hex. */
  readonly id: string
  readonly name: string
  readonly grantee: Party
  /** Who may give the grant back, beside a grantee that may. */
  readonly retiring: Party | null
  readonly issuer: Party
  /** In the dialect of its author a grant is about that cloud's words, through others about rights. */
  readonly allows: { readonly dialect: string; readonly words: readonly string[]; readonly rights: readonly Right[] }
  readonly createdAt: Instant
}

export interface Key extends Row<'key'> {
  readonly id: KeyId
  readonly region: RegionId
  readonly project: ProjectId
  readonly creator: PrincipalId
  /** 16 bytes in hex: the id at birth. Ciphertexts name it; replicas and restored keys keep it. */
  readonly lineage: string
  /** `userOwner`, or the name of the product that owns the key. */
  readonly owner: string
  readonly name: string
  readonly description: string
  readonly usage: Usage
  /** A row of `crypto/algorithms.ts`. */
  readonly algorithm: string
  readonly origin: Origin
  readonly createdAt: Instant
  readonly suspended: boolean
  readonly deactivated: boolean
  readonly destroyAt: Instant | null
  readonly materialPresent: boolean
  readonly materialExpiresAt: Instant | null
  /** Keyed digest, in hex, of the imported material of the primary version; null until there was some. */
  readonly materialDigest: string | null
  /** The version that protects; older versions only process. */
  readonly primaryVersion: number
  readonly rotation: Rotation
  /** How many resources of other products are bound to it. */
  readonly bindings: number
  /** Oldest first; in the row, so that a decision never rests on another one's age. */
  readonly grants: readonly Grant[]
  readonly tags: Tags
  /** null for the installation's own. */
  readonly keyStore: string | null
  /** null while there is one only. */
  readonly copies: Copies | null
  /** The names of its aliases, each of which is an object of its own. */
  readonly aliases: readonly string[]
  /** What it is grouped under (KMIP, Object Group), as a cloud names it; empty for nothing. */
  readonly group: string
}

/**
 * A data key that is kept here, as the ciphertext that its key made of it. As a row it outlives that key, and is of no
 * use then.
 */
export interface DataKey extends Row<'dataKey'> {
  readonly region: RegionId
  readonly project: ProjectId
  readonly creator: PrincipalId
  /** `user`, or the name of the product that owns the data key. */
  readonly owner: string
  readonly key: KeyId
  /** The version of the key that protects it. */
  readonly keyVersion: number
  readonly name: string
  readonly description: string
  readonly origin: Origin
  readonly bytes: number
  /** The ciphertext, wrapped once more so that rows cannot be exchanged. */
  readonly wrapped: WrappedKey
  /** What the ciphertext is bound to. It is no secret; whoever asks for the data key need not say it again. */
  readonly context: Context
  readonly createdAt: Instant
  readonly suspended: boolean
  readonly destroyAt: Instant | null
  readonly tags: ReadonlyMap<string, string>
}

/** A key that encrypts here and decrypts elsewhere, as tables in a program whose user can read it. */
export interface WhiteBoxKey extends Row<'whiteBoxKey'> {
  readonly region: RegionId
  readonly project: ProjectId
  readonly creator: PrincipalId
  readonly name: string
  readonly description: string
  readonly algorithm: WhiteBoxAlgorithm
  readonly wrapped: WrappedKey
  readonly createdAt: Instant
  readonly suspended: boolean
  /** Whether its tables are for listed devices only. */
  readonly bound: boolean
  readonly tags: Tags
}

/** A device that the tables of a white-box key are for. */
export interface Device {
  readonly fingerprint: string
  readonly description: string
}

/** The tables of a white-box key, with its id. They are large, so nobody remembers them. */
export interface WhiteBoxTables extends Row<'whiteBoxTables'> {
  /** The encoding of what goes into the tables, and the tables. */
  readonly wrapped: WrappedKey
  readonly devices: readonly Device[]
  /** The encoding sealed for the devices, as they get it; null while none is listed. */
  readonly locked: Uint8Array | null
}

/** Says that a resource of another product relies on a key. Its id is a digest of what it names. */
export interface Binding extends Row<'binding'> {
  readonly key: KeyId
  readonly product: string
  readonly resource: string
  readonly createdAt: Instant
}

/** One version of a key. Its id is `<key>.<version>`. */
export interface KeyVersion extends Row<'keyVersion'> {
  readonly key: KeyId
  readonly version: number
  readonly algorithm: string
  /** null once the material was deleted or has ended. */
  readonly wrapped: WrappedKey | null
  /** SubjectPublicKeyInfo DER; null where the algorithm has no public half. */
  readonly publicKey: Uint8Array | null
  /** A known answer from birth, a ciphertext or a signature; null while no material was ever there. */
  readonly canary: Uint8Array | null
  /** Keyed digest, in hex, of imported material, by which it is known when it comes again; null for any other. */
  readonly digest: string | null
  readonly createdAt: Instant
}

/** The newest wrapping pair handed out for a key (KMIP: ticket). Its id is the key's id: a newer one replaces it. */
export interface ImportTicket extends Row<'importTicket'> {
  /** 16 random bytes in hex, also inside the token that the caller holds. */
  readonly ticket: string
  /** How the wrapping key encrypts: RSA (RFC 8017), or SM2 (GB/T 32918.4). */
  readonly padding: 'pkcs1' | 'oaepSha1' | 'oaepSha256' | 'sm2'
  /** PKCS#8 DER of the wrapping private key, wrapped. */
  readonly privateKey: WrappedKey
  readonly expiresAt: Instant
  /** Unwrapping attempts that failed; at `importAttemptsMax` the ticket is dead. */
  readonly failures: number
}

/** A name for a key, which may come to name another one. Its id is `aliasId` of where it is and its name. */
export interface Alias extends Row<'alias'> {
  readonly region: RegionId
  /** What it is known by. */
  readonly name: string
  /** As its maker wrote it. */
  readonly written: string
  readonly key: KeyId
  readonly createdAt: Instant
  /** When it came to name the key. */
  readonly updatedAt: Instant
}

export interface Rows {
  account: Account
  domainKey: DomainKey
  principal: Principal
  credential: Credential
  policy: Policy
  key: Key
  keyVersion: KeyVersion
  importTicket: ImportTicket
  binding: Binding
  dataKey: DataKey
  whiteBoxKey: WhiteBoxKey
  whiteBoxTables: WhiteBoxTables
  alias: Alias
  keyStore: KeyStore
  accessPoint: AccessPoint
  releasePolicy: ReleasePolicy
}
export type Kind = keyof Rows
/** Kinds that are in a place and have states. */
export type ManagedKind = 'key' | 'dataKey' | 'whiteBoxKey'
/** A row as it was read: what an update is put over. */
export type Snapshot<K extends Kind = Kind> = Rows[K]
/** Any object that has tags; where it lives is what its tags are looked up by. */
export type Tagged = Extract<Snapshot, { readonly tags: Tags }>

export const keyVersionId = (key: KeyId, version: number): string => `${key}.${version}`
/** The domain keys of an account are numbered from 1; one of a key store has the store's id in the place of a number. */
export const domainKeyId = (account: AccountId, which: number | string): string => `${account}.${which}`

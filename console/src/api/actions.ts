/**
 * What the console says to the server and hears from it: the native API's actions by name. A test holds the names and the
 * members that are asked with against the server's own OpenAPI document.
 */

export const keyStates = [
  'preActive',
  'active',
  'suspended',
  'deactivated',
  'destructionScheduled',
  'destroyed',
] as const
export const keyUsages = ['encryptDecrypt', 'signVerify', 'generateVerifyMac', 'keyAgreement'] as const
export const keyOrigins = ['generated', 'imported'] as const
export type KeyState = (typeof keyStates)[number]
export type KeyUsage = (typeof keyUsages)[number]
export type KeyOrigin = (typeof keyOrigins)[number]

export interface Tag {
  key: string
  value: string
}

export interface Key {
  id: string
  name: string
  description: string
  state: KeyState
  usage: KeyUsage
  algorithm: string
  origin: KeyOrigin
  owner: string
  createdAt: string
  creator: string
  region: string
  primaryVersion: number
  rotation: { enabled: boolean; periodDays: number; nextAt: string | null; lastAt: string | null }
  destroyAt: string | null
  materialPresent: boolean
  materialExpiresAt: string | null
  tags: Tag[]
  aliases: string[]
  keyStore: string | null
  bindings: number
  revision: number
}

export interface Grant {
  id: string
  name: string
  grantee: string
  operations: string[]
  creator: string
  createdAt: string
}

export interface KeyDetail {
  key: Key
  grants: Grant[]
  clouds: { cloud: string; members: Record<string, unknown> }[]
}

export interface KeyVersion {
  version: number
  algorithm: string
  createdAt: string
  materialPresent: boolean
  primary: boolean
}

export interface Session {
  principal: { id: string; name: string; root: boolean }
  account: { id: string; name: string }
  operator: boolean
  region: string
  regions: { id: string; names: { tencent?: string; huawei?: string } }[]
  version: string
  expiresAt: string | null
}

export interface User {
  id: string
  name: string
  disabled: boolean
  root: boolean
  password: boolean
  createdAt: string
  revision: number
}

export interface AccessKey {
  id: string
  dialect: string
  /** The number of the user. */
  user: string
  disabled: boolean
  createdAt: string
}

export interface AttachedPolicy {
  name: string
  dialect: string
  document: string
}

export interface AuditEntry {
  seq: number
  at: string
  type: string
  request: string
  dialect: string
  action: string
  region: string
  account: string
  principal: string
  credential: string
  source: string
  objects: { kind: string; id: string; version?: number }[]
  outcome: string
  reason?: string
  count?: number
}

export interface UseRow {
  version: string | number
  principal: string
  principalName: string
  dialect: string
  count: number
}

export type Step = 'minute' | 'hour' | 'day'

interface Window {
  from: string
  to: string
  step: Step
}

interface Listed {
  limit?: number
  cursor?: string
}

interface OneKey {
  key: string
}

type Empty = Record<never, never>

/** Each action: what it is asked with, and what it answers. */
export interface Actions {
  'session-create': [
    { console: true } & (
      | { accessKey: string; secretKey: string }
      | { account?: string; user: string; password: string }
    ),
    Session,
  ]
  'session-show': [Empty, Session]
  'session-renew': [Empty, Session]
  'session-end': [Empty, Empty]
  'session-end-all': [Empty, Empty]

  'key-list': [
    Listed & {
      search?: string
      states?: KeyState[]
      usages?: KeyUsage[]
      origins?: KeyOrigin[]
      tags?: { key: string; values: string[] }[]
      sort?: 'newest' | 'oldest'
    },
    { keys: Key[]; next: string | null; total: number },
  ]
  'key-show': [OneKey, KeyDetail]
  'key-create': [
    {
      name: string
      description?: string
      usage: KeyUsage
      algorithm: string
      origin?: KeyOrigin
      rotation?: { enabled: boolean; periodDays?: number }
      tags?: Tag[]
    },
    { key: Key },
  ]
  'key-change': [OneKey & { name?: string; description?: string }, Empty]
  'key-suspend': [OneKey, Empty]
  'key-resume': [OneKey, Empty]
  'key-schedule-destruction': [OneKey & { days: number }, Empty]
  'key-cancel-destruction': [OneKey, Empty]
  'key-rotate': [OneKey, Empty]
  'key-set-rotation': [OneKey & { enabled: boolean; periodDays?: number }, Empty]
  'key-versions': [OneKey & Listed, { versions: KeyVersion[]; next: string | null }]
  'key-tag': [OneKey & { tags: Tag[] }, Empty]
  'key-untag': [OneKey & { tagKeys: string[] }, Empty]
  'key-public': [OneKey, { publicKey: string }]
  'key-import-prepare': [
    OneKey & { wrapping: string },
    { wrappingKey: string; ticket: string; expiresAt: string; padding: string },
  ]
  'key-import': [OneKey & { ticket: string; wrapped: string; expiresAt?: string }, Empty]
  'key-delete-material': [OneKey, Empty]
  'key-uses': [OneKey & Window, { points: { at: string; count: number }[]; by: UseRow[] }]
  'key-impact': [
    OneKey & { days?: number },
    {
      uses: (UseRow & { lastAt: string; sources: string[] })[]
      bindings: number
      aliases: number
      dataKeys: number
      grants: number
    },
  ]
  'uses-total': [
    Window,
    { points: { at: string; dialect: string; count: number }[]; keys: { key: string; count: number }[] },
  ]

  'alias-create': [{ name: string; key: string }, Empty]
  'alias-delete': [{ name: string }, Empty]
  'grant-revoke': [OneKey & { grant: string }, Empty]
  'binding-list': [OneKey & Listed, { bindings: { product: string; resource: string }[]; next: string | null }]
  'data-key-list': [
    Listed & { key?: string },
    { dataKeys: { id: string; name: string; state: string; createdAt: string }[]; next: string | null },
  ]

  encrypt: [
    OneKey & { plaintext: string; context?: Record<string, string> },
    { ciphertext: string; keyVersion: number },
  ]
  decrypt: [{ ciphertext: string; context?: Record<string, string> }, { plaintext: string; keyId: string }]
  sign: [OneKey & { message: string; scheme: string }, { signature: string }]
  verify: [OneKey & { message: string; scheme: string; signature: string }, { valid: boolean }]
  mac: [OneKey & { message: string }, { mac: string }]
  'verify-mac': [OneKey & { message: string; mac: string }, { valid: boolean }]

  'user-list': [Empty, { users: User[] }]
  'user-show': [{ user: string }, User]
  'user-create': [{ user: string }, Empty]
  'user-change': [{ user: string; disabled: boolean }, User]
  'user-delete': [{ user: string }, Empty]
  'user-password': [{ user: string; password?: string }, Empty]
  'access-key-list': [Empty, { accessKeys: AccessKey[] }]
  'access-key-create': [{ user: string; dialect?: string }, { id: string; secret: string }]
  'access-key-enable': [{ id: string }, Empty]
  'access-key-disable': [{ id: string }, Empty]
  'access-key-delete': [{ id: string }, Empty]
  'policy-list': [{ user: string }, { policies: AttachedPolicy[] }]
  'policy-attach': [{ user: string; name: string; dialect: string; document: string }, Empty]
  'policy-detach': [{ user: string; name: string }, Empty]
  'policy-validate': [
    { language: string; document: string },
    { valid: boolean; faults: { path: string; message: string }[] },
  ]
  'policy-simulate': [
    { principal: string; action: string; dialect?: string; key?: string },
    { allowed: boolean; decidedBy: { policy?: string; language?: string; statement?: number }[]; why: string },
  ]

  'audit-search': [
    Listed & {
      from?: string
      to?: string
      key?: string
      principal?: string
      action?: string
      dialect?: string
      outcome?: string
      request?: string
    },
    { entries: AuditEntry[]; next: string | null },
  ]

  status: [Empty, { status: Record<string, unknown> }]
  nodes: [Empty, { nodes: Record<string, unknown>[] }]
  limits: [Empty, Record<string, unknown>]
  canaries: [Empty, Record<string, unknown>]
  'seal-status': [Empty, Record<string, unknown>]
  'metrics-series': [
    { minutes: number },
    { points: { at: string; requests: number; refused: number; failed: number; p50Ms: number; p99Ms: number }[] },
  ]
}

export type ActionName = keyof Actions
export type Asked<N extends ActionName> = Actions[N][0]
export type Answered<N extends ActionName> = Actions[N][1]

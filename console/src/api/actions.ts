/** What the console says to the server and hears from it, in the words of the API's own document. */
import type { Actions } from './openapi.ts'

/** One line of the record (docs/spec/audit.md), which the document of the API leaves as it is. */
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

export type ActionName = keyof Actions
export type Asked<N extends ActionName> = Actions[N]['asked']
export type Answered<N extends ActionName> = Actions[N]['answered']

export type KeyDetail = Answered<'key-show'>
export type Key = KeyDetail['key']
export type Tag = Key['tags'][number]
export type Grant = KeyDetail['grants'][number]
export type KeyState = Key['state']
export type KeyUsage = Key['usage']
export type KeyOrigin = Key['origin']
export type Algorithm = NonNullable<Asked<'key-create'>['algorithm']>
export type Wrapping = Asked<'key-import-prepare'>['wrapping']
export type Scheme = Asked<'sign'>['scheme']
export type PolicyLanguage = NonNullable<Asked<'policy-attach'>['language']>
export type Step = Asked<'key-uses'>['step']
export type Session = Answered<'session-show'>
export type User = Answered<'user-show'>
export type Role = Answered<'role-list'>['roles'][number]
export type Account = Answered<'account-list'>['accounts'][number]
export type AccessKey = Answered<'access-key-list'>['accessKeys'][number]
export type AttachedPolicy = Answered<'policy-list'>['policies'][number]

export const keyStates = [
  'preActive',
  'active',
  'suspended',
  'deactivated',
  'destructionScheduled',
  'destroyed',
] as const satisfies readonly KeyState[]
export const keyUsages = [
  'encryptDecrypt',
  'signVerify',
  'generateVerifyMac',
  'keyAgreement',
] as const satisfies readonly KeyUsage[]
export const keyOrigins = ['generated', 'imported'] as const satisfies readonly KeyOrigin[]

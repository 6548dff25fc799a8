/** What the console says to the server and hears from it, in the words of the API's own document. */
import type { Actions as Documented } from './openapi.ts'

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

interface Agreed {
  'policy-validate': {
    asked: { dialect: string; document: string }
    answered: { valid: boolean; faults: { path: string; message: string }[] }
  }
  'policy-simulate': {
    asked: { principal: string; action: string; dialect?: string; key?: string }
    answered: {
      allowed: boolean
      decidedBy: { policy?: string; language?: string; statement?: number }[]
      why: string
    }
  }
  'audit-search': {
    asked: {
      from?: string
      to?: string
      key?: string
      principal?: string
      action?: string
      dialect?: string
      outcome?: string
      request?: string
      limit?: number
      cursor?: string
    }
    answered: { entries: AuditEntry[]; next: string | null }
  }
  nodes: { asked: Record<never, never>; answered: { nodes: Record<string, unknown>[] } }
  limits: { asked: Record<never, never>; answered: Record<string, unknown> }
  canaries: { asked: Record<never, never>; answered: Record<string, unknown> }
  'metrics-series': {
    asked: { minutes: number }
    answered: {
      points: { at: string; requests: number; refused: number; failed: number; p50Ms: number; p99Ms: number }[]
    }
  }
}

type Actions = Omit<Documented, 'audit-search'> & Omit<Agreed, Exclude<keyof Documented, 'audit-search'>>
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
export type PolicyLanguage = NonNullable<Asked<'policy-attach'>['dialect']>
export type Step = Asked<'key-uses'>['step']
export type Session = Answered<'session-show'>
export type User = Answered<'user-show'>
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

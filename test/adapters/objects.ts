/** Objects for the tests of the store, each with every member set to something that a mistake would show. */
import { randomBytes } from 'node:crypto'
import type { AuditEntry } from '../../src/core/audit.ts'
import type {
  AccessPoint,
  Account,
  Binding,
  Credential,
  DataKey,
  DomainKey,
  ImportTicket,
  Key,
  KeyStore,
  KeyVersion,
  Place,
  Policy,
  Principal,
  ReleasePolicy,
  WhiteBoxKey,
  WhiteBoxTables,
  WrappedKey,
} from '../../src/core/object.ts'
import type { Commit, Effect, Guard } from '../../src/core/ports.ts'

export const now = 1_750_000_000_000
export const place: Place = { account: 'account-1', region: 'region-1', project: 'project-1' }

let last = 0
export const freshId = (prefix = 'id'): string => `${prefix}-${String(++last).padStart(8, '0')}`

export const wrapped = (length = 60): WrappedKey => new Uint8Array(randomBytes(length)) as WrappedKey

const base = () => ({ id: freshId(), account: place.account, revision: 1 })

export const account = (over: Partial<Account> = {}): Account => ({
  ...base(),
  kind: 'account',
  name: 'Example',
  external: { tencent: '100000000001', huawei: 'b4c1' },
  administrator: null,
  createdAt: now,
  ...over,
})

export const domainKey = (over: Partial<DomainKey> = {}): DomainKey => ({
  ...base(),
  kind: 'domainKey',
  version: 3,
  lineage: 'aa'.repeat(16),
  wrapped: wrapped(92),
  createdAt: now + 1,
  ...over,
})

export const principal = (over: Partial<Principal> = {}): Principal => ({
  ...base(),
  kind: 'principal',
  name: 'alice',
  root: true,
  disabled: false,
  external: { tencent: '7' },
  policies: ['p1', 'p2'],
  passwordRecord: 'scrypt$1',
  role: null,
  createdAt: now + 2,
  ...over,
})

export const credential = (over: Partial<Credential> = {}): Credential => ({
  ...base(),
  kind: 'credential',
  principal: 'alice-id',
  dialect: 'tencent',
  description: 'for backups',
  disabled: true,
  secret: wrapped(72),
  createdAt: now + 3,
  ...over,
})

export const policy = (over: Partial<Policy> = {}): Policy => ({
  ...base(),
  kind: 'policy',
  name: 'readers',
  language: 'tencent',
  document: '{"version":"2.0"}',
  createdAt: now + 4,
  ...over,
})

export const key = (over: Partial<Key> = {}): Key => ({
  ...base(),
  kind: 'key',
  region: place.region,
  project: place.project,
  creator: 'alice-id',
  lineage: 'bb'.repeat(16),
  owner: 'user',
  name: 'orders',
  description: 'a key',
  usage: 'encryptDecrypt',
  algorithm: 'aes-256',
  origin: 'generated',
  createdAt: now,
  suspended: false,
  deactivated: false,
  destroyAt: null,
  bindings: 0,
  grants: [],
  keyStore: null,
  copies: null,
  aliases: ['main'],
  group: 'a group',
  tags: new Map([['team', 'red']]),
  materialPresent: true,
  materialExpiresAt: null,
  materialDigest: null,
  primaryVersion: 1,
  rotation: { enabled: true, periodDays: 365, nextAt: now + 5, lastAt: null },
  ...over,
})

export const keyVersion = (of: Key, version = 1, over: Partial<KeyVersion> = {}): KeyVersion => ({
  ...base(),
  id: `${of.id}.${version}`,
  kind: 'keyVersion',
  key: of.id,
  version,
  algorithm: 'sm4',
  wrapped: wrapped(),
  publicKey: new Uint8Array(randomBytes(91)),
  canary: new Uint8Array(randomBytes(140)),
  digest: 'cc'.repeat(32),
  createdAt: now + 6,
  ...over,
})

export const importTicket = (of: Key, over: Partial<ImportTicket> = {}): ImportTicket => ({
  ...base(),
  id: of.id,
  kind: 'importTicket',
  ticket: 'cc'.repeat(16),
  padding: 'oaepSha256',
  privateKey: wrapped(1200),
  expiresAt: now + 7,
  failures: 2,
  ...over,
})

export const binding = (of: Key, over: Partial<Binding> = {}): Binding => ({
  ...base(),
  kind: 'binding',
  key: of.id,
  product: 'cbs',
  resource: 'disk-1',
  createdAt: now + 8,
  ...over,
})

const creator = { of: 'principal', by: 'userId', id: 'alice' } as const
const spaced = {
  region: place.region,
  project: place.project,
  keySpace: 'a space',
  name: 'in a space',
  description: 'what is said',
  creator,
  createdAt: now + 10,
  modifiedAt: now + 11,
}

export const accessPoint = (over: Partial<AccessPoint> = {}): AccessPoint => ({
  ...base(),
  kind: 'accessPoint',
  ...spaced,
  type: 3,
  identity: '',
  cluster: '',
  suspended: false,
  publicKey: Uint8Array.of(1, 2),
  privateKey: wrapped(),
  ...over,
})

export const releasePolicy = (over: Partial<ReleasePolicy> = {}): ReleasePolicy => ({
  ...base(),
  kind: 'releasePolicy',
  ...spaced,
  terms: { version: '1', start: now, end: null, accessPoints: ['a'], zones: [] },
  ...over,
})

export const keyStore = (over: Partial<KeyStore> = {}): KeyStore => ({
  ...base(),
  kind: 'keyStore',
  region: place.region,
  project: place.project,
  name: 'vault',
  backing: 'second',
  suspended: false,
  keys: 3,
  external: { type: 'x' },
  createdAt: now + 9,
  ...over,
})

export const dataKey = (over: Partial<DataKey> = {}): DataKey => ({
  ...base(),
  kind: 'dataKey',
  region: place.region,
  project: place.project,
  creator: 'alice-id',
  owner: 'user',
  key: 'key-1',
  keyVersion: 3,
  name: 'session',
  description: 'a data key',
  origin: 'imported',
  bytes: 24,
  wrapped: wrapped(),
  context: {
    kind: 'map',
    members: new Map<string, string | number>([
      ['__proto__', 'a'],
      ['b', -0.5],
    ]),
  },
  createdAt: now + 9,
  suspended: false,
  destroyAt: null,
  tags: new Map([
    ['env', 'dev'],
    ['__proto__', ''],
  ]),
  ...over,
})

export const whiteBoxKey = (over: Partial<WhiteBoxKey> = {}): WhiteBoxKey => ({
  ...base(),
  kind: 'whiteBoxKey',
  region: place.region,
  project: place.project,
  creator: 'alice-id',
  name: 'player',
  description: 'a white-box key',
  algorithm: 'sm4',
  wrapped: wrapped(),
  createdAt: now + 12,
  suspended: true,
  bound: true,
  tags: new Map([['env', 'dev']]),
  ...over,
})

export const whiteBoxTables = (of: WhiteBoxKey, over: Partial<WhiteBoxTables> = {}): WhiteBoxTables => ({
  ...base(),
  id: of.id,
  kind: 'whiteBoxTables',
  wrapped: wrapped(1000),
  devices: [{ fingerprint: 'f', description: 'a device' }],
  locked: new Uint8Array(randomBytes(60)),
  ...over,
})

export const entry = (over: Partial<AuditEntry> = {}): AuditEntry => ({
  request: freshId('request'),
  at: now,
  dialect: 'native',
  action: 'create',
  region: place.region,
  account: place.account,
  principal: 'alice-id',
  credential: 'ak',
  source: '192.0.2.1',
  objects: [{ kind: 'key', id: 'k', version: 1 }],
  outcome: 'success',
  ...over,
})

export const commit = (effects: readonly Effect[], over: Partial<Commit> = {}): Commit => ({
  guards: [] as readonly Guard[],
  effects,
  entry: entry(),
  now,
  ...over,
})

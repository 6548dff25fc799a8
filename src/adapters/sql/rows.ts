/** Row <-> columns, one table per kind. A member that is forgotten here does not compile. */
import {
  type Copies,
  type Device,
  type Grant,
  type Key,
  type Kind,
  type Origin,
  type Party,
  type ReleaseTerms,
  type Role,
  type Rotation,
  type Rows,
  type Snapshot,
  type Usage,
  usages,
  type WrappedKey,
} from '../../core/object.ts'
import type { Undone, UndoneSource } from '../../core/upkeep.ts'
import {
  bytes,
  type ColumnOf,
  type Columns,
  column,
  commonText,
  constant,
  context,
  flag,
  integer,
  json,
  list,
  nested,
  orNull,
  type Part,
  type Parts,
  pairs,
  slot,
  text,
  word,
} from './columns.ts'

const tagPairs = pairs<string>()

type Mapping<K extends Kind> = Parts<Omit<Rows[K], 'kind'>>

const common = { id: column('id', text), account: column('account', commonText), revision: column('revision', integer) }
const named = { name: column('name', text), createdAt: column('created_at', integer) }

/** What the objects of a key space have in common. */
const spaced = {
  region: column('region', commonText),
  project: column('project', commonText),
  keySpace: column('key_space', commonText),
  description: column('description', text),
  creator: column('creator', json<Party>()),
  modifiedAt: column('modified_at', integer),
}

const key: Mapping<'key'> = {
  ...common,
  ...named,
  region: column('region', commonText),
  project: column('project', commonText),
  creator: column('creator', commonText),
  lineage: column('lineage', text),
  owner: column('owner', commonText),
  description: column('description', text),
  usage: column('usage', word<Usage>(...usages)),
  algorithm: column('algorithm', commonText),
  origin: column('origin', word<Origin>('generated', 'imported')),
  suspended: column('suspended', flag),
  deactivated: column('deactivated', flag),
  destroyAt: column('destroy_at', orNull(integer)),
  materialPresent: column('material_present', flag),
  materialExpiresAt: column('material_expires_at', orNull(integer)),
  materialDigest: column('material_digest', orNull(text)),
  primaryVersion: column('primary_version', integer),
  rotation: nested<Rotation>({
    enabled: column('rotation_enabled', flag),
    periodDays: column('rotation_period_days', integer),
    nextAt: column('rotation_next_at', integer),
    lastAt: column('rotation_last_at', orNull(integer)),
  }),
  bindings: column('bindings', integer),
  grants: column('grants', list<Grant>()),
  tags: column('tags', tagPairs),
  keyStore: column('key_store', orNull(commonText)),
  copies: column('copies', orNull(json<Copies>())),
  aliases: column('aliases', list<string>()),
  group: column('object_group', commonText),
}

const mappings: { readonly [K in Kind]: Mapping<K> } = {
  account: {
    ...common,
    ...named,
    external: column('external', json()),
    administrator: column('administrator', orNull(text)),
  },
  domainKey: {
    ...common,
    version: column('version', integer),
    lineage: column('lineage', text),
    wrapped: slot<WrappedKey>(bytes),
    createdAt: named.createdAt,
  },
  principal: {
    ...common,
    ...named,
    root: column('root', flag),
    disabled: column('disabled', flag),
    external: column('external', json()),
    policies: column('policies', json()),
    passwordRecord: column('password_record', orNull(text)),
    role: column('role', orNull(json<Role>())),
  },
  credential: {
    ...common,
    principal: column('principal', text),
    dialect: column('dialect', text),
    description: column('description', text),
    disabled: column('disabled', flag),
    secret: slot<WrappedKey>(bytes),
    createdAt: named.createdAt,
  },
  policy: { ...common, ...named, language: column('language', text), document: column('document', text) },
  key,
  keyVersion: {
    ...common,
    key: column('key', text),
    version: column('version', integer),
    algorithm: column('algorithm', commonText),
    wrapped: slot<WrappedKey | null>(orNull(bytes)),
    publicKey: column('public_key', orNull(bytes)),
    canary: column('canary', orNull(bytes)),
    digest: column('digest', orNull(text)),
    createdAt: named.createdAt,
  },
  importTicket: {
    ...common,
    ticket: column('ticket', text),
    padding: column('padding', word('pkcs1', 'oaepSha1', 'oaepSha256', 'sm2')),
    privateKey: slot<WrappedKey>(bytes),
    expiresAt: column('expires_at', integer),
    failures: column('failures', integer),
  },
  binding: {
    ...common,
    key: column('key', text),
    product: column('product', text),
    resource: column('resource', text),
    createdAt: named.createdAt,
  },
  dataKey: {
    ...common,
    ...named,
    region: column('region', commonText),
    project: column('project', commonText),
    creator: column('creator', commonText),
    owner: column('owner', commonText),
    key: column('key', text),
    keyVersion: column('key_version', integer),
    description: column('description', text),
    origin: column('origin', word<Origin>('generated', 'imported')),
    bytes: column('size', integer),
    wrapped: slot<WrappedKey>(bytes),
    context: column('context', context),
    suspended: column('suspended', flag),
    destroyAt: column('destroy_at', orNull(integer)),
    tags: column('tags', tagPairs),
  },
  whiteBoxKey: {
    ...common,
    ...named,
    region: column('region', commonText),
    project: column('project', commonText),
    creator: column('creator', commonText),
    description: column('description', text),
    algorithm: column('algorithm', word('aes-256', 'sm4')),
    wrapped: slot<WrappedKey>(bytes),
    suspended: column('suspended', flag),
    bound: column('bound', flag),
    tags: column('tags', tagPairs),
  },
  whiteBoxTables: {
    ...common,
    wrapped: slot<WrappedKey>(bytes),
    devices: column('devices', list<Device>()),
    locked: column('locked', orNull(bytes)),
  },
  keyStore: {
    ...common,
    ...named,
    region: column('region', commonText),
    project: column('project', commonText),
    backing: column('backing', text),
    suspended: column('suspended', flag),
    keys: column('keys', integer),
    external: column('external', json()),
  },
  accessPoint: {
    ...common,
    ...named,
    ...spaced,
    type: column('type', integer),
    identity: column('identity', text),
    cluster: column('cluster', text),
    suspended: column('suspended', flag),
    publicKey: column('public_key', orNull(bytes)),
    privateKey: slot<WrappedKey | null>(orNull(bytes)),
  },
  releasePolicy: { ...common, ...named, ...spaced, terms: column('terms', json<ReleaseTerms>()) },
  alias: {
    ...common,
    ...named,
    region: column('region', commonText),
    written: column('written', text),
    key: column('key', text),
    updatedAt: column('updated_at', integer),
  },
  quarantine: {
    ...common,
    takenAt: column('taken_at', integer),
    restoredAt: column('restored_at', integer),
    sources: column('sources', list<UndoneSource>()),
    undone: column('undone', list<Undone>()),
  },
  scrub: {
    ...common,
    startedAt: column('started_at', integer),
    position: column('position', orNull(text)),
    checked: column('checked', integer),
    failed: column('failed', list<string>()),
  },
}

const whole = Object.fromEntries(
  Object.entries(mappings).map(([kind, parts]) => [
    kind,
    nested<object>({ kind: constant(kind), ...parts } as Parts<object>),
  ]),
) as unknown as Record<Kind, Part<Snapshot>>

/** Every column but the slot of the material. */
export const toColumns = (row: Snapshot): Columns => {
  const columns: Columns = {}
  whole[row.kind].write(row, columns)
  return columns
}

/** Reads rows of a kind as a statement gives them. */
export const rowReader = <K extends Kind, Row>(kind: K, columnOf: ColumnOf<Row>): ((row: Row) => Snapshot<K>) =>
  whole[kind].reader(columnOf) as (row: Row) => Snapshot as (row: Row) => Snapshot<K>

const byName: ColumnOf<Columns> = (name) => (columns) => columns[name]

const fromNamed = Object.fromEntries(
  (Object.keys(mappings) as Kind[]).map((kind) => [kind, rowReader(kind, byName)]),
) as Record<Kind, (columns: Columns) => Snapshot>

export const fromColumns = <K extends Kind>(kind: K, columns: Columns): Snapshot<K> =>
  fromNamed[kind](columns) as Snapshot<K>

export const keyFromColumns = (columns: Columns): Key => fromColumns('key', columns)

/** Kinds whose rows name a slot of wrapped material. */
export const hasMaterial: Readonly<Record<Kind, boolean>> = {
  account: false,
  domainKey: true,
  principal: false,
  credential: true,
  policy: false,
  key: false,
  keyVersion: true,
  importTicket: true,
  binding: false,
  alias: false,
  dataKey: true,
  whiteBoxKey: true,
  whiteBoxTables: true,
  keyStore: false,
  accessPoint: true,
  releasePolicy: false,
  quarantine: false,
  scrub: false,
}

export const materialOf = (row: Snapshot): WrappedKey | null => {
  switch (row.kind) {
    case 'domainKey':
    case 'keyVersion':
    case 'dataKey':
    case 'whiteBoxKey':
    case 'whiteBoxTables':
      return row.wrapped
    case 'credential':
      return row.secret
    case 'importTicket':
    case 'accessPoint':
      return row.privateKey
    default:
      return null
  }
}

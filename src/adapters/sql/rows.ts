/** Row <-> columns, one table per kind. A member that is forgotten here does not compile. */
import { bytesFromHex, hexFromBytes } from '../../core/bytes.ts'
import type { Context, ContextValue } from '../../core/context.ts'
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
import type { SqlValue } from './schema.ts'

export type Columns = Record<string, SqlValue>

interface Codec<V> {
  write(value: V): SqlValue
  read(stored: SqlValue): V
}

/** One member of an object, or a nested object, as one or more columns. */
interface Part<V> {
  write(value: V, into: Columns): void
  read(from: Columns): V
}

/** A column that does not hold its type was not written by this program: nothing is guessed from it. */
const damaged = (): never => {
  throw new Error('the database holds a value that this program does not write')
}

const text: Codec<string> = {
  write: (value) => value,
  read: (stored) => (typeof stored === 'string' ? stored : damaged()),
}
const integer: Codec<number> = {
  write: (value) => value,
  read: (stored) => (Number.isSafeInteger(stored) ? (stored as number) : damaged()),
}
const flag: Codec<boolean> = {
  write: (value) => (value ? 1 : 0),
  read: (stored) => (stored === 1 ? true : stored === 0 ? false : damaged()),
}
const bytes: Codec<Uint8Array> = {
  write: (value) => value,
  read: (stored) => (stored instanceof Uint8Array ? stored : damaged()),
}
const json = <V>(): Codec<V> => ({
  write: (value) => JSON.stringify(value),
  read: (stored) => JSON.parse(text.read(stored)) as V,
})
/** Pairs and no object, which would put keys that look like numbers first, and take `__proto__` for something else. */
const pairs = <V>(): Codec<ReadonlyMap<string, V>> => ({
  write: (value) => JSON.stringify([...value]),
  read: (stored) => new Map(JSON.parse(text.read(stored)) as [string, V][]),
})
const tagPairs = pairs<string>()
const members = pairs<ContextValue>()
const context: Codec<Context> = {
  write: (value) => {
    if (value.kind === 'none') return ''
    return value.kind === 'map' ? members.write(value.members) : hexFromBytes(value.bytes)
  },
  read: (stored) => {
    const written = text.read(stored)
    if (written === '') return { kind: 'none' }
    if (written.startsWith('[')) return { kind: 'map', members: members.read(written) }
    return { kind: 'bytes', bytes: bytesFromHex(written) ?? damaged() }
  },
}
const word = <W extends string>(...words: readonly W[]): Codec<W> => ({
  write: (value) => value,
  read: (stored) => words.find((known) => known === stored) ?? damaged(),
})
const orNull = <V>(codec: Codec<V>): Codec<V | null> => ({
  write: (value) => (value === null ? null : codec.write(value)),
  read: (stored) => (stored === null ? null : codec.read(stored)),
})

const column = <V>(name: string, codec: Codec<V>): Part<V> => ({
  write: (value, into) => {
    into[name] = codec.write(value)
  },
  read: (from) => codec.read(from[name] ?? null),
})

/** Material lives in slots of its own (`material.ts`): the row names the slot, and a read joins the bytes to it. */
const slot = <V extends WrappedKey | null>(codec: Codec<Uint8Array | null>): Part<V> => ({
  write: () => undefined,
  read: (from) => codec.read(from.bytes ?? null) as V,
})

type Parts<T> = { readonly [M in keyof T]-?: Part<T[M]> }

const nested = <T extends object>(parts: Parts<T>): Part<T> => {
  const entries = Object.entries(parts) as [keyof T, Part<T[keyof T]>][]
  return {
    write: (value, into) => {
      for (const [member, part] of entries) part.write(value[member], into)
    },
    read: (from) => {
      const value = {} as T
      for (const [member, part] of entries) value[member] = part.read(from)
      return value
    },
  }
}

type Mapping<K extends Kind> = Parts<Omit<Rows[K], 'kind'>>

const common = { id: column('id', text), account: column('account', text), revision: column('revision', integer) }
const named = { name: column('name', text), createdAt: column('created_at', integer) }

/** What the objects of a key space have in common. */
const spaced = {
  region: column('region', text),
  project: column('project', text),
  keySpace: column('key_space', text),
  description: column('description', text),
  creator: column('creator', json<Party>()),
  modifiedAt: column('modified_at', integer),
}

const key: Mapping<'key'> = {
  ...common,
  ...named,
  region: column('region', text),
  project: column('project', text),
  creator: column('creator', text),
  lineage: column('lineage', text),
  owner: column('owner', text),
  description: column('description', text),
  usage: column('usage', word<Usage>(...usages)),
  algorithm: column('algorithm', text),
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
  grants: column('grants', json<readonly Grant[]>()),
  tags: column('tags', tagPairs),
  keyStore: column('key_store', orNull(text)),
  copies: column('copies', orNull(json<Copies>())),
  aliases: column('aliases', json<readonly string[]>()),
  group: column('object_group', text),
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
    algorithm: column('algorithm', text),
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
    region: column('region', text),
    project: column('project', text),
    creator: column('creator', text),
    owner: column('owner', text),
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
    region: column('region', text),
    project: column('project', text),
    creator: column('creator', text),
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
    devices: column('devices', json<readonly Device[]>()),
    locked: column('locked', orNull(bytes)),
  },
  keyStore: {
    ...common,
    ...named,
    region: column('region', text),
    project: column('project', text),
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
    region: column('region', text),
    written: column('written', text),
    key: column('key', text),
    updatedAt: column('updated_at', integer),
  },
}

const whole = Object.fromEntries(
  Object.entries(mappings).map(([kind, parts]) => [kind, nested<object>(parts as Parts<object>)]),
) as unknown as Record<Kind, Part<Snapshot>>

/** Every column but the slot of the material. */
export const toColumns = (row: Snapshot): Columns => {
  const columns: Columns = {}
  whole[row.kind].write(row, columns)
  return columns
}

export const fromColumns = <K extends Kind>(kind: K, columns: Columns): Snapshot<K> =>
  ({ ...whole[kind].read(columns), kind }) as Snapshot as Snapshot<K>

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

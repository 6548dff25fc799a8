/**
 * The tables as Kysely sees them; `migrations/` makes them and `rows.ts` maps the objects. Flags are 0 or 1 and instants
 * are integers in both engines, so that one mapping serves both.
 */
import type { Generated, Kysely } from 'kysely'
import type { Kind, ManagedKind } from '../../core/object.ts'

export type SqlValue = string | number | Uint8Array | null

/** What every table of managed objects has; the mapping of its kind knows the other columns. */
export interface ObjectTable {
  id: string
  account: string
  revision: number
  /** Slot of the wrapped material; only in tables of kinds that have some. */
  material: number | null
  [column: string]: SqlValue
}

/** The columns of a key that lists, quotas and due dates ask about. */
export interface KeyTable {
  id: string
  account: string
  region: string
  owner: string
  name: string
  usage: string
  algorithm: string
  origin: string
  created_at: number
  suspended: number
  deactivated: number
  destroy_at: number | null
  material_present: number
  material_expires_at: number | null
  object_group: string
  rotation_enabled: number
  rotation_next_at: number
}

/** What an object is called in the database. */
export interface Named {
  readonly kind: Kind
  readonly id: string
}

/** The columns of a data key that lists, quotas and due dates ask about. */
export interface DataKeyTable {
  id: string
  account: string
  region: string
  owner: string
  key: string
  name: string
  origin: string
  size: number
  created_at: number
  suspended: number
  destroy_at: number | null
  material: number
}

/** How many keys there are of what the other columns say; the sum over the shards is the count. */
export interface KeyCountTable {
  account: string
  region: string
  owner: string
  usage: string
  algorithm: string
  origin: string
  material_present: number
  deactivated: number
  suspended: number
  /** A destruction is, whether or not its date has passed. */
  scheduled: number
  shard: number
  keys: number
}

export interface Schema {
  schema: { one: number; version: number; oldest_program: number }
  installation: {
    one: number
    id: string
    created_at: number
    root_generation_id: string
    root_generation_number: number
    root_check: Uint8Array
    /** Where everything in here was moved to; null while it is what is served. */
    moved_to: string | null
  }
  barrier: { one: number; generation: string; epoch: number }
  change: { epoch: number; kind: string; id: string }
  outbox: { request: string; at: number; node: string; entry: string }
  member: {
    id: string
    node: string
    beat: number
    acked: number
    joined_at: number
    program: number
    root_id: string
    root_number: number
  }
  duty: { name: string; holder: string; until: number }
  name: { account: string; region: string; kind: string; name: string; holder: string; until: number | null }
  tombstone: { kind: string; key: string; account: string; region: string; lineage: string; destroyed_at: number }
  observed: {
    kind: ManagedKind
    id: string
    account: string
    step: 'destroy' | 'dropMaterial'
    date: number
    elapsed: number
  }
  material: { slot: Generated<number>; bytes: Uint8Array }
  vacancy: { slot: number; size: number }
  key: KeyTable
  key_version: { id: string; key: string; material: number | null }
  import_ticket: { id: string; material: number | null }
  binding: { id: string; key: string }
  alias: { id: string; account: string; region: string; name: string; key: string }
  tag: { account: string; region: string; kind: Kind; id: string; tag_key: string; tag_value: string }
  key_grant: {
    id: string
    account: string
    region: string
    key: string
    retiring_by: string | null
    retiring_id: string | null
  }
  data_key: DataKeyTable
  audit_journal: { node: string; journal: string; seq: number; until: number }
  audit_entry: {
    node: string
    journal: string
    seq: number
    at: number
    action: string
    principal: string
    outcome: string
    request: string
    source: string
    line: string
  }
  audit_key: { key: string; at: number; node: string; journal: string; seq: number }
  key_count: KeyCountTable
  usage: { key: string; version: number; principal: string; dialect: string; minute: number; count: number }
}

export type Database = Kysely<Schema>

export const tables = {
  account: 'account',
  domainKey: 'domain_key',
  principal: 'principal',
  credential: 'credential',
  policy: 'policy',
  key: 'key',
  keyVersion: 'key_version',
  importTicket: 'import_ticket',
  binding: 'binding',
  dataKey: 'data_key',
  whiteBoxKey: 'white_box_key',
  whiteBoxTables: 'white_box_tables',
  keyStore: 'key_store',
  accessPoint: 'access_point',
  releasePolicy: 'release_policy',
  alias: 'alias',
  quarantine: 'quarantine',
  scrub: 'scrub',
} as const satisfies Record<Kind, string>

/** The same database, with the table of a kind under the one type that all of them share. */
export const objects = (db: Database): Kysely<{ object: ObjectTable; material: Schema['material'] }> =>
  db as unknown as Kysely<{ object: ObjectTable; material: Schema['material'] }>

/** The table of a kind, to be used with `objects`. */
export const objectTable = (kind: Kind): 'object' => tables[kind] as string as 'object'

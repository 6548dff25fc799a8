/** The thread that reads lists and counts, and looks for what is known by another name. */
import { setPriority } from 'node:os'
import type { AccountId, Instant, Kind, Party, Place, RegionId, Snapshot, Tagged } from '../../../core/object.ts'
import type { AliasPage, DataKeyFilter, DataKeyPage, KeyFilter, KeyPage, TaggedPage } from '../../../core/pages.ts'
import type { Reader, UniqueName } from '../../../core/ports.ts'
import type { UseQuery } from '../../../core/uses.ts'
import { pageAliases } from '../aliases.ts'
import { countDataKeys, pageDataKeys } from '../data-key-lists.ts'
import { grantHolder, retirableKeys } from '../grants.ts'
import { type Installation, readInstallation } from '../installation.ts'
import { countKeys, pageKeys } from '../key-pages.ts'
import { holderOf, knownAs, pageRows, type RowPage, taggedRows } from '../lists.ts'
import { type SchemaState, schemaState } from '../migrate.ts'
import type { Database } from '../schema.ts'
import { type Soundness, soundnessOf } from '../soundness.ts'
import { keyTagPairs } from '../tags.ts'
import { sumUses } from '../uses.ts'
import { answerCalls } from './calls.ts'
import { integrityOf, kyselyOf, openReader } from './connection.ts'

export interface ReaderMethods {
  open(path: string): void
  keys(input: { at: Place; page: KeyPage; now: Instant }): ReturnType<Reader['keys']>
  countKeys(input: { at: Place; filter: KeyFilter; now: Instant }): Promise<number>
  dataKeys(input: { at: Place; page: DataKeyPage; now: Instant }): ReturnType<typeof pageDataKeys>
  countDataKeys(input: { at: Place; filter: DataKeyFilter; now: Instant }): Promise<number>
  rows(input: { kind: Kind; page: RowPage }): Promise<readonly Snapshot[]>
  tagged(input: { account: AccountId; page: TaggedPage }): Promise<readonly Tagged[]>
  tagPairs(input: {
    at: Pick<Place, 'account' | 'region'>
    limit: number
    now: Instant
  }): ReturnType<typeof keyTagPairs>
  aliases(input: { at: Pick<Place, 'account' | 'region'>; page: AliasPage }): ReturnType<typeof pageAliases>
  grantHolder(input: { account: AccountId; grant: string }): Promise<string | undefined>
  retirable(input: { region: RegionId; retiring: Party }): ReturnType<typeof retirableKeys>
  uses(query: UseQuery): ReturnType<typeof sumUses>
  holder(name: UniqueName): Promise<string | undefined>
  knownAs(input: { kind: 'account' | 'principal'; name: string; value: string }): Promise<string | undefined>
  installation(): Promise<Installation | undefined>
  integrity(): string
  schema(): Promise<SchemaState>
  soundness(): Promise<Soundness>
  close(): Promise<void>
}

/** Below the threads that every call needs, none of which ever waits for this one (docs/decisions/0046). */
const givesWay = 10
const giveWay = (): void => {
  // Linux takes this for the calling thread alone; elsewhere it would be the whole process.
  if (process.platform !== 'linux') return
  try {
    setPriority(0, givesWay)
  } catch {
    // A sandbox may not let it; then lists compete with calls, as elsewhere.
  }
}
giveWay()

let connection: ReturnType<typeof openReader> | undefined
let database: Database | undefined
let tail: Promise<unknown> = Promise.resolve()

/** One thing after the other: the connection has one transaction. */
const serially = <T>(work: (db: Database) => Promise<T>): Promise<T> => {
  const done = tail.then(() => {
    if (!database) throw new Error('the database is not open')
    return work(database)
  })
  tail = done.catch(() => undefined)
  return done
}

answerCalls<ReaderMethods>({
  open: (path) => {
    connection = openReader(path)
    database = kyselyOf(connection)
  },
  keys: ({ at, page, now }) => serially((db) => pageKeys(db, at, page, now)),
  countKeys: ({ at, filter, now }) => serially((db) => countKeys(db, at, filter, now)),
  dataKeys: ({ at, page, now }) => serially((db) => pageDataKeys(db, at, page, now)),
  countDataKeys: ({ at, filter, now }) => serially((db) => countDataKeys(db, at, filter, now)),
  rows: ({ kind, page }) => serially((db) => pageRows(db, kind, page)),
  tagged: ({ account, page }) => serially((db) => taggedRows(db, account, page)),
  tagPairs: ({ at, limit, now }) => serially((db) => keyTagPairs(db, at, limit, now)),
  aliases: ({ at, page }) => serially((db) => pageAliases(db, at, page)),
  grantHolder: ({ account, grant }) => serially((db) => grantHolder(db, account, grant)),
  retirable: ({ region, retiring }) => serially((db) => retirableKeys(db, region, retiring)),
  uses: (query) => serially((db) => sumUses(db, query)),
  holder: (name) => serially((db) => holderOf(db, name)),
  knownAs: ({ kind, name, value }) => serially((db) => knownAs(db, kind, name, value)),
  installation: () => serially(readInstallation),
  integrity: () => integrityOf(connection),
  schema: () => serially(schemaState),
  soundness: () => serially(soundnessOf),
  close: () => serially(async () => connection?.close()),
})

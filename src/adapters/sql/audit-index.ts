/** The index over the closed journal parts of all nodes. Texts in it are ASCII of at most 255 characters, lines apart. */
import { sql } from 'kysely'
import type { AuditCriteria, AuditIndex, FoundEntry, IndexedEntry, IndexedJournal } from '../../core/audit.ts'
import type { Instant } from '../../core/object.ts'
import { transact } from './commit.ts'
import type { Engine } from './engine.ts'
import type { Database } from './schema.ts'
import { inSteps } from './steps.ts'

/** Rows in one statement: an engine bounds the values of a statement. */
const step = 500
/** Numbers of lines that one removal covers. */
const forgetStep = 5_000

type Journal = Pick<IndexedJournal, 'node' | 'journal'>

const insertEntries = async (db: Database, { node, journal }: Journal, entries: readonly IndexedEntry[]) => {
  const rows = entries.map(({ keys: _, ...entry }) => ({ node, journal, ...entry }))
  const keys = entries.flatMap(({ keys, at, seq }) => keys.map((key) => ({ key, at, node, journal, seq })))
  for (const some of inSteps(rows, step))
    await db
      .insertInto('audit_entry')
      .values(some)
      .onConflict((same) => same.doNothing())
      .execute()
  for (const some of inSteps(keys, step))
    await db
      .insertInto('audit_key')
      .values(some)
      .onConflict((same) => same.doNothing())
      .execute()
}

const add = (db: Database, journal: IndexedJournal, entries: readonly IndexedEntry[]): Promise<void> =>
  transact(db, async (tx) => {
    await insertEntries(tx, journal, entries)
    const { seq, until } = journal
    await tx
      .insertInto('audit_journal')
      .values({ ...journal })
      .onConflict((same) => same.columns(['node', 'journal']).doUpdateSet({ seq, until }))
      .execute()
  })

const texts = ['action', 'principal', 'outcome', 'request', 'source'] as const

/** What a page is ordered by stands in the table of keys too, so that a key's entries are read in order. */
const page = (db: Database, criteria: AuditCriteria, after: FoundEntry | undefined, limit: number) => {
  const { since, until, key } = criteria
  const ordered = key === undefined ? 'e' : 'k'
  const column = (name: 'at' | 'node' | 'journal' | 'seq') => sql.ref<string | number>(`${ordered}.${name}`)
  const order = sql`${column('at')}, ${column('node')}, ${column('journal')}, ${column('seq')}`
  const joined = sql`join audit_key k on k.node = e.node and k.journal = e.journal and k.seq = e.seq`
  const held = texts.flatMap((name) =>
    criteria[name] === undefined ? [] : [sql<boolean>`${sql.ref(`e.${name}`)} = ${criteria[name]}`],
  )
  if (key !== undefined) held.push(sql`k.key = ${key}`)
  if (since !== undefined) held.push(sql`${column('at')} >= ${since}`)
  if (until !== undefined) held.push(sql`${column('at')} < ${until}`)
  if (after) held.push(sql`(${order}) > (${after.at}, ${after.node}, ${after.journal}, ${after.seq})`)
  return sql<FoundEntry>`select e.at, e.node, e.journal, e.seq, e.line from audit_entry e
    ${key === undefined ? sql`` : joined}
    where ${held.length === 0 ? sql`1 = 1` : sql.join(held, sql` and `)} order by ${order} limit ${sql.lit(limit)}`
    .execute(db)
    .then(({ rows }) => rows)
}

const firstFrom = (db: Database, { node, journal }: Journal, from: Instant) =>
  db
    .selectFrom('audit_entry')
    .select(['seq', 'at'])
    .where('node', '=', node)
    .where('journal', '=', journal)
    .where('at', '>=', from)
    .orderBy('seq')
    .limit(1)
    .executeTakeFirst()

const forget = (db: Database, of: Journal, below: number): Promise<boolean> =>
  transact(db, async (tx) => {
    const first = await firstFrom(tx, of, 0)
    if (!first || first.seq >= below) return false
    const end = Math.min(below, first.seq + forgetStep)
    for (const table of ['audit_key', 'audit_entry'] as const)
      await tx
        .deleteFrom(table)
        .where('node', '=', of.node)
        .where('journal', '=', of.journal)
        .where('seq', '<', end)
        .execute()
    return true
  })

/** `run`: as the engine wants a piece of work run that is one statement or one transaction. */
export const auditIndexOver = (
  db: Database,
  engine: () => Engine,
  run: <T>(work: () => Promise<T>) => Promise<T>,
): AuditIndex => ({
  journals: () => run(() => db.selectFrom('audit_journal').selectAll().orderBy('node').orderBy('journal').execute()),
  add: (journal, entries) => run(() => add(db, journal, entries)),
  page: (criteria, after, limit) => run(() => page(db, criteria, after, limit)),
  forget: (journal, below) => run(() => forget(db, journal, below)),
  firstFrom: (journal, at) => run(() => firstFrom(db, journal, at)),
  drop: ({ node, journal }) =>
    run(async () => {
      await db.deleteFrom('audit_journal').where('node', '=', node).where('journal', '=', journal).execute()
    }),
  now: () =>
    run(async () => {
      const { rows } = await sql<{ now: Instant }>`select ${engine().now} as now`.execute(db)
      return rows[0]?.now ?? 0
    }),
})

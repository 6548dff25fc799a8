/** Which rows a backup has, and how those of an older Keystead are restored. */

import { DatabaseSync } from 'node:sqlite'
import { sql } from 'kysely'
import { describe, expect, test } from 'vitest'
import { carriedTables, dumpLines, leftOutTables } from '../../src/adapters/sql/dump.ts'
import { loadLines, survey } from '../../src/adapters/sql/load.ts'
import { migrate, programVersion } from '../../src/adapters/sql/migrate.ts'
import type { Database } from '../../src/adapters/sql/schema.ts'
import { soundnessOf } from '../../src/adapters/sql/soundness.ts'
import { kyselyOf } from '../../src/adapters/sql/sqlite/connection.ts'
import { sqliteEngine } from '../../src/adapters/sql/sqlite/engine.ts'
import { type Action, variantsOf } from '../../src/contract/action.ts'
import { isTold, Withdrawals } from '../../src/core/withdrawals.ts'
import { actions as huaweiActions } from '../../src/dialects/huawei/actions.ts'
import { iamActions } from '../../src/dialects/huawei/iam/calls.ts'
import { actions as nativeActions } from '../../src/dialects/native/actions.ts'
import { everyAction } from '../../src/dialects/tencent/services.ts'

const fresh = (): Database => kyselyOf(new DatabaseSync(':memory:', { enableForeignKeyConstraints: true }))
async function* linesOf(lines: readonly string[]): AsyncGenerator<string> {
  yield* lines
}
const load = (db: Database, lines: readonly string[]) =>
  loadLines(
    db,
    sqliteEngine(),
    linesOf(lines),
    () => {},
    async () => {},
  )
const dumped = async (db: Database): Promise<string[]> => {
  const lines: string[] = []
  for await (const line of dumpLines(db, { program: '1.2.3', takenAt: 5 })) lines.push(line)
  return lines
}

const check = { base64: Buffer.from('root check').toString('base64') }
const installation = [
  'installation',
  {
    one: 1,
    id: 'a0'.repeat(16),
    created_at: 1,
    root_generation_id: 'b0',
    root_generation_number: 1,
    root_check: check,
  },
]
const version10 = [
  {
    keystead: 'rows',
    format: 1,
    schema: 10,
    program: '0.0.9',
    installation: 'a0'.repeat(16),
    takenAt: 5,
    rootKeys: [],
    rows: { installation: 1, account: 1, domain_key: 2 },
  },
  [
    'account',
    { id: '1', account: '1', revision: 3, name: 'first', external: '{}', created_at: 1, administrator: null },
  ],
  ['domain_key', { id: '1.1', account: '1', revision: 1, version: 1, lineage: 'c0', created_at: 1 }, 'b25l'],
  ['domain_key', { id: '1.2', account: '1', revision: 1, version: 2, lineage: 'c1', created_at: 1 }, 'dHdv'],
  installation,
  { end: 4 },
].map((line) => JSON.stringify(line))

describe('the rows of a backup', () => {
  test('are those of every table of a database, but for the ones that are left out for a reason', async () => {
    const db = fresh()
    await migrate(db, sqliteEngine(), true)
    const { rows } = await sql<{
      name: string
    }>`select name from sqlite_schema where type = 'table' and name not like 'sqlite_%'`.execute(db)
    const named = [...carriedTables.map(({ name }) => name), ...leftOutTables.keys()]
    expect(named.toSorted()).toEqual(rows.map(({ name }) => name).toSorted())
    for (const reason of leftOutTables.values()) expect(reason.length).toBeGreaterThan(20)
  })

  test('of every table are read by the columns of its primary key', async () => {
    const db = fresh()
    await migrate(db, sqliteEngine(), true)
    for (const { name, by } of carriedTables) {
      const { rows } = await sql<{ name: string; pk: number }>`select name, pk from pragma_table_info(${name})`.execute(
        db,
      )
      expect([...by].toSorted(), name).toEqual(
        rows
          .filter(({ pk }) => pk > 0)
          .map((column) => column.name)
          .toSorted(),
      )
    }
  })

  test('of an older Keystead are written into its tables, which are then brought up to this one', async () => {
    const db = fresh()
    await load(db, version10)
    const lines = await dumped(db)
    expect(JSON.parse(lines[0]!)).toMatchObject({
      schema: programVersion,
      program: '1.2.3',
      rows: { account: 1, domain_key: 2 },
    })
    const again = fresh()
    await load(again, lines)
    expect((await dumped(again)).slice(1)).toEqual(lines.slice(1))
    // Material found its way to its own rows, whatever its slots are.
    expect(lines.filter((line) => line.startsWith('["domain_key"')).map((line) => JSON.parse(line)[2])).toEqual([
      'b25l',
      'dHdv',
    ])
  })

  test.each([
    [
      'a later program',
      (lines: string[]) => [lines[0]!.replace('"schema":10', '"schema":999'), ...lines.slice(1)],
      /later Keystead/,
    ],
    ['no end', (lines: string[]) => lines.slice(0, -1), /end is missing/],
    ['something after its end', (lines: string[]) => [...lines, '{"end":4}'], /follows its end/],
    ['a row less', (lines: string[]) => lines.toSpliced(2, 1), /1 rows of domain_key, and there should be 2/],
    [
      'a table of its own',
      (lines: string[]) => lines.toSpliced(1, 0, '["sqlite_master",{"a":1}]'),
      /no table sqlite_master|rows of/,
    ],
    [
      'a table whose name is no text',
      (lines: string[]) => lines.toSpliced(1, 0, '[{"toString":""},{"a":1}]'),
      /no table without a name/,
    ],
    [
      'a column that is none',
      (lines: string[]) => lines.toSpliced(1, 1, lines[1]!.replace('"name"', '"name\\") values (1); --"')),
      /has no name/,
    ],
    [
      'a value that is none',
      (lines: string[]) => lines.toSpliced(1, 1, lines[1]!.replace('"first"', '{"a":1}')),
      /a column has no value/,
    ],
    ['no JSON', (lines: string[]) => lines.toSpliced(1, 1, '{'), /no JSON/],
    ['nothing', () => [], /empty|end is missing/],
  ])('with %s are refused, and the database is nobody’s', async (_what, change, message) => {
    const db = fresh()
    await expect(load(db, change([...version10]))).rejects.toThrow(message)
    const found = await sql<{ n: number }>`select count(*) as n from installation`
      .execute(db)
      .catch(() => ({ rows: [{ n: 0 }] }))
    expect(found.rows[0]?.n).toBe(0)
  })

  test('are surveyed to their end', async () => {
    const { header, rootCheck } = await survey(linesOf(version10))
    expect(header.takenAt).toBe(5)
    expect(Buffer.from(rootCheck).toString()).toBe('root check')
    await expect(survey(linesOf(version10.slice(0, -1)))).rejects.toThrow('end is missing')
    await expect(survey(linesOf(version10.toSpliced(1, 1)))).rejects.toThrow('0 rows of account')
  })
})

test('a program that runs on beside a newer one makes no backup, for it does not know every table', async () => {
  const db = fresh()
  await load(db, version10)
  await db
    .updateTable('schema')
    .set({ version: programVersion + 1 })
    .execute()
  await expect(dumped(db)).rejects.toThrow(/it can make no backup of them/)
})

test('material without an owner, and what was destroyed and is there, are found', async () => {
  const db = fresh()
  await load(db, version10)
  expect(await soundnessOf(db)).toEqual({ strayMaterial: 0, risen: [], miscounted: 0, newestAt: undefined })
  await sql`insert into material (bytes) values (x'00'), (x'01')`.execute(db)
  await sql`insert into vacancy (slot, size) select max(slot), 1 from material`.execute(db)
  await sql`insert into data_key select 'dk', '1', 1, 'r', 'p', 'c', 'user', 'k', 1, 'n', '', 'generated', 32,
    (select min(slot) from material where bytes = x'00'), '', 7, 0, null, '[]'`.execute(db)
  await sql`insert into tombstone (kind, "key", account, region, lineage, destroyed_at)
    values ('dataKey', 'dk', '1', 'r', 'l', 1), ('key', 'gone', '1', 'r', 'm', 1)`.execute(db)
  expect(await soundnessOf(db)).toMatchObject({ strayMaterial: 0, risen: ['dk'] })
  await sql`delete from data_key`.execute(db)
  expect(await soundnessOf(db)).toMatchObject({ strayMaterial: 1, risen: [] })
})

describe('what the record tells of a backup', () => {
  test('is said of every change that an action can be', () => {
    const actions: readonly Action<string>[] = [...everyAction, ...huaweiActions, ...iamActions, ...nativeActions].map(
      (action) => action as unknown as Action<string>,
    )
    const all = actions.flatMap((action) => variantsOf(action)).map(({ operation }) => operation)
    const changes = new Set(all.filter(({ mode }) => mode === 'change').map(({ name }) => name))
    expect([...changes].filter((name) => !isTold(name))).toEqual([])
    for (const own of ['destroy', 'dropMaterial', 'rotate', 'scrubCanaries']) expect(isTold(own)).toBe(true)
  })

  const told = (...calls: readonly [operation: string, kind: string, id: string][]) => {
    const withdrawals = new Withdrawals()
    for (const [at, [operation, kind, id]] of calls.entries())
      withdrawals.note({ operation, by: 'x', at, objects: [{ kind, id }] })
    return withdrawals.all().map(({ was, kind, id }) => `${was} ${kind} ${id}`)
  }

  test('is what was not given back since', () => {
    expect(told(['suspend', 'key', 'a'], ['resume', 'key', 'a'])).toEqual([])
    expect(told(['resume', 'key', 'a'], ['suspend', 'key', 'a'])).toEqual(['suspended key a'])
    expect(told(['suspend', 'key', 'a'], ['scheduleDestruction', 'key', 'a'], ['destroy', 'key', 'a'])).toEqual([
      'destroyed key a',
    ])
    expect(told(['detachPolicy', 'policy', 'p'], ['detachPolicy', 'principal', 'u'])).toEqual([
      'removed policy p',
      'changed principal u',
    ])
    expect(told(['encrypt', 'key', 'a'])).toEqual([])
    // A key that was planned to be destroyed when the backup was made, and kept since, would be destroyed at its old date.
    expect(told(['cancelDestruction', 'key', 'a'])).toEqual(['kept key a'])
    expect(told(['cancelDestruction', 'key', 'a'], ['scheduleDestruction', 'key', 'a'])).toEqual([
      'destructionScheduled key a',
    ])
  })
})

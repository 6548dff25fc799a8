/** Names that one object of a kind may hold in an account and region. */
import type { Instant, Snapshot } from '../../core/object.ts'
import type { UniqueName } from '../../core/ports.ts'
import type { Database } from './schema.ts'

/** When the holder of a name stops holding it: at the date of its destruction. */
const until = (row: Snapshot): Instant | null => ('destroyAt' in row ? row.destroyAt : null)

/** True when `row` now holds the name: it was free, its own already, or its holder's destruction date has passed. */
export const claimName = async (
  db: Database,
  { account, region, kind, name }: UniqueName,
  row: Snapshot,
  now: Instant,
) => {
  const held = { holder: row.id, until: until(row) }
  const result = await db
    .insertInto('name')
    .values({ account, region, kind, name, ...held })
    .onConflict((conflict) =>
      conflict
        .columns(['account', 'region', 'kind', 'name'])
        .doUpdateSet(held)
        .where((eb) => eb.or([eb('name.holder', '=', row.id), eb('name.until', '<=', now)])),
    )
    .executeTakeFirst()
  return result.numInsertedOrUpdatedRows === 1n
}

/** Gives up a name, if `holder` still holds it. */
export const releaseName = async (db: Database, { account, region, kind, name }: UniqueName, holder: string) => {
  await db
    .deleteFrom('name')
    .where('account', '=', account)
    .where('region', '=', region)
    .where('kind', '=', kind)
    .where('name', '=', name)
    .where('holder', '=', holder)
    .execute()
}

export const releaseNamesOf = async (db: Database, { kind, id }: Snapshot) => {
  await db.deleteFrom('name').where('kind', '=', kind).where('holder', '=', id).execute()
}

/** Keeps the names' end in step with the date of their holder's destruction. */
export const redateNames = async (db: Database, put: Snapshot, over: Snapshot) => {
  if (until(put) === until(over)) return
  await db
    .updateTable('name')
    .set({ until: until(put) })
    .where('kind', '=', put.kind)
    .where('holder', '=', put.id)
    .execute()
}

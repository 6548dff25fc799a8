/** Names that one object of a kind may hold in an account and region. */
import type { Instant, Snapshot } from '../../core/object.ts'
import type { UniqueName } from '../../core/ports.ts'
import type { Database } from './schema.ts'
import { inSteps } from './steps.ts'

/** When the holder of a name stops holding it: at the date of its destruction. */
const until = (row: Snapshot): Instant | null => ('destroyAt' in row ? row.destroyAt : null)

/** Names of one INSERT. */
const claimsMax = 100

/** True when each row now holds its name: it was free, its own already, or its holder's destruction date has passed. */
export const claimNames = async (
  db: Database,
  claims: readonly { readonly claim: UniqueName; readonly row: Snapshot }[],
  now: Instant,
): Promise<boolean> => {
  for (const some of inSteps(claims, claimsMax)) {
    const { numInsertedOrUpdatedRows } = await db
      .insertInto('name')
      .values(
        some.map(({ claim: { account, region, kind, name }, row }) => {
          return { account, region, kind, name, holder: row.id, until: until(row) }
        }),
      )
      .onConflict((conflict) =>
        conflict
          .columns(['account', 'region', 'kind', 'name'])
          .doUpdateSet((eb) => ({ holder: eb.ref('excluded.holder'), until: eb.ref('excluded.until') }))
          .where((eb) => eb.or([eb('name.holder', '=', eb.ref('excluded.holder')), eb('name.until', '<=', now)])),
      )
      .executeTakeFirstOrThrow()
    if (numInsertedOrUpdatedRows !== BigInt(some.length)) return false
  }
  return true
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

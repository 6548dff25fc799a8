/** One row for each tag of each object, written with the object's own row, so that filters never read the objects. */
import { sql } from 'kysely'
import type { AccountId, Instant, Place, RegionId, Snapshot, Tagged, Tags } from '../../core/object.ts'
import type { TagCondition, TaggedPage } from '../../core/pages.ts'
import type { Database, Named } from './schema.ts'
import { inSteps } from './steps.ts'

const isTagged = (row: Snapshot): row is Tagged => 'tags' in row

/** In whatever order: what is found by a tag does not hang on it. */
const same = (a: Tags, b: Tags): boolean =>
  a === b || (a.size === b.size && [...a].every(([key, value]) => b.get(key) === value))

const remove = async (db: Database, { kind, id }: Tagged) => {
  await db.deleteFrom('tag').where('kind', '=', kind).where('id', '=', id).execute()
}

const tagRows = ({ account, region, kind, id, tags }: Tagged) =>
  [...tags].map(([tag_key, tag_value]) => ({ account, region, kind, id, tag_key, tag_value }))

/** Tags of one INSERT. */
const tagsMax = 100

export const addTags = async (db: Database, rows: readonly Snapshot[]): Promise<void> => {
  const tags = rows.filter(isTagged).flatMap(tagRows)
  for (const some of inSteps(tags, tagsMax)) await db.insertInto('tag').values(some).execute()
}

export const replaceTags = async (db: Database, row: Snapshot, over: Snapshot): Promise<void> => {
  if (!isTagged(row) || !isTagged(over) || same(row.tags, over.tags)) return
  await remove(db, over)
  await addTags(db, [row])
}

export const dropTags = async (db: Database, row: Snapshot): Promise<void> => {
  if (isTagged(row) && row.tags.size > 0) await remove(db, row)
}

/** A condition on the `id` of a query: the object has such a tag. */
export const hasTag = (accounts: readonly AccountId[], regions: readonly RegionId[], { key, values }: TagCondition) => {
  const valued = values.length > 0 ? sql`and tag_value in (${sql.join(values)})` : sql``
  return sql<boolean>`id in (
    select tagged.id from tag as tagged
    where tagged.account in (${sql.join(accounts)}) and tagged.region in (${sql.join(regions)}) and tagged.tag_key = ${key} ${valued}
  )`
}

export const keyTagPairs = async (
  db: Database,
  { account, region }: Pick<Place, 'account' | 'region'>,
  limit: number,
  now: Instant,
): Promise<readonly { key: string; value: string }[]> =>
  db
    .selectFrom('tag')
    .innerJoin('key', 'key.id', 'tag.id')
    .select(['tag.tag_key as key', 'tag.tag_value as value'])
    .distinct()
    .where('tag.account', '=', account)
    .where('tag.region', '=', region)
    .where('tag.kind', '=', 'key')
    .where((eb) => eb.or([eb('key.destroy_at', 'is', null), eb('key.destroy_at', '>', now)]))
    .orderBy('tag.tag_key')
    .orderBy('tag.tag_value')
    .limit(limit)
    .execute()

/** Names of tagged objects, ordered by id. */
export const pageTagged = async (db: Database, account: AccountId, page: TaggedPage): Promise<readonly Named[]> => {
  if (page.regions.length === 0) return []
  let query = db
    .selectFrom('tag')
    .select(['kind', 'id'])
    .distinct()
    .where('account', '=', account)
    .where('region', 'in', page.regions)
    .orderBy('id')
    .limit(page.limit)
  for (const condition of page.conditions) query = query.where(hasTag([account], page.regions, condition))
  if (page.after !== undefined) query = query.where('id', '>', page.after)
  return query.execute()
}

/** Guards and effects of one change, inside the transaction and savepoint of its caller. */
import { type Instant, type Key, type Kind, type Snapshot, userOwner } from '../../core/object.ts'
import type { Commit, Effect, Guard, Quota, Tombstone } from '../../core/ports.ts'
import { type Addition, addRows, conflict, nameTaken, type Refused } from './additions.ts'
import { dropGrants, replaceGrants } from './grants.ts'
import { occupy, vacate } from './material.ts'
import { claimNames, redateNames, releaseName, releaseNamesOf } from './names.ts'
import { hasMaterial, materialOf, toColumns } from './rows.ts'
import { type Database, type ObjectTable, objects, objectTable } from './schema.ts'
import { dropTags, replaceTags } from './tags.ts'

export interface Touched {
  readonly kind: Kind
  readonly id: string
}
/** What the effects of one change did so far. */
interface Work {
  readonly touched: Map<string, Touched>
  removedMaterial: boolean
}
export interface Done {
  readonly touched: readonly Touched[]
  /** Wrapped bytes were overwritten: the engine still has to get rid of older images of them. */
  readonly removedMaterial: boolean
}

type Step = Promise<Refused | undefined>

const touch = (work: Work, kind: Kind, id: string) => work.touched.set(`${kind}/${id}`, { kind, id })

const leave = async (db: Database, work: Work, slots: readonly (number | null)[]) => {
  if (await vacate(db, slots)) work.removedMaterial = true
}

const stands = async (db: Database, { kind, id, revision }: Guard): Promise<boolean> => {
  const row = await objects(db)
    .selectFrom(objectTable(kind))
    .select('revision')
    .where('id', '=', id)
    .where('revision', '=', revision)
    .executeTakeFirst()
  return row !== undefined
}

/** Of users, as the counters have it. */
const liveKeys = async (db: Database, { account, region }: Pick<Key, 'account' | 'region'>): Promise<number> => {
  const { keys } = await db
    .selectFrom('key_count')
    .select((eb) => eb.fn.sum<number | null>('keys').as('keys'))
    .where('account', '=', account)
    .where('region', '=', region)
    .where('owner', '=', userOwner)
    .where('scheduled', '=', 0)
    .executeTakeFirstOrThrow()
  return keys ?? 0
}

/** Whether one more fits: what users own and what is neither destroyed nor on its way there. */
const fits = async (db: Database, row: Snapshot, { max }: Quota): Promise<boolean> => {
  if (row.kind !== 'key' && row.kind !== 'dataKey' && row.kind !== 'whiteBoxKey')
    throw new Error(`no quota is counted for the kind ${row.kind}`)
  if (row.kind === 'key') return (await liveKeys(db, row)) < max
  let live = objects(db)
    .selectFrom(objectTable(row.kind))
    .select('id')
    .where('account', '=', row.account)
    .where('region', '=', row.region)
    .limit(max)
  if ('owner' in row) live = live.where('owner', '=', 'user')
  if ('destroyAt' in row) live = live.where('destroy_at', 'is', null)
  const counted = await db
    .selectFrom(live.as('live'))
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  return counted.count < max
}

type Add = Extract<Effect, { add: Snapshot }>

const add = async (db: Database, work: Work, effect: Add, now: Instant): Step => {
  const { add: row, within } = effect
  if (within && !(await fits(db, row, within))) return { outcome: 'quotaExceeded', kind: row.kind }
  const refused = await addRows(db, [effect], now)
  if (!refused) touch(work, row.kind, row.id)
  return refused
}

const sameBytes = (a: Uint8Array | null, b: Uint8Array | null): boolean =>
  a === b || (a !== null && b !== null && Buffer.compare(a, b) === 0)

/** The slot of the new material, where an update changes it; the old one is left. */
const replaceMaterial = async (
  db: Database,
  work: Work,
  put: Snapshot,
  over: Snapshot,
): Promise<Partial<ObjectTable>> => {
  const material = materialOf(put)
  if (sameBytes(material, materialOf(over))) return {}
  const row = await objects(db)
    .selectFrom(objectTable(over.kind))
    .select('material')
    .where('id', '=', over.id)
    .where('revision', '=', over.revision)
    .executeTakeFirst()
  if (!row) return {}
  await leave(db, work, [row.material])
  const [slot = null] = await occupy(db, [material])
  return { material: slot }
}

const put = async (db: Database, work: Work, effect: Extract<Effect, { put: Snapshot }>, now: Instant): Step => {
  const { put: row, over, claim, release, within } = effect
  // A row never changes its kind, id or account: material is bound to them.
  if (row.kind !== over.kind || row.id !== over.id || row.account !== over.account)
    throw new Error('not the same object')
  if (within && !(await fits(db, row, within))) return { outcome: 'quotaExceeded', kind: row.kind }

  const slot = await replaceMaterial(db, work, row, over)
  const result = await objects(db)
    .updateTable(objectTable(over.kind))
    .set({ ...toColumns(row), ...slot, revision: over.revision + 1 })
    .where('id', '=', over.id)
    .where('account', '=', over.account)
    .where('revision', '=', over.revision)
    .executeTakeFirst()
  if (result.numUpdatedRows !== 1n) return conflict
  await redateNames(db, row, over)
  await replaceTags(db, row, over)
  await replaceGrants(db, row, over)
  // In this order, so that an object may claim again the name that it releases.
  if (release) await releaseName(db, release, row.id)
  if (claim && !(await claimNames(db, [{ claim, row }], now))) return nameTaken
  touch(work, row.kind, row.id)
  return undefined
}

/** A key's versions, its import ticket, its aliases and what was bound to it go with it. */
const dropDependants = async (db: Database, work: Work, key: string) => {
  const versions = await db.deleteFrom('key_version').where('key', '=', key).returning(['id', 'material']).execute()
  const tickets = await db.deleteFrom('import_ticket').where('id', '=', key).returning(['id', 'material']).execute()
  const bindings = await db.deleteFrom('binding').where('key', '=', key).returning('id').execute()
  const aliases = await db.deleteFrom('alias').where('key', '=', key).returning('id').execute()
  for (const { id } of bindings) touch(work, 'binding', id)
  for (const { id } of aliases) touch(work, 'alias', id)
  for (const { id } of versions) touch(work, 'keyVersion', id)
  for (const { id } of tickets) touch(work, 'importTicket', id)
  await leave(
    db,
    work,
    [...versions, ...tickets].map((row) => row.material),
  )
}

const leaveTombstone = async (db: Database, { id, destroyedAt, ...rest }: Tombstone) => {
  await db
    .insertInto('tombstone')
    .values({ ...rest, key: id, destroyed_at: destroyedAt })
    .execute()
}

/** `release` needs no step of its own here: all names of a dropped object are free. */
const drop = async (db: Database, work: Work, { drop: row, tombstone }: Extract<Effect, { drop: Snapshot }>): Step => {
  if (row.kind === 'key') await dropDependants(db, work, row.id)
  const gone = await objects(db)
    .deleteFrom(objectTable(row.kind))
    .where('id', '=', row.id)
    .where('account', '=', row.account)
    .where('revision', '=', row.revision)
    .returning(hasMaterial[row.kind] ? ['id', 'material'] : ['id'])
    .executeTakeFirst()
  if (!gone) return conflict
  if (hasMaterial[row.kind]) await leave(db, work, [gone.material ?? null])
  await releaseNamesOf(db, row)
  await dropTags(db, row)
  await dropGrants(db, row)
  if (tombstone) await leaveTombstone(db, tombstone)
  touch(work, row.kind, row.id)
  return undefined
}

const apply = (db: Database, work: Work, effect: Effect, now: Instant): Step => {
  if ('put' in effect) return put(db, work, effect, now)
  if ('add' in effect) return add(db, work, effect, now)
  return drop(db, work, effect)
}

/** Checks the guards and applies the effects in their order; the caller undoes what was done when this refuses. */
export const applyEffects = async (db: Database, { guards, effects, now }: Commit): Promise<Refused | Done> => {
  for (const guard of guards) if (!(await stands(db, guard))) return conflict
  const work: Work = { touched: new Map(), removedMaterial: false }
  for (const effect of effects) {
    const refused = await apply(db, work, effect, now)
    if (refused) return refused
  }
  return { touched: [...work.touched.values()], removedMaterial: work.removedMaterial }
}

const additionsOf = ({ effects }: Commit): readonly Addition[] | undefined =>
  effects.every((effect): effect is Add => 'add' in effect && !effect.within) ? effects : undefined

/** Whether a change does nothing but add, and counts nothing first: then it does not matter what is added beside it. */
export const onlyAdds = (change: Commit): boolean => additionsOf(change) !== undefined

/** Several changes that only add. When this refuses one of them, the caller undoes all of it. */
export const addTogether = async (db: Database, changes: readonly Commit[]): Promise<Refused | readonly Done[]> => {
  const guards = new Map(changes.flatMap((change) => change.guards).map((guard) => [JSON.stringify(guard), guard]))
  for (const guard of guards.values()) if (!(await stands(db, guard))) return conflict
  const additions = changes.map((change) => additionsOf(change) ?? [])
  const refused = await addRows(db, additions.flat(), Math.min(...changes.map(({ now }) => now)))
  const touched = (some: readonly Addition[]) => some.map(({ add: { kind, id } }) => ({ kind, id }))
  return refused ?? additions.map((some) => ({ touched: touched(some), removedMaterial: false }))
}

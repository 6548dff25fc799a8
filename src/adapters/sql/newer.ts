/** What a database that was restored has again, told by itself and by a newer database of the same installation. */
import type { Kind, Snapshot } from '../../core/object.ts'
import type { Undone, Withdrawal } from '../../core/upkeep.ts'
import { loadRows, pageRows } from './lists.ts'
import type { Database } from './schema.ts'

const pageLimit = 1_000

async function* allRows<K extends Kind>(db: Database, kind: K): AsyncGenerator<readonly Snapshot<K>[]> {
  for (let after = '', more = true; more; ) {
    const page = await pageRows(db, kind, { after, limit: pageLimit })
    if (page.length > 0) yield page
    after = page.at(-1)?.id ?? after
    more = page.length === pageLimit
  }
}

/** Which words of withdrawal hold of a row. */
const heldBy = (row: Snapshot): ReadonlySet<Withdrawal> => {
  const held = new Set<Withdrawal>()
  if ('suspended' in row && row.suspended) held.add('suspended')
  if ('disabled' in row && row.disabled) held.add('suspended')
  if ('deactivated' in row && row.deactivated) held.add('deactivated')
  if ('destroyAt' in row && row.destroyAt !== null) held.add('destructionScheduled')
  if ('materialPresent' in row && !row.materialPresent) held.add('emptied')
  return held
}

/** Of what the record tells, what the restored rows really have again, or really lack. */
export const stillUndone = async (db: Database, told: readonly Undone[]): Promise<Undone[]> => {
  const rows = await loadRows(db, told.filter(isObject))
  const byName = new Map<string, Snapshot>()
  for (const row of rows) if (row) byName.set(`${row.kind}/${row.id}`, row)
  return told.filter(({ was, kind, id }) => {
    const row = byName.get(`${kind}/${id}`)
    if (was === 'lost') return row === undefined
    if (row === undefined) return false
    return was === 'kept' ? heldBy(row).has('destructionScheduled') : !heldBy(row).has(was)
  })
}

const isObject = (undone: Undone): undone is Undone & { kind: Kind } => undone.kind !== 'grant'

/** What decides about access, and what is sealed under the versions of a key. */
const decisive = (row: Snapshot): unknown => {
  switch (row.kind) {
    case 'key':
      return [row.primaryVersion, [...row.tags], row.aliases, row.keyStore]
    case 'dataKey':
      return [...row.tags]
    case 'principal':
      return [row.policies, row.passwordRecord, row.role]
    case 'policy':
      return [row.language, row.document]
    case 'account':
      return row.administrator
    case 'alias':
      return row.key
    case 'releasePolicy':
      return row.terms
    default:
      return null
  }
}

const grantsTaken = (row: Snapshot, newer: Snapshot): Undone[] => {
  if (row.kind !== 'key' || newer.kind !== 'key') return []
  const left = new Set(newer.grants.map(({ id }) => id))
  return row.grants.flatMap(({ id }) =>
    left.has(id) ? [] : [{ was: 'removed', kind: 'grant', id, key: row.id } as const],
  )
}

const differences = (row: Snapshot, newer: Snapshot): Undone[] => {
  const { kind, id } = row
  const before = heldBy(row)
  const after = heldBy(newer)
  const taken = [...after].filter((was) => !before.has(was)).map((was): Undone => ({ was, kind, id }))
  // Otherwise its old date would destroy it.
  if (before.has('destructionScheduled') && !after.has('destructionScheduled')) taken.push({ was: 'kept', kind, id })
  const changed = JSON.stringify(decisive(row)) !== JSON.stringify(decisive(newer))
  return [...taken, ...grantsTaken(row, newer), ...(changed ? [{ was: 'changed', kind, id } as const] : [])]
}

const compared = [
  'account',
  'principal',
  'credential',
  'policy',
  'key',
  'dataKey',
  'whiteBoxKey',
  'keyStore',
  'accessPoint',
  'releasePolicy',
  'alias',
] as const satisfies readonly Kind[]

const mortal: ReadonlySet<Kind> = new Set(['key', 'dataKey'])

const compareKind = async (db: Database, newer: Database, kind: (typeof compared)[number]): Promise<Undone[]> => {
  const found: Undone[] = []
  for await (const page of allRows(db, kind)) {
    const later = await loadRows(newer, page)
    for (const [at, row] of page.entries()) {
      const one = later[at]
      if (one) found.push(...differences(row, one))
      else found.push({ was: mortal.has(kind) ? 'destroyed' : 'removed', kind, id: row.id })
    }
  }
  for await (const page of allRows(newer, kind)) {
    const earlier = await loadRows(db, page)
    for (const [at, { id }] of page.entries()) if (!earlier[at]) found.push({ was: 'lost', kind, id })
  }
  return found
}

/** Everything that a newer database of the same installation, with tables of the same version, says otherwise. */
export const comparedWith = async (db: Database, newer: Database): Promise<Undone[]> => {
  const found: Undone[] = []
  for (const kind of compared) found.push(...(await compareKind(db, newer, kind)))
  return found
}

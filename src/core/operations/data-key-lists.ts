/** Reading what data keys there are, without what they are. */
import { actingIn } from '../access/caller.ts'
import { refuse } from '../failure.ts'
import type { Place } from '../object.ts'
import { type FoundManaged, look } from '../operation.ts'
import type { DataKeyPage } from '../pages.ts'
import type { View } from '../ports.ts'
import { stateOf } from '../state.ts'
import { dataKeyTargets } from './target.ts'

/** With the name of the key that protects it; undefined once that is gone. */
export interface Described extends FoundManaged<'dataKey'> {
  readonly keyName: string | undefined
}

const describedOf = async (
  view: View,
  now: number,
  founds: readonly FoundManaged<'dataKey'>[],
): Promise<Described[]> => {
  const described: Described[] = []
  for (const found of founds) {
    const key = await view.get('key', found.row.key)
    const there = key && stateOf(key, now) !== 'destroyed'
    described.push({ ...found, keyName: there ? key.name : undefined })
  }
  return described
}

export const describeDataKeys = look({
  name: 'describeDataKeys',
  summary: 'Read the attributes of data keys, in the order asked.',
  rights: { dataKeys: 'describeDataKey' },
  targets: ({ dataKeyIds }: { dataKeyIds: readonly string[] }) => ({ dataKeys: dataKeyTargets(dataKeyIds) }),
  run: ({ at, view, now }) => describedOf(view, now, at.dataKeys),
})

export const listDataKeys = look({
  name: 'listDataKeys',
  summary: 'Read the data keys of an account and region, page by page.',
  rights: { dataKeys: 'listDataKeys' },
  targets: ({ at }: { at: Place; page: DataKeyPage }) => ({ dataKeys: { in: at, kind: 'dataKey' } as const }),
  async run({ at, caller, now, view }, { page }, read) {
    const { region } = at.dataKeys
    const accounts = new Map(actingIn(caller).map((account) => [account.id, account]))
    if (page.filter.key !== undefined) {
      const key = await view.reload('key', page.filter.key)
      const there = key && accounts.has(key.account) && key.region === region && stateOf(key, now) !== 'destroyed'
      if (!there) return refuse({ reason: 'objectNotFound', kind: 'key' })
    }
    const { total, rows } = await read.dataKeys(at.dataKeys, { ...page, accounts: [...accounts.keys()] }, now)
    const founds = rows.map((row) => ({
      row,
      account: accounts.get(row.account) ?? caller.account,
      state: stateOf(row, now),
    }))
    return { total, dataKeys: await describedOf(view, now, founds) }
  },
})

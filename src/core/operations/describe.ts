import { actingIn } from '../access/caller.ts'
import type { Place } from '../object.ts'
import { type Found, look } from '../operation.ts'
import type { KeyPage } from '../ports.ts'
import { stateOf } from '../state.ts'
import { keyTargets } from './target.ts'

export const describe = look({
  name: 'describe',
  summary: 'Read the attributes of keys, in the order asked.',
  rights: { keys: 'describe' },
  targets: ({ keyIds }: { keyIds: readonly string[] }) => ({ keys: keyTargets(keyIds) }),
  run: ({ at }): readonly Found[] => at.keys,
})

export const list = look({
  name: 'list',
  summary: 'Read the keys of an account and region, page by page.',
  rights: { keys: 'list' },
  targets: ({ at }: { at: Place; page: KeyPage }) => ({ keys: { in: at, kind: 'key' } as const }),
  async run({ at, caller, now }, { page }, read) {
    const accounts = new Map(actingIn(caller).map((account) => [account.id, account]))
    const { total, rows } = await read.keys(at.keys, { ...page, accounts: [...accounts.keys()] }, now)
    const keys = rows.map((key): Found => {
      const account = accounts.get(key.account) ?? caller.account
      return { key, account, state: stateOf(key, now), version: key.primaryVersion }
    })
    return { total, keys }
  },
})

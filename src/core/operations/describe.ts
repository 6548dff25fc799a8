import { actingIn } from '../access/caller.ts'
import type { Place } from '../object.ts'
import { type Call, type Found, look, type Targets } from '../operation.ts'
import type { KeyPage } from '../pages.ts'
import type { Reader } from '../ports.ts'
import { stateOf } from '../state.ts'
import { keyTargets } from './target.ts'

export const describe = look({
  name: 'describe',
  summary: 'Read the attributes of keys, in the order asked.',
  rights: { keys: 'describe' },
  targets: ({ keyIds }: { keyIds: readonly string[] }) => ({ keys: keyTargets(keyIds) }),
  run: ({ at }): readonly Found[] => at.keys,
})

/** Found keys of one place, or of the places of the accounts that are acted in. */
export const listFound = async (
  { caller, now }: Pick<Call<Targets>, 'caller' | 'now'>,
  at: Place,
  page: KeyPage,
  read: Reader,
) => {
  const accounts = new Map(actingIn(caller).map((account) => [account.id, account]))
  const { total, isLeast, rows } = await read.keys(at, { ...page, accounts: [...accounts.keys()] }, now)
  const keys = rows.map((key): Found => {
    const account = accounts.get(key.account) ?? caller.account
    return { key, account, state: stateOf(key, now), version: key.primaryVersion }
  })
  return { total, isLeast, keys }
}

export const list = look({
  name: 'list',
  summary: 'Read the keys of an account and region, page by page.',
  rights: { keys: 'list' },
  targets: ({ at }: { at: Place; page: KeyPage }) => ({ keys: { in: at, kind: 'key' } as const }),
  run: (call, { page }, read) => listFound(call, call.at.keys, page, read),
})

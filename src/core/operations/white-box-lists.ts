/** Reading what white-box keys there are, and their tables. */
import type { Place, WhiteBoxKey } from '../object.ts'
import { type Call, type FoundManaged, look, type Targets } from '../operation.ts'
import type { TagCondition } from '../pages.ts'
import { stateOf } from '../state.ts'
import { rowsWhere } from './rows-where.ts'
import { tagsHold } from './tags.ts'
import { whiteBoxTarget } from './target.ts'
import { goneWhiteBoxKey, readDecryptKey } from './white-box-keys.ts'

/** A white-box key and what its users get; undefined where the tables were not asked for. */
export interface DescribedWhiteBoxKey extends FoundManaged<'whiteBoxKey'> {
  readonly decryptKey: Uint8Array | undefined
}

interface One {
  readonly keyId: string
}

export const describeWhiteBoxKey = look({
  name: 'describeWhiteBoxKey',
  summary: 'Read the attributes and the tables of a white-box key.',
  rights: { key: 'describeWhiteBoxKey' },
  targets: ({ keyId }: One) => ({ key: whiteBoxTarget(keyId) }),
  async run(call) {
    const decryptKey = await readDecryptKey(call, call.at.key.row)
    return decryptKey ? { ...call.at.key, decryptKey } : goneWhiteBoxKey()
  },
})

export const readWhiteBoxTables = look({
  name: 'readWhiteBoxTables',
  summary: 'Read the tables of a white-box key.',
  rights: { key: 'readWhiteBoxTables' },
  targets: ({ keyId }: One) => ({ key: whiteBoxTarget(keyId) }),
  run: async (call) => (await readDecryptKey(call, call.at.key.row)) ?? goneWhiteBoxKey(),
})

/** The most rows of one page. */
export const rowsMax = 200
/** The most rows of one page that come with their tables, each of which takes 0.8 MB. */
export const tablesMax = 4

export interface WhiteBoxPage {
  readonly suspended?: boolean
  /** All of them must hold. */
  readonly tags: readonly TagCondition[]
  readonly offset: number
  readonly limit: number
}

/** As many as one account can have in all regions, at the largest quota. */
const listedMax = 100_000

const described = async <T extends Targets>(
  call: Call<T>,
  row: WhiteBoxKey,
  withTables: boolean,
): Promise<DescribedWhiteBoxKey> => ({
  row,
  account: call.caller.account,
  state: stateOf(row, call.now),
  decryptKey: withTables ? await readDecryptKey(call, row) : undefined,
})

export const listWhiteBoxKeys = look({
  name: 'listWhiteBoxKeys',
  summary: 'Read the white-box keys of an account and region, oldest first, the first few of a page with their tables.',
  rights: { keys: 'listWhiteBoxKeys' },
  targets: ({ at }: { at: Place; page: WhiteBoxPage }) => ({ keys: { in: at, kind: 'whiteBoxKey' } as const }),
  async run(call, { page: { suspended, tags, offset, limit } }, read) {
    const { account, region } = call.at.keys
    const isMeant = (row: WhiteBoxKey) =>
      row.region === region && (suspended ?? row.suspended) === row.suspended && tagsHold(row.tags, tags)
    const all = await rowsWhere(read, 'whiteBoxKey', { account, after: '', limit: listedMax }, isMeant)
    const keys: DescribedWhiteBoxKey[] = []
    for (const [at, row] of all.slice(offset, offset + Math.min(limit, rowsMax)).entries())
      keys.push(await described(call, row, at < tablesMax))
    return { total: all.length, keys }
  },
})

export const describeWhiteBoxService = look({
  name: 'describeWhiteBoxService',
  summary: 'Tell whether white-box keys can be made in a region: in all of them.',
  rights: { service: 'describeWhiteBoxService' },
  targets: ({ at }: { at: Place }) => ({ service: { in: at, kind: 'service' } as const }),
  run: () => ({ offered: true }),
})

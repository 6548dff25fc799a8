/** Pages of a kind's rows of which only some are meant. */
import type { AccountId, Kind, Snapshot } from '../object.ts'
import type { Reader } from '../ports.ts'

const stepRows = 1000

/** Up to `limit` rows after an id, in the order of ids. */
export const rowsWhere = async <K extends Kind>(
  read: Reader,
  kind: K,
  { account, after, limit }: { account: AccountId; after: string; limit: number },
  isMeant: (row: Snapshot<K>) => boolean,
): Promise<readonly Snapshot<K>[]> => {
  const found: Snapshot<K>[] = []
  for (let from = after; ; ) {
    const rows = await read.rows(kind, { account, after: from, limit: stepRows })
    found.push(...rows.filter(isMeant))
    const last = rows.at(-1)
    if (found.length >= limit || rows.length < stepRows || !last) return found.slice(0, limit)
    from = last.id
  }
}

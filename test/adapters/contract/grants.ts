import { describe, expect, test } from 'vitest'
import type { Grant, Party } from '../../../src/core/object.ts'
import { key, now, place } from '../objects.ts'
import type { Bench } from './bench.ts'

const user = (id: string): Party => ({ of: 'principal', by: 'userId', id })

let made = 0
const grant = (over: Partial<Grant> = {}): Grant => ({
  id: (++made).toString(16).padStart(64, '0'),
  name: 'a grant',
  grantee: user('bob'),
  retiring: null,
  issuer: user('alice'),
  allows: { dialect: 'one', words: ['one:encrypt'], rights: ['encrypt'] },
  createdAt: now,
  ...over,
})

export const grantsContract = (bench: Bench): void => {
  const { add, run, get } = bench
  const { account, region } = place
  const holder = (id: string, of = account) => bench.db.store.reader.grantHolder(of, id)
  const retirable = async (party: Party, where = region) =>
    (await bench.db.store.reader.retirable(where, party)).map(({ id }) => id)

  describe('grants', () => {
    test('come back in their order, are found while the row has them, and go with it', async () => {
      const row = await add(key())
      const [one, two] = [grant({ retiring: user('carol') }), grant()]
      await run([{ put: { ...row, grants: [one, two] }, over: row }])
      expect((await get('key', row.id))?.grants).toEqual([one, two])
      expect([await holder(one.id), await holder(two.id)]).toEqual([row.id, row.id])
      const second = { ...row, revision: 2, grants: [one, two] }
      await run([{ put: { ...second, grants: [two] }, over: second }])
      expect([await holder(one.id), await holder(two.id)]).toEqual([undefined, row.id])
      await run([{ drop: { ...second, revision: 3, grants: [two] } }])
      expect(await holder(two.id)).toBeUndefined()
    })

    test('are found by whom they name to retire them, in the region and of every account, oldest key first', async () => {
      const carol = user('carol')
      const rows = [await add(key({ createdAt: now + 1 })), await add(key({ account: 'another', createdAt: now }))]
      const elsewhere = await add(key({ region: 'another' }))
      for (const row of [...rows, elsewhere])
        await run([{ put: { ...row, grants: [grant({ retiring: carol }), grant({ retiring: carol })] }, over: row }])
      expect(await retirable(carol)).toEqual([rows[1]?.id, rows[0]?.id])
      expect(await retirable({ ...carol, by: 'otherId' })).toEqual([])
      expect(await retirable(user('bob'))).toEqual([])
    })

    test('are not found in another account, nor of a change that was refused', async () => {
      const row = await add(key())
      const kept = grant()
      const stale = { ...row, revision: 7 }
      await run([{ put: { ...stale, grants: [kept] }, over: stale }])
      expect(await holder(kept.id)).toBeUndefined()
      await run([{ put: { ...row, grants: [kept] }, over: row }])
      expect(await holder(kept.id, 'another')).toBeUndefined()
    })
  })
}

import { describe, expect, test } from 'vitest'
import { aliasId } from '../../../src/core/key-name.ts'
import type { Alias } from '../../../src/core/object.ts'
import { key, now, place } from '../objects.ts'
import type { Bench } from './bench.ts'

const alias = (name: string, of: string, over: Partial<Alias> = {}): Alias => ({
  kind: 'alias',
  id: aliasId(place.account, place.region, name),
  account: place.account,
  revision: 1,
  region: place.region,
  name,
  written: `alias/${name}`,
  key: of,
  createdAt: now,
  updatedAt: now + 1,
  ...over,
})

export const aliasesContract = (bench: Bench): void => {
  const { add, run, get } = bench
  const names = async (page: { key?: string; after?: string; limit?: number } = {}, at = place) =>
    (await bench.db.store.reader.aliases(at, { after: '', limit: 10, ...page })).map(({ name }) => name)

  describe('aliases', () => {
    test('come back as they were put, are listed by name, and go with their key', async () => {
      const [one, two] = [await add(key()), await add(key())]
      const rows = [alias('c', one.id), alias('a', one.id), alias('b', two.id)]
      for (const row of rows) await run([{ add: row }])
      expect(await get('alias', rows[0]!.id)).toEqual(rows[0])
      expect(await names()).toEqual(['a', 'b', 'c'])
      expect(await names({ key: one.id })).toEqual(['a', 'c'])
      expect(await names({ after: 'a', limit: 1 })).toEqual(['b'])
      await run([{ drop: one }])
      expect(await names()).toEqual(['b'])
      expect(await get('alias', rows[0]!.id)).toBeUndefined()
    })

    test('are not listed in another region or account', async () => {
      const row = await add(key())
      await run([{ add: alias('a', row.id) }])
      expect(await names({}, { ...place, region: 'another' })).toEqual([])
      expect(await names({}, { ...place, account: 'another' })).toEqual([])
    })

    test('have one row for each name', async () => {
      const row = await add(key())
      await run([{ add: alias('a', row.id) }])
      expect(await run([{ add: alias('a', row.id) }])).toEqual({ outcome: 'conflict' })
    })
  })
}

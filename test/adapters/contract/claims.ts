import { describe, expect, test } from 'vitest'
import type { UniqueName } from '../../../src/core/ports.ts'
import * as make from '../objects.ts'
import { key, now, place } from '../objects.ts'
import type { Bench } from './bench.ts'

const hour = 3_600_000

export const claimsContract = (bench: Bench): void => {
  const { run, get, add } = bench

  describe('names', () => {
    const nameOf = (label: string, over: Partial<UniqueName> = {}): UniqueName => ({
      account: place.account,
      region: place.region,
      kind: 'key',
      name: label,
      ...over,
    })

    test('a name that another object holds is taken, and nothing of the change is kept', async () => {
      await run([{ add: key(), claim: nameOf('n') }])
      const second = key()
      expect(await run([{ add: second, claim: nameOf('n') }])).toEqual({ outcome: 'nameTaken' })
      expect(await get('key', second.id)).toBeUndefined()
    })

    test('the same name is free in another account, region or kind', async () => {
      await run([{ add: key(), claim: nameOf('n') }])
      for (const other of [{ account: 'account-2' }, { region: 'region-2' }, { kind: 'policy' }] as const) {
        expect(await run([{ add: key(), claim: nameOf('n', other) }])).toMatchObject({ outcome: 'committed' })
      }
    })

    test('its holder may claim a name again, and release and claim it at once', async () => {
      const row = key()
      await run([{ add: row, claim: nameOf('n') }])
      expect(await run([{ put: row, over: row, claim: nameOf('n') }])).toMatchObject({ outcome: 'committed' })
      const next = { ...row, revision: 2 }
      expect(await run([{ put: next, over: next, claim: nameOf('n'), release: nameOf('n') }])).toMatchObject({
        outcome: 'committed',
      })
      expect(await run([{ add: key(), claim: nameOf('n') }])).toEqual({ outcome: 'nameTaken' })
    })

    test('tell who holds them, and nothing of others', async () => {
      const holder = (name: UniqueName) => bench.db.store.reader.holder(name)
      const row = key()
      expect(await holder(nameOf('n'))).toBeUndefined()
      await run([{ add: row, claim: nameOf('n') }])
      expect(await holder(nameOf('n'))).toBe(row.id)
      for (const other of [
        { account: 'account-2' },
        { region: 'region-2' },
        { kind: 'policy' },
        { name: 'N' },
      ] as const)
        expect(await holder(nameOf('n', other))).toBeUndefined()
      await run([{ drop: row }])
      expect(await holder(nameOf('n'))).toBeUndefined()
    })

    test('a released name is free, and only its holder can release it', async () => {
      const row = key()
      await run([{ add: row, claim: nameOf('n') }])
      const stranger = await add(key())
      await run([{ put: stranger, over: stranger, release: nameOf('n') }])
      expect(await run([{ add: key(), claim: nameOf('n') }])).toEqual({ outcome: 'nameTaken' })
      await run([{ put: row, over: row, release: nameOf('n'), claim: nameOf('m') }])
      expect(await run([{ add: key(), claim: nameOf('n') }])).toMatchObject({ outcome: 'committed' })
    })

    test('a name is free from the date of its holder’s destruction on, and not if that was cancelled', async () => {
      const row = key()
      await run([{ add: row, claim: nameOf('n') }])
      await run([{ put: { ...row, destroyAt: now + 1000 }, over: row }])
      expect(await run([{ add: key(), claim: nameOf('n') }], { now: now + 999 })).toEqual({ outcome: 'nameTaken' })
      const scheduled = { ...row, destroyAt: now + 1000, revision: 2 }
      await run([{ put: { ...scheduled, destroyAt: null }, over: scheduled }])
      expect(await run([{ add: key(), claim: nameOf('n') }], { now: now + 1000 })).toEqual({ outcome: 'nameTaken' })
      const cancelled = { ...scheduled, destroyAt: null, revision: 3 }
      await run([{ put: { ...cancelled, destroyAt: now + 1000 }, over: cancelled }])
      const heir = key()
      expect(await run([{ add: heir, claim: nameOf('n') }], { now: now + 1000 })).toMatchObject({
        outcome: 'committed',
      })
      // The old holder's end does not take the name from the new one.
      await run([{ drop: { ...cancelled, destroyAt: now + 1000, revision: 4 } }])
      expect(await run([{ add: key(), claim: nameOf('n') }], { now: now + 2000 })).toEqual({ outcome: 'nameTaken' })
    })
  })

  describe('quotas', () => {
    const full = { outcome: 'quotaExceeded', kind: 'key' }

    test('one more than the quota is refused, and what does not count leaves room', async () => {
      const within = { max: 2 }
      await add(key({ owner: 'product-x' }))
      await add(key({ destroyAt: now - 1 }))
      await add(key({ destroyAt: now + hour }))
      await add(key({ region: 'region-2' }))
      await add(key({ account: 'account-2' }))
      await add(key({ suspended: true }))
      expect(await run([{ add: key(), within }])).toMatchObject({ outcome: 'committed' })
      expect(await run([{ add: key(), within }])).toEqual(full)
    })

    test('data keys are counted by themselves, also those that come to life again', async () => {
      await add(key())
      const within = { max: 2 }
      const doomed = await add(make.dataKey({ destroyAt: now + 1 }))
      await add(make.dataKey({ region: 'region-2' }))
      await add(make.dataKey())
      const alive = { put: { ...doomed, destroyAt: null }, over: doomed, within }
      expect(await run([{ add: make.dataKey(), within }])).toMatchObject({ outcome: 'committed' })
      expect(await run([{ add: make.dataKey(), within }])).toEqual({ outcome: 'quotaExceeded', kind: 'dataKey' })
      expect(await run([alive])).toEqual({ outcome: 'quotaExceeded', kind: 'dataKey' })
      expect(await run([{ ...alive, within: { max: 3 } }])).toMatchObject({ outcome: 'committed' })
    })

    test('white-box keys are counted by themselves too, in use or not', async () => {
      await add(make.dataKey())
      const within = { max: 2 }
      await add(make.whiteBoxKey({ suspended: true }))
      await add(make.whiteBoxKey({ account: 'account-2' }))
      expect(await run([{ add: make.whiteBoxKey(), within }])).toMatchObject({ outcome: 'committed' })
      expect(await run([{ add: make.whiteBoxKey(), within }])).toEqual({
        outcome: 'quotaExceeded',
        kind: 'whiteBoxKey',
      })
    })

    test('changes that wait together cannot pass a quota together', async () => {
      const within = { max: 5 }
      const outcomes = await Promise.all(Array.from({ length: 20 }, () => run([{ add: key(), within }])))
      expect(outcomes.filter((each) => each.outcome === 'committed')).toHaveLength(5)
      expect(await bench.db.store.reader.countKeys(place, {}, now)).toBe(5)
    })

    test('a quota of a kind that is not counted is refused rather than ignored', async () => {
      await expect(run([{ add: make.policy(), within: { max: 9 } }])).rejects.toThrow('no quota')
    })

    test('external ids lead to the account or the principal that is known by them', async () => {
      const { reader } = bench.db.store
      const [alice, bob] = [
        make.principal({ external: { userId: 'a1' } }),
        make.principal({ external: { userId: 'b2' } }),
      ]
      for (const row of [alice, bob]) await run([{ add: row }])
      expect(await reader.knownAs('principal', 'userId', 'b2')).toBe(bob.id)
      expect(await reader.knownAs('principal', 'domainId', 'b2')).toBeUndefined()
      expect(await reader.knownAs('account', 'userId', 'b2')).toBeUndefined()
      expect(await reader.knownAs('principal', 'userId', '')).toBeUndefined()
    })
  })
}

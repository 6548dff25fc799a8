import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Snapshot } from '../../../src/core/object.ts'
import type { UniqueName } from '../../../src/core/ports.ts'
import * as make from '../objects.ts'
import { importTicket, key, keyVersion, now } from '../objects.ts'
import type { Bench } from './bench.ts'

export const rowsContract = (bench: Bench): void => {
  const { run, get, add } = bench

  describe('rows', () => {
    const everyKind = (): Snapshot[] => {
      const parent = key({
        origin: 'imported',
        destroyAt: now + 1,
        materialExpiresAt: now + 2,
        materialDigest: 'dd',
        deactivated: true,
      })
      const rotated = key({
        suspended: true,
        materialPresent: false,
        rotation: { enabled: false, periodDays: 30, nextAt: 1, lastAt: 2 },
      })
      const whiteBox = make.whiteBoxKey()
      return [
        make.account(),
        make.domainKey(),
        make.principal(),
        make.principal({ passwordRecord: null, root: false, disabled: true, external: {}, policies: [] }),
        make.credential(),
        make.policy(),
        parent,
        rotated,
        keyVersion(parent),
        keyVersion(rotated, 2, { wrapped: null, canary: null }),
        importTicket(parent),
        make.binding(parent),
        make.keyStore(),
        make.accessPoint(),
        make.accessPoint({ publicKey: null, privateKey: null, suspended: true }),
        make.releasePolicy(),
        make.keyStore({ suspended: true, keys: 0 }),
        make.key({ keyStore: 'a store', copies: { birth: 'a', primary: 'b', regions: ['a', 'b'] } }),
        make.dataKey(),
        make.dataKey({ suspended: true, destroyAt: now, context: { kind: 'none' }, tags: new Map() }),
        make.dataKey({ context: { kind: 'bytes', bytes: Uint8Array.of(0, 0x5b) } }),
        whiteBox,
        make.whiteBoxKey({ algorithm: 'aes-256', suspended: false, bound: false, tags: new Map() }),
        make.whiteBoxTables(whiteBox),
      ]
    }

    test('a row of every kind is read as it was written', async () => {
      for (const row of everyKind()) {
        await add(row)
        expect(await get(row.kind, row.id)).toEqual(row)
      }
    })

    test('rows are paged by id, of one account or of all', async () => {
      const rows = everyKind().filter((row) => row.kind === 'principal')
      const other = make.principal({ account: 'account-2' })
      for (const row of [...rows, other]) await add(row)
      expect(await bench.db.store.reader.rows('principal', { limit: 10 })).toEqual([...rows, other])
      expect(await bench.db.store.reader.rows('principal', { account: 'account-2', limit: 10 })).toEqual([other])
      expect(await bench.db.store.reader.rows('principal', { limit: 1 })).toEqual(rows.slice(0, 1))
      expect(await bench.db.store.reader.rows('principal', { after: rows[0]!.id, limit: 10 })).toEqual([rows[1], other])
      await expect(bench.db.store.reader.rows('principal', { limit: 1001 })).rejects.toThrow('out of range')
    })

    test('material is read with the pages too', async () => {
      const row = await add(make.credential())
      expect(await bench.db.store.reader.rows('credential', { limit: 10 })).toEqual([row])
    })
  })

  describe('compare-and-set', () => {
    test('a put counts the revision up by one whatever its row says', async () => {
      const over = await add(key())
      await run([{ put: { ...over, suspended: true, revision: 77 }, over }])
      expect(await get('key', over.id)).toEqual({ ...over, suspended: true, revision: 2 })
    })

    test('a put over an old revision is a conflict and changes nothing', async () => {
      const over = await add(key())
      await run([{ put: { ...over, name: 'second' }, over }])
      expect(await run([{ put: { ...over, name: 'third' }, over }])).toEqual({ outcome: 'conflict' })
      expect(await get('key', over.id)).toMatchObject({ name: 'second', revision: 2 })
    })

    test('a drop of an old revision is a conflict, and of a key keeps its versions', async () => {
      const over = await add(key())
      const version = await add(keyVersion(over))
      await run([{ put: { ...over, name: 'second' }, over }])
      expect(await run([{ drop: over }])).toEqual({ outcome: 'conflict' })
      expect(await get('keyVersion', version.id)).toEqual(version)
    })

    test('a guard that no longer stands is a conflict, and one that stands is not', async () => {
      const looked = await add(make.principal())
      const guards = [{ kind: 'principal', id: looked.id, revision: 1 }] as const
      expect(await run([{ add: key() }], { guards })).toMatchObject({ outcome: 'committed' })
      await run([{ put: { ...looked, disabled: true }, over: looked }])
      const late = key()
      expect(await run([{ add: late }], { guards })).toEqual({ outcome: 'conflict' })
      expect(await get('key', late.id)).toBeUndefined()
    })

    test('an id that is there already is a conflict', async () => {
      const row = await add(key())
      expect(await run([{ add: { ...row, name: 'other' } }])).toEqual({ outcome: 'conflict' })
    })

    test('a later effect that fails undoes the earlier ones', async () => {
      const first = key()
      const over = await add(key())
      expect(await run([{ add: first }, { drop: { ...over, revision: 9 } }])).toEqual({ outcome: 'conflict' })
      expect(await get('key', first.id)).toBeUndefined()
    })

    test('a row cannot be put over another object or moved to another account', async () => {
      const over = await add(key())
      await expect(run([{ put: { ...over, account: 'account-2' }, over }])).rejects.toThrow('not the same object')
      await expect(run([{ put: { ...over, id: 'other' }, over }])).rejects.toThrow('not the same object')
    })

    test('a row of another account is not there to be put over or dropped', async () => {
      const mine = await add(key())
      const foreign = { ...mine, account: 'account-2' }
      expect(await run([{ put: foreign, over: foreign }])).toEqual({ outcome: 'conflict' })
      expect(await run([{ drop: foreign }])).toEqual({ outcome: 'conflict' })
    })
  })

  describe('material', () => {
    test('material that a put replaces or ends is what is read afterwards', async () => {
      const parent = await add(key())
      const first = await add(keyVersion(parent))
      const second = { ...first, wrapped: make.wrapped(61) }
      await run([{ put: second, over: first }])
      expect(await get('keyVersion', first.id)).toEqual({ ...second, revision: 2 })
      await run([{ put: { ...second, wrapped: null }, over: { ...second, revision: 2 } }])
      expect(await get('keyVersion', first.id)).toEqual({ ...second, wrapped: null, revision: 3 })
      await run([{ put: second, over: { ...second, wrapped: null, revision: 3 } }])
      expect(await get('keyVersion', first.id)).toEqual({ ...second, revision: 4 })
    })

    test('no two objects ever share material, however they come and go', async () => {
      const lengths = [32, 60, 60, 61]
      const step = fc.record({ drop: fc.boolean(), pick: fc.nat(), length: fc.constantFrom(...lengths) })
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
          const live: Snapshot<'credential'>[] = []
          for (const { drop, pick, length } of steps) {
            if (drop && live.length > 0) await run([{ drop: live.splice(pick % live.length, 1)[0]! }])
            else live.push(await add(make.credential({ secret: make.wrapped(length) })))
          }
          for (const row of live) expect(await get('credential', row.id)).toEqual(row)
          for (const row of live) await run([{ drop: row }])
        }),
        { numRuns: 15 },
      )
    })
  })

  describe('dropping', () => {
    test('a key takes its versions, its import ticket and its names with it, and leaves a tombstone', async () => {
      const gone = key()
      const claim: UniqueName = { account: gone.account, region: gone.region, kind: 'key', name: 'gone' }
      await run([
        { add: gone, claim },
        { add: keyVersion(gone) },
        { add: keyVersion(gone, 2) },
        { add: importTicket(gone) },
      ])
      const kept = await add(key())
      const keptVersion = await add(keyVersion(kept))
      const tombstone = {
        kind: 'key',
        id: gone.id,
        account: gone.account,
        region: gone.region,
        lineage: gone.lineage,
        destroyedAt: now,
      } as const
      const view = await bench.db.coherence.view()
      await view.get('keyVersion', `${gone.id}.2`)

      expect(await run([{ drop: gone, tombstone }])).toMatchObject({ outcome: 'committed' })
      for (const id of [`${gone.id}.1`, `${gone.id}.2`]) expect(await get('keyVersion', id)).toBeUndefined()
      expect(await get('importTicket', gone.id)).toBeUndefined()
      expect(await get('key', gone.id)).toBeUndefined()
      expect(await get('keyVersion', keptVersion.id)).toEqual(keptVersion)
      expect(await run([{ add: key(), claim }])).toMatchObject({ outcome: 'committed' })
    })

    test('what is bound to a key goes with it, also from what is remembered', async () => {
      const [gone, kept] = [await add(key({ bindings: 2 })), await add(key({ bindings: 1 }))]
      const bound = [await add(make.binding(gone)), await add(make.binding(gone, { resource: 'disk-2' }))]
      const other = await add(make.binding(kept))
      for (const row of [...bound, other]) expect(await get('binding', row.id)).toEqual(row)
      expect(await run([{ drop: gone }])).toMatchObject({ outcome: 'committed' })
      for (const row of bound) expect(await get('binding', row.id)).toBeUndefined()
      expect(await get('binding', other.id)).toEqual(other)
    })

    test('a data key stays when its key goes, and goes by itself with its name', async () => {
      const protector = await add(key())
      const kept = make.dataKey({ key: protector.id })
      const claim: UniqueName = { account: kept.account, region: kept.region, kind: 'dataKey', name: kept.name }
      await run([{ add: kept, claim }])
      await run([{ drop: protector }])
      expect(await get('dataKey', kept.id)).toEqual(kept)
      expect(await run([{ add: make.dataKey(), claim }])).toEqual({ outcome: 'nameTaken' })
      const { id, account, region } = kept
      const tombstone = { kind: 'dataKey', id, account, region, lineage: 'ee'.repeat(16), destroyedAt: now } as const
      expect(await run([{ drop: kept, tombstone }])).toMatchObject({ outcome: 'committed' })
      expect(await get('dataKey', kept.id)).toBeUndefined()
      expect(await run([{ add: make.dataKey(), claim }])).toMatchObject({ outcome: 'committed' })
    })

    test('a binding goes by itself, once', async () => {
      const bound = await add(make.binding(await add(key())))
      expect(await run([{ drop: bound }])).toMatchObject({ outcome: 'committed' })
      expect(await run([{ drop: bound }])).toEqual({ outcome: 'conflict' })
    })

    test('a binding to a key that is not there cannot be added', async () => {
      await expect(run([{ add: make.binding(key()) }])).rejects.toThrow()
    })

    test('a version without its key cannot be added', async () => {
      await expect(run([{ add: keyVersion(key()) }])).rejects.toThrow()
    })
  })
}

/** What every engine of the store keeps to. */
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Result } from '../../src/adapters/sql/commit.ts'
import type { Sqlite } from '../../src/adapters/sql/sqlite/open.ts'
import type { Key, Kind, Snapshot } from '../../src/core/object.ts'
import { type Commit, type Effect, type KeyFilter, type UniqueName, UnknownOutcome } from '../../src/core/ports.ts'
import { type State, stateOf, states } from '../../src/core/state.ts'
import * as make from './objects.ts'
import { commit, freshId, importTicket, key, keyVersion, now, place } from './objects.ts'

export type Opened = Sqlite
/** How a COMMIT goes wrong: it never happened, or it happened and was reported failed. */
export type Fault = 'lost' | 'kept'

/** One database, empty at first, that can be opened more than once at a time. */
export interface Harness {
  open(options?: { skew?: () => number; cacheRows?: number }): Promise<Opened>
  /** Commits a group over a connection of its own whose COMMIT goes wrong. */
  commitFaulty(fault: Fault, group: readonly Commit[]): Promise<readonly Result[]>
  destroy(): Promise<void>
}

const hour = 3_600_000

export const storeContract = (name: string, newHarness: () => Promise<Harness>): void => {
  describe(name, () => {
    let harness: Harness
    let opened: Opened[]
    let db: Opened

    const open = async (options?: Parameters<Harness['open']>[0]) => {
      const next = await harness.open(options)
      opened.push(next)
      return next
    }
    const get = async <K extends Kind>(kind: K, id: string, from = db): Promise<Snapshot<K> | undefined> =>
      (await from.coherence.view()).get(kind, id)
    const run = (effects: readonly Effect[], over: Partial<Commit> = {}) => db.store.commit(commit(effects, over))
    const add = async <R extends Snapshot>(row: R): Promise<R> => {
      expect(await run([{ add: row }])).toMatchObject({ outcome: 'committed' })
      return row
    }

    beforeEach(async () => {
      harness = await newHarness()
      opened = []
      db = await open()
    })
    afterEach(async () => {
      await Promise.all(opened.map((each) => each.close()))
      await harness.destroy()
    })

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
        expect(await db.rows('principal', { limit: 10 })).toEqual([...rows, other])
        expect(await db.rows('principal', { account: 'account-2', limit: 10 })).toEqual([other])
        expect(await db.rows('principal', { limit: 1 })).toEqual(rows.slice(0, 1))
        expect(await db.rows('principal', { after: rows[0]!.id, limit: 10 })).toEqual([rows[1], other])
        await expect(db.rows('principal', { limit: 1001 })).rejects.toThrow('out of range')
      })

      test('material is read with the pages too', async () => {
        const row = await add(make.credential())
        expect(await db.rows('credential', { limit: 10 })).toEqual([row])
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
          key: gone.id,
          account: gone.account,
          region: gone.region,
          lineage: gone.lineage,
          destroyedAt: now,
        }
        const view = await db.coherence.view()
        await view.get('keyVersion', `${gone.id}.2`)

        expect(await run([{ drop: gone, tombstone }])).toMatchObject({ outcome: 'committed' })
        for (const id of [`${gone.id}.1`, `${gone.id}.2`]) expect(await get('keyVersion', id)).toBeUndefined()
        expect(await get('importTicket', gone.id)).toBeUndefined()
        expect(await get('key', gone.id)).toBeUndefined()
        expect(await get('keyVersion', keptVersion.id)).toEqual(keptVersion)
        expect(await run([{ add: key(), claim }])).toMatchObject({ outcome: 'committed' })
      })

      test('a version without its key cannot be added', async () => {
        await expect(run([{ add: keyVersion(key()) }])).rejects.toThrow()
      })
    })

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

      test('changes that wait together cannot pass a quota together', async () => {
        const within = { max: 5 }
        const outcomes = await Promise.all(Array.from({ length: 20 }, () => run([{ add: key(), within }])))
        expect(outcomes.filter((each) => each.outcome === 'committed')).toHaveLength(5)
        expect(await db.store.reader.countKeys(place, {}, now)).toBe(5)
      })

      test('a quota of a kind that is not counted is refused rather than ignored', async () => {
        await expect(run([{ add: make.policy(), within: { max: 9 } }])).rejects.toThrow('no quota')
      })
    })

    describe('groups', () => {
      test('of changes that are sent at once, one that is refused or faulty undoes only itself', async () => {
        const over = await add(key())
        const claim: UniqueName = { account: place.account, region: place.region, kind: 'key', name: 'n' }
        const good = Array.from({ length: 4 }, () => key())
        const results = await Promise.allSettled([
          run([{ add: good[0]!, claim }]),
          run([{ put: { ...over, name: 'stale' }, over: { ...over, revision: 5 } }]),
          run([{ add: good[1]! }]),
          run([{ add: keyVersion(key()) }]),
          run([{ add: key(), claim }]),
          run([{ add: good[2]! }]),
          run([{ add: key(), within: { max: 1 } }]),
          run([{ add: good[3]! }]),
        ])
        const outcomes = results.map((each) => (each.status === 'fulfilled' ? each.value.outcome : each.status))
        expect(outcomes).toEqual([
          'committed',
          'conflict',
          'committed',
          'rejected',
          'nameTaken',
          'committed',
          'quotaExceeded',
          'committed',
        ])
        for (const row of good) expect(await get('key', row.id)).toEqual(row)
        expect(await db.outbox.pending()).toHaveLength(5)
      })

      test('of changes over the same revision, exactly one is committed', async () => {
        const over = await add(key())
        const results = await Promise.all(
          Array.from({ length: 50 }, (_, n) => run([{ put: { ...over, name: `${n}` }, over }])),
        )
        expect(results.filter((each) => each.outcome === 'committed')).toHaveLength(1)
        expect(await get('key', over.id)).toMatchObject({ revision: 2 })
      })

      test('every change that has effects has an epoch of its own, in order', async () => {
        const results = await Promise.all(
          Array.from({ length: 30 }, (_, n) => run(n % 3 === 0 ? [] : [{ add: key() }])),
        )
        const epochs = results
          .filter((_, n) => n % 3 !== 0)
          .map((each) => (each.outcome === 'committed' ? each.epoch : -1))
        expect(epochs).toEqual(Array.from({ length: 20 }, (_, n) => n + 1))
      })
    })

    describe('outbox', () => {
      test('a change without effects still leaves its entry, and answers the newest epoch', async () => {
        const before = await run([{ add: key() }])
        const entry = make.entry({ outcome: 'refused', reason: 'conflict', count: 2 })
        expect(await run([], { entry })).toEqual(before)
        expect(await db.outbox.pending()).toContainEqual(entry)
      })

      test('a refused change leaves none', async () => {
        await run([{ drop: key() }])
        expect(await db.outbox.pending()).toEqual([])
      })

      test('entries are pending in the order of their time until they are drained, also after opening again', async () => {
        const entries = [3, 1, 2].map((n) => make.entry({ at: now + n }))
        for (const entry of entries) await run([{ add: key() }], { entry })
        const [third, first, second] = entries
        expect(await db.outbox.pending()).toEqual([first, second, third])
        db.outbox.drained([first!.request, third!.request])
        expect(await db.outbox.pending()).toEqual([second])
        db.outbox.drained([second!.request])
        await opened.pop()!.close()
        db = await open()
        expect(await db.outbox.pending()).toEqual([])
      })
    })

    describe('a COMMIT that goes wrong', () => {
      const parent = key()
      const version = keyVersion(parent)
      const ticket = importTicket(parent)
      const claim: UniqueName = { account: parent.account, region: parent.region, kind: 'key', name: 'n' }
      const user = make.principal()
      /** Every way of writing; the test puts `parent`, `version`, `ticket` and `user` there before. */
      const writes: readonly [string, Effect[], (from: Opened) => Promise<boolean>][] = [
        [
          'an added key',
          [{ add: key({ id: 'new' }), claim, within: { max: 9 } }],
          async (from) => !!(await get('key', 'new', from)),
        ],
        [
          'an added version',
          [{ add: keyVersion(parent, 2) }],
          async (from) => !!(await get('keyVersion', `${parent.id}.2`, from)),
        ],
        [
          'a put',
          [{ put: { ...user, disabled: true }, over: user }],
          async (from) => (await get('principal', user.id, from))?.disabled === true,
        ],
        [
          'ended material',
          [{ put: { ...version, wrapped: null }, over: version }],
          async (from) => (await get('keyVersion', version.id, from))?.wrapped === null,
        ],
        [
          'replaced material',
          [{ put: { ...ticket, privateKey: make.wrapped(9) }, over: ticket }],
          async (from) => (await get('importTicket', ticket.id, from))?.privateKey.length === 9,
        ],
        [
          'a dropped key',
          [{ drop: parent }],
          async (from) => !(await get('key', parent.id, from)) && !(await get('keyVersion', version.id, from)),
        ],
        ['an entry alone', [], async () => true],
      ]
      const cases = writes.flatMap(([label, effects, there]) =>
        (['lost', 'kept'] as const).map((fault) => ({ label, fault, effects, there })),
      )

      test.each(cases)(
        '$label, $fault: is unknown to the caller, and all of it is there or nothing',
        async ({ fault, effects, there }) => {
          await run([{ add: parent }, { add: version }, { add: ticket }, { add: user }])
          for (const row of [parent, version, ticket, user]) await get(row.kind, row.id)
          const entry = make.entry()
          await expect(harness.commitFaulty(fault, [commit(effects, { entry })])).rejects.toBeInstanceOf(UnknownOutcome)

          const pending = (await db.outbox.pending()).some((each) => each.request === entry.request)
          expect(pending).toBe(fault === 'kept')
          if (effects.length > 0) expect(await there(db)).toBe(fault === 'kept')
          const reopened = await open()
          if (effects.length > 0) expect(await there(reopened)).toBe(fault === 'kept')
          // Whoever does it again as if nothing had happened is refused exactly where it is there.
          const again = await run(effects)
          expect(again.outcome === 'committed').toBe(fault === 'lost' || effects.length === 0)
          expect(await there(db)).toBe(true)
        },
      )
    })

    describe('coherence', () => {
      test('the view after a change shows it, also on a connection that had the row before', async () => {
        const other = await open()
        let over: Key = await add(key())
        for (let n = 0; n < 20; n += 1) {
          expect(await get('key', over.id)).toEqual(over)
          expect(await get('key', over.id, other)).toEqual(over)
          const put = { ...over, suspended: !over.suspended }
          await run([{ put, over }])
          over = { ...put, revision: over.revision + 1 }
          expect(await get('key', over.id, other)).toEqual(over)
        }
      })

      test('a row is the same object as long as it has not changed', async () => {
        const row = await add(key())
        const first = await get('key', row.id)
        await add(key())
        expect((await db.coherence.view()).get('key', row.id)).toBe(first)
        expect(await (await db.coherence.view()).reload('key', row.id)).toBe(first)
      })

      test('misses at the same time are answered with one object', async () => {
        const row = await add(key())
        const view = await db.coherence.view()
        const [first, second] = await Promise.all([view.get('key', row.id), view.get('key', row.id)])
        expect(second).toBe(first)
      })

      test('absence is never remembered', async () => {
        const row = key()
        const view = await db.coherence.view()
        expect(await view.get('key', row.id)).toBeUndefined()
        const other = await open()
        await other.store.commit(commit([{ add: row }]))
        expect(await view.get('key', row.id)).toEqual(row)
      })

      test('a reload asks the database, where a get answers what the view holds', async () => {
        const over = await add(key())
        const view = await db.coherence.view()
        await view.get('key', over.id)
        await run([{ put: { ...over, suspended: true }, over }])
        expect(view.get('key', over.id)).toMatchObject({ suspended: false })
        expect(await view.reload('key', over.id)).toMatchObject({ suspended: true })
      })

      test('a ticket that was dropped and added again at the same revision is not taken for the old one', async () => {
        const parent = await add(key())
        const old = await add(importTicket(parent))
        await get('importTicket', old.id)
        const next = importTicket(parent, { ticket: 'ee'.repeat(16) })
        await run([{ drop: old }, { add: next }])
        expect(await get('importTicket', old.id)).toEqual(next)
      })

      test('everything is forgotten when the list of changes no longer reaches back', async () => {
        const over = await add(key())
        const other = await open()
        await get('key', over.id, other)
        await run([{ put: { ...over, suspended: true }, over }])
        const filler = Array.from({ length: 10_001 }, () => commit([{ add: make.policy() }]))
        for (let from = 0; from < filler.length; from += 500)
          await Promise.all(filler.slice(from, from + 500).map((each) => db.store.commit(each)))
        expect(await get('key', over.id, other)).toMatchObject({ suspended: true })
      }, 60_000)

      test('settling needs no epoch', async () => {
        await expect(db.coherence.settle(undefined)).resolves.toBeUndefined()
      })

      test('no more rows are held than were asked for', async () => {
        const small = await open({ cacheRows: 2 })
        const rows = [await add(key()), await add(key()), await add(key())]
        for (const row of rows) await get('key', row.id, small)
        const view = await small.coherence.view()
        expect(view.get('key', rows[0]!.id)).toBeInstanceOf(Promise)
        expect(view.get('key', rows[2]!.id)).toEqual(rows[2])
      })
    })

    describe('lists', () => {
      const letters = ['a', 'B', 'b', 'A', '%', '_', '\\', 'ä', 'Ä']
      const facts = {
        destroyAt: fc.constantFrom(null, now - 1, now, now + 1),
        materialPresent: fc.boolean(),
        materialExpiresAt: fc.constantFrom(null, now - 1, now, now + 1),
        deactivated: fc.boolean(),
        suspended: fc.boolean(),
      }
      const anyKey = fc.record({
        ...facts,
        name: fc.string({ unit: fc.constantFrom(...letters), maxLength: 4 }),
        owner: fc.constantFrom('user', 'cloud-disk'),
        origin: fc.constantFrom('generated' as const, 'imported' as const),
        createdAt: fc.integer({ min: now, max: now + 3 }),
        region: fc.constantFrom('region-1', 'region-2'),
        account: fc.constantFrom('account-1', 'account-2'),
      })
      const anyFilter: fc.Arbitrary<KeyFilter> = fc.record(
        {
          states: fc.subarray([...states]),
          usages: fc.subarray(['encryptDecrypt' as const]),
          origin: fc.constantFrom('generated' as const, 'imported' as const),
          owner: fc.constantFrom('user' as const, 'product' as const),
          search: fc.string({ unit: fc.constantFrom(...letters, '0', 'd', '-'), minLength: 1, maxLength: 2 }),
        },
        { requiredKeys: [] },
      )

      const lower = (value: string) => value.replace(/[A-Z]/g, (letter) => letter.toLowerCase())
      const matches = (row: Key, { states, usages, origin, owner, search }: KeyFilter) =>
        row.account === place.account &&
        row.region === place.region &&
        (states?.includes(stateOf(row, now)) ?? true) &&
        (usages?.includes(row.usage) ?? true) &&
        (origin ?? row.origin) === row.origin &&
        (owner === undefined || (owner === 'user') === (row.owner === 'user')) &&
        (search === undefined || [row.id, row.name].some((value) => lower(value).includes(lower(search))))
      const byAge = (a: Key, b: Key) => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1)

      test('a page is what filtering, sorting and slicing by hand gives', async () => {
        const rows = fc.sample(anyKey, { numRuns: 150, seed: 7 }).map((over) => key(over))
        await Promise.all(rows.map(add))
        const sorted = rows.toSorted(byAge)
        const page = fc.record({
          filter: anyFilter,
          order: fc.constantFrom('newestFirst' as const, 'oldestFirst' as const),
          offset: fc.nat(30),
          limit: fc.nat(30),
        })
        await fc.assert(
          fc.asyncProperty(page, async (asked) => {
            const all = sorted.filter((row) => matches(row, asked.filter))
            if (asked.order === 'newestFirst') all.reverse()
            const expected = { total: all.length, rows: all.slice(asked.offset, asked.offset + asked.limit) }
            expect(await db.store.reader.keys(place, asked, now)).toEqual(expected)
            expect(await db.store.reader.countKeys(place, asked.filter, now)).toBe(all.length)
          }),
          { numRuns: 200 },
        )
      })

      test('the state in SQL is the state of the core, for every combination of facts', async () => {
        const dates = [null, 0, now - 1, now, now + 1]
        const flags = [true, false]
        const rows = dates.flatMap((destroyAt) =>
          dates.flatMap((materialExpiresAt) =>
            flags.flatMap((materialPresent) =>
              flags.flatMap((deactivated) =>
                flags.map((suspended) =>
                  key({ destroyAt, materialExpiresAt, materialPresent, deactivated, suspended }),
                ),
              ),
            ),
          ),
        )
        await Promise.all(rows.map(add))
        const idsIn = async (state: State) => {
          const page = { filter: { states: [state] }, order: 'oldestFirst', offset: 0, limit: 1000 } as const
          return (await db.store.reader.keys(place, page, now)).rows.map((row) => row.id)
        }
        for (const state of states) {
          const expected = rows.filter((row) => stateOf(row, now) === state).map((row) => row.id)
          expect(expected).not.toEqual([])
          expect(await idsIn(state)).toEqual(expected)
        }
      })

      test('a page past its bounds is refused', async () => {
        const page = { filter: {}, order: 'newestFirst', offset: 0, limit: 1001 } as const
        await expect(db.store.reader.keys(place, page, now)).rejects.toThrow('out of range')
        await expect(db.store.reader.keys(place, { ...page, limit: 1, offset: -1 }, now)).rejects.toThrow(
          'out of range',
        )
      })
    })

    describe('due steps', () => {
      /** The wall clock of the machine, for the engine's own clock is compared with it. */
      const today = Date.now()
      const destroy = (row: Key) => ({ step: 'destroy', key: row.id, account: row.account })

      test('a step is due when its date was seen passed for long enough', async () => {
        const row = await add(key({ destroyAt: today - 1 }))
        await add(key({ destroyAt: today + hour }))
        expect(await db.store.due(today, 5 * hour, hour)).toEqual([])
        expect(await db.store.due(today, hour - 1, hour)).toEqual([])
        expect(await db.store.due(today, 1, hour)).toEqual([destroy(row)])
      })

      test('material that has ended is due where it is still there', async () => {
        const row = await add(key({ materialExpiresAt: today - 1 }))
        await add(key({ materialExpiresAt: today - 1, materialPresent: false }))
        expect(await db.store.due(today, 0, 0)).toEqual([{ step: 'dropMaterial', key: row.id, account: row.account }])
      })

      test('the observed time outlives the process', async () => {
        const row = await add(key({ destroyAt: today - 1 }))
        await db.store.due(today, 0, hour)
        await db.store.due(today, hour / 2, hour)
        await opened.pop()!.close()
        db = await open()
        expect(await db.store.due(today, hour / 2, hour)).toEqual([destroy(row)])
      })

      test('a wall clock that jumps and comes back starts the observation again', async () => {
        const row = await add(key({ destroyAt: today - 1000 }))
        await db.store.due(today, 0, hour)
        await db.store.due(today, hour - 1, hour)
        await db.store.due(today - 2000, 10, hour)
        expect(await db.store.due(today, hour, hour)).toEqual([])
        expect(await db.store.due(today, hour, hour)).toEqual([destroy(row)])
      })

      test('nothing is due while the clock of the database has not passed the date', async () => {
        const row = await add(key({ destroyAt: today + 24 * hour }))
        expect(await db.store.due(today + 48 * hour, 0, 0)).toEqual([])
        const moved = await open({ skew: () => 48 * hour })
        expect(await moved.store.due(today, 0, 0)).toEqual([])
        expect(await moved.store.due(today + 48 * hour, 0, 0)).toEqual([destroy(row)])
      })

      test('another date is observed from nothing, though it has passed too', async () => {
        const row = await add(key({ destroyAt: today - 1000 }))
        await db.store.due(today, 0, hour)
        await run([{ put: { ...row, destroyAt: today - 500 }, over: row }])
        expect(await db.store.due(today, hour, hour)).toEqual([])
        expect(await db.store.due(today, hour, hour)).toEqual([destroy(row)])
      })

      test('at most a hundred steps are due at once, the oldest first', async () => {
        const rows = Array.from({ length: 120 }, (_, n) => key({ destroyAt: today - 1000 - n }))
        await Promise.all(rows.map(add))
        const due = await db.store.due(today, 0, 0)
        expect(due).toEqual(rows.toReversed().slice(0, 100).map(destroy))
      })

      test('a dropped key is no longer due', async () => {
        const row = await add(key({ destroyAt: today - 1 }))
        await db.store.due(today, 0, 0)
        await run([{ drop: row }])
        expect(await db.store.due(today, 0, 0)).toEqual([])
      })

      test.each([-1, Number.NaN, Number.POSITIVE_INFINITY])('a running time of %s is refused', async (elapsed) => {
        await expect(db.store.due(today, elapsed, hour)).rejects.toThrow('out of range')
      })
    })

    describe('installation', () => {
      const installation = {
        id: 'ab'.repeat(16),
        createdAt: now,
        rootGeneration: { id: 'cd'.repeat(16), number: 1 },
        rootCheck: new Uint8Array([1, 2, 3]),
      }

      test('an installation is written once, with its first objects', async () => {
        expect(await db.installation()).toBeUndefined()
        const first = make.account()
        await db.initialise(installation, commit([{ add: first }]))
        expect(await db.installation()).toEqual(installation)
        expect(await get('account', first.id)).toEqual(first)
        await expect(db.initialise(installation, commit([{ add: make.account() }]))).rejects.toMatchObject({
          name: 'AlreadyInitialised',
        })
        expect(await db.rows('account', { limit: 10 })).toEqual([first])
      })

      test('first objects that are refused leave no installation', async () => {
        await expect(db.initialise(installation, commit([{ drop: key() }]))).rejects.toThrow('refused')
        expect(await db.installation()).toBeUndefined()
      })
    })

    test('a change of a closed store is refused as one that did not happen', async () => {
      const late = await harness.open()
      await late.close()
      const refused = late.store.commit(commit([{ add: key({ id: freshId() }) }]))
      await expect(refused).rejects.toThrow('closed')
      await expect(refused).rejects.not.toBeInstanceOf(UnknownOutcome)
    })
  })
}

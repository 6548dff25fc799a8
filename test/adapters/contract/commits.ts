import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Kind } from '../../../src/core/object.ts'
import { type Effect, type Guard, type UniqueName, UnknownOutcome } from '../../../src/core/ports.ts'
import * as make from '../objects.ts'
import { commit, freshId, importTicket, key, keyVersion, now, place } from '../objects.ts'
import type { Bench, Opened } from './bench.ts'

export const commitsContract = (bench: Bench): void => {
  const { run, get, add, open } = bench

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
      expect(await bench.db.outbox.pending(now)).toHaveLength(5)
    })

    test('of additions that are sent at once, each is read as it was written, whatever material and tags it has', async () => {
      // Slots that are free again, of one of the lengths.
      const gone = Array.from({ length: 3 }, () => keyVersion(key(), 1, { wrapped: make.wrapped(60) }))
      for (const version of gone) {
        const parent = key({ id: version.key })
        await run([{ add: parent }, { add: version }])
        await run([{ drop: parent }])
      }
      const added = Array.from({ length: 70 }, (_, n) => {
        const tags = new Map(Array.from({ length: n % 3 }, (_, tag) => [`tag ${tag}`, `${n}`]))
        const parent = key({ tags })
        const material = n % 5 === 0 ? null : make.wrapped(n % 2 === 0 ? 60 : 92)
        return { parent, version: { ...keyVersion(parent), wrapped: material }, user: make.principal() }
      })
      const outcomes = await Promise.all(
        added.map(({ parent, version, user }) => run([{ add: parent }, { add: version }, { add: user }])),
      )
      expect(outcomes.filter(({ outcome }) => outcome === 'committed')).toHaveLength(added.length)
      const reopened = await open()
      for (const row of added.flatMap(({ parent, version, user }) => [parent, version, user]))
        expect(await get(row.kind, row.id, reopened)).toEqual(row)
      expect(await bench.db.outbox.pending(now)).toHaveLength(2 * gone.length + added.length)
    })

    test('of additions that are sent at once, each comes to what it comes to one after the other', async () => {
      const addition = fc.record({
        id: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'),
        name: fc.constantFrom(undefined, 'n', 'm'),
        parent: fc.boolean(),
        current: fc.boolean(),
      })
      const outcomeOf = async (some: readonly Promise<{ outcome: string }>[]) =>
        (await Promise.allSettled(some)).map((each) => (each.status === 'fulfilled' ? each.value.outcome : 'failed'))
      let round = 0
      await fc.assert(
        fc.asyncProperty(fc.array(addition, { minLength: 2, maxLength: 9 }), async (drawn) => {
          round += 1
          const guarded = await add(make.principal())
          /** As drawn, once with names and ids for each of the two ways. */
          const changes = (way: string) =>
            drawn.map(({ id, name, parent, current }): readonly [Effect[], Guard[]] => {
              const row = key({ id: `${round} ${way} ${id}` })
              const claim: UniqueName = { ...place, kind: 'key', name: `${round} ${way} ${name}` }
              const version = keyVersion(parent ? row : key())
              const { kind, id: user, revision } = guarded
              return [
                [{ add: row, ...(name === undefined ? {} : { claim }) }, { add: version }],
                [{ kind, id: user, revision: current ? revision : revision + 1 }],
              ]
            })
          const together = await outcomeOf(changes('together').map(([effects, guards]) => run(effects, { guards })))
          const alone: string[] = []
          for (const [effects, guards] of changes('alone')) alone.push(...(await outcomeOf([run(effects, { guards })])))
          expect(together).toEqual(alone)
        }),
        { numRuns: 40 },
      )
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
      const results = await Promise.all(Array.from({ length: 30 }, (_, n) => run(n % 3 === 0 ? [] : [{ add: key() }])))
      const epochs = results
        .filter((_, n) => n % 3 !== 0)
        .map((each) => (each.outcome === 'committed' ? each.epoch : -1))
      const [first = 0] = epochs
      expect(epochs).toEqual(Array.from({ length: 20 }, (_, n) => first + n))
    })
  })

  describe('outbox', () => {
    test('a change without effects still leaves its entry, and answers the newest epoch', async () => {
      const before = await run([{ add: key() }])
      const entry = make.entry({ outcome: 'refused', reason: 'conflict', count: 2 })
      expect(await run([], { entry })).toEqual(before)
      expect(await bench.db.outbox.pending(now)).toContainEqual(entry)
    })

    test('a refused change leaves none', async () => {
      await run([{ drop: key() }])
      expect(await bench.db.outbox.pending(now)).toEqual([])
    })

    test('entries are pending in the order of their time until they are drained, also after opening again', async () => {
      const entries = [3, 1, 2].map((n) => make.entry({ at: now + n }))
      for (const entry of entries) await run([{ add: key() }], { entry })
      const [third, first, second] = entries
      expect(await bench.db.outbox.pending(now)).toEqual([first, second, third])
      bench.db.outbox.drained([first!.request, third!.request])
      expect(await bench.db.outbox.pending(now)).toEqual([second])
      bench.db.outbox.drained([second!.request])
      await bench.reopen()
      expect(await bench.db.outbox.pending(now)).toEqual([])
    })
  })

  describe('a COMMIT that goes wrong', () => {
    const parent = key()
    const version = keyVersion(parent)
    const ticket = importTicket(parent)
    const claim: UniqueName = { account: parent.account, region: parent.region, kind: 'key', name: 'n' }
    const user = make.principal()
    /** Past the cache: what was not answered is not settled. */
    const look = async <K extends Kind>(kind: K, id: string, from: Opened) =>
      (await from.coherence.view()).reload(kind, id)
    /** Every way of writing; the test puts `parent`, `version`, `ticket` and `user` there before. */
    const writes: readonly [string, Effect[], (from: Opened) => Promise<boolean>][] = [
      [
        'an added key',
        [{ add: key({ id: 'new' }), claim, within: { max: 9 } }],
        async (from) => !!(await look('key', 'new', from)),
      ],
      [
        'an added version',
        [{ add: keyVersion(parent, 2) }],
        async (from) => !!(await look('keyVersion', `${parent.id}.2`, from)),
      ],
      [
        'a put',
        [{ put: { ...user, disabled: true }, over: user }],
        async (from) => (await look('principal', user.id, from))?.disabled === true,
      ],
      [
        'ended material',
        [{ put: { ...version, wrapped: null }, over: version }],
        async (from) => (await look('keyVersion', version.id, from))?.wrapped === null,
      ],
      [
        'replaced material',
        [{ put: { ...ticket, privateKey: make.wrapped(9) }, over: ticket }],
        async (from) => (await look('importTicket', ticket.id, from))?.privateKey.length === 9,
      ],
      [
        'a dropped key',
        [{ drop: parent }],
        async (from) => !(await look('key', parent.id, from)) && !(await look('keyVersion', version.id, from)),
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
        await expect(bench.commitFaulty(fault, [commit(effects, { entry })])).rejects.toBeInstanceOf(UnknownOutcome)

        const pending = (await bench.db.outbox.pending(now)).some((each) => each.request === entry.request)
        expect(pending).toBe(fault === 'kept')
        if (effects.length > 0) expect(await there(bench.db)).toBe(fault === 'kept')
        const reopened = await open()
        if (effects.length > 0) expect(await there(reopened)).toBe(fault === 'kept')
        // Whoever does it again as if nothing had happened is refused exactly where it is there.
        const again = await run(effects)
        expect(again.outcome === 'committed').toBe(fault === 'lost' || effects.length === 0)
        expect(await there(bench.db)).toBe(true)
      },
    )
  })

  describe('installation', () => {
    const installation = {
      id: 'ab'.repeat(16),
      createdAt: now,
      rootGeneration: { id: 'cd'.repeat(16), number: 1 },
      rootCheck: new Uint8Array([1, 2, 3]),
    }

    test('an installation is written once, with its first objects', async () => {
      expect(await bench.db.installation()).toBeUndefined()
      const first = make.account()
      await bench.db.initialise(installation, commit([{ add: first }]))
      expect(await bench.db.installation()).toEqual(installation)
      expect(await get('account', first.id)).toEqual(first)
      await expect(bench.db.initialise(installation, commit([{ add: make.account() }]))).rejects.toMatchObject({
        name: 'AlreadyInitialised',
      })
      expect(await bench.db.store.reader.rows('account', { limit: 10 })).toEqual([first])
    })

    test('first objects that are refused leave no installation', async () => {
      await expect(bench.db.initialise(installation, commit([{ drop: key() }]))).rejects.toThrow('refused')
      expect(await bench.db.installation()).toBeUndefined()
    })
  })

  test('a change of a closed store is refused as one that did not happen', async () => {
    const late = await bench.openAlone()
    await late.close()
    const refused = late.store.commit(commit([{ add: key({ id: freshId() }) }]))
    await expect(refused).rejects.toThrow('closed')
    await expect(refused).rejects.not.toBeInstanceOf(UnknownOutcome)
  })
}

import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseSealed } from '../../src/core/ciphertext.ts'
import { encrypt, generateDataKey, reEncrypt } from '../../src/core/operations/cryptography.ts'
import { describe as describeKeys } from '../../src/core/operations/describe.ts'
import { rotate } from '../../src/core/operations/rotation.ts'
import type { Use } from '../../src/core/ports.ts'
import { writeUses } from '../../src/core/schedule.ts'
import { UseCounts } from '../../src/core/uses.ts'
import { addAccessKey } from '../harness/access.ts'
import { createKey } from '../harness/keys.ts'
import { startKeystead } from '../harness/keystead.ts'
import { openHouse, statement } from './house.ts'

const minuteMs = 60_000
const context = { kind: 'none' } as const
const plaintext = () => new Uint8Array([1, 2, 3])

describe('uses', () => {
  test('are counted for each key, version, principal, dialect and minute', () => {
    const counts = new UseCounts()
    const at = 1_000_000 * minuteMs
    counts.note('k', 1, 'alice', 'tencent', at)
    counts.note('k', 1, 'alice', 'tencent', at + minuteMs - 1)
    counts.note('k', 1, 'alice', 'tencent', at + minuteMs)
    counts.note('k', 2, 'alice', 'tencent', at)
    counts.note('k', 1, 'bob', 'tencent', at)
    counts.note('k', 1, 'alice', 'huawei', at)
    counts.note('j', 1, 'alice', 'tencent', at)
    const use = { key: 'k', version: 1, principal: 'alice', dialect: 'tencent', minute: 1_000_000, count: 1 }
    expect(counts.take()).toEqual([
      { ...use, count: 2 },
      { ...use, minute: 1_000_001 },
      { ...use, version: 2 },
      { ...use, principal: 'bob' },
      { ...use, dialect: 'huawei' },
      { ...use, key: 'j' },
    ])
  })

  test('are handed over once', () => {
    const counts = new UseCounts()
    counts.note('k', 1, 'alice', 'tencent', 0)
    expect(counts.take()).toHaveLength(1)
    expect(counts.take()).toEqual([])
  })

  test('that are given back are counted on, and none is lost or counted twice', () => {
    const step = fc.oneof(
      { weight: 5, arbitrary: fc.record({ key: fc.constantFrom('a', 'b'), minute: fc.nat(2) }) },
      { weight: 2, arbitrary: fc.constantFrom('written' as const, 'failed' as const) },
    )
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const counts = new UseCounts()
        const written: Use[] = []
        let noted = 0
        for (const one of steps)
          if (one === 'written') written.push(...counts.take())
          else if (one === 'failed') {
            const taken = counts.take()
            // Meanwhile another one comes.
            counts.note('a', 1, 'p', 'd', 0)
            noted += 1
            counts.giveBack(taken)
          } else {
            counts.note(one.key, 1, 'p', 'd', one.minute * minuteMs)
            noted += 1
          }
        written.push(...counts.take())
        expect(written.reduce((sum, { count }) => sum + count, 0)).toBe(noted)
      }),
    )
  })

  test('of more than a hundred thousand kinds are not kept, and those that are go on counting', () => {
    const counts = new UseCounts()
    for (let n = 0; n < 100_500; n++) counts.note(`key-${n}`, 1, 'p', 'd', 0)
    counts.note('key-0', 1, 'p', 'd', 0)
    const taken = counts.take()
    expect(taken).toHaveLength(100_000)
    expect(taken[0]).toMatchObject({ key: 'key-0', count: 2 })
    for (let n = 0; n < 100_000; n++) counts.note(`other-${n}`, 1, 'p', 'd', 0)
    counts.giveBack(taken)
    expect(counts.take()).toHaveLength(100_000)
  })
})

describe('what counts as a use', () => {
  test('is cryptography that succeeded, with each key and version that took part', async () => {
    const house = openHouse()
    const [{ id: one }, { id: other }] = [await house.key(), await house.key()]
    const { ciphertext } = await house.ok(encrypt, { keyId: one, plaintext: plaintext(), context })
    await house.ok(rotate, { keyId: one, onlyEnabled: false, intervalMinMs: 0 })
    await house.ok(generateDataKey, { keyId: one, bytes: 32, context })
    const sealed = parseSealed(ciphertext)!
    await house.ok(reEncrypt, { sealed, sourceContext: context, destinationKeyId: other, destinationContext: context })
    const counted = new Map<string, number>()
    for (const { key, version, count } of house.uses.take())
      counted.set(`${key} ${version}`, (counted.get(`${key} ${version}`) ?? 0) + count)
    expect(Object.fromEntries(counted)).toEqual({ [`${one} 1`]: 2, [`${one} 2`]: 1, [`${other} 1`]: 1 })
  })

  test('is no refusal, no management and no list', async () => {
    const house = openHouse()
    const { id: keyId } = await house.key()
    const caller = house.principal([statement('allow', ['describe'])])
    await house.refused(encrypt, { keyId, plaintext: plaintext(), context }, { caller })
    await house.ok(describeKeys, { keyIds: [keyId] })
    expect(house.uses.take()).toEqual([])
  })

  test('is none where it could not be recorded, for then it was not answered', async () => {
    const house = openHouse()
    const { id: keyId } = await house.key()
    house.journal.failing = 2
    await expect(house.ask(encrypt, { keyId, plaintext: plaintext(), context })).rejects.toThrow('the disk is full')
    expect(house.uses.take()).toEqual([])
  })
})

describe('a hand-over', () => {
  test('that fails is tried again with everything, and one with nothing to say writes nothing', async () => {
    const house = openHouse()
    const { id: keyId } = await house.key()
    const writes: (readonly Use[])[] = []
    let failing = true
    const store = {
      countUses: async (uses: readonly Use[]) => {
        if (failing) throw new Error('the disk said no')
        writes.push(uses)
      },
    }
    const counting = { ...house, store: { ...house.store, ...store } as unknown as typeof house.store }
    await house.ok(encrypt, { keyId, plaintext: plaintext(), context })
    await expect(writeUses(counting)).rejects.toThrow('the disk said no')
    await house.ok(encrypt, { keyId, plaintext: plaintext(), context })
    failing = false
    await writeUses(counting)
    await writeUses(counting)
    expect(writes).toHaveLength(1)
    expect(writes[0]!.reduce((sum, { count }) => sum + count, 0)).toBe(2)
  })

  test('of many counts goes bit by bit, and what was not taken is counted on', async () => {
    const house = openHouse()
    for (let key = 0; key < 2500; key++) house.uses.note(`k${key}`, 1, 'p', 'tencent', 0)
    const writes: number[] = []
    const countUses = async (uses: readonly Use[]) => {
      if (writes.length === 1) throw new Error('the disk said no')
      writes.push(uses.length)
    }
    const counting = { ...house, store: { ...house.store, countUses } as unknown as typeof house.store }
    await expect(writeUses(counting)).rejects.toThrow('the disk said no')
    expect(writes).toEqual([1000])
    expect(house.uses.take()).toHaveLength(1500)
  })

  test('happens when a server stops, and what it wrote is there for the next one', async () => {
    const keystead = await startKeystead()
    const { folder, clock } = keystead
    const KeyId = await createKey(keystead)
    const key = await addAccessKey(keystead)
    const use = (times: number, options = {}) =>
      Promise.all(Array.from({ length: times }, () => keystead.ok('Encrypt', { KeyId, Plaintext: 'aGk=' }, options)))
    await use(30)
    await use(12, { key })
    await keystead.stop()
    const again = await startKeystead({ folder, clock })
    await again.ok('Encrypt', { KeyId, Plaintext: 'aGk=' })
    await again.stop()
    const db = new DatabaseSync(join(folder, 'keystead.db'), { readOnly: true })
    const rows = db.prepare('select key, version, principal, dialect, sum(count) as count from usage').all()
    db.close()
    // Both access keys are the administrator's: it is the caller who would break.
    const principal = keystead.credentials.tencent.uin
    expect(rows).toEqual([{ key: KeyId, version: 1, principal, dialect: 'tencent', count: 43 }])
    await keystead.end()
  })
})

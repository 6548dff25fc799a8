import { describe, expect, test } from 'vitest'
import { parseSealed } from '../../src/core/ciphertext.ts'
import { refuse } from '../../src/core/failure.ts'
import { type Key, keyVersionId } from '../../src/core/object.ts'
import { dayMs } from '../../src/core/operations/create.ts'
import { decrypt, encrypt } from '../../src/core/operations/cryptography.ts'
import {
  describeRotation,
  disableRotation,
  enableRotation,
  type RotateRequest,
  rotate,
} from '../../src/core/operations/rotation.ts'
import { openHouse, statement, type TestHouse } from './house.ts'

const once = (keyId: string, over: Partial<RotateRequest> = {}) => ({
  keyId,
  onlyEnabled: false,
  intervalMinMs: 0,
  ...over,
})
const rowOf = (house: TestHouse, id: string): Key => house.store.get('key', id)!
const versionsOf = (house: TestHouse, id: string) =>
  house.store
    .all('keyVersion')
    .filter(({ key }) => key === id)
    .map(({ version }) => version)
    .sort((a, b) => a - b)

const context = { kind: 'none' } as const
const sealed = (house: TestHouse, keyId: string, text: string) =>
  house.ok(encrypt, { keyId, plaintext: new TextEncoder().encode(text), context })
const opened = async (house: TestHouse, { ciphertext }: { ciphertext: Uint8Array }) =>
  new TextDecoder().decode((await house.ok(decrypt, { sealed: parseSealed(ciphertext)!, context })).plaintext)

const outside = [
  ['suspended', { suspended: true }],
  ['deactivated', { deactivated: true }],
  ['destructionScheduled', { destroyAt: Date.now() + dayMs }],
  ['preActive', { materialPresent: false }],
] as const

describe('automatic rotation', () => {
  test('is off at first, and says so', async () => {
    const house = openHouse()
    const { id: keyId } = await house.key()
    expect(await house.ok(describeRotation, { keyId })).toMatchObject({ enabled: false, lastAt: null })
  })

  test('is due a period after it was turned on, and turning it on again counts anew', async () => {
    const house = openHouse()
    const { id: keyId } = await house.key()
    await house.ok(enableRotation, { keyId, periodDays: 30 })
    const first = house.journal.last.at
    expect(rowOf(house, keyId).rotation).toEqual({
      enabled: true,
      periodDays: 30,
      nextAt: first + 30 * dayMs,
      lastAt: null,
    })
    house.clock.pass(dayMs)
    await house.ok(enableRotation, { keyId, periodDays: 7 })
    const second = house.journal.last.at
    expect(second).toBeGreaterThanOrEqual(first + dayMs)
    expect(rowOf(house, keyId).rotation).toMatchObject({ periodDays: 7, nextAt: second + 7 * dayMs })
  })

  test('is turned off in every state, and turning it off twice changes nothing', async () => {
    const house = openHouse()
    for (const [, over] of outside) {
      const { id: keyId, rotation } = await house.key()
      house.store.set({ ...rowOf(house, keyId), ...over, rotation: { ...rotation, enabled: true } })
      await house.ok(disableRotation, { keyId })
      expect(rowOf(house, keyId).rotation.enabled).toBe(false)
      const { revision } = rowOf(house, keyId)
      await house.ok(disableRotation, { keyId })
      expect(rowOf(house, keyId).revision).toBe(revision)
    }
  })

  test('is turned on for active and suspended keys only', async () => {
    const house = openHouse()
    for (const [state, over] of outside) {
      const { id: keyId } = await house.key(over)
      const answer = await house.ask(enableRotation, { keyId, periodDays: 7 })
      const expected =
        state === 'suspended' ? undefined : refuse({ reason: 'wrongKeyLifecycleState', kind: 'key', state })
      expect(answer).toEqual(expected)
      expect(rowOf(house, keyId).rotation.enabled).toBe(state === 'suspended')
    }
  })

  test('is refused for imported keys', async () => {
    const house = openHouse()
    const { id: keyId } = await house.key({ origin: 'imported' })
    expect(await house.refused(enableRotation, { keyId, periodDays: 7 })).toEqual([{ reason: 'notGenerated' }])
  })

  test('needs a right for each of its operations', async () => {
    const house = openHouse()
    const { id: keyId } = await house.key()
    const denied = [{ reason: 'permissionDenied' }]
    const other = (right: string) => ({
      caller: house.principal([
        statement('allow', ['enableRotation', 'disableRotation', 'describeRotation', 'rotate']),
        statement('deny', [right]),
      ]),
    })
    expect(await house.refused(enableRotation, { keyId, periodDays: 7 }, other('enableRotation'))).toEqual(denied)
    expect(await house.refused(disableRotation, { keyId }, other('disableRotation'))).toEqual(denied)
    expect(await house.refused(describeRotation, { keyId }, other('describeRotation'))).toEqual(denied)
    expect(await house.refused(rotate, once(keyId), other('rotate'))).toEqual(denied)
    await house.ok(rotate, once(keyId), other('describeRotation'))
  })
})

describe('a rotation', () => {
  test('makes the next version the one that protects; the older ones still process', async () => {
    const house = openHouse()
    const { id: keyId } = await house.key()
    const blobs = [await sealed(house, keyId, 'under 1')]
    for (const version of [2, 3]) {
      expect(await house.ok(rotate, once(keyId))).toEqual({ keyId, version })
      blobs.push(await sealed(house, keyId, `under ${version}`))
      expect(house.journal.last.objects).toEqual([{ kind: 'key', id: keyId, version }])
    }
    expect(rowOf(house, keyId).primaryVersion).toBe(3)
    expect(versionsOf(house, keyId)).toEqual([1, 2, 3])
    for (const [at, made] of blobs.entries()) expect(await opened(house, made)).toBe(`under ${at + 1}`)
  })

  test('gives fresh material, of the algorithm of the key', async () => {
    const house = openHouse()
    for (const [algorithm, keyBytes] of [
      ['aes-256', 32],
      ['sm4', 16],
    ] as const) {
      const { id: keyId } = await house.key()
      const versionOne = house.store.get('keyVersion', keyVersionId(keyId, 1))!
      house.store.set({ ...rowOf(house, keyId), algorithm })
      await house.ok(rotate, once(keyId))
      const second = house.store.get('keyVersion', keyVersionId(keyId, 2))!
      expect(second).toMatchObject({ algorithm, revision: 1, key: keyId })
      expect(second.canary).not.toBeNull()
      expect(second.wrapped!.length - versionOne.wrapped!.length).toBe(keyBytes - 32)
      expect(Buffer.from(second.wrapped!).equals(Buffer.from(versionOne.wrapped!))).toBe(false)
    }
  })

  test('counts the next one from itself', async () => {
    const house = openHouse()
    const { id: keyId } = await house.key()
    await house.ok(enableRotation, { keyId, periodDays: 10 })
    house.clock.pass(3 * dayMs)
    await house.ok(rotate, once(keyId, { onlyEnabled: true }))
    const { at } = house.journal.last
    expect(rowOf(house, keyId).rotation).toEqual({
      enabled: true,
      periodDays: 10,
      lastAt: at,
      nextAt: at + 10 * dayMs,
    })
  })

  test.each(outside)('of a %s key is refused', async (state, over) => {
    const house = openHouse()
    const { id: keyId } = await house.key(over)
    expect(await house.refused(rotate, once(keyId))).toEqual([{ reason: 'wrongKeyLifecycleState', kind: 'key', state }])
    expect(versionsOf(house, keyId)).toEqual([1])
  })

  test('of an imported key is refused', async () => {
    const house = openHouse()
    const { id: keyId } = await house.key({ origin: 'imported' })
    expect(await house.refused(rotate, once(keyId))).toEqual([{ reason: 'notGenerated' }])
  })

  test('may ask that the key is rotated by itself too', async () => {
    const house = openHouse()
    const { id: keyId } = await house.key()
    expect(await house.refused(rotate, once(keyId, { onlyEnabled: true }))).toEqual([{ reason: 'rotationNotEnabled' }])
    await house.ok(enableRotation, { keyId, periodDays: 7 })
    await house.ok(rotate, once(keyId, { onlyEnabled: true }))
    await house.ok(disableRotation, { keyId })
    expect(await house.refused(rotate, once(keyId, { onlyEnabled: true }))).toEqual([{ reason: 'rotationNotEnabled' }])
    expect(versionsOf(house, keyId)).toEqual([1, 2])
  })

  test('too soon after the last one is refused, to the millisecond', async () => {
    const house = openHouse()
    const { id: keyId } = await house.key()
    const daily = once(keyId, { intervalMinMs: dayMs })
    await house.ok(rotate, daily)
    const { lastAt } = rowOf(house, keyId).rotation
    expect(await house.refused(rotate, daily)).toEqual([{ reason: 'rotatedRecently' }])
    const ago = (milliseconds: number) => {
      const row = rowOf(house, keyId)
      house.store.set({ ...row, rotation: { ...row.rotation, lastAt: house.clock.now() - milliseconds } })
    }
    expect(lastAt).not.toBeNull()
    ago(dayMs - 5000)
    expect(await house.refused(rotate, daily)).toEqual([{ reason: 'rotatedRecently' }])
    ago(dayMs)
    await house.ok(rotate, daily)
    expect(versionsOf(house, keyId)).toEqual([1, 2, 3])
  })

  test('beside others wins alone: the others are told that one was running, and nothing of theirs is kept', async () => {
    const house = openHouse()
    const { id: keyId } = await house.key()
    const answers = await Promise.all(Array.from({ length: 10 }, () => house.ask(rotate, once(keyId))))
    const lost = refuse({ reason: 'rotationRunning' })
    expect(answers.filter((answer) => 'version' in answer)).toEqual([{ keyId, version: 2 }])
    expect(answers.filter((answer) => !('version' in answer))).toEqual(Array.from({ length: 9 }, () => lost))
    expect(versionsOf(house, keyId)).toEqual([1, 2])
    expect(rowOf(house, keyId).primaryVersion).toBe(2)
  })

  test('of a key that is suspended at the last moment does not happen', async () => {
    const house = openHouse()
    const { id: keyId } = await house.key()
    house.store.meanwhile = () => {
      house.store.meanwhile = () => {}
      house.store.set({ ...rowOf(house, keyId), suspended: true, revision: 2 })
    }
    expect(await house.refused(rotate, once(keyId))).toEqual([
      { reason: 'wrongKeyLifecycleState', kind: 'key', state: 'suspended' },
    ])
    expect(versionsOf(house, keyId)).toEqual([1])
  })

  test('whose answer was lost is either whole or not there', async () => {
    for (const fault of ['lost', 'kept'] as const) {
      const house = openHouse()
      const { id: keyId } = await house.key()
      house.store.faults.push(fault)
      await expect(house.ask(rotate, once(keyId))).rejects.toThrow(fault)
      const { primaryVersion } = rowOf(house, keyId)
      expect(primaryVersion).toBe(fault === 'kept' ? 2 : 1)
      expect(versionsOf(house, keyId)).toHaveLength(primaryVersion)
      expect(await opened(house, await sealed(house, keyId, 'after'))).toBe('after')
    }
  })
})

/** A rotation of the root key waits for every process, and can go on wherever it stopped. */
import { describe, expect, test } from 'vitest'
import { newGeneration } from '../../src/adapters/root-key/generations.ts'
import { HeldRootKey } from '../../src/adapters/root-key/held.ts'
import { Keyring } from '../../src/core/keyring.ts'
import { domainKeyId } from '../../src/core/object.ts'
import { describeRootKey, rewrapDomainKeys, settleRootKey } from '../../src/core/operations/root-key.ts'
import type { Member, RootKeySeal } from '../../src/core/ports.ts'
import { continueRotation } from '../../src/core/schedule.ts'
import { account, installation, openHouse, type TestHouse } from './house.ts'

/** A house whose root key has a second generation, and one domain key for each of some accounts under the first. */
const rotating = (accounts: number) => {
  const house = openHouse()
  const first = newGeneration(1)
  const root = new HeldRootKey()
  root.hold([first])
  const keyring = new Keyring({ ...house, installation, root })
  for (let at = 0; at < accounts; at++) house.store.set(keyring.newDomainKey(`account-${at}`, 1, 0))
  house.store.set(keyring.newDomainKey(account, 1, 0))
  root.hold([first, newGeneration(2)])
  let settled = false
  const members: Member[] = [{ name: 'this process', generation: root.generation }]
  const state = house.rootKey.state()
  const rootKey: RootKeySeal = {
    ...house.rootKey,
    state: () => ({ ...state, generation: root.generation }),
    members: async () => members,
    isSettled: () => settled,
    settle: async () => {
      settled = true
    },
  }
  Object.assign(house, { keyring, rootKey })
  return { house, root, members, first, isSettled: () => settled }
}

const wrapsOf = async (house: TestHouse) => {
  const { wraps } = await house.ok(describeRootKey, {}, operator(house))
  return wraps.map(({ generation, count }) => [generation.number, count])
}
const operator = (house: TestHouse) => ({ caller: house.caller({ reach: 'everything' }) })

describe('domain keys', () => {
  test('are wrapped anew page by page, and open as before', async () => {
    const { house, root } = rotating(150)
    const before = house.store.get('domainKey', domainKeyId(account, 1))!
    const binding = { kind: 'keyVersion', account, id: 'key', version: 1 } as const
    const wrapped = house.keyring.wrap(before, binding, new Uint8Array(32).fill(5))
    const page = await house.ok(rewrapDomainKeys, { after: '' }, operator(house))
    expect(page).toMatchObject({ rewrapped: 100, looked: 100, behind: [] })
    const rest = await house.ok(rewrapDomainKeys, { after: page.next ?? '' }, operator(house))
    expect(rest).toMatchObject({ rewrapped: 51, next: undefined })
    expect(await wrapsOf(house)).toEqual([[2, 151]])
    const after = house.store.get('domainKey', before.id)!
    expect(after.lineage).toBe(before.lineage)
    const opened = new Keyring({ ...house, installation, root }).unwrap(after, binding, wrapped)
    expect(opened && [...opened]).toEqual(Array(32).fill(5))
    expect(await house.ok(rewrapDomainKeys, { after: '' }, operator(house))).toMatchObject({ rewrapped: 0 })
  })

  test('stay as they are while another process has an older generation, and the rotation does not end', async () => {
    const { house, members, first, isSettled } = rotating(2)
    members.push({ name: 'node-2', generation: first })
    const page = await house.ok(rewrapDomainKeys, { after: '' }, operator(house))
    expect(page).toMatchObject({ rewrapped: 0, behind: ['node-2'], next: '' })
    expect(await house.ok(settleRootKey, {}, operator(house))).toEqual({ behind: ['node-2'] })
    await continueRotation(house)
    expect([await wrapsOf(house), isSettled()]).toEqual([[[1, 3]], false])
    members.pop()
    await continueRotation(house)
    expect([await wrapsOf(house), isSettled()]).toEqual([[[2, 3]], true])
  })

  test('are not wrapped by who may not administer', async () => {
    const { house } = rotating(1)
    const caller = house.principal([])
    expect(await house.refused(rewrapDomainKeys, { after: '' }, { caller })).toEqual([{ reason: 'permissionDenied' }])
  })

  test('that do not open are told and stay as they are, and the others are wrapped', async () => {
    const { house } = rotating(1)
    const row = house.store.get('domainKey', domainKeyId('account-0', 1))!
    const wrapped = Uint8Array.from(row.wrapped) as typeof row.wrapped
    wrapped.reverse()
    wrapped.set(row.wrapped.subarray(0, 100))
    house.store.set({ ...row, wrapped })
    const page = await house.ok(rewrapDomainKeys, { after: '' }, operator(house))
    expect(page).toMatchObject({ rewrapped: 1, broken: [row.id] })
    expect(house.store.get('domainKey', row.id)?.wrapped).toEqual(wrapped)
  })
})

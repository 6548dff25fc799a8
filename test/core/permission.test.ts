import { expect, test } from 'vitest'
import { noContext } from '../../src/core/context.ts'
import type { Key } from '../../src/core/object.ts'
import { create } from '../../src/core/operations/create.ts'
import { encrypt } from '../../src/core/operations/cryptography.ts'
import { cancelDestruction } from '../../src/core/operations/lifecycle.ts'
import { random } from '../../src/core/operations/service.ts'
import { account, createRequest, here, openHouse, statement } from './house.ts'

const encryptOf = ({ id }: Key) => ({ keyId: id, plaintext: new Uint8Array(4), context: noContext })

const start = async (over: Partial<Key> = {}) => {
  const house = openHouse()
  return { house, key: await house.key(over) }
}

const permissionDenied = [{ reason: 'permissionDenied' }]
const notFound = [{ reason: 'objectNotFound', kind: 'key' }]

test('the root principal may, with no policy', async () => {
  const { house, key } = await start()
  await house.ok(encrypt, encryptOf(key))
})

test('a principal without a policy may nothing', async () => {
  const { house, key } = await start()
  const caller = house.principal([])
  expect(await house.refused(encrypt, encryptOf(key), { caller })).toEqual(permissionDenied)
  expect(await house.refused(create, createRequest(), { caller })).toEqual(permissionDenied)
})

test('a disabled principal may nothing, root or not', async () => {
  const { house, key } = await start()
  for (const root of [true, false]) {
    const caller = house.principal([statement('allow', ['encrypt'])], { disabled: true, root })
    expect(await house.refused(encrypt, encryptOf(key), { caller })).toEqual(permissionDenied)
  }
})

test('a deny in one policy wins over an allow in another, in either order', async () => {
  const { house, key } = await start()
  const both = [statement('allow', ['encrypt']), statement('deny', ['encrypt'])]
  for (const documents of [both, [...both].reverse()]) {
    const caller = house.principal(documents)
    expect(await house.refused(encrypt, encryptOf(key), { caller })).toEqual(permissionDenied)
  }
})

test('a policy that is missing denies everything, because it may have been a deny', async () => {
  const { house, key } = await start()
  const { principal } = house.principal([statement('allow', ['encrypt'])])
  const caller = house.caller({ principal: { ...principal, policies: [...principal.policies, 'gone'] } })
  expect(await house.refused(encrypt, encryptOf(key), { caller })).toEqual(permissionDenied)
})

test.each(['', 'null', '{"statements":[{}]}', '{"statement":[]}'])(
  'a policy that reads %j denies too',
  async (text) => {
    const { house, key } = await start()
    const caller = house.principal([statement('allow', ['encrypt']), text])
    expect(await house.refused(encrypt, encryptOf(key), { caller })).toEqual(permissionDenied)
  },
)

test('a policy in a language that is not known denies too', async () => {
  const { house, key } = await start()
  const caller = house.principal([statement('allow', ['encrypt']), { statements: [] }])
  const foreign = house.store.get('policy', caller.principal.policies[1]!)!
  house.store.set({ ...foreign, language: 'latin' })
  expect(await house.refused(encrypt, encryptOf(key), { caller })).toEqual(permissionDenied)
})

test("another account's key does not exist, for its root principal as for everybody", async () => {
  const { house, key } = await start({ account: '100000000002' })
  expect(await house.refused(encrypt, encryptOf(key))).toEqual(notFound)
  expect(await house.refused(cancelDestruction, { keyId: key.id })).toEqual(notFound)
  expect(house.journal.last.objects).toEqual([])
})

test('a pattern of one key allows that key and no collection', async () => {
  const { house, key } = await start()
  const other = await house.key()
  const caller = house.principal([statement('allow', ['encrypt', 'create', 'random'], { id: key.id })])
  await house.ok(encrypt, encryptOf(key), { caller })
  expect(await house.refused(encrypt, encryptOf(other), { caller })).toEqual(permissionDenied)
  expect(await house.refused(create, createRequest(), { caller })).toEqual(permissionDenied)
  expect(await house.refused(random, { at: here, bytes: 1 }, { caller })).toEqual(permissionDenied)
})

test('a pattern of what somebody created allows that and nothing else', async () => {
  const { house, key } = await start({ creator: 'alice' })
  const other = await house.key({ creator: account })
  const caller = house.principal([statement('allow', ['encrypt'], { creator: 'alice' })])
  await house.ok(encrypt, encryptOf(key), { caller })
  expect(await house.refused(encrypt, encryptOf(other), { caller })).toEqual(permissionDenied)
})

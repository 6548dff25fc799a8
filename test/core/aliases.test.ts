import { describe, expect, test } from 'vitest'
import { noContext } from '../../src/core/context.ts'
import { aliasText, keyNamed } from '../../src/core/key-name.ts'
import { createAlias, deleteAliases, listAliases, moveAlias } from '../../src/core/operations/aliases.ts'
import { encrypt } from '../../src/core/operations/cryptography.ts'
import { destroy } from '../../src/core/operations/lifecycle.ts'
import { here, openHouse, statement, type TestHouse } from './house.ts'

const named = async (house: TestHouse, name: string) => {
  const key = await house.key()
  await house.ok(createAlias, { keyId: key.id, name, written: name })
  return key.id
}
const use = (house: TestHouse, keyId: string) =>
  house.ok(encrypt, { keyId, plaintext: new Uint8Array(1), context: noContext })
const aliasesOf = (house: TestHouse, id: string) => house.store.get('key', id)?.aliases

describe('a name of a key', () => {
  test('is an id, or an alias with its place or without', () => {
    const id = '0d0466b0-e727-4d9c-b35d-f84bb474a37f'
    const place = { region: 'r', account: 'a' }
    expect(keyNamed(id)).toEqual({ id })
    expect(keyNamed(aliasText('a:b/c'))).toEqual({ alias: 'a:b/c' })
    expect(keyNamed(aliasText('a:b/c', place))).toEqual({ alias: 'a:b/c', place })
  })
})

describe('an alias', () => {
  test('names its key in use, and its name is in the row of the key', async () => {
    const house = openHouse()
    const id = await named(house, 'orders')
    expect((await use(house, aliasText('orders'))).keyId).toBe(id)
    expect(aliasesOf(house, id)).toEqual(['orders'])
    expect(house.journal.last).toMatchObject({ outcome: 'success', objects: [{ kind: 'key', id }] })
  })

  test('is made once, however many ask at the same time', async () => {
    const house = openHouse()
    const keys = await Promise.all(Array.from({ length: 4 }, () => house.key()))
    const asked = keys.map(({ id }) => house.ask(createAlias, { keyId: id, name: 'one', written: 'one' }))
    const made = (await Promise.all(asked)).filter((answer) => 'key' in (answer as object))
    expect(made).toHaveLength(1)
    expect(house.store.all('alias')).toHaveLength(1)
    expect(house.store.all('key').flatMap(({ aliases }) => aliases)).toEqual(['one'])
  })

  test('moves to another key, and only with the right for both', async () => {
    const house = openHouse()
    const [from, to] = [await named(house, 'orders'), (await house.key()).id]
    const only = (id: string) => house.principal([statement('allow', ['moveAlias'], { id })])
    for (const id of [from, to])
      expect(await house.refused(moveAlias, { name: 'orders', keyId: to }, { caller: only(id) })).toEqual([
        { reason: 'permissionDenied' },
      ])
    await house.ok(moveAlias, { name: 'orders', keyId: to })
    expect((await use(house, aliasText('orders'))).keyId).toBe(to)
    expect([aliasesOf(house, from), aliasesOf(house, to)]).toEqual([[], ['orders']])
  })

  test('that moves to two keys at the same time names one of them, which alone has it', async () => {
    const house = openHouse()
    await named(house, 'orders')
    const targets = [(await house.key()).id, (await house.key()).id]
    await Promise.all(targets.map((keyId) => house.ask(moveAlias, { name: 'orders', keyId })))
    const [row] = house.store.all('alias')
    expect(house.store.all('key').filter(({ aliases }) => aliases.length > 0)).toMatchObject([{ id: row?.key }])
  })

  test('is taken from its key, and not from another', async () => {
    const house = openHouse()
    const [id, other] = [await named(house, 'orders'), (await house.key()).id]
    const missing = [{ reason: 'objectNotFound', kind: 'alias' }]
    expect(await house.refused(deleteAliases, { keyId: other, names: ['orders'] })).toEqual(missing)
    await house.ok(deleteAliases, { keyId: id, names: ['orders', 'orders'] })
    expect(house.store.all('alias')).toEqual([])
    expect(await house.refused(deleteAliases, { keyId: id, names: ['orders'] })).toEqual(missing)
  })

  test('lets nobody use a key whom no policy lets, and is judged by the key that it names', async () => {
    const house = openHouse()
    const [mine, other] = [await named(house, 'mine'), await named(house, 'other')]
    const caller = house.principal([statement('allow', ['encrypt'], { id: mine })])
    const request = (name: string) => ({ keyId: aliasText(name), plaintext: new Uint8Array(1), context: noContext })
    await house.ok(encrypt, request('mine'), { caller })
    expect(await house.refused(encrypt, request('other'), { caller })).toEqual([{ reason: 'permissionDenied' }])
    await house.ok(moveAlias, { name: 'mine', keyId: other })
    expect(await house.refused(encrypt, request('mine'), { caller })).toEqual([{ reason: 'permissionDenied' }])
  })

  test('is looked for where the caller is, and nowhere else', async () => {
    const house = openHouse()
    await named(house, 'orders')
    const asked = (keyId: string) => ({ keyId, plaintext: new Uint8Array(1), context: noContext })
    const missing = [{ reason: 'objectNotFound', kind: 'key' }]
    expect(await house.refused(encrypt, asked(aliasText('orders')), { region: 'shanghai' })).toEqual(missing)
    const elsewhere = aliasText('orders', { region: 'nowhere', account: 'nobody' })
    expect(await house.refused(encrypt, asked(elsewhere))).toEqual(missing)
  })

  test('is listed by its place or its key, as the right says', async () => {
    const house = openHouse()
    const id = await named(house, 'b')
    await named(house, 'a')
    const page = { at: here, after: '', limit: 1 }
    expect(await house.ok(listAliases, page)).toMatchObject({ aliases: [{ name: 'a' }], more: true })
    expect(await house.ok(listAliases, { ...page, keyId: id })).toMatchObject({ aliases: [{ name: 'b' }], more: false })
    const caller = house.principal([statement('allow', ['listAliases'], { id })])
    await house.ok(listAliases, { ...page, keyId: id }, { caller })
    expect(await house.refused(listAliases, page, { caller })).toEqual([{ reason: 'permissionDenied' }])
  })

  test('names nothing once its key is destroyed', async () => {
    const house = openHouse()
    const id = await named(house, 'orders')
    house.store.set({ ...house.store.get('key', id)!, destroyAt: 1 })
    const asked = { keyId: aliasText('orders'), plaintext: new Uint8Array(1), context: noContext }
    expect(await house.refused(encrypt, asked)).toEqual([{ reason: 'objectNotFound', kind: 'key' }])
    await house.ok(destroy, { keyId: id }, { caller: house.caller({ reach: 'everything' }) })
  })
})

import { constants, createPublicKey, publicEncrypt } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { parseSealed } from '../../src/core/ciphertext.ts'
import { noContext } from '../../src/core/context.ts'
import { type Key, keyVersionId } from '../../src/core/object.ts'
import { create } from '../../src/core/operations/create.ts'
import { decrypt, encrypt } from '../../src/core/operations/cryptography.ts'
import { deleteMaterial, importMaterial } from '../../src/core/operations/import.ts'
import { prepareImport } from '../../src/core/operations/import-ticket.ts'
import { describeVersions, importNextMaterial, rotateImported } from '../../src/core/operations/next-material.ts'
import { createRequest, openHouse, statement, type TestHouse } from './house.ts'

const bytes = (byte: number) => Buffer.alloc(32, byte)

/** An open import of the key, for any material. */
const open = async (house: TestHouse, { id }: Key) => {
  const { token, publicKey } = await house.ok(prepareImport, { keyId: id, padding: 'oaepSha256' })
  const key = createPublicKey({ key: Buffer.from(publicKey), format: 'der', type: 'spki' })
  const oaep = { key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' }
  return (byte: number) => ({ keyId: id, token, wrapped: publicEncrypt(oaep, bytes(byte)) })
}

/** An imported key with material of byte 1. */
const imported = async () => {
  const house = openHouse()
  const key = await house.ok(create, createRequest({ origin: 'imported' }))
  const request = await open(house, key)
  await house.ok(importMaterial, { ...request(1), expiresAt: null })
  return { house, key, request }
}
const versionOf = (house: TestHouse, { id }: Key, version: number) =>
  house.store.get('keyVersion', keyVersionId(id, version))
const primaryOf = (house: TestHouse, { id }: Key) => house.store.get('key', id)?.primaryVersion

describe('material that waits', () => {
  test('protects nothing until the key is rotated to it, and everything from then on', async () => {
    const { house, key, request } = await imported()
    await house.ok(importNextMaterial, request(2))
    const seal = async () =>
      (await house.ok(encrypt, { keyId: key.id, plaintext: bytes(9), context: noContext })).ciphertext
    const before = await seal()
    expect(parseSealed(before)?.version).toBe(1)
    await house.ok(rotateImported, { keyId: key.id })
    const after = await seal()
    expect(parseSealed(after)?.version).toBe(2)
    for (const ciphertext of [before, after])
      await house.ok(decrypt, { sealed: parseSealed(ciphertext)!, context: noContext })
  })

  test('has a known answer of its own, also where it takes the place of other material', async () => {
    const { house, key, request } = await imported()
    await house.ok(importNextMaterial, request(2))
    const first = versionOf(house, key, 2)
    await house.ok(importNextMaterial, request(3))
    expect(versionOf(house, key, 2)?.canary).not.toEqual(first?.canary)
    expect(versionOf(house, key, 2)?.digest).not.toBe(first?.digest)
  })

  test('is told of with what the key has, and takes the rights to import and to rotate', async () => {
    const { house, key, request } = await imported()
    const may = (...rights: string[]) => ({ caller: house.principal([statement('allow', rights)]) })
    const denied = [{ reason: 'permissionDenied' }]
    expect(await house.refused(importNextMaterial, request(2), may('rotate'))).toEqual(denied)
    await house.ok(importNextMaterial, request(2), may('importMaterial'))
    const { materials } = await house.ok(describeVersions, { keyId: key.id })
    expect(materials.map(({ version, waits }) => [version, waits])).toEqual([
      [1, false],
      [2, true],
    ])
    expect(await house.refused(rotateImported, { keyId: key.id }, may('importMaterial'))).toEqual(denied)
    await house.ok(rotateImported, { keyId: key.id }, may('rotate'))
  })

  test('is rotated to once, however many ask at the same time', async () => {
    const { house, key, request } = await imported()
    await house.ok(importNextMaterial, request(2))
    await Promise.all(Array.from({ length: 4 }, () => house.ask(rotateImported, { keyId: key.id })))
    expect(primaryOf(house, key)).toBe(2)
  })

  test('is rotated to beside a first import, which does not take the place of what protected meanwhile', async () => {
    const house = openHouse()
    const key = await house.ok(create, createRequest({ origin: 'imported' }))
    const request = await open(house, key)
    const commit = house.store.commit.bind(house.store)
    let overtaken = false
    const overtake = async () => {
      overtaken = true
      await house.ok(importMaterial, { ...request(1), expiresAt: null })
      const { ciphertext } = await house.ok(encrypt, { keyId: key.id, plaintext: bytes(9), context: noContext })
      await house.ok(importNextMaterial, request(2))
      await house.ok(rotateImported, { keyId: key.id })
      return ciphertext
    }
    let sealed: Uint8Array | undefined
    house.store.commit = async (asked) => {
      if (!overtaken) sealed = await overtake()
      return commit(asked)
    }
    expect(await house.refused(importMaterial, { ...request(4), expiresAt: null })).toEqual([
      { reason: 'materialMismatch' },
    ])
    await house.ok(decrypt, { sealed: parseSealed(sealed!)!, context: noContext })
  })

  test('is not left behind by a deletion that had looked before it came', async () => {
    const { house, key, request } = await imported()
    const commit = house.store.commit.bind(house.store)
    let came = false
    house.store.commit = async (asked) => {
      if (asked.entry.action === 'deleteMaterial' && !came) {
        came = true
        await house.ok(importNextMaterial, request(2))
      }
      return commit(asked)
    }
    await house.ok(deleteMaterial, { keyId: key.id })
    expect(came).toBe(true)
    expect(house.store.get('key', key.id)?.materialPresent).toBe(false)
    expect(house.store.all('keyVersion').map(({ wrapped }) => wrapped)).toEqual([null, null])
  })
})

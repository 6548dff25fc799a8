import { hmac } from '@noble/hashes/hmac.js'
import { sha256, sha384, sha512 } from '@noble/hashes/sha2.js'
import { expect, test } from 'vitest'
import { domainKeyOf, materialBinding } from '../../src/core/material.ts'
import { keyVersionId } from '../../src/core/object.ts'
import { create } from '../../src/core/operations/create.ts'
import { generateMac, verifyMac } from '../../src/core/operations/mac.ts'
import { text } from '../spec/fixed.ts'
import { hmacSm3 } from '../spec/second-reader.ts'
import { createRequest, openHouse, type TestHouse } from './house.ts'

const usage = 'generateVerifyMac'

const secretOf = async (house: TestHouse, key: string): Promise<Uint8Array> => {
  const version = house.store.get('keyVersion', keyVersionId(key, 1))
  const domain = await domainKeyOf(house.coherence.view(), version?.account ?? '', null)
  const secret = version?.wrapped && house.keyring.unwrap(domain, materialBinding(version), version.wrapped)
  if (!secret) throw new Error('no secret')
  return secret
}

const judges = {
  'hmac-sha256': [32, (key: Uint8Array, data: Uint8Array) => hmac(sha256, key, data)],
  'hmac-sha384': [48, (key: Uint8Array, data: Uint8Array) => hmac(sha384, key, data)],
  'hmac-sha512': [64, (key: Uint8Array, data: Uint8Array) => hmac(sha512, key, data)],
  'hmac-sm3': [32, hmacSm3],
} as const

test.each(Object.entries(judges))('a MAC of a key of %s is what another implementation makes', async (name, judge) => {
  const house = openHouse()
  const key = await house.ok(create, createRequest({ name, usage, algorithm: name }))
  const secret = await secretOf(house, key.id)
  const [bytes, macBy] = judge
  expect(secret).toHaveLength(bytes)
  for (const message of [text('a'), new Uint8Array(4096).fill(7)]) {
    const asked = { keyId: key.id, algorithm: name, message }
    const { mac } = await house.ok(generateMac, asked)
    expect(Uint8Array.from(mac)).toEqual(Uint8Array.from(macBy(secret, message)))
    expect(await house.ok(verifyMac, { ...asked, mac })).toEqual({ keyId: key.id, valid: true })
    expect(await house.ok(verifyMac, { ...asked, mac: mac.subarray(1) })).toEqual({ keyId: key.id, valid: false })
  }
})

test('a key makes MACs by its own algorithm alone', async () => {
  const house = openHouse()
  const key = await house.ok(create, createRequest({ name: 'mac', usage, algorithm: 'hmac-sha256' }))
  const asked = { keyId: key.id, algorithm: 'hmac-sm3', message: text('a') }
  const refused = [{ reason: 'incompatibleCryptographicUsageMask', usage, family: 'hmac' }]
  expect(await house.refused(generateMac, asked)).toEqual(refused)
  expect(await house.refused(verifyMac, { ...asked, mac: text('a') })).toEqual(refused)
})

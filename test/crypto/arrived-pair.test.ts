import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign, verify } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { asymmetricAlgorithm } from '../../src/crypto/algorithms.ts'
import { unwrapPair } from '../../src/crypto/arrived-pair.ts'
import { generatePair, privateKeyFrom } from '../../src/crypto/private-key.ts'
import { sm2Digest, sm2Sign, sm2Verify } from '../../src/crypto/sm2.ts'
import { wrapPadded } from './key-wrap.ts'

const wrappingKey = Buffer.alloc(16, 5)
const cipherOf = (algorithm: string) => (algorithm === 'sm2' ? 'sm4' : 'aes')
const arrive = (algorithm: string, der: Uint8Array) =>
  unwrapPair(algorithm, wrappingKey, wrapPadded(cipherOf(algorithm), wrappingKey, Buffer.from(der)))

/** A pair as it was generated, by the platform. */
const pairOf = (algorithm: string) => generatePair(asymmetricAlgorithm(algorithm))

/** Whatever is taken signs what its public half verifies. */
const works = (algorithm: string, { publicKey, privateKey }: { publicKey: Uint8Array; privateKey: Uint8Array }) => {
  const message = Buffer.from('message')
  if (algorithm === 'sm2') {
    const digest = sm2Digest(publicKey, message)
    return sm2Verify(publicKey, digest, sm2Sign(privateKeyFrom(privateKey), digest))
  }
  const key = createPrivateKey({ key: Buffer.from(privateKey), format: 'der', type: 'pkcs8' })
  const half = createPublicKey({ key: Buffer.from(publicKey), format: 'der', type: 'spki' })
  return verify('sha256', message, half, sign('sha256', message, key))
}

const algorithms = ['rsa-2048', 'ec-p256', 'ec-p384', 'ec-secp256k1', 'sm2']

describe.each(algorithms)('a private key of %s that arrives', (algorithm) => {
  const { publicKey, privateKey } = pairOf(algorithm)

  test('gives both halves as they were', () => {
    const pair = arrive(algorithm, privateKey)
    expect(Buffer.from(pair?.publicKey ?? [])).toEqual(Buffer.from(publicKey))
    expect(Buffer.from(pair?.privateKey ?? [])).toEqual(Buffer.from(privateKey))
  })

  test('is taken by no other algorithm', () => {
    for (const other of algorithms.filter((name) => name !== algorithm))
      expect(arrive(other, privateKey), other).toBeUndefined()
  })

  test('is refused or works, whatever was changed in it before it was wrapped', () => {
    const changes = fc.array(fc.tuple(fc.nat({ max: privateKey.length - 1 }), fc.nat({ max: 255 })), { maxLength: 3 })
    fc.assert(
      fc.property(changes, fc.nat({ max: privateKey.length }), (changed, cut) => {
        let der = new Uint8Array(privateKey)
        for (const [at, byte] of changed) der = der.with(at, byte)
        const pair = arrive(algorithm, cut % 7 === 0 ? der.subarray(0, Math.max(1, cut)) : der)
        if (pair) expect(works(algorithm, pair)).toBe(true)
      }),
      { numRuns: algorithm === 'rsa-2048' ? 40 : 100 },
    )
  })

  test('is refused where it is any other bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 200 }), (bytes) => {
        expect(arrive(algorithm, bytes)).toBeUndefined()
      }),
    )
  })
})

test('an RSA key is taken of its size, with an exponent that makes no use of its public half slow', () => {
  const arrived = (key: KeyObject) => arrive('rsa-2048', key.export({ format: 'der', type: 'pkcs8' }))
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048, publicExponent: 3 })
  expect(arrived(privateKey)).toBeDefined()
  expect(arrived(generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey)).toBeUndefined()
  // The two exponents exchanged: mathematically as good a key, whose public one is as long as the modulus.
  const jwk = privateKey.export({ format: 'jwk' })
  const exchanged = { ...jwk, e: jwk.d as string, d: jwk.e as string, dp: jwk.e as string, dq: jwk.e as string }
  const slow = createPrivateKey({ key: exchanged, format: 'jwk' })
  expect(slow.asymmetricKeyDetails?.publicExponent).toBeGreaterThan(2n ** 1000n)
  expect(arrived(slow)).toBeUndefined()
})

test('a private key under a passphrase is refused', () => {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const options = { format: 'der', type: 'pkcs8', cipher: 'aes-256-cbc', passphrase: 'secret' } as const
  expect(arrive('ec-p256', privateKey.export(options))).toBeUndefined()
})

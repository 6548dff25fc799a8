import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { asymmetricAlgorithm, namesOf } from '../../src/crypto/algorithms.ts'
import { type SignatureScheme, signatureSchemes } from '../../src/crypto/signature.ts'
import { sm2Digest } from '../../src/crypto/sm2.ts'
import { text } from '../spec/fixed.ts'
import { hasOpenssl } from '../spec/openssl.ts'
import { opensslSays, opensslWith, pairOf, pemOf, type TestPair } from './pairs.ts'

interface Row {
  readonly scheme: SignatureScheme
  readonly algorithm: string
  readonly digest: (message: Uint8Array, pair: TestPair) => Uint8Array
  /** What openssl's dgst is told. */
  readonly options: readonly string[]
}

const hashed = (name: string) => (message: Uint8Array) => new Uint8Array(createHash(name).update(message).digest())
const pssOf = (hash: string) => ['-sigopt', 'rsa_padding_mode:pss', '-sigopt', `rsa_mgf1_md:${hash}`]
const pss = pssOf('sha256')

const rows: readonly Row[] = [
  { scheme: 'rsaPssSha256', algorithm: 'rsa-2048', digest: hashed('sha256'), options: ['-sha256', ...pss] },
  { scheme: 'rsaPkcs1Sha256', algorithm: 'rsa-2048', digest: hashed('sha256'), options: ['-sha256'] },
  {
    scheme: 'rsaPssSha384',
    algorithm: 'rsa-2048',
    digest: hashed('sha384'),
    options: ['-sha384', ...pssOf('sha384')],
  },
  {
    scheme: 'rsaPssSha512',
    algorithm: 'rsa-3072',
    digest: hashed('sha512'),
    options: ['-sha512', ...pssOf('sha512')],
  },
  { scheme: 'rsaPkcs1Sha384', algorithm: 'rsa-3072', digest: hashed('sha384'), options: ['-sha384'] },
  { scheme: 'rsaPkcs1Sha512', algorithm: 'rsa-2048', digest: hashed('sha512'), options: ['-sha512'] },
  { scheme: 'ecdsaSecp256k1Sha256', algorithm: 'ec-secp256k1', digest: hashed('sha256'), options: ['-sha256'] },
  { scheme: 'ecdsaSha256', algorithm: 'ec-p256', digest: hashed('sha256'), options: ['-sha256'] },
  { scheme: 'ecdsaSha384', algorithm: 'ec-p384', digest: hashed('sha384'), options: ['-sha384'] },
  {
    scheme: 'sm2Sm3',
    algorithm: 'sm2',
    digest: (message, { publicKey }) => sm2Digest(publicKey, message),
    options: ['-sm3', '-sigopt', 'distid:1234567812345678'],
  },
]
const pairs = Object.fromEntries([...new Set(rows.map((row) => row.algorithm))].map((name) => [name, pairOf(name)]))
const message = text('a message that is signed')

describe.each(rows)('$scheme', ({ scheme, algorithm, digest, options }) => {
  const pair = pairs[algorithm] as TestPair
  const { key, publicKey } = pair
  const { sign, verify, digestBytes } = signatureSchemes[scheme]
  const asMessage = { type: 'message', bytes: message } as const
  const asDigest = { type: 'digest', bytes: digest(message, pair) } as const
  const files = { public: pemOf('PUBLIC KEY', publicKey), private: pemOf('PRIVATE KEY', pair.privateDer) }

  test('a signature of the message is one of its digest, and the reverse', () => {
    expect(asDigest.bytes).toHaveLength(digestBytes as number)
    for (const signed of [asMessage, asDigest]) {
      const signature = sign(key, publicKey, signed)
      expect(verify(publicKey, asMessage, signature)).toBe(true)
      expect(verify(publicKey, asDigest, signature)).toBe(true)
    }
  })

  test.skipIf(!hasOpenssl)('openssl verifies both', () => {
    for (const signed of [asMessage, asDigest]) {
      const signature = sign(key, publicKey, signed)
      const args = ['dgst', ...options, '-verify', '{public}', '-signature', '{signature}']
      expect(opensslSays({ ...files, signature }, args, message)).toBe(true)
      expect(opensslSays({ ...files, signature }, args, text('another message'))).toBe(false)
    }
  })

  test.skipIf(!hasOpenssl)('a signature of openssl is verified in both ways', () => {
    const signature = opensslWith(files, ['dgst', ...options, '-sign', '{private}'], message)
    expect(verify(publicKey, asMessage, signature)).toBe(true)
    expect(verify(publicKey, asDigest, signature)).toBe(true)
  })

  test('a signature of something else, of another key, changed, cut or longer is none', () => {
    const signature = sign(key, publicKey, asDigest)
    const other = pairOf(algorithm)
    for (const signed of [asMessage, asDigest]) {
      expect(verify(other.publicKey, signed, signature)).toBe(false)
      const changed = { ...signed, bytes: signed.bytes.with(3, (signed.bytes[3] ?? 0) ^ 1) }
      expect(verify(publicKey, changed, signature)).toBe(false)
      const wrong = [new Uint8Array(0), signature.subarray(1), signature.subarray(0, -1), new Uint8Array(64)]
      wrong.push(Buffer.concat([signature, Buffer.of(0)]), new Uint8Array(signature.length).fill(255))
      for (const one of wrong) expect(verify(publicKey, signed, one)).toBe(false)
    }
    fc.assert(
      fc.property(fc.nat(signature.length - 1), fc.nat(7), (at, bit) => {
        const spoilt = Uint8Array.from(signature).with(at, (signature[at] ?? 0) ^ (1 << bit))
        expect(verify(publicKey, asDigest, spoilt)).toBe(false)
      }),
      { numRuns: 40 },
    )
  })

  test('whatever is no public key verifies nothing', () => {
    const signature = sign(key, publicKey, asDigest)
    for (const bad of [new Uint8Array(0), new Uint8Array(91), publicKey.subarray(1)])
      if (scheme !== 'sm2Sm3') expect(verify(bad, asDigest, signature)).toBe(false)
  })
})

test('two signatures of one digest have nothing in common that tells the key: their nonces differ', () => {
  for (const { scheme, algorithm, digest } of rows.filter((row) => !row.scheme.startsWith('rsaPkcs1'))) {
    const pair = pairs[algorithm] as TestPair
    const signed = { type: 'digest', bytes: digest(message, pair) } as const
    const one = signatureSchemes[scheme].sign(pair.key, pair.publicKey, signed)
    expect(signatureSchemes[scheme].sign(pair.key, pair.publicKey, signed)).not.toEqual(one)
  }
})

test.skipIf(!hasOpenssl).each([0, 20, 32, 100])('a PSS signature with a salt of %d bytes is verified', (salt) => {
  const pair = pairs['rsa-2048'] as TestPair
  const options = ['-sha256', ...pss, '-sigopt', `rsa_pss_saltlen:${salt}`]
  const files = { private: pemOf('PRIVATE KEY', pair.privateDer) }
  const signature = opensslWith(files, ['dgst', ...options, '-sign', '{private}'], message)
  const { verify } = signatureSchemes.rsaPssSha256
  expect(verify(pair.publicKey, { type: 'message', bytes: message }, signature)).toBe(true)
  expect(verify(pair.publicKey, { type: 'digest', bytes: hashed('sha256')(message) }, signature)).toBe(true)
})

test('each scheme fits the keys that it is for', () => {
  const all = namesOf(['rsa', 'ec', 'edwards', 'sm2', 'mlKem', 'mlDsa'])
  const rsa = ['rsa-2048', 'rsa-3072', 'rsa-4096']
  const fitting = Object.entries(signatureSchemes).map(([scheme, { fits }]) => [
    scheme,
    all.filter((name) => fits(asymmetricAlgorithm(name))),
  ])
  expect(Object.fromEntries(fitting)).toEqual({
    rsaPssSha256: rsa,
    rsaPssSha384: rsa,
    rsaPssSha512: rsa,
    rsaPkcs1Sha256: rsa,
    rsaPkcs1Sha384: rsa,
    rsaPkcs1Sha512: rsa,
    ecdsaSha256: ['ec-p256'],
    ecdsaSecp256k1Sha256: ['ec-secp256k1'],
    ecdsaSha384: ['ec-p384'],
    ed25519: ['ed25519'],
    ed25519ph: ['ed25519'],
    sm2Sm3: ['sm2'],
    mlDsa44: ['ml-dsa-44'],
    mlDsa65: ['ml-dsa-65'],
    mlDsa87: ['ml-dsa-87'],
  })
})

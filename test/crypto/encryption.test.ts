import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type EncryptionScheme, encryptionSchemes } from '../../src/crypto/encryption.ts'
import { seededRandom, text, toHex } from '../spec/fixed.ts'
import { hasOpenssl } from '../spec/openssl.ts'
import { opensslWith, pairOf, pemOf } from './pairs.ts'

const rsa = pairOf('rsa-2048')
const files = { public: pemOf('PUBLIC KEY', rsa.publicKey), private: pemOf('PRIVATE KEY', rsa.privateDer) }
const rows: readonly (readonly [EncryptionScheme, number, readonly string[]])[] = [
  ['rsaPkcs1', 245, ['rsa_padding_mode:pkcs1']],
  ['rsaOaepSha1', 214, ['rsa_padding_mode:oaep', 'rsa_oaep_md:sha1', 'rsa_mgf1_md:sha1']],
  ['rsaOaepSha256', 190, ['rsa_padding_mode:oaep', 'rsa_oaep_md:sha256', 'rsa_mgf1_md:sha256']],
]

describe.each(rows)('%s', (scheme, bytesMax, options) => {
  const { encrypt, decrypt } = encryptionSchemes[scheme]
  const pkeyopts = options.flatMap((option) => ['-pkeyopt', option])

  test.skipIf(!hasOpenssl)('goes to openssl and comes from it', () => {
    const plaintext = seededRandom(scheme).bytes(bytesMax)
    const ours = encrypt(rsa.publicKey, plaintext) as Uint8Array
    const opened = opensslWith(files, ['pkeyutl', '-decrypt', '-inkey', '{private}', ...pkeyopts], ours)
    expect(toHex(opened)).toBe(toHex(plaintext))
    const theirs = opensslWith(files, ['pkeyutl', '-encrypt', '-pubin', '-inkey', '{public}', ...pkeyopts], plaintext)
    expect(toHex(decrypt(rsa.key, theirs) as Uint8Array)).toBe(toHex(plaintext))
  })

  test('takes no byte more than the key holds', () => {
    expect(encrypt(rsa.publicKey, new Uint8Array(bytesMax))).toHaveLength(256)
    expect(encrypt(rsa.publicKey, new Uint8Array(bytesMax + 1))).toBeUndefined()
  })

  test('opens nothing of another length', () => {
    for (const length of [0, 1, 255, 257]) expect(decrypt(rsa.key, new Uint8Array(length).fill(1))).toBeUndefined()
  })
})

test('OAEP opens nothing that was changed; PKCS#1 opens it to something else', () => {
  const plaintext = text('changed')
  fc.assert(
    fc.property(fc.constantFrom(...rows), fc.nat(255), fc.nat(7), ([scheme], at, bit) => {
      const whole = encryptionSchemes[scheme].encrypt(rsa.publicKey, plaintext) as Uint8Array
      const opened = encryptionSchemes[scheme].decrypt(rsa.key, whole.with(at, (whole[at] ?? 0) ^ (1 << bit)))
      // A number beyond the modulus is the one thing that anybody can see.
      if (scheme === 'rsaPkcs1') expect(opened && toHex(opened)).not.toBe(toHex(plaintext))
      else expect(opened).toBeUndefined()
    }),
    { numRuns: 60 },
  )
})

test('a stranger’s key must be RSA-2048 with an ordinary exponent, or SM2', () => {
  const keys = Object.fromEntries(['rsa-2048', 'sm2', 'ec-p256'].map((name) => [name, pairOf(name).publicKey]))
  const taken = (scheme: EncryptionScheme) =>
    Object.keys(keys).filter((name) => encryptionSchemes[scheme].takes(keys[name] as Uint8Array))
  expect(taken('rsaPkcs1')).toEqual(['rsa-2048'])
  expect(taken('sm2Raw')).toEqual(['sm2'])
  const exponentAt = rsa.publicKey.length - 3
  for (const exponent of [0, 1, 2]) {
    const weak = Uint8Array.from(rsa.publicKey)
    weak.set([0, 0, exponent], exponentAt)
    expect(encryptionSchemes.rsaOaepSha256.takes(weak)).toBe(false)
  }
  for (const nonsense of [new Uint8Array(0), new Uint8Array(294), rsa.publicKey.subarray(0, 200)])
    for (const { takes } of Object.values(encryptionSchemes)) expect(takes(nonsense)).toBe(false)
})

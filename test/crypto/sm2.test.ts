import fc from 'fast-check'
import { sm2 as second } from 'sm-crypto-v2'
import { describe, expect, test } from 'vitest'
import { privateKeyFrom } from '../../src/crypto/private-key.ts'
import { isSm2, sm2Decrypt, sm2Digest, sm2Encrypt, sm2Sign, sm2Verify } from '../../src/crypto/sm2.ts'
import { hex, text, toHex } from '../spec/fixed.ts'
import { hasOpenssl } from '../spec/openssl.ts'
import { opensslWith, pairOf, pemOf } from './pairs.ts'

/** GB/T 32918.5, annexes A and C: the key of both examples. */
const scalar = '3945208f7b2144b13f36e38ac6d39f95889393692860b51a42fb81ef4df7c5b8'
const point =
  '0409f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13'
const publicKey = hex(`3059301306072a8648ce3d020106082a811ccf5501822d034200${point}`)
const privateDer = hex(
  `308187020100301306072a8648ce3d020106082a811ccf5501822d046d306b0201010420${scalar}a144034200${point}`,
)
const key = privateKeyFrom(privateDer)
const digest = sm2Digest(publicKey, text('message digest'))

describe('the published examples', () => {
  test('of a digest with ZA', () => {
    expect(toHex(digest)).toBe('f0b43e94ba45accaace692ed534382eb17e6ab5a19ce7b31f4486fdfc0d28640')
  })

  test('of a signature verify, as DER and raw', () => {
    const [r, s] = [
      'f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3',
      'b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa',
    ]
    expect(sm2Verify(publicKey, digest, hex(`3046022100${r}022100${s}`))).toBe(true)
    expect(sm2Verify(publicKey, digest, hex(`${r}${s}`))).toBe(true)
    expect(sm2Verify(publicKey, digest, hex(`${s}${r}`))).toBe(false)
  })

  test('of a ciphertext opens', () => {
    const ciphertext = hex(
      '0404ebfc718e8d1798620432268e77feb6415e2ede0e073c0f4f640ecd2e149a73e858f9d81e5430a57b36daab8f950a3c64e6ee6a63094d99283aff767e124df0' +
        '59983c18f809e262923c53aec295d30383b54e39d609d160afcb1908d0bd876621886ca989ca9c7d58087307ca93092d651efa',
    )
    expect(Buffer.from(sm2Decrypt(key, ciphertext) ?? []).toString()).toBe('encryption standard')
  })
})

describe('a second implementation', () => {
  const options = { hash: true, der: true, publicKey: point, userId: '1234567812345678' }
  const messages = fc.uint8Array({ minLength: 1, maxLength: 200 })

  test('verifies our signatures, and we verify its', () => {
    fc.assert(
      fc.property(messages, (message) => {
        const ours = sm2Sign(key, sm2Digest(publicKey, message))
        expect(second.doVerifySignature(message, toHex(ours), point, options)).toBe(true)
        const theirs = hex(second.doSignature(message, scalar, options))
        expect(sm2Verify(publicKey, sm2Digest(publicKey, message), theirs)).toBe(true)
      }),
      { numRuns: 20 },
    )
  })

  test('opens our ciphertexts, and we open its', () => {
    fc.assert(
      fc.property(messages, (message) => {
        const der = sm2Encrypt(publicKey, message, 'der') as Uint8Array
        const raw = sm2Encrypt(publicKey, message, 'raw') as Uint8Array
        const asn1 = { asn1: true, output: 'array' } as const
        expect(toHex(second.doDecrypt(toHex(der), scalar, 1, asn1))).toBe(toHex(message))
        expect(toHex(second.doDecrypt(toHex(raw), scalar, 1, { output: 'array' }))).toBe(toHex(message))
        const theirs = second.doEncrypt(message, point, 1, { asn1: true })
        expect(toHex(sm2Decrypt(key, hex(theirs)) ?? hex(''))).toBe(toHex(message))
      }),
      { numRuns: 20 },
    )
  })
})

test.skipIf(!hasOpenssl)('openssl opens our ciphertexts and we open its, of keys that are generated here', () => {
  const pair = pairOf('sm2')
  expect(Buffer.from(pair.publicKey).toString('base64')).toMatch(/^MFkwEwYHKoZIzj0CAQYIKoEcz1UBgi0DQgAE/)
  const files = { public: pemOf('PUBLIC KEY', pair.publicKey), private: pemOf('PRIVATE KEY', pair.privateDer) }
  const plaintext = text('to openssl and back')
  const ours = sm2Encrypt(pair.publicKey, plaintext, 'der') as Uint8Array
  expect(opensslWith(files, ['pkeyutl', '-decrypt', '-inkey', '{private}'], ours).toString()).toBe(
    'to openssl and back',
  )
  const theirs = opensslWith(files, ['pkeyutl', '-encrypt', '-pubin', '-inkey', '{public}'], plaintext)
  expect(toHex(sm2Decrypt(pair.key, theirs) ?? hex(''))).toBe(toHex(plaintext))
})

describe('a ciphertext', () => {
  const plaintext = text('sixteen bytes!!!')
  const der = sm2Encrypt(publicKey, plaintext, 'der') as Uint8Array
  const raw = Buffer.concat([Buffer.of(4), sm2Encrypt(publicKey, plaintext, 'raw') as Uint8Array])

  test('changed in any bit does not open', () => {
    fc.assert(
      fc.property(fc.constantFrom(der, raw), fc.nat(), fc.nat(7), (whole, where, bit) => {
        const at = where % whole.length
        const spoilt = Uint8Array.from(whole).with(at, (whole[at] ?? 0) ^ (1 << bit))
        expect(sm2Decrypt(key, spoilt)).toBeUndefined()
      }),
      { numRuns: 150 },
    )
  })

  test('cut, longer, empty, or with a point off the curve does not open', () => {
    const off = Uint8Array.from(raw).fill(1, 1, 65)
    const zero = Uint8Array.from(raw).fill(0, 1, 65)
    const longer = [der, raw].map((whole) => Buffer.concat([whole, Buffer.of(0)]))
    const shorter = [der, raw].flatMap((whole) => [whole.subarray(0, -1), whole.subarray(0, 97), whole.subarray(1)])
    for (const wrong of [off, zero, new Uint8Array(0), Uint8Array.of(4), raw.subarray(0, 97), ...longer, ...shorter])
      expect(sm2Decrypt(key, wrong)).toBeUndefined()
  })

  test('is another one each time, and of nothing is none', () => {
    expect(sm2Encrypt(publicKey, plaintext, 'der')).not.toEqual(der)
    expect(sm2Encrypt(publicKey, new Uint8Array(0), 'der')).toBeUndefined()
  })
})

test('only an SM2 key is one, and a point off the curve encrypts and verifies nothing', () => {
  expect(isSm2(publicKey)).toBe(true)
  for (const other of ['ec-p256', 'rsa-2048']) expect(isSm2(pairOf(other).publicKey)).toBe(false)
  const off = publicKey.with(90, (publicKey[90] ?? 0) ^ 1)
  expect(sm2Encrypt(off, text('x'), 'der')).toBeUndefined()
  expect(sm2Verify(off, digest, sm2Sign(key, digest))).toBe(false)
})

test('r and s of zero, of the order and beyond are no signature', () => {
  const order = 'fffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123'
  const fine = '01'.padStart(64, '0')
  for (const [r, s] of [
    [fine, order],
    [order, fine],
    ['0'.repeat(64), fine],
    [fine, '0'.repeat(64)],
    ['f'.repeat(64), fine],
  ])
    expect(sm2Verify(publicKey, digest, hex(`${r}${s}`))).toBe(false)
})

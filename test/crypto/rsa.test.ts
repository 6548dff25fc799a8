import { constants, createPrivateKey, createPublicKey, publicEncrypt } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import { asymmetricAlgorithm } from '../../src/crypto/algorithms.ts'
import { generatePair } from '../../src/crypto/private-key.ts'
import { type RsaPadding, rsaUnwrap, unpadPkcs1 } from '../../src/crypto/rsa.ts'
import { seededRandom, text, toHex } from '../spec/fixed.ts'
import { hasOpenssl, openssl } from '../spec/openssl.ts'

// A key of its own and inputs from a seed: one random ciphertext in 2^25 is a right one, and a test must not be that luck.
const pem = readFileSync(new URL('rsa-for-tests.pem', import.meta.url))
const privateKey = new Uint8Array(createPrivateKey(pem).export({ type: 'pkcs8', format: 'der' }))
const folder = mkdtempSync(join(tmpdir(), 'keystead-rsa-'))
const publicPath = join(folder, 'public.pem')
writeFileSync(publicPath, createPublicKey(pem).export({ type: 'spki', format: 'pem' }))
afterAll(() => rmSync(folder, { recursive: true }))

const paddings: readonly RsaPadding[] = ['pkcs1', 'oaepSha1', 'oaepSha256']
const opensslOptions: Record<RsaPadding, string[]> = {
  pkcs1: ['rsa_padding_mode:pkcs1'],
  oaepSha1: ['rsa_padding_mode:oaep', 'rsa_oaep_md:sha1', 'rsa_mgf1_md:sha1'],
  oaepSha256: ['rsa_padding_mode:oaep', 'rsa_oaep_md:sha256', 'rsa_mgf1_md:sha256'],
}
const wrapByOpenssl = (padding: RsaPadding, material: Uint8Array): Uint8Array => {
  const options = opensslOptions[padding].flatMap((option) => ['-pkeyopt', option])
  return openssl(['pkeyutl', '-encrypt', '-pubin', '-inkey', publicPath, ...options], material)
}
const open = (padding: RsaPadding, wrapped: Uint8Array, length = 32) => rsaUnwrap(privateKey, padding, wrapped, length)

describe.skipIf(!hasOpenssl).each(paddings)('material wrapped by openssl with %s', (padding) => {
  test.each([16, 32])('of %d bytes unwraps to what it was', (length) => {
    const material = seededRandom(`${padding} ${length}`).bytes(length)
    expect(toHex(open(padding, wrapByOpenssl(padding, material), length) as Uint8Array)).toBe(toHex(material))
  })

  test('of another length than was asked for is refused by PKCS#1, and comes as it is by OAEP', () => {
    for (const length of [0, 15, 16, 31, 33, 48]) {
      const bytes = new Uint8Array(length).fill(1)
      const expected = padding === 'pkcs1' ? undefined : bytes
      expect(open(padding, wrapByOpenssl(padding, bytes), 32)).toEqual(expected)
    }
  })

  test('does not open with another padding', () => {
    const wrapped = wrapByOpenssl(padding, seededRandom('x').bytes(32))
    for (const other of paddings) expect(open(other, wrapped) !== undefined).toBe(other === padding)
  })

  test('is refused when changed, cut, extended, empty or beyond the modulus', () => {
    const wrapped = wrapByOpenssl(padding, seededRandom('x').bytes(32))
    const wrong = [
      wrapped.with(200, (wrapped[200] as number) ^ 1),
      wrapped.subarray(1),
      wrapped.subarray(0, 255),
      Buffer.concat([wrapped, Buffer.alloc(1)]),
      Buffer.concat([Buffer.alloc(1), wrapped]),
      new Uint8Array(0),
      new Uint8Array(256),
      new Uint8Array(256).fill(255),
    ]
    for (const bytes of wrong) expect(open(padding, bytes)).toBeUndefined()
  })
})

test('10,000 random ciphertexts are never accepted by the PKCS#1 v1.5 path', () => {
  const random = seededRandom('random ciphertexts')
  for (let n = 0; n < 10_000; n++) {
    // Below the modulus, whose first bit is 1: every one of them reaches the unpadding.
    const wrapped = random.bytes(256)
    wrapped[0] = (wrapped[0] as number) & 0x7f
    if (open('pkcs1', wrapped)) expect.fail(`ciphertext ${n} was accepted`)
  }
})

describe('unpadding PKCS#1 v1.5', () => {
  const encode = (padding: Uint8Array, message: Uint8Array) => Uint8Array.of(0, 2, ...padding, 0, ...message)
  const right = encode(new Uint8Array(221).fill(0xa5), seededRandom('message').bytes(32))

  test('accepts 00 02, 8 bytes or more that are not 00, 00, and the message', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ min: 1, minLength: 8, maxLength: 300 }),
        fc.uint8Array({ maxLength: 40 }),
        (padding, message) => {
          expect(toHex(unpadPkcs1(encode(padding, message), message.length) as Uint8Array)).toBe(toHex(message))
        },
      ),
    )
  })

  test('refuses every other value of every byte of the frame', () => {
    for (let at = 0; at < 224; at++)
      for (let value = 0; value < 256; value++) {
        const inPadding = at >= 2 && at < 223
        const accepted = inPadding ? value !== 0 : value === right[at]
        if ((unpadPkcs1(right.with(at, value), 32) !== undefined) !== accepted) expect.fail(`byte ${at} = ${value}`)
      }
  })

  test('refuses less than 8 bytes of padding', () => {
    const message = seededRandom('message').bytes(32)
    for (let length = 0; length < 8; length++)
      expect(unpadPkcs1(encode(new Uint8Array(length).fill(1), message), 32)).toBeUndefined()
    expect(unpadPkcs1(new Uint8Array(0), 32)).toBeUndefined()
  })

  test('a message that holds a 00 or starts with one is not cut', () => {
    const message = new Uint8Array(32)
    expect(toHex(unpadPkcs1(encode(new Uint8Array(221).fill(1), message), 32) as Uint8Array)).toBe(toHex(message))
  })
})

test('a result is in memory of its own and is not what was zeroed', () => {
  const key = createPublicKey(pem)
  const material = seededRandom('own').bytes(32)
  const wrapped = publicEncrypt({ key, padding: constants.RSA_PKCS1_PADDING }, material)
  const opened = open('pkcs1', wrapped) as Uint8Array
  expect(opened.buffer.byteLength).toBe(32)
  expect(toHex(opened)).toBe(toHex(material))
})

test('a generated pair is RSA-2048 with exponent 65537, and its halves belong together', () => {
  const pair = generatePair(asymmetricAlgorithm('rsa-2048'))
  const publicKey = createPublicKey({ key: Buffer.from(pair.publicKey), format: 'der', type: 'spki' })
  expect(publicKey.asymmetricKeyDetails).toMatchObject({ modulusLength: 2048, publicExponent: 65537n })
  const wrapped = publicEncrypt({ key: publicKey, padding: constants.RSA_PKCS1_PADDING }, text('16 bytes of text'))
  expect(Buffer.from(rsaUnwrap(pair.privateKey, 'pkcs1', wrapped, 16) as Uint8Array).toString()).toBe(
    '16 bytes of text',
  )
})

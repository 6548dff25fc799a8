/** Published vectors, each with its source, and what they cannot reach by the openssl command. */
import { createCipheriv } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Aead } from '../../src/crypto/aead.ts'
import { aes256Gcm } from '../../src/crypto/aes-gcm.ts'
import { equalInConstantTime } from '../../src/crypto/compare.ts'
import { hmacSha256, hmacSha256Hex, sha256, sha256Hex, sm3 } from '../../src/crypto/digest.ts'
import { deriveBytes } from '../../src/crypto/kdf.ts'
import { labels } from '../../src/crypto/labels.ts'
import { secretFrom } from '../../src/crypto/secret.ts'
import { sm4CtrHmacSm3 } from '../../src/crypto/sm4.ts'
import { hex, seededRandom, text, toHex } from '../spec/fixed.ts'
import { hasOpenssl, openssl } from '../spec/openssl.ts'
import { hmacSm3, sm4Ctr } from '../spec/second-reader.ts'

const sealed = (aead: Aead, nonce: Uint8Array, aad: Uint8Array, plaintext: Uint8Array): string => {
  const out = new Uint8Array(plaintext.length + 16)
  aead.seal(nonce, aad, plaintext, out, 0)
  return toHex(out)
}

/** The Galois/Counter Mode of Operation (McGrew, Viega; submitted to NIST), appendix B. */
const gcmVectors = [
  { name: '13', key: '00'.repeat(32), iv: '00'.repeat(12), p: '', a: '', ct: '530f8afbc74536b9a963b4f1c4cb738b' },
  {
    name: '14',
    key: '00'.repeat(32),
    iv: '00'.repeat(12),
    p: '00'.repeat(16),
    a: '',
    ct: 'cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919',
  },
  {
    name: '16',
    key: 'feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308',
    iv: 'cafebabefacedbaddecaf888',
    p: 'd9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39',
    a: 'feedfacedeadbeeffeedfacedeadbeefabaddad2',
    ct: '522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f66276fc6ece0f4e1768cddf8853bb2d551b',
  },
]

test.each(gcmVectors)('AES-256-GCM gives NIST’s test case $name', ({ key, iv, p, a, ct }) => {
  const aead = aes256Gcm(secretFrom(hex(key)))
  expect(sealed(aead, hex(iv), hex(a), hex(p))).toBe(ct)
  const bytes = hex(ct)
  const at = bytes.length - 16
  expect(toHex(aead.open(hex(iv), hex(a), bytes.subarray(0, at), bytes.subarray(at)) as Uint8Array)).toBe(p)
  expect(aead.open(hex(iv), hex(`${a}00`), bytes.subarray(0, at), bytes.subarray(at))).toBeUndefined()
})

test('SM3 gives the examples of GB/T 32905, annex A', () => {
  expect(toHex(sm3('abc'))).toBe('66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0')
  expect(toHex(sm3('abcd'.repeat(16)))).toBe('debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732')
})

test('the platform’s SM4 gives the example of GB/T 32907, annex A', () => {
  const block = hex('0123456789abcdeffedcba9876543210')
  const cipher = createCipheriv('sm4-ecb', block, null).setAutoPadding(false)
  expect(cipher.update(block).toString('hex')).toBe('681edf34d206965e86b3e94f536e4246')
})

describe('SM4-CTR with HMAC-SM3', () => {
  const [key, macKey] = [seededRandom('sm4').bytes(16), seededRandom('mac').bytes(32)]
  const aead = sm4CtrHmacSm3(secretFrom(key), secretFrom(macKey))
  const [nonce, aad] = [seededRandom('nonce').bytes(12), seededRandom('aad').bytes(156)]

  test.skipIf(!hasOpenssl).each([0, 1, 16, 17, 100, 5000])('is what openssl makes of %d bytes', (length) => {
    const plaintext = seededRandom('plaintext').bytes(length)
    const args = ['enc', '-sm4-ctr', '-K', toHex(key), '-iv', `${toHex(nonce)}00000000`]
    const ciphertext = openssl(args, plaintext)
    const mac = openssl(
      ['dgst', '-sm3', '-binary', '-mac', 'hmac', '-macopt', `hexkey:${toHex(macKey)}`],
      Buffer.concat([aad, ciphertext]),
    )
    expect(sealed(aead, nonce, aad, plaintext)).toBe(ciphertext.toString('hex') + mac.toString('hex', 0, 16))
    expect(toHex(sm4Ctr(key, nonce, plaintext))).toBe(ciphertext.toString('hex'))
  })

  test('refuses another tag, a shorter one, another AAD and another nonce', () => {
    const plaintext = text('plaintext')
    const bytes = hex(sealed(aead, nonce, aad, plaintext))
    const [ciphertext, tag] = [bytes.subarray(0, -16), bytes.subarray(-16)]
    expect(toHex(aead.open(nonce, aad, ciphertext, tag) as Uint8Array)).toBe(toHex(plaintext))
    expect(aead.open(nonce, aad, ciphertext, tag.with(15, (tag[15] as number) ^ 1))).toBeUndefined()
    expect(aead.open(nonce, aad, ciphertext, tag.subarray(0, 15))).toBeUndefined()
    expect(aead.open(nonce, aad.with(0, (aad[0] as number) ^ 1), ciphertext, tag)).toBeUndefined()
    expect(aead.open(nonce, aad, ciphertext.subarray(1), tag)).toBeUndefined()
  })
})

describe('the KDF of SP 800-108 in counter mode', () => {
  const key = seededRandom('kdf').bytes(32)
  const context = seededRandom('context').bytes(80)
  // openssl's KBKDF is the same construction: salt is the label, info the context.
  const byOpenssl = (digest: string, label: string, length: number): string =>
    openssl([
      ...['kdf', '-binary', '-keylen', String(length), '-kdfopt', 'mac:HMAC', '-kdfopt', `digest:${digest}`],
      ...['-kdfopt', `hexkey:${toHex(key)}`, '-kdfopt', `hexsalt:${toHex(text(label))}`],
      ...['-kdfopt', `hexinfo:${toHex(context)}`, 'KBKDF'],
    ]).toString('hex')

  test.skipIf(!hasOpenssl).each(['sha512', 'sm3'] as const)(
    'with %s gives what openssl gives, in one block, in several and in part',
    (prf) => {
      for (const length of [16, 32, 64, 96, 100]) {
        const ours = deriveBytes(prf, secretFrom(key), labels.aes256Gcm, context, length)
        expect(toHex(ours)).toBe(byOpenssl(prf, labels.aes256Gcm, length))
      }
    },
  )

  test('gives each label bytes of its own', () => {
    const all = Object.values(labels).map((label) => toHex(deriveBytes('sha512', secretFrom(key), label, context, 32)))
    expect(new Set(all).size).toBe(all.length)
  })

  test('with SM3 starts with HMAC-SM3 of the first block’s input', () => {
    const input = Buffer.concat([hex('00000001'), text(labels.sm4CtrHmacSm3), hex('00'), context, hex('00000300')])
    const derived = deriveBytes('sm3', secretFrom(key), labels.sm4CtrHmacSm3, context, 96)
    expect(toHex(derived.subarray(0, 32))).toBe(toHex(hmacSm3(key, input)))
  })
})

test('SHA-256 and HMAC-SHA-256 give the vectors of FIPS 180-4 and RFC 4231, in bytes and in hex', () => {
  const abc = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'
  expect([toHex(sha256('abc')), sha256Hex(text('abc'))]).toEqual([abc, abc])
  const key = secretFrom(text('Jefe'))
  const mac = '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843'
  const data = 'what do ya want for nothing?'
  expect([toHex(hmacSha256(key, data)), hmacSha256Hex(key, text(data))]).toEqual([mac, mac])
})

test('a secret is shown by no inspection and no JSON', async () => {
  const secret = secretFrom(text('not to be seen, not to be seen!!'))
  const { inspect } = await import('node:util')
  const shown = inspect(secret, { depth: 9, showHidden: true }) + JSON.stringify({ secret }) + String(secret)
  expect(shown).not.toMatch(/not to be|6e6f7420|110,111,116|bm90IHRv/)
})

test('a comparison in constant time is equality, whatever the lengths', () => {
  const short = fc.uint8Array({ maxLength: 4, max: 1 })
  fc.assert(
    fc.property(short, short, (a, b) => {
      expect(equalInConstantTime(a, b)).toBe(toHex(a) === toHex(b))
    }),
  )
})

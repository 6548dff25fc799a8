import { createHash, createPrivateKey, createPublicKey } from 'node:crypto'
import { ed25519ph } from '@noble/curves/ed25519.js'
import { describe, expect, test } from 'vitest'
import { privateKeyFrom } from '../../src/crypto/private-key.ts'
import { signatureSchemes } from '../../src/crypto/signature.ts'
import { hex, text, toHex } from '../spec/fixed.ts'
import { hasOpenssl } from '../spec/openssl.ts'
import { opensslSays, opensslWith, pairOf, pemOf } from './pairs.ts'

/** RFC 8410: PKCS#8 of a seed. */
const pkcs8 = (seed: string) => hex(`302e020100300506032b657004220420${seed}`)

const pairFrom = (seed: string) => {
  const der = pkcs8(seed)
  const object = createPrivateKey({ key: Buffer.from(der), format: 'der', type: 'pkcs8' })
  const publicKey = new Uint8Array(createPublicKey(object).export({ format: 'der', type: 'spki' }))
  return { key: privateKeyFrom(der), publicKey }
}

const { ed25519, ed25519ph: ph } = signatureSchemes
const sha512 = (bytes: Uint8Array) => new Uint8Array(createHash('sha512').update(bytes).digest())

describe('Ed25519', () => {
  test('gives the third test of RFC 8032, section 7.1', () => {
    const { key, publicKey } = pairFrom('c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7')
    const signed = { type: 'message', bytes: hex('af82') } as const
    const signature = ed25519.sign(key, publicKey, signed)
    expect(toHex(signature)).toBe(
      '6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a',
    )
    expect(ed25519.verify(publicKey, signed, signature)).toBe(true)
    expect(ed25519.verify(publicKey, { ...signed, bytes: hex('af83') }, signature)).toBe(false)
  })

  test.skipIf(!hasOpenssl)('openssl verifies a signature, and signs the same', () => {
    const pair = pairOf('ed25519')
    const message = text('a message')
    const files = {
      public: pemOf('PUBLIC KEY', pair.publicKey),
      private: pemOf('PRIVATE KEY', pair.privateDer),
      message,
    }
    const signature = ed25519.sign(pair.key, pair.publicKey, { type: 'message', bytes: message })
    const verifying = ['pkeyutl', '-verify', '-pubin', '-inkey', '{public}', '-rawin', '-in', '{message}']
    expect(opensslSays({ ...files, signature }, [...verifying, '-sigfile', '{signature}'])).toBe(true)
    const signing = ['pkeyutl', '-sign', '-inkey', '{private}', '-rawin', '-in', '{message}']
    expect(opensslWith(files, signing).equals(signature)).toBe(true)
  })
})

describe('Ed25519ph', () => {
  test('gives the test of RFC 8032, section 7.3, from the message and from its digest', () => {
    const { key, publicKey } = pairFrom('833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42')
    for (const signed of [
      { type: 'message', bytes: hex('616263') },
      { type: 'digest', bytes: sha512(hex('616263')) },
    ] as const) {
      const signature = ph.sign(key, publicKey, signed)
      expect(toHex(signature)).toBe(
        '98a70222f0b8121aa9d30f813d683f809e462b469c7ff87639499bb94e6dae4131f85042463c2a355a2003d062adf5aaa10b8c61e636062aaad11c2a26083406',
      )
      expect(ph.verify(publicKey, signed, signature)).toBe(true)
    }
  })

  test('the curve library’s own form agrees, and no signature of the one form is one of the other', () => {
    const pair = pairOf('ed25519')
    const message = text('a message')
    const digest = { type: 'digest', bytes: sha512(message) } as const
    const raw = pair.publicKey.subarray(-32)
    const signature = ph.sign(pair.key, pair.publicKey, digest)
    expect(ed25519ph.verify(signature, message, raw)).toBe(true)
    expect(ph.verify(pair.publicKey, digest, ed25519ph.sign(message, pair.privateDer.slice(-32)))).toBe(true)
    expect(ed25519.verify(pair.publicKey, { type: 'message', bytes: digest.bytes }, signature)).toBe(false)
    expect(ph.verify(pair.publicKey, digest, ed25519.sign(pair.key, pair.publicKey, digest))).toBe(false)
  })

  test('what is changed, cut, longer, of another key or of no key verifies nothing', () => {
    const pair = pairOf('ed25519')
    const digest = { type: 'digest', bytes: sha512(text('a')) } as const
    const signature = ph.sign(pair.key, pair.publicKey, digest)
    for (let at = 0; at < 64; at += 5)
      expect(ph.verify(pair.publicKey, digest, signature.with(at, (signature[at] ?? 0) ^ 1))).toBe(false)
    for (const wrong of [new Uint8Array(0), signature.subarray(1), Buffer.concat([signature, Buffer.of(0)])])
      expect(ph.verify(pair.publicKey, digest, wrong)).toBe(false)
    expect(ph.verify(pairOf('ed25519').publicKey, digest, signature)).toBe(false)
    expect(ph.verify(pairOf('ec-p256').publicKey, digest, signature)).toBe(false)
    expect(ph.verify(new Uint8Array(44), digest, signature)).toBe(false)
  })
})

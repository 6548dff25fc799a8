/** ML-KEM-1024 and ML-DSA of the platform against an implementation that shares nothing with it. */
import { ml_dsa44, ml_dsa65, ml_dsa87 } from '@noble/post-quantum/ml-dsa.js'
import { ml_kem1024 } from '@noble/post-quantum/ml-kem.js'
import { describe, expect, test } from 'vitest'
import { decapsulateWith, encapsulateTo, encapsulationBytes } from '../../src/crypto/kem.ts'
import { signatureSchemes } from '../../src/crypto/signature.ts'
import { seededRandom, text, toHex } from '../spec/fixed.ts'
import { pairOf } from './pairs.ts'

/** The seed in PKCS#8 (RFC 9881, RFC 9935): the OCTET STRING of that length before the expanded key. */
const seedIn = (der: Uint8Array, length: number): Uint8Array => {
  const at = Buffer.from(der).indexOf(Buffer.of(4, length))
  return der.slice(at + 2, at + 2 + length)
}

describe('ML-KEM-1024', () => {
  const pair = pairOf('ml-kem-1024')
  const raw = pair.publicKey.slice(-1568)
  const theirs = ml_kem1024.keygen(seedIn(pair.privateDer, 64))

  test('makes of a seed the pair that the second implementation makes of it', () => {
    expect(toHex(theirs.publicKey)).toBe(toHex(raw))
  })

  test('agrees with it on a secret, whoever encapsulates', () => {
    const ours = encapsulateTo(pair.publicKey)
    expect(ours.encapsulation).toHaveLength(encapsulationBytes)
    expect(toHex(ml_kem1024.decapsulate(ours.encapsulation, theirs.secretKey))).toBe(toHex(ours.secret))
    const { cipherText, sharedSecret } = ml_kem1024.encapsulate(raw)
    expect(toHex(decapsulateWith(pair.key, cipherText))).toBe(toHex(sharedSecret))
  })

  test('rejects implicitly as it does: a changed encapsulation gives both the same other secret', () => {
    const { secret, encapsulation } = encapsulateTo(pair.publicKey)
    const changed = encapsulation.with(700, (encapsulation[700] ?? 0) ^ 1)
    const opened = toHex(decapsulateWith(pair.key, changed))
    expect(opened).not.toBe(toHex(secret))
    expect(opened).toBe(toHex(ml_kem1024.decapsulate(changed, theirs.secretKey)))
  })
})

const dilithiums = [
  ['ml-dsa-44', 'mlDsa44', ml_dsa44, 1312, 2420],
  ['ml-dsa-65', 'mlDsa65', ml_dsa65, 1952, 3309],
  ['ml-dsa-87', 'mlDsa87', ml_dsa87, 2592, 4627],
] as const

describe.each(dilithiums)('%s', (algorithm, scheme, second, keyBytes, signatureBytes) => {
  const pair = pairOf(algorithm)
  const raw = pair.publicKey.slice(-keyBytes)
  const theirs = second.keygen(seedIn(pair.privateDer, 32))
  const { sign, verify } = signatureSchemes[scheme]
  const message = text('a message')
  const signed = { type: 'message', bytes: message } as const

  test('makes of a seed the pair that the second implementation makes of it', () => {
    expect(toHex(theirs.publicKey)).toBe(toHex(raw))
  })

  test('verifies its signatures, and the reverse', () => {
    const ours = sign(pair.key, pair.publicKey, signed)
    expect(ours).toHaveLength(signatureBytes)
    expect(second.verify(ours, message, raw)).toBe(true)
    const signature = second.sign(message, theirs.secretKey)
    expect(verify(pair.publicKey, signed, signature)).toBe(true)
    expect(verify(pair.publicKey, { ...signed, bytes: text('another') }, signature)).toBe(false)
    for (const length of [0, 64, signatureBytes - 32, signatureBytes - 1, signatureBytes + 1])
      expect(verify(pair.publicKey, signed, seededRandom('wrong').bytes(length))).toBe(false)
  })
})

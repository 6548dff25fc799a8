/** ML-KEM-1024 and ML-DSA-87 against NIST's own known answers (ACVP), as far as the platform takes their inputs. */

import { createPublicKey } from 'node:crypto'
import { ml_dsa87 } from '@noble/post-quantum/ml-dsa.js'
import { describe, expect, test } from 'vitest'
import { sha256Hex } from '../../src/crypto/digest.ts'
import { decapsulateWith } from '../../src/crypto/kem.ts'
import { type PrivateKey, privateKeyFrom, privateKeyObject } from '../../src/crypto/private-key.ts'
import dsa from './vectors/ml-dsa-87.json' with { type: 'json' }
import kem from './vectors/ml-kem-1024.json' with { type: 'json' }

const bytes = (base64: string): Buffer => Buffer.from(base64, 'base64')

const lengthOf = (length: number): Buffer => {
  if (length < 128) return Buffer.of(length)
  return length < 256 ? Buffer.of(0x81, length) : Buffer.of(0x82, length >> 8, length & 255)
}
const der = (tag: number, ...parts: readonly Buffer[]): Buffer => {
  const content = Buffer.concat(parts)
  return Buffer.concat([Buffer.of(tag), lengthOf(content.length), content])
}

/** Under joint-iso-itu-t(2) country(16) us(840) organization(1) gov(101) csor(3) nistAlgorithm(4). */
const nist = (...arcs: readonly number[]): Buffer =>
  der(0x30, der(0x06, Buffer.concat([Buffer.from('60864801650304', 'hex'), Buffer.from(arcs)])))
const algorithms = { kem: nist(4, 3), dsa: nist(3, 19) }

/** PKCS#8 of a seed, or of an expanded key (RFC 9935, section 6; RFC 9881, section 6). */
const pkcs8 = (algorithm: Buffer, form: 'seed' | 'expanded', key: Buffer): PrivateKey =>
  privateKeyFrom(der(0x30, der(0x02, Buffer.of(0)), algorithm, der(0x04, der(form === 'seed' ? 0x80 : 0x04, key))))

const publicSha256 = (key: PrivateKey, length: number): string =>
  sha256Hex(createPublicKey(privateKeyObject(key)).export({ type: 'spki', format: 'der' }).subarray(-length))

describe('ML-KEM-1024', () => {
  test.each(kem.keyGen)('makes the public key of seed $tcId', ({ d, z, ekSha256 }) => {
    const key = pkcs8(algorithms.kem, 'seed', Buffer.concat([bytes(d), bytes(z)]))
    expect(publicSha256(key, 1568)).toBe(ekSha256)
  })

  const key = pkcs8(algorithms.kem, 'expanded', bytes(kem.decapsulation.dk))
  test.each(kem.decapsulation.tests)('opens encapsulation $tcId: $reason', ({ c, k }) => {
    expect(Buffer.from(decapsulateWith(key, bytes(c)))).toEqual(bytes(k))
  })
})

describe('ML-DSA-87', () => {
  test.each(dsa.keyGen)('makes the public key of seed $tcId', ({ seed, pkSha256 }) => {
    expect(publicSha256(pkcs8(algorithms.dsa, 'seed', bytes(seed)), 2592)).toBe(pkSha256)
  })

  // The platform has no internal interface. The second implementation has one, and agrees with the platform on the other.
  test.each(dsa.sigVer.tests)('signature $tcId is judged rightly by the second implementation: $reason', (vector) => {
    const { message, signature, passed } = vector
    const judged = () => ml_dsa87.internal.verify(bytes(signature), bytes(message), bytes(dsa.sigVer.pk))
    expect(judged()).toBe(passed)
  })
})

import { createECDH } from 'node:crypto'
import { sm2 } from 'sm-crypto-v2'
import { describe, expect, test } from 'vitest'
import { agree, isPeerOf } from '../../src/crypto/agreement.ts'
import { asymmetricAlgorithm } from '../../src/crypto/algorithms.ts'
import { scalarOf } from '../../src/crypto/private-key.ts'
import { toHex } from '../spec/fixed.ts'
import { hasOpenssl } from '../spec/openssl.ts'
import { opensslWith, pairOf, pemOf } from './pairs.ts'

const curves = [
  ['ec-p256', 32, 'prime256v1'],
  ['ec-p384', 48, 'secp384r1'],
  ['ec-secp256k1', 32, 'secp256k1'],
  ['sm2', 32, 'SM2'],
] as const

const computedBy = (curve: string, scalar: Uint8Array, point: Uint8Array): Uint8Array => {
  const ecdh = createECDH(curve)
  ecdh.setPrivateKey(scalar)
  return ecdh.computeSecret(point)
}

describe.each(curves)('agreement on %s', (algorithm, bytes, curve) => {
  const one = pairOf(algorithm)
  const other = pairOf(algorithm)
  const pointIn = ({ publicKey }: typeof one) => publicKey.subarray(publicKey.length - 2 * bytes - 1)

  test('both sides share the same x coordinate, as long as the field', () => {
    const shared = agree(one.key, other.publicKey)
    expect(shared).toHaveLength(bytes)
    expect(agree(other.key, one.publicKey)).toEqual(shared)
    expect(agree(one.key, pairOf(algorithm).publicKey)).not.toEqual(shared)
  })

  test('another implementation gives the same from scalar and point', () => {
    const [scalar, point] = [scalarOf(one.key, bytes), pointIn(other)]
    // The library answers `02 or 03 ‖ x`.
    const computed =
      algorithm === 'sm2' ? sm2.ecdh(toHex(scalar), toHex(point)).slice(1) : computedBy(curve, scalar, point)
    expect(agree(one.key, other.publicKey)).toEqual(Uint8Array.from(computed))
  })

  test.skipIf(!hasOpenssl)('openssl derives the same, and derives nothing on the curve of SM2', () => {
    const files = { own: pemOf('PRIVATE KEY', one.privateDer), peer: pemOf('PUBLIC KEY', other.publicKey) }
    const derive = () => opensslWith(files, ['pkeyutl', '-derive', '-inkey', '{own}', '-peerkey', '{peer}'])
    if (algorithm === 'sm2') return expect(derive).toThrow()
    const derived = derive()
    return expect(Uint8Array.from(derived)).toEqual(agree(one.key, other.publicKey))
  })

  test('a key of another curve, a point beside the curve, and what is no key agree on nothing', () => {
    const row = asymmetricAlgorithm(algorithm)
    expect(isPeerOf(row, other.publicKey)).toBe(true)
    const strangers = curves.filter(([name]) => name !== algorithm).map(([name]) => pairOf(name).publicKey)
    const last = other.publicKey.length - 1
    const beside = other.publicKey.with(last, (other.publicKey[last] ?? 0) ^ 1)
    for (const peer of [...strangers, pairOf('ed25519').publicKey, new Uint8Array(0), new Uint8Array(91)]) {
      expect(isPeerOf(row, peer)).toBe(false)
      expect(agree(one.key, peer)).toBeUndefined()
    }
    expect(agree(one.key, beside)).toBeUndefined()
  })
})

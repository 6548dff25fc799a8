/** The tables are the ciphers', and the key is not in them. */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { roundKeys as aesRoundKeys, inverseKeys } from '../../src/crypto/white-box/aes.ts'
import {
  apply,
  compose,
  inversePermutation,
  randomBijection,
  randomPermutation,
} from '../../src/crypto/white-box/binary.ts'
import { decryptKeyOf } from '../../src/crypto/white-box/decrypt-key.ts'
import { roundKeys as sm4RoundKeys } from '../../src/crypto/white-box/sm4.ts'
import {
  newWhiteBoxKey,
  platformSource,
  type WhiteBoxAlgorithm,
  whiteBoxTables,
} from '../../src/crypto/white-box/tables.ts'
import { openWhiteBox } from '../../src/white-box/decryptor.ts'
import { hex, seededRandom, toHex } from '../spec/fixed.ts'
import { seededWhiteBox } from '../spec/white-box-vectors.ts'

const algorithms = ['aes-256', 'sm4'] as const
const ecb = { 'aes-256': 'aes-256-ecb', sm4: 'sm4-ecb' } as const
const cbc = { 'aes-256': 'aes-256-cbc', sm4: 'sm4-cbc' } as const
const source = platformSource()

describe('what the tables are made of', () => {
  test('a drawn map of bits is undone by its other half', () => {
    for (const bits of [8, 32] as const)
      for (let round = 0; round < 20; round++) {
        const { forth, back } = randomBijection(bits, source)
        const identity = Uint32Array.from({ length: bits }, (_, at) => (1 << at) >>> 0)
        expect([compose(forth, back), compose(back, forth)]).toEqual([identity, identity])
      }
  })

  test('a map of bits is linear', () => {
    const { forth } = randomBijection(32, source)
    const word = fc.nat({ max: 0xffffffff })
    fc.assert(
      fc.property(word, word, (a, b) => (apply(forth, (a ^ b) >>> 0) ^ apply(forth, a) ^ apply(forth, b)) === 0),
    )
  })

  test('a drawn order has everything once, and every order of a few is as likely', () => {
    const counts = new Map<number, number>()
    for (let drawn = 0; drawn < 4000; drawn++) {
      const order = randomPermutation(16, source)
      expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: 16 }, (_, at) => at))
      expect(order.map((_to, from) => inversePermutation(order)[order[from]!]!)).toEqual(order.map((_, from) => from))
      counts.set(order[0]!, (counts.get(order[0]!) ?? 0) + 1)
    }
    // 250 each, with a standard deviation of 15.3.
    for (const count of counts.values()) expect(Math.abs(count - 250)).toBeLessThan(100)
  })
})

/** One block through the tables: CBC with a first vector of zero, and behind it a block that is padding alone. */
const decryptBlock = async (
  algorithm: WhiteBoxAlgorithm,
  key: Uint8Array,
  decryptKey: Uint8Array,
  block: Uint8Array,
) => {
  const padding = createCipheriv(ecb[algorithm], key, null)
    .setAutoPadding(false)
    .update(block.map((byte) => byte ^ 16))
  return (await openWhiteBox(decryptKey)).decrypt(Buffer.concat([block, padding]), new Uint8Array(16))
}

describe.each(algorithms)('tables of %s', (algorithm) => {
  const made = Array.from({ length: 2 }, () => newWhiteBoxKey(algorithm))

  test('decrypt any block as the platform does, for several keys', async () => {
    for (const { key, ...parts } of made) {
      const decryptKey = decryptKeyOf(algorithm, parts, null)
      for (let round = 0; round < 50; round++) {
        const block = randomBytes(16)
        const expected = createDecipheriv(ecb[algorithm], key, null).setAutoPadding(false).update(block)
        expect(toHex(await decryptBlock(algorithm, key, decryptKey, block))).toBe(toHex(expected))
      }
    }
  })

  test('decrypt texts of every length up to four blocks', async () => {
    const [{ key, ...parts }] = made as [(typeof made)[0]]
    const whiteBox = await openWhiteBox(decryptKeyOf(algorithm, parts, null))
    for (let length = 0; length <= 64; length++) {
      const [initializationVector, plaintext] = [randomBytes(16), randomBytes(length)]
      const cipher = createCipheriv(cbc[algorithm], key, initializationVector)
      const ciphertext = Buffer.concat([cipher.update(plaintext), cipher.final()])
      expect(toHex(whiteBox.decrypt(ciphertext, initializationVector))).toBe(toHex(plaintext))
    }
  })

  test('of the same key have no stretch of sixteen bytes in common when they are drawn anew', () => {
    const seeded = (seed: string) => seededWhiteBox({ algorithm, seed, fingerprints: [] })
    const [one, other] = [seeded('one'), seeded('other')]
    const stretchesOf = (tables: Uint8Array) =>
      Array.from({ length: tables.length >> 6 }, (_, at) => toHex(tables.subarray(64 * at, 64 * at + 16)))
    const stretches = new Set(stretchesOf(one.tables))
    expect(stretchesOf(other.tables).filter((stretch) => stretches.has(stretch))).toEqual([])
  })
})

test('the tables of published vectors decrypt them: FIPS 197, appendix C.3, and GB/T 32907, appendix A', async () => {
  const published = [
    [
      'aes-256',
      [...Array(32).keys()].map((byte) => byte.toString(16).padStart(2, '0')).join(''),
      '8ea2b7ca516745bfeafc49904b496089',
      '00112233445566778899aabbccddeeff',
    ],
    ['sm4', '0123456789abcdeffedcba9876543210', '681edf34d206965e86b3e94f536e4246', '0123456789abcdeffedcba9876543210'],
  ] as const
  for (const [algorithm, key, ciphertext, plaintext] of published) {
    const decryptKey = decryptKeyOf(algorithm, whiteBoxTables(algorithm, hex(key), source), null)
    expect(toHex(await decryptBlock(algorithm, hex(key), decryptKey, hex(ciphertext)))).toBe(plaintext)
  }
})

/** What a mask that is added to every byte leaves as it is: how neighbours differ. */
const differences = (bytes: Uint8Array, stride = 1): Buffer =>
  Buffer.from(bytes.subarray(0, -stride).map((byte, at) => byte ^ bytes[at + stride]!))

const words = (keys: Uint32Array): Buffer => {
  const bytes = Buffer.alloc(4 * keys.length)
  for (const [at, word] of keys.entries()) bytes.writeUInt32BE(word, 4 * at)
  return bytes
}

/** Every eight bytes in a row of the key and of all that is derived from it, on the way to the tables. */
const secretsOf = (algorithm: WhiteBoxAlgorithm, key: Uint8Array): readonly Uint8Array[] => {
  const schedule =
    algorithm === 'sm4'
      ? [words(sm4RoundKeys(key)), words(sm4RoundKeys(key).reverse())]
      : [...aesRoundKeys(key), ...inverseKeys(key).before, inverseKeys(key).after]
  const long = [key, ...schedule].flatMap((each) => [Buffer.from(each), Buffer.from(each).reverse()])
  return long.flatMap((each) => Array.from({ length: each.length - 7 }, (_, at) => each.subarray(at, at + 8)))
}

/** Those that are found in the tables, as they are or under one mask for all bytes, in a row or at the stride of tables. */
const foundIn = (tables: Uint8Array, secrets: readonly Uint8Array[]): number => {
  const columns = [4, 256, 1024].flatMap((stride) =>
    Array.from({ length: Math.min(stride, 8) }, (_, first) => tables.filter((_byte, at) => at % stride === first)),
  )
  const haystacks = [tables, ...columns].map((bytes) => differences(bytes))
  const needles = secrets.map((secret) => differences(secret))
  return needles.filter((needle) => haystacks.some((bytes) => bytes.includes(needle))).length
}

describe.each(algorithms)('the key of %s', (algorithm) => {
  const { key, encoding, tables } = newWhiteBoxKey(algorithm)
  const kept = Buffer.concat([encoding, tables])

  test('its round keys and simple maskings of them are nowhere in the tables', () => {
    expect(foundIn(kept, secretsOf(algorithm, key))).toBe(0)
  })

  test('would be found there, also under a mask and one byte in each table', () => {
    const planted = Buffer.from(kept)
    planted.set(
      key.subarray(0, 8).map((byte) => byte ^ 0x5a),
      70_001,
    )
    expect(foundIn(planted, secretsOf(algorithm, key))).toBeGreaterThan(0)
    const spread = Buffer.from(kept)
    for (let at = 0; at < 8; at++) spread[1024 * (40 + at)] = key[at]! ^ 0xa5
    expect(foundIn(spread, secretsOf(algorithm, key))).toBeGreaterThan(0)
  })
})

test('a seed decides the tables, so that vectors can be told', () => {
  const seeded = { algorithm: 'sm4', seed: seededRandom('seed').id(0), fingerprints: ['a'] } as const
  expect(seededWhiteBox(seeded)).toEqual(seededWhiteBox(seeded))
})

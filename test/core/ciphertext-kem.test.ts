/** Suite 3: what `ciphertext.test.ts` says of the others. Its layout is shown by test/spec. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { materialFrom, open, parseSealed, sealedPlaintextBytesMax } from '../../src/core/ciphertext.ts'
import { encapsulationIn, isEncapsulated, openEncapsulated, sealEncapsulated } from '../../src/core/ciphertext-kem.ts'
import { type Context, contextFromBytes, noContext } from '../../src/core/context.ts'
import { symmetricAlgorithm } from '../../src/crypto/algorithms.ts'
import { decapsulateWith, encapsulateTo } from '../../src/crypto/kem.ts'
import { pairOf } from '../crypto/pairs.ts'
import { identity, seededRandom, setClock, text, toHex } from '../spec/fixed.ts'

const pair = pairOf('ml-kem-1024')
const other = pairOf('ml-kem-1024')
const source = { random: seededRandom('kem'), clock: setClock() }

const sealed = (plaintext: Uint8Array, context: Context = noContext): Uint8Array =>
  sealEncapsulated(encapsulateTo(pair.publicKey), identity, 'data', context, plaintext, source)

const opened = (bytes: Uint8Array, context: Context = noContext, key = pair.key): Uint8Array | undefined => {
  const parsed = parseSealed(bytes)
  if (!parsed || !isEncapsulated(parsed)) return undefined
  return openEncapsulated(decapsulateWith(key, encapsulationIn(parsed)), parsed, context)
}

const contexts = fc.oneof(fc.constant(noContext), fc.uint8Array({ maxLength: 20 }).map(contextFromBytes))

test('what was sealed opens with its context, and is 1,708 bytes longer', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), contexts, (plaintext, context) => {
      const bytes = sealed(plaintext, context)
      expect(bytes).toHaveLength(plaintext.length + 140 + 1568)
      expect(toHex(opened(bytes, context) ?? new Uint8Array(1))).toBe(toHex(plaintext))
    }),
    { numRuns: 60 },
  )
})

describe('a ciphertext', () => {
  const plaintext = text('post-quantum')
  const bytes = sealed(plaintext)

  test('changed in any bit of its header, commitment and tag, and in any byte elsewhere, does not open', () => {
    for (let at = 0; at < bytes.length; at++) {
      const everyBit = at < 124 || at >= bytes.length - 16
      // The lineage and the version say which key is asked, and the derivation has both.
      for (const bit of everyBit ? [0, 1, 2, 3, 4, 5, 6, 7] : [at & 7])
        expect(opened(bytes.with(at, (bytes[at] ?? 0) ^ (1 << bit))), `byte ${at}`).toBeUndefined()
    }
  })

  test('of another key, with another context, cut or longer does not open', () => {
    expect(opened(bytes, noContext, other.key)).toBeUndefined()
    expect(opened(bytes, contextFromBytes(text('x')))).toBeUndefined()
    expect(opened(sealed(plaintext, contextFromBytes(text('x'))))).toBeUndefined()
    for (const length of [0, 124, 140, 1692, 1707, bytes.length - 1])
      expect(opened(bytes.subarray(0, length))).toBeUndefined()
    expect(opened(Buffer.concat([bytes, Buffer.of(0)]))).toBeUndefined()
    expect(parseSealed(bytes.subarray(0, 1708))).toBeDefined()
    expect(parseSealed(bytes.subarray(0, 1707))).toBeUndefined()
  })

  test('is pieced together from no two of one key', () => {
    const second = sealed(plaintext)
    for (const cut of [60, 80, 92, 124, 900, 1692, 1700])
      expect(opened(Buffer.concat([bytes.subarray(0, cut), second.subarray(cut)]))).toBeUndefined()
  })

  test('is none of a symmetric key', () => {
    const parsed = parseSealed(bytes)
    const material = materialFrom(symmetricAlgorithm('aes-256'), seededRandom('m').bytes(32), identity)
    expect(parsed && open(material, parsed, noContext)).toBeUndefined()
  })
})

test('a plaintext beyond the format is a defect', () => {
  const encapsulated = encapsulateTo(pair.publicKey)
  const seal = (length: number) =>
    sealEncapsulated(encapsulated, identity, 'data', noContext, new Uint8Array(length), source)
  expect(() => seal(sealedPlaintextBytesMax + 1)).toThrow(RangeError)
  const longest = seal(sealedPlaintextBytesMax)
  expect(parseSealed(longest)).toBeDefined()
  expect(parseSealed(Buffer.concat([longest, Buffer.of(0)]))).toBeUndefined()
})

test('a secret is zeroed when it was used', () => {
  const encapsulated = encapsulateTo(pair.publicKey)
  sealEncapsulated(encapsulated, identity, 'data', noContext, text('x'), source)
  expect(encapsulated.secret.every((byte) => byte === 0)).toBe(true)
})

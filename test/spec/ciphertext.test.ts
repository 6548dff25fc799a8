import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Content, materialFrom, open, parseSealed, seal } from '../../src/core/ciphertext.ts'
import { encapsulationIn, isEncapsulated, openEncapsulated, sealEncapsulated } from '../../src/core/ciphertext-kem.ts'
import { type Context, contextFromBytes, contextFromObject, noContext } from '../../src/core/context.ts'
import { Keyring } from '../../src/core/keyring.ts'
import type { DomainKey, WrappedKey } from '../../src/core/object.ts'
import type { Random } from '../../src/core/ports.ts'
import { symmetricAlgorithm } from '../../src/crypto/algorithms.ts'
import { decapsulateWith } from '../../src/crypto/kem.ts'
import { privateKeyFrom } from '../../src/crypto/private-key.ts'
import file from './ciphertext.vectors.json' with { type: 'json' }
import { algorithms, hex, identity, materialOf, seededRandom, setClock, text, toHex } from './fixed.ts'
import { type GivenContext, hmacSm3, readCiphertext } from './second-reader.ts'

const { vectors, refused, hierarchy } = file
type Vector = (typeof vectors)[number]

const givenOf = ({ context }: Vector): GivenContext => {
  if (!context) return { none: true }
  return context.map === undefined ? { bytes: hex(context.bytes ?? '') } : { map: JSON.parse(context.map) }
}
const ours = (given: GivenContext): Context => {
  if ('none' in given) return noContext
  return 'bytes' in given ? contextFromBytes(given.bytes) : (contextFromObject(given.map) as Context)
}
const materialOfVector = (vector: Vector) =>
  materialFrom(symmetricAlgorithm(vector.algorithm), hex(vector.material), vector)

/** PKCS#8 of an ML-KEM-1024 key that is its seed alone (RFC 9935, section 6). */
const kemKeyOf = (vector: Vector) =>
  privateKeyFrom(hex(`3054020100300b060960864801650304040304428040${vector.material}`))

const openVector = (vector: Vector, ciphertext: Uint8Array): Uint8Array | undefined => {
  const sealed = parseSealed(ciphertext)
  if (!sealed) return undefined
  if (vector.suite !== 3) return open(materialOfVector(vector), sealed, ours(givenOf(vector)))
  if (!isEncapsulated(sealed)) return undefined
  const secret = decapsulateWith(kemKeyOf(vector), encapsulationIn(sealed))
  return openEncapsulated(secret, sealed, ours(givenOf(vector)))
}

/** Suite 3 is written anew with the secret that its encapsulation opens to. */
const sealVector = (vector: Vector, ciphertext: Uint8Array): Uint8Array => {
  const [context, plaintext] = [ours(givenOf(vector)), hex(vector.plaintext)]
  const source = { random: recorded(ciphertext), clock: setClock() }
  const content = vector.content as Content
  if (vector.suite !== 3) return seal(materialOfVector(vector), content, context, plaintext, source)
  const encapsulation = ciphertext.slice(124, 124 + 1568)
  const secret = decapsulateWith(kemKeyOf(vector), encapsulation)
  return sealEncapsulated({ secret, encapsulation }, identity, content, context, plaintext, source)
}

/** Serves the salt and the nonce that a ciphertext has. */
const recorded = (ciphertext: Uint8Array): Random => {
  const parts = [ciphertext.subarray(48, 80), ciphertext.subarray(80, 92)]
  return { ...seededRandom('none'), bytes: () => parts.shift() as Uint8Array }
}

describe.each(vectors)('vector $name', (vector) => {
  const ciphertext = hex(vector.ciphertext)

  test('is read by the program', () => {
    const sealed = parseSealed(ciphertext)
    expect(sealed).toMatchObject({ ...identity, suite: vector.suite, content: vector.content })
    const plaintext = openVector(vector, ciphertext)
    expect(plaintext && toHex(plaintext)).toBe(vector.plaintext)
  })

  test('is read by the second reader', () => {
    const key = { ...vector, material: hex(vector.material) }
    const plaintext = readCiphertext(ciphertext, key, givenOf(vector))
    expect(plaintext && toHex(plaintext)).toBe(vector.plaintext)
  })

  test('is what the program writes with its salt and nonce', () => {
    expect(toHex(sealVector(vector, ciphertext))).toBe(vector.ciphertext)
  })
})

test('there are vectors of all suites, all contents and all context kinds', () => {
  const seen = new Set(vectors.map(({ ciphertext }) => ciphertext.slice(14, 20)))
  for (const suite of ['01', '02']) {
    for (const content of ['01', '02', '03', '04'])
      expect([...seen].some((s) => s.startsWith(suite + content))).toBe(true)
    for (const kind of ['00', '01', '02']) expect(seen).toContain(`${suite}01${kind}`)
  }
  for (const kind of ['00', '01', '02']) expect(seen).toContain(`0301${kind}`)
})

test.each(refused)('refused by both readers: $why', ({ ciphertext }) => {
  const vector = vectors[0] as Vector
  const sealed = parseSealed(hex(ciphertext))
  const lineageAndVersion = sealed && { lineage: sealed.lineage, version: sealed.version }
  expect(sealed && open(materialOfVector(vector), sealed, noContext)).toBeUndefined()
  // The second reader is even given the lineage and version that the text asks for.
  const key = { ...vector, ...lineageAndVersion, material: hex(vector.material) }
  expect(readCiphertext(hex(ciphertext), key, { none: true })).toBeUndefined()
})

describe('the hierarchy vector', () => {
  const root = {
    generation: hierarchy.root,
    present: () => hierarchy.root,
    material: () => hex(hierarchy.root.material),
  }
  const { keyVersion } = hierarchy
  const domain: DomainKey = {
    ...hierarchy.domainKey,
    kind: 'domainKey',
    revision: 1,
    wrapped: hex(hierarchy.domainKey.wrapped) as WrappedKey,
    createdAt: 0,
  }
  const { installation } = hierarchy
  const keyring = new Keyring({ installation, root, random: seededRandom('none'), clock: setClock() })
  const binding = { ...keyVersion, kind: 'keyVersion' as const }

  const u32 = (value: number) => Uint8Array.of(value >>> 24, value >>> 16, value >>> 8, value)
  const prefixed = (bytes: Uint8Array) => Buffer.concat([u32(bytes.length), bytes])
  const bindingBytes = (kind: string, account: string, id: string, version: number) =>
    Buffer.concat([prefixed(text(kind)), prefixed(text(account)), prefixed(text(id)), prefixed(u32(version))])

  test('is opened by the keyring', () => {
    const material = keyring.unwrap(domain, binding, hex(keyVersion.wrapped) as WrappedKey)
    expect(material && toHex(material)).toBe(keyVersion.material)
    expect(keyring.materialDigest(domain, keyVersion.id, hex(keyVersion.material))).toBe(hierarchy.digest)
  })

  test('is opened by the second reader with the bindings of the page', () => {
    const { account, id, version } = hierarchy.domainKey
    const rootKey = {
      lineage: hierarchy.root.id,
      version: hierarchy.root.number,
      material: hex(hierarchy.root.material),
    }
    const domainBytes = bindingBytes('domainKey', account, id, version)
    const domainMaterial = readCiphertext(hex(hierarchy.domainKey.wrapped), rootKey, { bytes: domainBytes })
    const domainKey = { ...hierarchy.domainKey, material: domainMaterial as Uint8Array }
    const bytes = bindingBytes('keyVersion', keyVersion.account, keyVersion.id, keyVersion.version)
    const material = readCiphertext(hex(keyVersion.wrapped), domainKey, { bytes })
    expect(material && toHex(material)).toBe(keyVersion.material)
  })
})

test('the second reader reads whatever the program writes', () => {
  const contexts = fc.oneof(
    fc.constant<GivenContext>({ none: true }),
    fc.uint8Array({ maxLength: 40 }).map((bytes): GivenContext => ({ bytes })),
    fc
      .dictionary(
        fc.string({ unit: 'binary', maxLength: 5 }),
        fc.oneof(fc.string({ unit: 'binary' }), fc.maxSafeInteger(), fc.boolean(), fc.constant(null)),
      )
      .map((map): GivenContext => ({ map })),
  )
  const contents = fc.constantFrom<Content>('data', 'dataKey', 'wrappedKey', 'token')
  const source = { random: seededRandom('cross'), clock: setClock() }
  fc.assert(
    fc.property(
      fc.constantFrom(...algorithms),
      contents,
      contexts,
      fc.uint8Array({ maxLength: 100 }),
      (algorithm, content, given, plaintext) => {
        const sealed = seal(materialOf(algorithm), content, ours(given), plaintext, source)
        const material = seededRandom(`${algorithm} material`).bytes(symmetricAlgorithm(algorithm).keyBytes)
        const read = readCiphertext(sealed, { ...identity, material }, given)
        expect(read && toHex(read)).toBe(toHex(plaintext))
      },
    ),
    { numRuns: 300 },
  )
})

test('the second reader’s HMAC-SM3 is not the platform’s and agrees with openssl', () => {
  // openssl dgst -sm3 -mac hmac -macopt hexkey:000102…1f over "abc"
  const key = Uint8Array.from({ length: 32 }, (_, at) => at)
  expect(toHex(hmacSm3(key, text('abc')))).toBe('a8f95cf26f204957e7ca73c9602a25dda35f168b28103b51dfc968c810416b63')
})

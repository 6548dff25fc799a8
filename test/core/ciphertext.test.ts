import fc from 'fast-check'
import { describe, expect, test, vi } from 'vitest'
import {
  type Content,
  type Material,
  materialFrom,
  open,
  overheadBytes,
  parseSealed,
  type SealSource,
  seal,
  sealedPlaintextBytesMax,
} from '../../src/core/ciphertext.ts'
import { type Context, contextFromBytes, contextFromObject, encodeContext, noContext } from '../../src/core/context.ts'
import { symmetricAlgorithm } from '../../src/crypto/algorithms.ts'
import { secretFrom } from '../../src/crypto/secret.ts'
import { suites } from '../../src/crypto/suites.ts'
import { algorithms, identity, materialOf, seededRandom, setClock, text, toHex } from '../spec/fixed.ts'

const source = (seed = 'source'): SealSource => ({ random: seededRandom(seed), clock: setClock() })
const plaintext = text('sixteen bytes +1')
const map = contextFromObject({ tenant: 'acme' }) as Context

const openBytes = (material: Material, bytes: Uint8Array, context: Context): Uint8Array | undefined => {
  const sealed = parseSealed(bytes)
  return sealed && open(material, sealed, context)
}
const saltOf = (bytes: Uint8Array): string => toHex(bytes.subarray(48, 80))

describe.each(algorithms)('in the suite of %s', (algorithm) => {
  const contexts: Context[] = [noContext, map, contextFromBytes(text('aad'))]

  test('what was sealed opens, for every content, context kind and length', () => {
    const material = materialOf(algorithm)
    const reader = materialOf(algorithm)
    for (const content of ['data', 'dataKey', 'wrappedKey', 'token'] as const)
      for (const context of contexts)
        for (const length of [0, 1, 15, 16, 17, 64, 4096, 65_537]) {
          const bytes = seededRandom('plaintext').bytes(length)
          const sealed = seal(material, content, context, bytes, source())
          expect(sealed.length).toBe(length + overheadBytes)
          expect(toHex(openBytes(reader, sealed, context) as Uint8Array)).toBe(toHex(bytes))
        }
  })

  test('the overhead is 140 bytes and Base64 begins KEYStead', () => {
    const sealed = seal(materialOf(algorithm), 'data', noContext, plaintext, source())
    expect(sealed.length).toBe(plaintext.length + 140)
    expect(Buffer.from(sealed).toString('base64').slice(0, 8)).toBe('KEYStead')
  })

  test('the header says content, context kind, installation, lineage and version', () => {
    const sealed = parseSealed(seal(materialOf(algorithm), 'dataKey', map, plaintext, source()))
    expect(sealed).toMatchObject({ ...identity, content: 'dataKey', contextKind: 'map' })
    expect(sealed?.suite).toBe(symmetricAlgorithm(algorithm).suite)
  })

  test('a change of any single bit is refused, by a writer that knows the salt and by a fresh reader', () => {
    const writer = materialOf(algorithm)
    const sealed = seal(writer, 'data', map, plaintext, source())
    const reader = materialOf(algorithm)
    for (let bit = 0; bit < sealed.length * 8; bit++) {
      const changed = new Uint8Array(sealed)
      changed[bit >> 3] = (changed[bit >> 3] as number) ^ (1 << (bit & 7))
      if (openBytes(writer, changed, map) || openBytes(reader, changed, map)) expect.fail(`bit ${bit} was accepted`)
    }
    expect(openBytes(writer, sealed, map)).toEqual(Buffer.from(plaintext))
    expect(openBytes(reader, sealed, map)).toEqual(Buffer.from(plaintext))
  })

  test('every truncation and extension is refused', () => {
    const material = materialOf(algorithm)
    const sealed = seal(material, 'data', noContext, plaintext, source())
    for (let length = 0; length < sealed.length; length++)
      expect(openBytes(material, sealed.subarray(0, length), noContext)).toBeUndefined()
    for (const more of [1, 2, 16, 140]) {
      const extended = new Uint8Array(sealed.length + more)
      extended.set(sealed)
      expect(openBytes(material, extended, noContext)).toBeUndefined()
    }
  })

  test('another key, lineage, version or suite is refused', () => {
    const sealed = seal(materialOf(algorithm), 'data', noContext, plaintext, source())
    const other = algorithm === 'sm4' ? 'aes-256' : 'sm4'
    const strangers = [
      materialOf(algorithm, 'another key'),
      materialOf(algorithm, 'material', { ...identity, lineage: '0f'.repeat(16) }),
      materialOf(algorithm, 'material', { ...identity, version: 8 }),
      materialOf(other),
    ]
    for (const stranger of strangers) expect(openBytes(stranger, sealed, noContext)).toBeUndefined()
  })

  test('another installation reads what this one wrote with the same key', () => {
    const sealed = seal(materialOf(algorithm), 'data', noContext, plaintext, source())
    const elsewhere = materialOf(algorithm, 'material', { ...identity, installation: 'ab'.repeat(16) })
    expect(openBytes(elsewhere, sealed, noContext)).toEqual(Buffer.from(plaintext))
  })

  test('another context is refused', () => {
    const others = [...contexts, contextFromObject({ tenant: 'acme2' }), contextFromBytes(text('{"tenant":"acme"}'))]
    for (const sealedIn of contexts) {
      const material = materialOf(algorithm)
      const sealed = seal(material, 'data', sealedIn, plaintext, source())
      for (const other of others) {
        const opened = openBytes(material, sealed, other as Context)
        expect(opened === undefined).toBe(other !== sealedIn)
      }
    }
  })

  describe('with a right tag, made by someone who knows the key,', () => {
    const row = symmetricAlgorithm(algorithm)
    const secret = seededRandom(`${algorithm} material`).bytes(row.keyBytes)
    const suite = suites[row.suite]

    /** Seals by the page, with `change` put on the header before the tag is made. */
    const forge = (context: Context, change: (header: Uint8Array) => void): Uint8Array => {
      const out = seal(materialOf(algorithm), 'data', context, plaintext, source())
      change(out)
      const { aead } = suite.derive(secretFrom(secret), out.slice(0, 80))
      const aad = Buffer.concat([out.subarray(0, 124), suite.digest(encodeContext(context).bytes)])
      aead.seal(out.subarray(80, 92), aad, plaintext, out, 124)
      return out
    }

    test('a ciphertext opens when nothing was changed', () => {
      expect(
        openBytes(
          materialOf(algorithm),
          forge(map, () => {}),
          map,
        ),
      ).toEqual(Buffer.from(plaintext))
    })

    test('one that does not commit to its key is refused', () => {
      const forged = forge(map, (header) => header.fill(7, 92, 124))
      expect(openBytes(materialOf(algorithm), forged, map)).toBeUndefined()
    })

    test('one whose context kind is not that of its context is refused', () => {
      const header = Buffer.alloc(80)
      const forged = forge(map, (bytes) => {
        bytes[9] = 2
        header.set(bytes.subarray(0, 80))
        bytes.set(suite.derive(secretFrom(secret), header).commitment, 92)
      })
      expect(openBytes(materialOf(algorithm), forged, map)).toBeUndefined()
    })
  })
})

describe('a reader', () => {
  const derivations = (act: () => void): number => {
    const spy = vi.spyOn(suites[1], 'derive')
    act()
    const { length } = spy.mock.calls
    spy.mockRestore()
    return length
  }
  const sealedOnce = (from: SealSource) => seal(materialOf('aes-256'), 'data', noContext, plaintext, from)
  const read = (reader: Material, bytes: Uint8Array) => () =>
    expect(openBytes(reader, bytes, noContext)).toEqual(Buffer.from(plaintext))

  test('derives once for a salt, and anew when 64 others have come since', () => {
    const from = source()
    const sealed = Array.from({ length: 66 }, () => sealedOnce(from))
    const reader = materialOf('aes-256')
    const [first, second, ...others] = sealed as [Uint8Array, Uint8Array, ...Uint8Array[]]
    expect(derivations(read(reader, first))).toBe(1)
    expect(derivations(read(reader, second))).toBe(1)
    for (const bytes of others.slice(0, 62)) expect(derivations(read(reader, bytes))).toBe(1)
    // Used again, the first is now younger than the second, which the next new one pushes out.
    expect(derivations(read(reader, first))).toBe(0)
    expect(derivations(read(reader, others[62] as Uint8Array))).toBe(1)
    expect(derivations(read(reader, first))).toBe(0)
    expect(derivations(read(reader, second))).toBe(1)
  })

  test('remembers no salt of a stranger', () => {
    const from = source()
    const reader = materialOf('aes-256')
    const ours = sealedOnce(from)
    read(reader, ours)()
    const strange = Array.from({ length: 100 }, () => {
      const bytes = sealedOnce(from)
      bytes[92] = (bytes[92] as number) ^ 1
      return bytes
    })
    for (const bytes of strange) expect(openBytes(reader, bytes, noContext)).toBeUndefined()
    expect(derivations(read(reader, ours))).toBe(0)
  })

  test('reads what its own process wrote without a derivation', () => {
    const material = materialOf('aes-256')
    const sealed = seal(material, 'data', noContext, plaintext, source())
    expect(derivations(read(material, sealed))).toBe(0)
  })

  test('keeps nothing of the buffer that it was given', () => {
    const reader = materialOf('aes-256')
    const buffer = Buffer.from(sealedOnce(source()))
    const kept = Buffer.from(buffer)
    read(reader, buffer)()
    buffer.fill(0)
    expect(derivations(read(reader, kept))).toBe(0)
  })
})

describe('parsing', () => {
  const whole = seal(materialOf('aes-256'), 'data', noContext, plaintext, source())

  test('never throws, and takes no random bytes for a ciphertext', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        expect(parseSealed(bytes)).toBeUndefined()
      }),
    )
  })

  test('of a right magic with any header never throws, and neither does opening it', () => {
    const material = materialOf('aes-256')
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 0, maxLength: 300 }), fc.nat(12), (rest, from) => {
        const bytes = new Uint8Array(Math.max(rest.length + from, 140))
        bytes.set(whole.subarray(0, 12))
        bytes.set(rest, from)
        expect(openBytes(material, bytes, noContext)).toBeUndefined()
      }),
      { numRuns: 1000 },
    )
  })

  test('a text beyond the longest plaintext is refused', () => {
    const long = (length: number) => {
      const bytes = new Uint8Array(length)
      bytes.set(whole.subarray(0, 80))
      return parseSealed(bytes)
    }
    expect(long(overheadBytes + sealedPlaintextBytesMax)).toBeDefined()
    expect(long(overheadBytes + sealedPlaintextBytesMax + 1)).toBeUndefined()
  })

  test('a field of the header with a value of no meaning is refused', () => {
    const meanings: [number, number[]][] = [
      [6, [1]],
      [7, [1, 2]],
      [8, [1, 2, 3, 4]],
      [9, [0, 1, 2]],
      [10, [0]],
      [11, [0]],
    ]
    for (const [at, allowed] of meanings)
      for (let value = 0; value < 256; value++)
        expect(parseSealed(whole.with(at, value)) !== undefined).toBe(allowed.includes(value))
  })
})

describe('a salt', () => {
  const material = () => materialOf('aes-256')
  const salts = (m: Material, from: SealSource, count: number, content: Content = 'data') =>
    new Set(Array.from({ length: count }, () => saltOf(seal(m, content, noContext, new Uint8Array(0), from))))

  test('serves 65,536 messages and no more', () => {
    const [m, from] = [material(), source()]
    const first = salts(m, from, 65_536)
    expect(first.size).toBe(1)
    const second = salts(m, from, 65_536)
    expect(second.size).toBe(1)
    expect(second).not.toEqual(first)
  })

  test('serves less than 60 seconds', () => {
    const [m, clock] = [material(), setClock()]
    const from = { random: seededRandom('sixty'), clock }
    const first = salts(m, from, 1)
    clock.pass(59_999)
    expect(salts(m, from, 1)).toEqual(first)
    clock.pass(1)
    expect(salts(m, from, 1)).not.toEqual(first)
  })

  test.each([501, -501])('is dropped when the wall clock moves %d ms against the monotonic one', (ms) => {
    const [m, clock] = [material(), setClock()]
    const from = { random: seededRandom('jump'), clock }
    const first = salts(m, from, 1)
    clock.wall += Math.sign(ms) * 400
    expect(salts(m, from, 1)).toEqual(first)
    clock.wall += ms - Math.sign(ms) * 400
    expect(salts(m, from, 1)).not.toEqual(first)
  })

  test('is not shared by two contents, two context kinds or two writers', () => {
    const [m, from] = [material(), source()]
    const all = new Set<string>()
    for (const content of ['data', 'dataKey', 'wrappedKey', 'token'] as const)
      for (const context of [noContext, map, contextFromBytes(text('b'))])
        all.add(saltOf(seal(m, content, context, plaintext, from)))
    all.add(saltOf(seal(material(), 'data', noContext, plaintext, from)))
    expect(all.size).toBe(13)
  })

  test('never carries the same nonce twice', () => {
    const [m, from] = [material(), source()]
    const nonces = Array.from({ length: 2000 }, () =>
      toHex(seal(m, 'data', noContext, plaintext, from).subarray(48, 92)),
    )
    expect(new Set(nonces).size).toBe(2000)
  })

  test('of which a reader has seen hundreds is still read', () => {
    const from = source()
    const sealed = Array.from({ length: 200 }, () => seal(material(), 'data', noContext, plaintext, from))
    const reader = material()
    for (const bytes of [...sealed, ...sealed.reverse()])
      expect(openBytes(reader, bytes, noContext)).toEqual(Buffer.from(plaintext))
  })
})

describe('what is no caller’s doing is thrown', () => {
  test('material of a wrong length', () => {
    for (const length of [0, 16, 31, 33])
      expect(() => materialFrom(symmetricAlgorithm('aes-256'), new Uint8Array(length), identity)).toThrow(RangeError)
  })

  test('an identity that has no place in the header', () => {
    const wrong = [
      { ...identity, installation: 'aa' },
      { ...identity, lineage: 'zz'.repeat(16) },
      { ...identity, version: 0 },
      { ...identity, version: 2 ** 32 },
      { ...identity, version: 1.5 },
    ]
    for (const who of wrong) expect(() => materialOf('aes-256', 'material', who)).toThrow(RangeError)
  })

  test('a plaintext beyond the format', () => {
    const long = new Uint8Array(sealedPlaintextBytesMax + 1)
    expect(() => seal(materialOf('aes-256'), 'data', noContext, long, source())).toThrow(RangeError)
  })
})

/** The decryptor alone: what is in its source, what it takes, and what it refuses. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { secretFrom } from '../../src/crypto/secret.ts'
import { encryptCbc } from '../../src/crypto/white-box/cbc.ts'
import { decryptKeyOf, lockedEncoding } from '../../src/crypto/white-box/decrypt-key.ts'
import { newWhiteBoxKey } from '../../src/crypto/white-box/tables.ts'
import { openWhiteBox } from '../../src/white-box/decryptor.ts'
import { readCode } from '../house/code.ts'
import { root } from '../house/sources.ts'
import { readWhiteBox } from '../spec/white-box-reader.ts'

const sourceOf = (path: string): string => readFileSync(join(root, path), 'utf8')
const path = 'src/white-box/decryptor.ts'

/** Sizes of the format, shifts and masks of nibbles and bytes: 1024 is one word table. */
const sizes = new Set([0, 1, 2, 3, 4, 5, 6, 7, 8, 12, 13, 15, 16, 24, 28, 32, 48, 128, 255, 256, 1024])

/** Numbers that are no size of the format, and texts that could hold a table or a key. */
const suspicious = (source: string): string[] => {
  const { code } = readCode(source)
  const numbers = [...code.matchAll(/(?<![\w.$])(0[xXoObB][\dA-Fa-f_]+|\d[\d_]*)/g)].map(([number]) => number)
  const texts = [...source.matchAll(/'([^'\n]*)'|`([^`]*)`/g)].map(([, a, b]) => a ?? b ?? '')
  return [
    ...numbers.filter((number) => !sizes.has(Number(number.replaceAll('_', '')))),
    ...texts.filter((text) => /[0-9A-Za-z+/=]{16,}/.test(text)),
  ]
}

describe('the source of the decryptor', () => {
  test('has no substitution, no round constant and no key: only the sizes of the format', () => {
    expect(suspicious(sourceOf(path))).toEqual([])
  })

  test('is told apart from that of the ciphers', () => {
    for (const cipher of ['aes.ts', 'sm4.ts'])
      expect(suspicious(sourceOf(`src/crypto/white-box/${cipher}`))).not.toEqual([])
    const planted = sourceOf(path).replace('const headBytes = 24', 'const headBytes = 24, box = [99, 124, 119, 123]')
    expect(suspicious(planted)).toEqual(['99', '124', '119', '123'])
  })

  test('imports nothing, and asks the platform for what opens a lock alone', () => {
    const { code } = readCode(sourceOf(path))
    expect(code).not.toMatch(/\bimport\b|\brequire\b/)
    expect([...new Set(code.match(/crypto\.subtle\.\w+/g))].sort()).toEqual(
      ['decrypt', 'deriveBits', 'importKey'].map((name) => `crypto.subtle.${name}`),
    )
    // Those are in the two functions about locks, before which the tables are walked with nothing of the kind.
    expect(code.slice(0, code.indexOf('const unseal')).includes('crypto')).toBe(false)
    expect(code.slice(code.indexOf('const decryptWith')).includes('crypto')).toBe(false)
  })

  test('is short', () => {
    expect(sourceOf(path).split('\n').length).toBeLessThan(150)
  })
})

const parts = newWhiteBoxKey('sm4')
const open = decryptKeyOf('sm4', parts, null)
const listed = ['first', 'second', 'third']
const locked = decryptKeyOf('sm4', parts, lockedEncoding('sm4', parts.encoding, listed))
const initializationVector = new Uint8Array(16).fill(9)
const plaintext = Buffer.from('a text of more than one block')
const ciphertext = encryptCbc('sm4', secretFrom(parts.key), initializationVector, plaintext)
const rejected = (key: Uint8Array, fingerprint?: string): Promise<string> =>
  openWhiteBox(key, fingerprint).then(
    () => 'opened',
    (error: Error) => error.message,
  )

describe('a DecryptKey that is bound to devices', () => {
  test('opens with each listed fingerprint', async () => {
    for (const fingerprint of listed) {
      const whiteBox = await openWhiteBox(locked, fingerprint)
      expect(Buffer.from(whiteBox.decrypt(ciphertext, initializationVector))).toEqual(plaintext)
    }
  })

  test.each(['', 'fourth', 'First', 'first '])('does not open with %j', async (fingerprint) => {
    expect(await rejected(locked, fingerprint)).toBe('the DecryptKey is bound to other devices')
    expect(readWhiteBox(locked, ciphertext, initializationVector, fingerprint)).toBeUndefined()
  })

  test('holds the encoding nowhere in clear, nor any of its tables', () => {
    const bytes = Buffer.from(locked)
    for (let at = 0; at < 4096; at += 256)
      expect(bytes.includes(Buffer.from(parts.encoding.subarray(at, at + 16)))).toBe(false)
    expect(Buffer.from(open).includes(Buffer.from(parts.encoding))).toBe(true)
  })

  test('decrypts to nothing of the text where the encoding is left out or guessed', async () => {
    const tables = locked.subarray(locked.length - 819_200)
    const guesses = [Uint8Array.from({ length: 4096 }, (_, at) => at & 255), newWhiteBoxKey('sm4').encoding]
    for (const encoding of guesses) {
      const whiteBox = await openWhiteBox(decryptKeyOf('sm4', { encoding, tables }, null))
      const answer = () => Buffer.from(whiteBox.decrypt(ciphertext, initializationVector)).toString('latin1')
      let said = ''
      try {
        said = answer()
      } catch (error) {
        said = (error as Error).message
      }
      expect(said).not.toContain('text of more')
    }
  })
})

describe('what is no DecryptKey', () => {
  test.each([
    ['nothing', new Uint8Array()],
    ['a byte less', open.subarray(0, -1)],
    ['a byte more', Buffer.concat([open, Uint8Array.of(0)])],
    ['another magic', open.with(0, 0)],
    ['an unknown cipher', open.with(4, 3)],
    ['another cipher', open.with(4, 1)],
    ['a reserved byte', open.with(5, 1)],
    ['a lock that is not there', open.with(7, 1)],
    ['without its locks', locked.with(7, 0)],
  ])('%s is refused by both decryptors', async (_name, key) => {
    expect(await rejected(key)).toBe('this is no DecryptKey')
    expect(readWhiteBox(key, ciphertext, initializationVector)).toBeUndefined()
  })

  test('a changed bit before the tables of a bound one opens with no fingerprint', async () => {
    const front = 24 + 48 * listed.length + 4112
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: front - 1 }), fc.integer({ min: 0, max: 7 }), async (at, bit) => {
        const changed = locked.with(at, locked[at]! ^ (1 << bit))
        // A changed lock is one device's alone.
        const lock = at >= 24 && at < 24 + 48 * listed.length ? Math.floor((at - 24) / 48) : 0
        expect(await rejected(changed, listed[lock])).not.toBe('opened')
      }),
      { numRuns: 100 },
    )
  })

  test('any bytes are refused', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 5000 }), async (bytes) => {
        expect(await rejected(bytes)).toBe('this is no DecryptKey')
      }),
    )
  })
})

describe('a ciphertext', () => {
  test.each([
    ['none', new Uint8Array(), initializationVector],
    ['part of a block', ciphertext.subarray(0, 20), initializationVector],
    ['with a short vector', ciphertext, initializationVector.subarray(1)],
  ])('that is %s is refused', async (_name, text, vector) => {
    const whiteBox = await openWhiteBox(open)
    expect(() => whiteBox.decrypt(text, vector)).toThrow('blocks of 16 bytes')
    expect(readWhiteBox(open, text, vector)).toBeUndefined()
  })

  test('of another key has a wrong padding, nearly always', async () => {
    const whiteBox = await openWhiteBox(open)
    let refused = 0
    for (let at = 0; at < 50; at++) {
      const foreign = encryptCbc('sm4', secretFrom(newRandom(16)), newRandom(16), plaintext)
      try {
        whiteBox.decrypt(foreign, initializationVector)
      } catch {
        refused += 1
      }
    }
    expect(refused).toBeGreaterThan(40)
  })
})

const newRandom = (length: number): Uint8Array => crypto.getRandomValues(new Uint8Array(length))

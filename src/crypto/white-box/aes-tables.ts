/**
 * The decryption of AES-256 as look-up tables: S. Chow, P. Eisen, H. Johnson, P. C. van Oorschot, "White-Box Cryptography
 * and an AES Implementation", SAC 2002, for the inverse cipher. What the tables of one round hand to the next is hidden
 * by mixing bijections of GL(8,2) and GL(32,2) and by random bijections of nibbles. The layout is docs/spec/white-box.md.
 */
import { inverseBox, inverseKeys, inverseMixed, shiftedFrom } from './aes.ts'
import {
  apply,
  type ByteSource,
  byteOf,
  inversePermutation,
  randomBijection,
  randomPermutation,
  wordOf,
} from './binary.ts'

/** A word is eight nibbles, the most significant first, each under a bijection of its own. */
type Nibbles = readonly Uint8Array[]

const newNibbles = (source: ByteSource): Nibbles => Array.from({ length: 8 }, () => randomPermutation(16, source))

const nibbleOf = (word: number, at: number): number => (word >>> (28 - 4 * at)) & 15

const encoded = (word: number, nibbles: Nibbles): number =>
  nibbles.reduce((sum, nibble, at) => sum | ((nibble[nibbleOf(word, at)] as number) << (28 - 4 * at)), 0) >>> 0

/** For each byte that the word's byte `at` is encoded as, that byte. */
const decodedByte = (nibbles: Nibbles, at: number): Uint8Array => {
  const [high, low] = [nibbles[2 * at], nibbles[2 * at + 1]].map((each) => inversePermutation(each as Uint8Array))
  return Uint8Array.from(
    { length: 256 },
    (_, byte) => ((high?.[byte >> 4] as number) << 4) | (low?.[byte & 15] as number),
  )
}

const innerRounds = 13
const wordTables = 4 * 4 * 256
const sumTables = 3 * 8 * 128
const bytes = innerRounds * 4 * 2 * (wordTables + sumTables) + 16 * 256

class Tables {
  readonly bytes = new Uint8Array(bytes)
  readonly #source: ByteSource
  #at = 0

  constructor(source: ByteSource) {
    this.#source = source
  }

  byte(value: number): void {
    this.bytes[this.#at++] = value
  }

  /** Four tables from a byte to a word, and those that add the four words: gives how the sum is encoded. */
  column(wordFor: (byte: number, value: number) => number): Nibbles {
    const parts = [0, 1, 2, 3].map((byte) => this.#words((value) => wordFor(byte, value)))
    const [first, second, third, fourth] = parts as [Nibbles, Nibbles, Nibbles, Nibbles]
    const [left, right] = [this.#sum(first, second), this.#sum(third, fourth)]
    return this.#sum(left, right)
  }

  #words(wordFor: (value: number) => number): Nibbles {
    const nibbles = newNibbles(this.#source)
    for (let value = 0; value < 256; value++) {
      const word = encoded(wordFor(value), nibbles)
      for (let at = 0; at < 4; at++) this.byte(byteOf(word, at))
    }
    return nibbles
  }

  /** Eight tables that add two words nibble by nibble, two entries in a byte. */
  #sum(a: Nibbles, b: Nibbles): Nibbles {
    const sums = newNibbles(this.#source)
    for (const [at, sum] of sums.entries()) {
      const [left, right] = [a[at], b[at]].map((each) => inversePermutation(each as Uint8Array)) as [
        Uint8Array,
        Uint8Array,
      ]
      const entry = (index: number): number =>
        sum[(left[index >> 4] as number) ^ (right[index & 15] as number)] as number
      for (let index = 0; index < 256; index += 2) this.byte((entry(index) << 4) | entry(index + 1))
    }
    return sums
  }
}

/** The tables of one round; `decoders` say what the sixteen encoded bytes of the state are, before and after it. */
const round = (tables: Tables, source: ByteSource, key: Uint8Array, decoders: readonly Uint8Array[]): Uint8Array[] =>
  [0, 1, 2, 3].flatMap((column) => {
    const mixing = randomBijection(32, source)
    const mixed = tables.column((row, value) => {
      const state = decoders[shiftedFrom(column, row)]?.[value] as number
      const substituted = inverseBox[state ^ (key[4 * column + row] as number)] as number
      return apply(mixing.forth, inverseMixed(substituted, row))
    })
    const inputs = [0, 1, 2, 3].map((byte) => decodedByte(mixed, byte))
    const masks = [0, 1, 2, 3].map(() => randomBijection(8, source))
    const masked = tables.column((byte, value) => {
      const word = apply(mixing.back, wordOf(inputs[byte]?.[value] as number, byte))
      return masks.reduce((sum, mask, at) => sum | wordOf(apply(mask.forth, byteOf(word, at)), at), 0) >>> 0
    })
    return masks.map((mask, at) => decodedByte(masked, at).map((byte) => apply(mask.back, byte)))
  })

/** `encoding`: for each of the sixteen bytes of a ciphertext block, the bijection that it goes through first. */
export const aesTables = (key: Uint8Array, encoding: readonly Uint8Array[], source: ByteSource): Uint8Array => {
  const { before, after } = inverseKeys(key)
  const tables = new Tables(source)
  let decoders: readonly Uint8Array[] = encoding.map(inversePermutation)
  for (const roundKey of before.slice(0, innerRounds)) decoders = round(tables, source, roundKey, decoders)
  const last = before[innerRounds] as Uint8Array
  for (let at = 0; at < 16; at++) {
    const decoder = decoders[shiftedFrom(at >> 2, at & 3)] as Uint8Array
    for (const state of decoder)
      tables.byte((inverseBox[state ^ (last[at] as number)] as number) ^ (after[at] as number))
  }
  for (const each of [...before, after]) each.fill(0)
  return tables.bytes
}

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
  imagesOf,
  inversePermutation,
  randomBijection,
  randomPermutation,
  wordOf,
} from './binary.ts'

/** A word is eight nibbles, the most significant first, each under a bijection of its own. */
type Nibbles = readonly Uint8Array[]

const newNibbles = (source: ByteSource): Nibbles => Array.from({ length: 8 }, () => randomPermutation(16, source))

/** What two bijections of nibbles make of a byte. */
const pairOf = (high: Uint8Array, low: Uint8Array): Uint8Array => {
  const pair = new Uint8Array(256)
  for (let byte = 0; byte < 256; byte++) pair[byte] = ((high[byte >> 4] as number) << 4) | (low[byte & 15] as number)
  return pair
}

const pairsOf = (nibbles: Nibbles): readonly Uint8Array[] =>
  [0, 2, 4, 6].map((at) => pairOf(nibbles[at] as Uint8Array, nibbles[at + 1] as Uint8Array))

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

  /**
   * Four tables from a byte to a word, and those that add the four words. `words` are the entries, not yet encoded. Gives
   * for each byte of the sum what it is decoded from.
   */
  step(words: readonly Uint32Array[]): readonly Uint8Array[] {
    const [first, second, third, fourth] = words.map((each) => this.#words(each)) as [
      Nibbles,
      Nibbles,
      Nibbles,
      Nibbles,
    ]
    const [left, right] = [this.#sum(first, second), this.#sum(third, fourth)]
    return pairsOf(this.#sum(left, right).map(inversePermutation))
  }

  #words(words: Uint32Array): Nibbles {
    const nibbles = newNibbles(this.#source)
    const pairs = pairsOf(nibbles)
    for (const word of words) for (let at = 0; at < 4; at++) this.byte(pairs[at]?.[byteOf(word, at)] as number)
    return nibbles
  }

  /** Eight tables that add two words nibble by nibble, two entries in a byte. */
  #sum(a: Nibbles, b: Nibbles): Nibbles {
    const sums = newNibbles(this.#source)
    for (let at = 0; at < 8; at++) {
      const [left, right] = [inversePermutation(a[at] as Uint8Array), inversePermutation(b[at] as Uint8Array)]
      const sum = sums[at] as Uint8Array
      for (const p of left)
        for (let q = 0; q < 16; q += 2) {
          const [even, odd] = [sum[p ^ (right[q] as number)], sum[p ^ (right[q + 1] as number)]]
          this.byte(((even as number) << 4) | (odd as number))
        }
    }
    return sums
  }
}

const rows = [0, 1, 2, 3] as const

/** The tables of one round; `decoders` say what the sixteen encoded bytes of the state are, before and after it. */
const round = (tables: Tables, source: ByteSource, key: Uint8Array, decoders: readonly Uint8Array[]): Uint8Array[] =>
  rows.flatMap((column) => {
    const mixing = randomBijection(32, source)
    const inputs = tables.step(
      rows.map((row) => {
        const images = imagesOf((byte) => apply(mixing.forth, inverseMixed(byte, row)))
        const state = decoders[shiftedFrom(column, row)] as Uint8Array
        const roundKey = key[4 * column + row] as number
        return Uint32Array.from(state, (byte) => images[inverseBox[byte ^ roundKey] as number] as number)
      }),
    )
    const masks = rows.map(() => randomBijection(8, source))
    const masked = (word: number): number =>
      masks.reduce((sum, mask, at) => sum | wordOf(apply(mask.forth, byteOf(word, at)), at), 0) >>> 0
    const outputs = tables.step(
      rows.map((row) => {
        const images = imagesOf((byte) => masked(apply(mixing.back, wordOf(byte, row))))
        return Uint32Array.from(inputs[row] as Uint8Array, (byte) => images[byte] as number)
      }),
    )
    return masks.map((mask, at) => (outputs[at] as Uint8Array).map((byte) => apply(mask.back, byte)))
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

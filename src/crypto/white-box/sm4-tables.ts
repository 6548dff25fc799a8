/**
 * The decryption of SM4 as look-up tables: Y. Xiao, X. Lai, "White-Box Cryptography and a SMS4 Implementation", Annual
 * Conference of the CACR 2009. Every word of the state is under an affine bijection of GL(32,2), the input of the
 * substitutions under four of GL(8,2). Where the paper multiplies by matrices there are tables here, so that all of it
 * is one thing: a map of a word to a word in four tables, one for each byte, whose entries are added.
 */
import {
  apply,
  type Bijection,
  type ByteSource,
  byteOf,
  compose,
  inversePermutation,
  type Linear,
  randomBijection,
  randomWord,
  wordOf,
} from './binary.ts'
import { box, diffused, roundKeys, rounds } from './sm4.ts'

/** A word x is encoded as `forth`(x) ^ `constant`. */
interface Affine extends Bijection {
  readonly constant: number
}

const newAffine = (source: ByteSource): Affine => ({ ...randomBijection(32, source), constant: randomWord(source) })

/** Four maps of a byte side by side, as one of a word. */
const newBytewise = (source: ByteSource): Affine => {
  const parts = [0, 1, 2, 3].map(() => randomBijection(8, source))
  const wide = (side: 'forth' | 'back'): Linear =>
    Uint32Array.from({ length: 32 }, (_, bit) => {
      const at = 3 - (bit >> 3)
      return wordOf(parts[at]?.[side][bit & 7] as number, at)
    })
  return { forth: wide('forth'), back: wide('back'), constant: randomWord(source) }
}

const mapBytes = 4 * 256 * 4
const maps = 4 + 6 * rounds + 4

class Tables {
  readonly bytes = new Uint8Array(maps * mapBytes)
  readonly #view = new DataView(this.bytes.buffer)
  readonly #source: ByteSource
  #at = 0

  constructor(source: ByteSource) {
    this.#source = source
  }

  /** The map whose tables add up to `wordFor` of each byte and `constant`, which is shared out among them at random. */
  map(constant: number, wordFor: (byte: number, value: number) => number): void {
    const shares = [0, 1, 2].map(() => randomWord(this.#source))
    shares.push(shares.reduce((sum, share) => sum ^ share, constant))
    for (const [byte, share] of shares.entries())
      for (let value = 0; value < 256; value++, this.#at += 4)
        this.#view.setUint32(this.#at, (wordFor(byte, value) ^ share) >>> 0)
  }

  linear(map: Linear, constant: number): void {
    this.map(constant, (byte, value) => apply(map, wordOf(value, byte)))
  }
}

/** What the word under `from` is under `to`, less the constant of `to`. */
const recode = (tables: Tables, from: Affine, to: Affine, constant = 0): void => {
  const map = compose(from.back, to.forth)
  tables.linear(map, apply(map, from.constant) ^ constant)
}

const substitution = (tables: Tables, input: Affine, output: Affine, roundKey: number): void =>
  tables.map(output.constant, (byte, value) => {
    const decoded = apply(input.back, wordOf(value ^ byteOf(input.constant, byte), byte))
    const substituted = box[byteOf(decoded ^ roundKey, byte)] as number
    return apply(output.forth, diffused(wordOf(substituted, byte)))
  })

/** The tables of one round, and how the new word is encoded. */
const round = (tables: Tables, source: ByteSource, words: readonly Affine[], roundKey: number): Affine => {
  const [first, second, third, fourth] = words as [Affine, Affine, Affine, Affine]
  const [input, output, next] = [newBytewise(source), newAffine(source), newAffine(source)]
  recode(tables, second, input, input.constant)
  recode(tables, third, input)
  recode(tables, fourth, input)
  substitution(tables, input, output, roundKey)
  recode(tables, first, next, next.constant)
  recode(tables, output, next)
  return next
}

const inward = (tables: Tables, decoders: readonly Uint8Array[], word: Affine): void =>
  tables.map(word.constant, (byte, value) => apply(word.forth, wordOf(decoders[byte]?.[value] as number, byte)))

/** As `aesTables`. */
export const sm4Tables = (key: Uint8Array, encoding: readonly Uint8Array[], source: ByteSource): Uint8Array => {
  const tables = new Tables(source)
  const decoders = encoding.map(inversePermutation)
  let words = [0, 1, 2, 3].map(() => newAffine(source))
  for (const [at, word] of words.entries()) inward(tables, decoders.slice(4 * at, 4 * at + 4), word)
  const keys = roundKeys(key).reverse()
  for (const roundKey of keys) words = [...words.slice(1), round(tables, source, words, roundKey)]
  for (const word of words.reverse()) tables.linear(word.back, apply(word.back, word.constant))
  keys.fill(0)
  return tables.bytes
}

/** AES-256 (FIPS 197) as its inverse cipher, in the parts that the tables are made of. */

const times = (a: number, b: number): number => {
  let [product, factor] = [0, a]
  for (let rest = b; rest > 0; rest >>= 1) {
    if (rest & 1) product ^= factor
    factor = (factor << 1) ^ (factor & 0x80 ? 0x11b : 0)
  }
  return product
}

/** Section 5.1.1: the inverse in GF(2^8), then an affine map. */
const substitution = (): Uint8Array => {
  const box = Uint8Array.of(0x63, ...new Uint8Array(255))
  for (let a = 1; a < 256; a++)
    for (let b = 1; b < 256; b++) {
      if (times(a, b) !== 1) continue
      const turned = [0, 1, 2, 3, 4].reduce((sum, by) => sum ^ (b << by) ^ (b >> (8 - by)), 0)
      box[a] = (turned & 255) ^ 0x63
      break
    }
  return box
}

const box = substitution()
export const inverseBox: Uint8Array = new Uint8Array(256)
for (const [from, to] of box.entries()) inverseBox[to] = from

/** What byte `row` of a column adds to InvMixColumns of it (section 5.3.3), as one word. */
export const inverseMixed = (byte: number, row: number): number => {
  const word = [14, 9, 13, 11].reduce((sum, factor, at) => sum | (times(byte, factor) << (24 - 8 * at)), 0)
  return ((word >>> (8 * row)) | (word << ((32 - 8 * row) % 32))) >>> 0
}

const keyRounds = 15

/** Section 5.2, for keys of 32 bytes: 15 round keys of 16 bytes. */
export const roundKeys = (key: Uint8Array): readonly Uint8Array[] => {
  const all = new Uint8Array(16 * keyRounds)
  all.set(key)
  let constant = 1
  for (let at = 32; at < all.length; at += 4) {
    let word = [...all.subarray(at - 4, at)]
    if (at % 16 === 0) word = word.map((byte) => box[byte] as number)
    if (at % 32 === 0) {
      word.push(word.shift() as number)
      word[0] = (word[0] as number) ^ constant
      constant = times(constant, 2)
    }
    for (let byte = 0; byte < 4; byte++) all[at + byte] = (all[at + byte - 32] as number) ^ (word[byte] as number)
  }
  return Array.from({ length: keyRounds }, (_, round) => all.subarray(16 * round, 16 * (round + 1)))
}

/** InvShiftRows (section 5.3.1): where byte `row` of a column comes from. */
export const shiftedFrom = (column: number, row: number): number => 4 * ((column - row + 4) % 4) + row

const inverseMixedKey = (key: Uint8Array): Uint8Array => {
  const mixed = new Uint8Array(16)
  for (let column = 0; column < 4; column++) {
    const words = [0, 1, 2, 3].map((row) => inverseMixed(key[4 * column + row] as number, row))
    const word = words.reduce((sum, each) => sum ^ each, 0)
    for (let row = 0; row < 4; row++) mixed[4 * column + row] = (word >>> (24 - 8 * row)) & 255
  }
  return mixed
}

const shifted = (key: Uint8Array): Uint8Array =>
  Uint8Array.from({ length: 16 }, (_, at) => key[shiftedFrom(at >> 2, at & 3)] as number)

export interface InverseKeys {
  /** What is added before each of the fourteen inverse substitutions, behind InvShiftRows. */
  readonly before: readonly Uint8Array[]
  /** What is added behind the last one. */
  readonly after: Uint8Array
}

/** The round keys of the equivalent inverse cipher (section 5.3.5), moved behind InvShiftRows, which they commute with. */
export const inverseKeys = (key: Uint8Array): InverseKeys => {
  const [after = new Uint8Array(16), ...rest] = roundKeys(key)
  const [first = after, ...others] = rest.reverse()
  const before = [shifted(first), ...others.map((each) => shifted(inverseMixedKey(each)))]
  for (const each of rest) each.fill(0)
  return { before, after }
}

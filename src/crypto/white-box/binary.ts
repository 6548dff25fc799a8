/**
 * Linear maps over GF(2) of up to 32 bits, as the images of the single bits: `columns[j]` is the image of `1 << j`. What
 * is random is drawn from a source of bytes, uniformly.
 */

/** A fresh random byte. */
export type ByteSource = () => number

export type Linear = Uint32Array

export const apply = (map: Linear, value: number): number => {
  let image = 0
  for (let rest = value; rest !== 0; rest &= rest - 1) image ^= map[31 - Math.clz32(rest & -rest)] as number
  return image >>> 0
}

/** `first` and then `second`. */
export const compose = (first: Linear, second: Linear): Linear => first.map((image) => apply(second, image))

/** What a linear map of a byte, given by what it makes of one, makes of each of the 256: each from one with a bit less. */
export const imagesOf = (map: (byte: number) => number): Uint32Array => {
  const images = new Uint32Array(256)
  for (let bit = 1; bit < 256; bit <<= 1) images[bit] = map(bit)
  for (let byte = 1; byte < 256; byte++) {
    const less = byte & (byte - 1)
    images[byte] = (images[less] as number) ^ (images[byte ^ less] as number)
  }
  return images
}

/** The inverse by Gauss and Jordan, on columns; undefined where there is none. */
const inverse = (map: Linear): Linear | undefined => {
  const [left, right] = [map.slice(), map.map((_image, at) => (1 << at) >>> 0)]
  const swap = (columns: Linear, a: number, b: number) => {
    const [one, other] = [columns[a] as number, columns[b] as number]
    columns[a] = other
    columns[b] = one
  }
  const add = (columns: Linear, from: number, to: number) => {
    columns[to] = ((columns[to] as number) ^ (columns[from] as number)) >>> 0
  }
  for (let bit = 0; bit < map.length; bit++) {
    const pivot = left.findIndex((image, at) => at >= bit && ((image >>> bit) & 1) === 1)
    if (pivot < 0) return undefined
    for (const columns of [left, right]) swap(columns, bit, pivot)
    for (let at = 0; at < map.length; at++) {
      if (at === bit || (((left[at] as number) >>> bit) & 1) === 0) continue
      for (const columns of [left, right]) add(columns, bit, at)
    }
  }
  return right
}

export interface Bijection {
  readonly forth: Linear
  readonly back: Linear
}

export const randomWord = (source: ByteSource): number =>
  ((source() << 24) | (source() << 16) | (source() << 8) | source()) >>> 0

/** An element of GL(bits, 2): two in seven random matrices are one. */
export const randomBijection = (bits: 8 | 32, source: ByteSource): Bijection => {
  for (;;) {
    const forth = Uint32Array.from({ length: bits }, () => (bits === 8 ? source() : randomWord(source)))
    const back = inverse(forth)
    if (back) return { forth, back }
  }
}

/** A random order of 0 to `size` - 1, by Fisher and Yates; a byte that would favour some is thrown away. */
export const randomPermutation = (size: 16 | 256, source: ByteSource): Uint8Array => {
  const order = Uint8Array.from({ length: size }, (_, at) => at)
  for (let last = size - 1; last > 0; last--) {
    const even = 256 - (256 % (last + 1))
    let drawn = source()
    while (drawn >= even) drawn = source()
    const chosen = drawn % (last + 1)
    const kept = order[last] as number
    order[last] = order[chosen] as number
    order[chosen] = kept
  }
  return order
}

export const inversePermutation = (order: Uint8Array): Uint8Array => {
  const inverted = new Uint8Array(order.length)
  for (let from = 0; from < order.length; from++) inverted[order[from] as number] = from
  return inverted
}

/** The part of a word that byte `at` is, the most significant first. */
export const byteOf = (word: number, at: number): number => (word >>> (24 - 8 * at)) & 255
export const wordOf = (byte: number, at: number): number => (byte << (24 - 8 * at)) >>> 0

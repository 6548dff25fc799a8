/** Generations of a root key: an id, a number that grows, and 32 random bytes. */
import { createHmac, randomBytes, randomUUID, timingSafeEqual } from 'node:crypto'

/** The file is missing, or is not one that can be trusted; the message says what to do. */
export class RootKeyUnusable extends Error {}

export const keyBytes = 32
/** More than anybody will make; it bounds what is read. */
export const generationsMax = 1000

export interface Generation {
  /** 16 bytes in hex. */
  readonly id: string
  readonly number: number
  readonly key: Buffer
}

/** What may be said of a generation to anybody. */
export interface GenerationName {
  readonly id: string
  readonly number: number
  /** `checkValue` of its key, in hex. */
  readonly check: string
}

/** Says whether a key is the one that the file meant, and nothing about it (a MAC under the key of a fixed text). */
const checkValue = (key: Buffer): Buffer =>
  createHmac('sha256', key).update('keystead root key check').digest().subarray(0, 8)

export const nameOf = ({ id, number, key }: Generation): GenerationName => ({
  id,
  number,
  check: checkValue(key).toString('hex'),
})

export const matchesCheck = (key: Buffer, check: string): boolean => {
  const given = Buffer.from(check, 'hex')
  return key.length === keyBytes && given.length === 8 && timingSafeEqual(given, checkValue(key))
}

export const newGeneration = (number: number): Generation => ({
  id: randomUUID().replaceAll('-', ''),
  number,
  key: randomBytes(keyBytes),
})

export const newest = <G extends { readonly number: number }>(generations: readonly G[]): G =>
  generations.reduce((a, b) => (b.number > a.number ? b : a))

export const areSame = (some: readonly Generation[], others: readonly Generation[]): boolean =>
  some.length === others.length &&
  some.every(({ id, number, key }, at) => {
    const other = others[at]
    return other?.id === id && other.number === number && timingSafeEqual(other.key, key)
  })

/** Whether every one of `others` is among `some`. */
export const holdsAll = (some: readonly Generation[], others: readonly Generation[]): boolean =>
  others.every((other) => some.some((one) => areSame([one], [other])))

export const zero = (generations: readonly Generation[]): void => {
  for (const { key } of generations) key.fill(0)
}

/**
 * A share of a seal key as people keep it: `kss1` and hex digits in groups of four. In it are the split that it is of, how
 * many are needed, its number, its part, and a checksum, which finds what was mistyped and is no protection.
 */
import { createHash, randomBytes } from 'node:crypto'
import { combine, type Share, sharesMax, split } from '../../crypto/secret-sharing.ts'
import type { Parameters } from './format.ts'
import { keyBytes } from './generations.ts'

const prefix = 'kss1'
const splitBytes = 8
const checksumBytes = 4
const bodyBytes = splitBytes + 2 + keyBytes

export interface ReadShare extends Share {
  /** 8 bytes in hex. */
  readonly split: string
  readonly threshold: number
}

const checksum = (body: Buffer): Buffer =>
  createHash('sha256').update('keystead share').update(body).digest().subarray(0, checksumBytes)

const textOf = (body: Buffer): string => {
  const hex = Buffer.concat([body, checksum(body)]).toString('hex')
  return `${prefix}-${hex.match(/.{4}/g)?.join('-')}`
}

/** undefined for what is no share, or was mistyped. Case, spaces and dashes do not matter. */
export const readShare = (text: string): ReadShare | undefined => {
  const plain = text.toLowerCase().replace(/[\s-]/g, '')
  if (!plain.startsWith(prefix) || !/^[0-9a-f]*$/.test(plain.slice(prefix.length))) return undefined
  const bytes = Buffer.from(plain.slice(prefix.length), 'hex')
  const body = bytes.subarray(0, bodyBytes)
  const isWhole = bytes.length === bodyBytes + checksumBytes && checksum(body).equals(bytes.subarray(bodyBytes))
  const [threshold = 0, x = 0] = body.subarray(splitBytes)
  if (!isWhole || threshold < 2 || x < 1) return undefined
  return { split: body.subarray(0, splitBytes).toString('hex'), threshold, x, y: body.subarray(splitBytes + 2) }
}

/** A new seal key's parameters and shares; `threshold` and `count` as `split` wants them. */
export const newShares = (
  sealKey: Buffer,
  threshold: number,
  count: number,
): { parameters: Parameters; shares: readonly string[] } => {
  const id = randomBytes(splitBytes)
  const made = split(sealKey, threshold, count, randomBytes)
  const shares = made.map(({ x, y }) => {
    const text = textOf(Buffer.concat([id, Buffer.of(threshold, x), y]))
    y.fill(0)
    return text
  })
  return { parameters: { split: id.toString('hex'), threshold: String(threshold), shares: String(count) }, shares }
}

/** Why these cannot be split so, or undefined. */
export const splitFault = (threshold: number, count: number): string | undefined =>
  threshold < 2 || threshold > count || count > sharesMax ? `needs 2 <= threshold <= shares <= ${sharesMax}` : undefined

/** The shares of one split that were given so far. */
export class GivenShares {
  readonly #split: string
  readonly needed: number
  readonly #given = new Map<number, Share>()

  constructor({ split: id = '', threshold = '' }: Parameters) {
    this.#split = id
    this.needed = Number(threshold)
  }

  get count(): number {
    return this.#given.size
  }

  /** Why it does not count, or undefined. */
  give(text: string): string | undefined {
    const share = readShare(text)
    if (!share) return 'is no share, or was mistyped'
    if (share.split !== this.#split || share.threshold !== this.needed) return 'is of another seal'
    if (this.#given.has(share.x)) return `is number ${share.x}, which was given before`
    this.#given.set(share.x, share)
    return undefined
  }

  /** The seal key of what was given, to be tried; the shares are forgotten. */
  take(): Buffer {
    const key = Buffer.from(combine([...this.#given.values()]))
    this.forget()
    return key
  }

  forget(): void {
    for (const { y } of this.#given.values()) y.fill(0)
    this.#given.clear()
  }
}

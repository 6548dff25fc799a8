/** Shares of a secret: any k give it back, and fewer say nothing of it. */
import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { combine, inverse, type Share, split, times } from '../../src/crypto/secret-sharing.ts'

const random = (bytes: number) => new Uint8Array(randomBytes(bytes))
const bytes = Array.from({ length: 256 }, (_, value) => value)

const scripted = (drawn: number[]) => (count: number) => Uint8Array.from(drawn.splice(0, count))

/** Carry-less multiplication and division by the polynomial, written the long way. */
const longTimes = (a: number, b: number): number => {
  let product = 0
  for (let bit = 0; bit < 8; bit++) if ((b >> bit) % 2 === 1) product ^= a << bit
  for (let bit = 15; bit >= 8; bit--) if ((product >> bit) % 2 === 1) product ^= 0x11b << (bit - 8)
  return product
}

describe('the field', () => {
  test('multiplies as FIPS 197 says', () => {
    expect([times(0x57, 0x83), times(0x57, 0x13)]).toEqual([0xc1, 0xfe]) // Its examples in section 4.2.
    for (const a of bytes) for (const b of bytes) if (times(a, b) !== longTimes(a, b)) expect([a, b]).toBe('equal')
  })

  test('has an inverse of everything but 0', () => {
    for (const a of bytes.slice(1)) expect(times(a, inverse(a))).toBe(1)
  })
})

const ways = fc
  .tuple(fc.uint8Array({ minLength: 1, maxLength: 40 }), fc.integer({ min: 2, max: 6 }), fc.integer({ min: 0, max: 4 }))
  .map(([secret, threshold, more]) => ({ secret, threshold, count: threshold + more }))

describe('shares', () => {
  test('give the secret back, any k of them in any order, and more than k too', () => {
    fc.assert(
      fc.property(ways, fc.infiniteStream(fc.nat()), ({ secret, threshold, count }, keys) => {
        const order = (shares: readonly Share[]) =>
          shares
            .map((share) => ({ share, key: keys.next().value as number }))
            .sort((a, b) => a.key - b.key)
            .map(({ share }) => share)
        const shares = order(split(secret, threshold, count, random))
        expect(combine(shares.slice(0, threshold))).toEqual(secret)
        expect(combine(shares)).toEqual(secret)
      }),
      { numRuns: 200 },
    )
  })

  test('one fewer than k leave every value of a byte equally possible: one way each to have made them', () => {
    // All ways to split a byte by 3: secret and highest coefficient are free, the one between follows.
    const seen = { x2: 77, x3: 200 }
    const waysTo = new Map<number, number>()
    for (const secret of bytes)
      for (const high of bytes) {
        const low = times(seen.x2 ^ secret ^ times(high, times(2, 2)), inverse(2))
        const [, two, three] = split(Uint8Array.of(secret), 3, 3, scripted([low, high]))
        if (two?.y[0] === seen.x2 && three?.y[0] === seen.x3) waysTo.set(secret, (waysTo.get(secret) ?? 0) + 1)
      }
    expect([waysTo.size, new Set(waysTo.values())]).toEqual([256, new Set([1])])
  })

  test('every coefficient is taken as it was drawn, one for each byte, 0 too', () => {
    const [first, second] = split(Uint8Array.of(1, 2), 2, 2, scripted([0, 9]))
    expect([first?.y, second?.y]).toEqual([Uint8Array.of(1, 2 ^ 9), Uint8Array.of(1, 2 ^ times(9, 2))])
  })

  test('of two secrets do not mix, and what is none is refused', () => {
    const [one, two] = [split(random(8), 2, 2, random), split(random(8), 2, 3, random)]
    expect(() => combine([one[0] as Share, two[0] as Share])).toThrow(RangeError)
    expect(() => combine([one[0] as Share, { x: 0, y: random(8) }])).toThrow(RangeError)
    for (const [threshold, count] of [
      [1, 3],
      [4, 3],
      [2, 256],
      [2.5, 3],
    ] as const)
      expect(() => split(random(8), threshold, count, random)).toThrow(RangeError)
  })
})

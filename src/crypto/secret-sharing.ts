/**
 * Secret sharing over GF(256) (Shamir, "How to share a secret", 1979), each byte of the secret apart, in the field of AES
 * (FIPS 197, section 4: x^8 + x^4 + x^3 + x + 1). Multiplication shifts and reduces: a table would be read at a secret
 * index, which the cache tells (CVE-2023-25000), and no branch here depends on a secret.
 */

/** A point of the polynomials: `x` is public, 1 to 255; `y` has the length of the secret. */
export interface Share {
  readonly x: number
  readonly y: Uint8Array
}

export const sharesMax = 255

/** Always eight rounds; masks stand in the place of branches. */
export const times = (a: number, b: number): number => {
  let product = 0
  for (let bit = 0; bit < 8; bit++) {
    product ^= a & -((b >> bit) & 1)
    a = ((a << 1) & 0xff) ^ (0x1b & -(a >> 7))
  }
  return product
}

/** The 254th power, which is the inverse of everything but 0; by the same steps for every value. */
export const inverse = (a: number): number => {
  let power = a
  let result = 1
  for (let bit = 1; bit < 8; bit++) {
    power = times(power, power)
    result = times(result, power)
  }
  return result
}

const valueAt = (polynomial: readonly Uint8Array[], x: number, length: number): Uint8Array => {
  const y = new Uint8Array(length)
  for (const terms of polynomial.toReversed())
    for (let at = 0; at < length; at++) y[at] = times(y[at] ?? 0, x) ^ (terms[at] ?? 0)
  return y
}

/**
 * `count` shares, any `threshold` of which give the secret. `random` gives so many fresh bytes. Throws a RangeError unless
 * 2 <= threshold <= count <= 255: one share that is the secret itself shares nothing.
 */
export const split = (
  secret: Uint8Array,
  threshold: number,
  count: number,
  random: (bytes: number) => Uint8Array,
): readonly Share[] => {
  const fits = Number.isInteger(threshold) && Number.isInteger(count)
  if (!fits || threshold < 2 || threshold > count || count > sharesMax)
    throw new RangeError(`${threshold} of ${count} shares cannot be made`)
  // Every coefficient is uniform, the highest too: without its 0, one share fewer would exclude a value of each byte.
  const drawn = Array.from({ length: threshold - 1 }, () => random(secret.length))
  const shares = Array.from({ length: count }, (_, at) => ({
    x: at + 1,
    y: valueAt([secret, ...drawn], at + 1, secret.length),
  }))
  for (const terms of drawn) terms.fill(0)
  return shares
}

/** The weight of a point for the value at 0 (Lagrange); from public numbers alone. */
const weightOf = ({ x }: Share, shares: readonly Share[]): number =>
  shares.reduce((weight, other) => (other.x === x ? weight : times(weight, times(other.x, inverse(other.x ^ x)))), 1)

/**
 * What the polynomials through these points are at 0: the secret where the points are enough and of one split, and
 * otherwise noise, so whoever asks must have a way to tell. Throws a RangeError where two points have one `x`.
 */
export const combine = (shares: readonly Share[]): Uint8Array => {
  const length = shares[0]?.y.length ?? 0
  const distinct = new Set(shares.map(({ x }) => x)).size === shares.length
  if (!distinct || shares.some(({ x, y }) => x < 1 || x > sharesMax || y.length !== length))
    throw new RangeError('these shares are not of one secret')
  const secret = new Uint8Array(length)
  for (const share of shares) {
    const weight = weightOf(share, shares)
    for (let at = 0; at < length; at++) secret[at] = (secret[at] ?? 0) ^ times(weight, share.y[at] ?? 0)
  }
  return secret
}

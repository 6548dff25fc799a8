/**
 * SM2 (GB/T 32918.2 signatures, .4 encryption) on the curve of GB/T 32918.5, with SM3. The platform has the curve, but
 * signs only with an empty user id and encrypts nothing.
 *
 * Numbers here are BigInts, whose arithmetic takes a time that depends on them. Therefore no formula works on the private
 * scalar d itself: it is split or multiplied by fresh randomness in every use, so that what time tells is about numbers
 * that are used once. Nonces come from the generator by rejection; no caller chooses one.
 */
import { randomBytes } from 'node:crypto'
import { weierstrass } from '@noble/curves/abstract/weierstrass.js'
import { bytesToNumberBE, numberToBytesBE } from '@noble/curves/utils.js'
import { equalInConstantTime } from './compare.ts'
import { derInteger, derOf, sequenceIn, tags } from './der.ts'
import { sm3 } from './digest.ts'
import { type Pair, type PrivateKey, privateKeyFrom, scalarOf, sm2Prefix } from './private-key.ts'

const p = 0xfffffffeffffffffffffffffffffffffffffffff00000000ffffffffffffffffn
const n = 0xfffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123n
const a = 0xfffffffeffffffffffffffffffffffffffffffff00000000fffffffffffffffcn
const b = 0x28e9fa9e9d9f5e344d5a9e4bcf6509a7f39789f515ab8f92ddbcbd414d940e93n
const Gx = 0x32c4ae2c1f1981195f9904466a39c9948fe30bbff2660be1715a4589334c74c7n
const Gy = 0xbc3736a2f4f6779c59bdcee36b692153d0a9877cc62a474002df32e52139f0a0n
const Point = weierstrass({ p, n, h: 1n, a, b, Gx, Gy })
type Point = InstanceType<typeof Point>
const { Fn } = Point

const widthBytes = 32
export const sm2DigestBytes = 32
const sm3Bytes = 32
/** GM/T 0009, section 10: the id of whoever has none, which the clouds use. */
const userId = Buffer.from('1234567812345678')

const bytesOf = (value: bigint): Uint8Array => numberToBytesBE(value, widthBytes)

/** Uniform in 1 to n - 1. */
const randomScalar = (): bigint => {
  for (;;) {
    const bytes = randomBytes(widthBytes)
    const value = bytesToNumberBE(bytes)
    bytes.fill(0)
    if (value > 0n && value < n) return value
  }
}

/** Two numbers whose sum is d, other ones at each call. */
const split = (key: PrivateKey): [bigint, bigint] => {
  for (;;) {
    const bytes = scalarOf(key, widthBytes)
    const first = randomScalar()
    const second = Fn.sub(bytesToNumberBE(bytes), first)
    bytes.fill(0)
    if (second !== 0n) return [first, second]
  }
}

/** `04 ‖ x ‖ y` on the curve; undefined for every other text. The cofactor is 1, so every such point is of order n. */
const pointFrom = (bytes: Uint8Array): Point | undefined => {
  if (bytes.length !== 1 + 2 * widthBytes || bytes[0] !== 4) return undefined
  try {
    const x = bytesToNumberBE(bytes.subarray(1, 1 + widthBytes))
    const y = bytesToNumberBE(bytes.subarray(1 + widthBytes))
    const point = Point.fromAffine({ x, y })
    point.assertValidity()
    return point
  } catch {
    return undefined
  }
}

/** SubjectPublicKeyInfo of every SM2 key up to its point (GM/T 0006: curve 1.2.156.10197.1.301). */
const keyPrefix = Buffer.from('3059301306072a8648ce3d020106082a811ccf5501822d034200', 'hex')

/** RFC 5915: what stands before the point at the end of a private key. */
const publicPart = Buffer.from('a144034200', 'hex')

/** The point of an SM2 public key in SubjectPublicKeyInfo; undefined for every other key. */
const publicPoint = (publicKey: Uint8Array): Uint8Array | undefined => {
  const at = keyPrefix.length
  const isOurs = publicKey.length === at + 1 + 2 * widthBytes && keyPrefix.equals(publicKey.subarray(0, at))
  return isOurs ? publicKey.subarray(at) : undefined
}

/** Both halves from the scalar of the private one; undefined where it is none of 1 to n - 2 (GB/T 32918.1, section 6.1). */
export const sm2PairFrom = (scalar: Uint8Array): Pair | undefined => {
  if (scalar.length !== widthBytes) return undefined
  const d = bytesToNumberBE(scalar)
  if (d < 1n || d > n - 2n) return undefined
  const head = Buffer.concat([sm2Prefix, scalar])
  const [d1, d2] = split(privateKeyFrom(head))
  const point = Point.BASE.multiply(d1).add(Point.BASE.multiply(d2)).toBytes(false)
  const privateKey = new Uint8Array(Buffer.concat([head, publicPart, point]))
  head.fill(0)
  return { publicKey: new Uint8Array(Buffer.concat([keyPrefix, point])), privateKey }
}

/** Whether it is an SM2 key; that its point is on the curve is checked where it is used. */
export const isSm2 = (publicKey: Uint8Array): boolean => publicPoint(publicKey) !== undefined

/** x of the point that two keys share; undefined where the other key is no SM2 key on the curve. */
export const sm2Agree = (key: PrivateKey, publicKey: Uint8Array): Uint8Array | undefined => {
  const bytes = publicPoint(publicKey)
  const point = bytes && pointFrom(bytes)
  if (!point) return undefined
  const [d1, d2] = split(key)
  return bytesOf(point.multiply(d1).add(point.multiply(d2)).x)
}

const za = (point: Uint8Array): Uint8Array => {
  const bits = Buffer.alloc(2)
  bits.writeUInt16BE(userId.length * 8)
  return sm3(Buffer.concat([bits, userId, ...[a, b, Gx, Gy].map(bytesOf), point.subarray(1)]))
}

/** What is signed in the place of a message: SM3(ZA ‖ M). */
export const sm2Digest = (publicKey: Uint8Array, message: Uint8Array): Uint8Array => {
  const point = publicPoint(publicKey)
  if (!point) throw new Error('not an SM2 key')
  return sm3(Buffer.concat([za(point), message]))
}

/**
 * GB/T 32918.2, section 6.1, over a digest of 32 bytes: s = (1 + d)⁻¹ · (k - r·d). Here numerator and denominator are
 * both multiplied by a random f, and f·d is added up from two halves of d.
 */
export const sm2Sign = (key: PrivateKey, digest: Uint8Array): Uint8Array => {
  const e = Fn.create(bytesToNumberBE(digest))
  for (;;) {
    const k = randomScalar()
    const r = Fn.add(e, Fn.create(Point.BASE.multiply(k).x))
    if (r === 0n || r + k === n) continue
    const f = randomScalar()
    const [d1, d2] = split(key)
    const fd = Fn.add(Fn.mul(f, d1), Fn.mul(f, d2))
    const s = Fn.mul(Fn.inv(Fn.add(f, fd)), Fn.sub(Fn.mul(f, k), Fn.mul(r, fd)))
    if (s !== 0n) return derOf(tags.sequence, derInteger(bytesOf(r)), derInteger(bytesOf(s)))
  }
}

/** r and s of a signature: DER, or the 64 raw bytes that older releases of the clouds give. */
const signatureParts = (signature: Uint8Array): [bigint, bigint] | undefined => {
  const sequence = sequenceIn(signature)
  const [r, s] = [sequence?.unsigned(widthBytes), sequence?.unsigned(widthBytes)]
  if (r && s && sequence?.isDone) return [bytesToNumberBE(r), bytesToNumberBE(s)]
  if (signature.length !== 2 * widthBytes) return undefined
  return [bytesToNumberBE(signature.subarray(0, widthBytes)), bytesToNumberBE(signature.subarray(widthBytes))]
}

/** GB/T 32918.2, section 7.1. Everything in it is public. */
export const sm2Verify = (publicKey: Uint8Array, digest: Uint8Array, signature: Uint8Array): boolean => {
  const bytes = publicPoint(publicKey)
  const point = bytes && pointFrom(bytes)
  const [r = 0n, s = 0n] = signatureParts(signature) ?? []
  if (!point || r <= 0n || r >= n || s <= 0n || s >= n) return false
  const t = Fn.add(r, s)
  if (t === 0n) return false
  const sum = Point.BASE.multiplyUnsafe(s).add(point.multiplyUnsafe(t))
  if (sum.equals(Point.ZERO)) return false
  return Fn.create(bytesToNumberBE(digest) + sum.x) === r
}

/** GB/T 32918.4, section 5.4.3: the key stream of x ‖ y, SM3 in counter mode. */
const stream = (x: Uint8Array, y: Uint8Array, length: number): Uint8Array => {
  const input = Buffer.concat([x, y, Buffer.alloc(4)])
  const out = new Uint8Array(length)
  for (let counter = 1, at = 0; at < length; counter++, at += sm3Bytes) {
    input.writeUInt32BE(counter, input.length - 4)
    const block = sm3(input)
    out.set(block.subarray(0, length - at), at)
    block.fill(0)
  }
  input.fill(0)
  return out
}

const xored = (one: Uint8Array, other: Uint8Array): Uint8Array => one.map((byte, at) => byte ^ (other[at] ?? 0))

interface Parts {
  readonly x: Uint8Array
  readonly y: Uint8Array
  readonly c3: Uint8Array
  readonly c2: Uint8Array
}

export type Sm2Form = 'der' | 'raw'

const joined: Readonly<Record<Sm2Form, (parts: Parts) => Uint8Array>> = {
  der: ({ x, y, c3, c2 }) =>
    derOf(tags.sequence, derInteger(x), derInteger(y), derOf(tags.octets, c3), derOf(tags.octets, c2)),
  /** x ‖ y ‖ C3 ‖ C2, without the 04 before the point. */
  raw: ({ x, y, c3, c2 }) => new Uint8Array(Buffer.concat([x, y, c3, c2])),
}

/** GB/T 32918.4, section 6.1; undefined where the key is no SM2 key or there is nothing to encrypt. */
export const sm2Encrypt = (publicKey: Uint8Array, plaintext: Uint8Array, form: Sm2Form): Uint8Array | undefined => {
  const bytes = publicPoint(publicKey)
  const point = bytes && pointFrom(bytes)
  if (!point || plaintext.length === 0) return undefined
  for (;;) {
    const k = randomScalar()
    const c1 = Point.BASE.multiply(k)
    const shared = point.multiply(k)
    const [x, y] = [bytesOf(shared.x), bytesOf(shared.y)]
    const t = stream(x, y, plaintext.length)
    // Section 6.1, A5: a key stream of zeros would show the plaintext.
    if (t.every((byte) => byte === 0)) continue
    const c3 = sm3(Buffer.concat([x, plaintext, y]))
    return joined[form]({ x: bytesOf(c1.x), y: bytesOf(c1.y), c3, c2: xored(plaintext, t) })
  }
}

const partsFromDer = (ciphertext: Uint8Array): Parts | undefined => {
  const sequence = sequenceIn(ciphertext)
  if (!sequence) return undefined
  const [x, y] = [sequence.unsigned(widthBytes), sequence.unsigned(widthBytes)]
  const [c3, c2] = [sequence.read(tags.octets), sequence.read(tags.octets)]
  return x && y && c3?.length === sm3Bytes && c2 && sequence.isDone ? { x, y, c3, c2 } : undefined
}

const partsFromRaw = (ciphertext: Uint8Array): Parts | undefined => {
  const c3At = 1 + 2 * widthBytes
  if (ciphertext[0] !== 4 || ciphertext.length <= c3At + sm3Bytes) return undefined
  return {
    x: ciphertext.subarray(1, 1 + widthBytes),
    y: ciphertext.subarray(1 + widthBytes, c3At),
    c3: ciphertext.subarray(c3At, c3At + sm3Bytes),
    c2: ciphertext.subarray(c3At + sm3Bytes),
  }
}

/**
 * GB/T 32918.4, section 7.1, of a ciphertext in DER or as `04 ‖ x ‖ y ‖ C3 ‖ C2`. Undefined for whatever is wrong in it,
 * all alike; a point that is not on the curve never meets the key. Step B4 is left out: it refuses a key stream of zeros,
 * which some senders use where a plaintext of one byte happens to get it.
 */
export const sm2Decrypt = (key: PrivateKey, ciphertext: Uint8Array): Uint8Array | undefined => {
  const parts = partsFromDer(ciphertext) ?? partsFromRaw(ciphertext)
  const c1 = parts && pointFrom(Buffer.concat([Uint8Array.of(4), parts.x, parts.y]))
  if (!c1 || parts.c2.length === 0) return undefined
  const [d1, d2] = split(key)
  const shared = c1.multiply(d1).add(c1.multiply(d2))
  const [x, y] = [bytesOf(shared.x), bytesOf(shared.y)]
  const t = stream(x, y, parts.c2.length)
  const plaintext = xored(parts.c2, t)
  const check = sm3(Buffer.concat([x, plaintext, y]))
  for (const secret of [x, y, t]) secret.fill(0)
  if (equalInConstantTime(check, parts.c3)) return plaintext
  plaintext.fill(0)
  return undefined
}

/**
 * A second reader of docs/spec/ciphertext.md, written from that page alone, on other primitives than the program's: noble's
 * AES-GCM, hashes and ML-KEM; for SM4 the bare block cipher and for SM3 the bare hash, with the mode and the HMAC done here.
 */
import { createCipheriv, createHash } from 'node:crypto'
import { gcm } from '@noble/ciphers/aes.js'
import { hmac } from '@noble/hashes/hmac.js'
import { sha256, sha512 } from '@noble/hashes/sha2.js'
import { concatBytes } from '@noble/hashes/utils.js'
import { ml_kem1024 } from '@noble/post-quantum/ml-kem.js'

/** `map` is a value that JSON.parse gave. */
export type GivenContext = { none: true } | { map: Record<string, unknown> } | { bytes: Uint8Array }
export interface GivenKey {
  lineage: string
  version: number
  material: Uint8Array
}

const ascii = (text: string) => Buffer.from(text, 'latin1')
const u32 = (value: number) => {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}
const prefixed = (bytes: Uint8Array) => concatBytes(u32(bytes.length), bytes)
const same = (a: Uint8Array, b: Uint8Array) => Buffer.compare(a, b) === 0

const sm3 = (bytes: Uint8Array): Uint8Array => new Uint8Array(createHash('sm3').update(bytes).digest())

/** RFC 2104 over SM3, whose blocks are 64 bytes. */
export const hmacSm3 = (key: Uint8Array, message: Uint8Array): Uint8Array => {
  const block = new Uint8Array(64)
  block.set(key.length > 64 ? sm3(key) : key)
  const inner = sm3(
    concatBytes(
      block.map((byte) => byte ^ 0x36),
      message,
    ),
  )
  return sm3(
    concatBytes(
      block.map((byte) => byte ^ 0x5c),
      inner,
    ),
  )
}

export const sm4Ctr = (key: Uint8Array, nonce: Uint8Array, input: Uint8Array): Uint8Array => {
  const out = new Uint8Array(input.length)
  for (let block = 0; block * 16 < input.length; block++) {
    const cipher = createCipheriv('sm4-ecb', key, null).setAutoPadding(false)
    const stream = cipher.update(concatBytes(nonce, u32(block)))
    for (let at = block * 16; at < Math.min(input.length, block * 16 + 16); at++)
      out[at] = (input[at] as number) ^ (stream[at - block * 16] as number)
  }
  return out
}

export const encodeGivenContext = (context: GivenContext): { kind: number; bytes: Uint8Array } => {
  if ('bytes' in context && context.bytes.length) return { kind: 2, bytes: prefixed(context.bytes) }
  if (!('map' in context) || !Object.keys(context.map).length) return { kind: 0, bytes: new Uint8Array() }
  const members = Object.entries(context.map).map(([name, value]) => ({ name: Buffer.from(name), value }))
  members.sort((a, b) => Buffer.compare(a.name, b.name))
  const encoded = members.flatMap(({ name, value }) => {
    const isText = typeof value === 'string'
    return [
      prefixed(name),
      Uint8Array.of(isText ? 0 : 1),
      prefixed(Buffer.from(isText ? value : JSON.stringify(value))),
    ]
  })
  return { kind: 1, bytes: concatBytes(u32(members.length), ...encoded) }
}

const suites = {
  1: { label: 'keystead 1 aes-256-gcm', bits: 512, prf: (k: Uint8Array, m: Uint8Array) => hmac(sha512, k, m) },
  2: { label: 'keystead 1 sm4-ctr-hmac-sm3', bits: 768, prf: hmacSm3 },
  3: {
    label: 'keystead 1 ml-kem-1024 aes-256-gcm',
    bits: 512,
    prf: (k: Uint8Array, m: Uint8Array) => hmac(sha512, k, m),
  },
}

const derive = (suite: 1 | 2 | 3, key: Uint8Array, header: Uint8Array): Uint8Array => {
  const { label, bits, prf } = suites[suite]
  const block = (i: number) => prf(key, concatBytes(u32(i), ascii(label), Uint8Array.of(0), header, u32(bits)))
  return suite !== 2 ? block(1) : concatBytes(block(1), block(2), block(3))
}

export const readCiphertext = (text: Uint8Array, key: GivenKey, context: GivenContext): Uint8Array | undefined => {
  const B = Uint8Array.from(text)
  if (B.length < 140) return undefined
  if (!same(B.subarray(0, 6), Uint8Array.of(0x28, 0x46, 0x12, 0xb5, 0xe6, 0x9d)) || B[6] !== 1) return undefined
  const [suite, content, kind] = [B[7] as number, B[8] as number, B[9] as number]
  if ((suite !== 1 && suite !== 2 && suite !== 3) || content < 1 || content > 4 || kind > 2 || B[10] || B[11])
    return undefined
  const e = suite === 3 ? 1568 : 0
  if (B.length < 140 + e || B.length > 140 + e + 1_048_576) return undefined
  const version = Buffer.from(B).readUInt32BE(44)
  if (version < 1 || version !== key.version) return undefined
  if (Buffer.from(B.subarray(28, 44)).toString('hex') !== key.lineage) return undefined
  if (key.material.length !== { 1: 32, 2: 16, 3: 64 }[suite]) return undefined
  const encoded = encodeGivenContext(context)
  if (encoded.kind !== kind) return undefined

  const encapsulation = B.subarray(124, 124 + e)
  const K =
    suite === 3 ? ml_kem1024.decapsulate(encapsulation, ml_kem1024.keygen(key.material).secretKey) : key.material
  const derived = derive(suite, K, B.subarray(0, 80))
  if (!same(suite === 2 ? derived.subarray(64, 96) : derived.subarray(32, 64), B.subarray(92, 124))) return undefined
  const nonce = B.subarray(80, 92)
  const body = B.subarray(124 + e)
  const bound = concatBytes(encapsulation, encoded.bytes)
  const digest = suite === 2 ? sm3(bound) : sha256(bound)
  const aad = concatBytes(B.subarray(0, 124), digest)
  if (suite !== 2) {
    try {
      return gcm(derived.subarray(0, 32), nonce, aad).decrypt(body)
    } catch {
      return undefined
    }
  }
  const [ciphertext, tag] = [body.subarray(0, -16), body.subarray(-16)]
  const mac = hmacSm3(derived.subarray(32, 64), concatBytes(aad, ciphertext))
  return same(mac.subarray(0, 16), tag) ? sm4Ctr(derived.subarray(0, 16), nonce, ciphertext) : undefined
}

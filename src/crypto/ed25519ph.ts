/**
 * Ed25519ph without context (RFC 8032, section 5.1) over the SHA-512 digest of a message: HashEdDSA, which the platform
 * does not offer. The library's own Ed25519ph hashes the message itself, and the caller may have done so already.
 */
import { hash } from 'node:crypto'
import { eddsa } from '@noble/curves/abstract/edwards.js'
import { ed25519 } from '@noble/curves/ed25519.js'
import { type PrivateKey, privateKeyObject, publicKeyFrom } from './private-key.ts'

const keyBytes = 32

/** Section 2, dom2(1, ""): the flag of a message that is a digest, and a context of no bytes. */
const dom2 = Buffer.concat([Buffer.from('SigEd25519 no Ed25519 collisions'), Uint8Array.of(1, 0)])

/** Section 5.1.5, step 2. */
const clamped = (bytes: Uint8Array): Uint8Array => {
  const out = new Uint8Array(bytes)
  out[0] = (out[0] ?? 0) & 0xf8
  out[31] = ((out[31] ?? 0) & 0x7f) | 0x40
  return out
}

const scheme = eddsa(ed25519.Point, (data: Uint8Array) => new Uint8Array(hash('sha512', data, 'buffer')), {
  adjustScalarBytes: clamped,
  domain: (data: Uint8Array) => new Uint8Array(Buffer.concat([dom2, data])),
})

/** RFC 8410: both halves stand at the end of their DER. */
const lastBytes = (der: Buffer): Uint8Array => new Uint8Array(der.subarray(der.length - keyBytes))

export const ed25519phSign = (key: PrivateKey, digest: Uint8Array): Uint8Array => {
  const der = privateKeyObject(key).export({ format: 'der', type: 'pkcs8' })
  const seed = lastBytes(der)
  der.fill(0)
  const signature = scheme.sign(digest, seed)
  seed.fill(0)
  return signature
}

export const ed25519phVerify = (publicKey: Uint8Array, digest: Uint8Array, signature: Uint8Array): boolean => {
  const key = publicKeyFrom(publicKey)
  if (key?.asymmetricKeyType !== 'ed25519') return false
  try {
    return scheme.verify(signature, digest, lastBytes(key.export({ format: 'der', type: 'spki' })))
  } catch {
    // Of another length, or a point that is none: no signature.
    return false
  }
}

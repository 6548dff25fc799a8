/** SP 800-108r1, section 4.1: KDF in counter mode with HMAC, 32-bit counter and length. And HKDF, for formats of files. */
import { createHmac, hkdfSync } from 'node:crypto'
import type { Label } from './labels.ts'
import { keyObject, type Secret } from './secret.ts'

const blockBytes = { sha512: 64, sha256: 32, sm3: 32 } as const

/** For keys of our own: `label` is one of the labels that can be seen to differ. */
export const deriveBytes = (
  prf: keyof typeof blockBytes,
  secret: Secret,
  label: Label,
  context: Uint8Array,
  lengthBytes: number,
): Uint8Array => deriveForeign(prf, secret, label, context, lengthBytes)

/**
 * `lengthBytes` bytes of `counter ‖ label ‖ 00 ‖ context ‖ length in bits` under the PRF. The caller zeroes them. For
 * secrets that a protocol of somebody else derives from, by a label of its own.
 */
export const deriveForeign = (
  prf: keyof typeof blockBytes,
  secret: Secret,
  label: string,
  context: Uint8Array,
  lengthBytes: number,
): Uint8Array => {
  const fixed = Buffer.concat([Buffer.alloc(4), Buffer.from(label), Buffer.alloc(1), context, Buffer.alloc(4)])
  fixed.writeUInt32BE(lengthBytes * 8, fixed.length - 4)
  const out = new Uint8Array(lengthBytes)
  for (let counter = 1, at = 0; at < lengthBytes; counter++, at += blockBytes[prf]) {
    fixed.writeUInt32BE(counter, 0)
    const block = createHmac(prf, keyObject(secret)).update(fixed).digest()
    out.set(block.subarray(0, lengthBytes - at), at)
    block.fill(0)
  }
  return out
}

/** RFC 5869 with SHA-256; `info` is `label ‖ 00 ‖ context`, of at most 1024 bytes. The caller zeroes what it gets. */
export const hkdfSha256 = (
  secret: Secret,
  salt: Uint8Array,
  label: Label,
  context: Uint8Array,
  lengthBytes: number,
): Uint8Array => {
  const info = Buffer.concat([Buffer.from(label), Buffer.alloc(1), context])
  return new Uint8Array(hkdfSync('sha256', keyObject(secret), salt, info, lengthBytes))
}

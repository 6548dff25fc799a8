/**
 * Key wrap with padding (RFC 5649 over RFC 3394): how a private key comes under a key that was made for this one journey.
 * The block cipher is AES (FIPS 197), or SM4 (GB/T 32907) where everything is of the Chinese suite.
 */
import { createDecipheriv } from 'node:crypto'

export type WrapCipher = 'aes' | 'sm4'

const semiblockBytes = 8
/** RFC 5649, section 3: what a wrapped key begins with, before its length. */
const initialValue = 0xa659_59a6

/** One block after the other, each by itself. The key has a length that the cipher takes. */
const blockDecryption = (cipher: WrapCipher, key: Uint8Array) => {
  const name = cipher === 'sm4' ? 'sm4-ecb' : `aes-${key.length * 8}-ecb`
  const decipher = createDecipheriv(name, key, null)
  decipher.setAutoPadding(false)
  return (block: Buffer): Buffer => decipher.update(block)
}

/** RFC 3394, section 2.2.2, by indices: the first semiblock and those after it, in one array. */
const unwrapSemiblocks = (decrypt: (block: Buffer) => Buffer, wrapped: Uint8Array): Buffer => {
  const out = Buffer.from(wrapped)
  const count = out.length / semiblockBytes - 1
  const block = Buffer.alloc(2 * semiblockBytes)
  for (let round = 5; round >= 0; round--)
    for (let index = count; index >= 1; index--) {
      out.copy(block, 0, 0, semiblockBytes)
      block.writeUInt32BE((block.readUInt32BE(4) ^ (count * round + index)) >>> 0, 4)
      out.copy(block, semiblockBytes, index * semiblockBytes, (index + 1) * semiblockBytes)
      const opened = decrypt(block)
      opened.copy(out, 0, 0, semiblockBytes)
      opened.copy(out, index * semiblockBytes, semiblockBytes)
      opened.fill(0)
    }
  block.fill(0)
  return out
}

/** Zero where the padding, which has at most seven bytes, is of zeros: all of the last semiblock is looked at. */
const paddingFaults = (last: Uint8Array, length: number): number =>
  last.reduce((faults, byte, at) => faults | (at >= semiblockBytes - length ? byte : 0), 0)

/** The key that was wrapped; undefined for whatever does not open, all alike. */
export const unwrapPadded = (cipher: WrapCipher, key: Uint8Array, wrapped: Uint8Array): Uint8Array | undefined => {
  if (wrapped.length < 2 * semiblockBytes || wrapped.length % semiblockBytes !== 0) return undefined
  const decrypt = blockDecryption(cipher, key)
  const isOneBlock = wrapped.length === 2 * semiblockBytes
  const opened = isOneBlock ? decrypt(Buffer.from(wrapped)) : unwrapSemiblocks(decrypt, wrapped)
  const length = opened.readUInt32BE(4)
  const padding = opened.length - semiblockBytes - length
  const fits = padding >= 0 && padding < semiblockBytes && length > 0
  const faults = (opened.readUInt32BE(0) ^ initialValue) | paddingFaults(opened.subarray(-semiblockBytes), padding)
  const message =
    fits && faults === 0 ? new Uint8Array(opened.subarray(semiblockBytes, semiblockBytes + length)) : undefined
  opened.fill(0)
  return message
}

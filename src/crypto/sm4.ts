/**
 * SM4-CTR with HMAC-SM3, encrypt-then-MAC: mechanism 5 of ISO/IEC 19772 (GB/T 36624), SM4 by GB/T 32907, SM3 by
 * GB/T 32905. The platform has no SM4-GCM, and a GHASH in JavaScript would be slow and betray its table look-ups.
 *
 * The MAC covers AAD ‖ ciphertext with no lengths between them, which is sound only because every AAD of the format
 * has one length.
 */
import { createCipheriv, createDecipheriv, createHmac } from 'node:crypto'
import type { Aead } from './aead.ts'
import { equalInConstantTime } from './compare.ts'
import { keyObject, type Secret } from './secret.ts'

const tagBytes = 16

export const sm4CtrHmacSm3 = (encryption: Secret, authentication: Secret): Aead => {
  const key = keyObject(encryption)
  const macKey = keyObject(authentication)
  const tagOf = (aad: Uint8Array, ciphertext: Uint8Array) =>
    createHmac('sm3', macKey).update(aad).update(ciphertext).digest().subarray(0, tagBytes)
  return {
    seal(nonce, aad, plaintext, out, at) {
      const end = at + plaintext.length
      out.set(createCipheriv('sm4-ctr', key, firstBlock(nonce)).update(plaintext), at)
      out.set(tagOf(aad, out.subarray(at, end)), end)
    },
    open(nonce, aad, ciphertext, tag) {
      if (!equalInConstantTime(tagOf(aad, ciphertext), tag)) return undefined
      return createDecipheriv('sm4-ctr', key, firstBlock(nonce)).update(ciphertext)
    },
  }
}

const firstBlock = (nonce: Uint8Array): Uint8Array => {
  const block = new Uint8Array(16)
  block.set(nonce)
  return block
}

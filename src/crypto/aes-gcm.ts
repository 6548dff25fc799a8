/** AES-256-GCM (SP 800-38D), 96-bit nonces, 128-bit tags. */
import { createCipheriv, createDecipheriv } from 'node:crypto'
import type { Aead } from './aead.ts'
import { keyObject, type Secret } from './secret.ts'

// Said aloud: without it a decipher would take a tag of 4 bytes.
const options = { authTagLength: 16 }

export const aes256Gcm = (secret: Secret): Aead => {
  const key = keyObject(secret)
  return {
    seal(nonce, aad, plaintext, out, at) {
      const cipher = createCipheriv('aes-256-gcm', key, nonce, options).setAAD(aad)
      out.set(cipher.update(plaintext), at)
      cipher.final()
      out.set(cipher.getAuthTag(), at + plaintext.length)
    },
    open(nonce, aad, ciphertext, tag) {
      const decipher = createDecipheriv('aes-256-gcm', key, nonce, options).setAAD(aad).setAuthTag(tag)
      const plaintext = decipher.update(ciphertext)
      try {
        decipher.final()
      } catch {
        plaintext.fill(0)
        return undefined
      }
      return plaintext
    },
  }
}

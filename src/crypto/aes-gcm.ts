/** AES-256-GCM (SP 800-38D), 96-bit nonces, 128-bit tags. */
import { createCipheriv, createDecipheriv, type KeyObject } from 'node:crypto'
import type { Aead } from './aead.ts'
import { keyObject, type Secret } from './secret.ts'

// Said aloud: without it a decipher would take a tag of 4 bytes.
const options = { authTagLength: 16 }

class Aes256Gcm implements Aead {
  readonly #key: KeyObject

  constructor(key: KeyObject) {
    this.#key = key
  }

  seal(nonce: Uint8Array, aad: Uint8Array, plaintext: Uint8Array, out: Uint8Array, at: number): void {
    const cipher = createCipheriv('aes-256-gcm', this.#key, nonce, options).setAAD(aad)
    out.set(cipher.update(plaintext), at)
    cipher.final()
    out.set(cipher.getAuthTag(), at + plaintext.length)
  }

  open(nonce: Uint8Array, aad: Uint8Array, ciphertext: Uint8Array, tag: Uint8Array): Uint8Array | undefined {
    const decipher = createDecipheriv('aes-256-gcm', this.#key, nonce, options).setAAD(aad).setAuthTag(tag)
    const plaintext = decipher.update(ciphertext)
    try {
      decipher.final()
    } catch {
      plaintext.fill(0)
      return undefined
    }
    return plaintext
  }
}

export const aes256Gcm = (secret: Secret): Aead => new Aes256Gcm(keyObject(secret))

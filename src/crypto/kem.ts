/** ML-KEM-1024 (FIPS 203). */
import { decapsulate, encapsulate } from 'node:crypto'
import { owned, type PrivateKey, privateKeyObject, publicKeyFrom } from './private-key.ts'

export const encapsulationBytes = 1568

export interface Encapsulated {
  /** 32 bytes. */
  readonly secret: Uint8Array
  readonly encapsulation: Uint8Array
}

export const encapsulateTo = (publicKey: Uint8Array): Encapsulated => {
  const key = publicKeyFrom(publicKey)
  if (!key) throw new Error('not a public key')
  const { sharedKey, ciphertext } = encapsulate(key)
  return { secret: owned(sharedKey), encapsulation: owned(ciphertext) }
}

/** The shared secret of an encapsulation of the right length; another one than the sender's where it was not made for the key. */
export const decapsulateWith = (key: PrivateKey, encapsulation: Uint8Array): Uint8Array =>
  owned(decapsulate(privateKeyObject(key), encapsulation))

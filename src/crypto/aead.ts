/** Authenticated encryption with associated data under one key: 12-byte nonces, 16-byte tags. */
export interface Aead {
  /** Writes the ciphertext, then the tag, to `out` from `at`. A nonce is used once. */
  seal(nonce: Uint8Array, aad: Uint8Array, plaintext: Uint8Array, out: Uint8Array, at: number): void
  /** undefined for whatever does not verify; then nothing of the plaintext was given to anyone. */
  open(nonce: Uint8Array, aad: Uint8Array, ciphertext: Uint8Array, tag: Uint8Array): Uint8Array | undefined
}

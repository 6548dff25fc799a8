/** Every label of every derivation, so that two of them can be seen to differ. A label never changes its meaning. */
export const labels = {
  /** docs/spec/ciphertext.md, suite 1. */
  aes256Gcm: 'keystead 1 aes-256-gcm',
  /** docs/spec/ciphertext.md, suite 2. */
  sm4CtrHmacSm3: 'keystead 1 sm4-ctr-hmac-sm3',
  /** docs/spec/ciphertext.md, suite 3. */
  mlKem1024Aes256Gcm: 'keystead 1 ml-kem-1024 aes-256-gcm',
  /** docs/spec/ciphertext.md, "Digest of imported material". */
  materialDigest: 'keystead 1 material-digest',
  /** docs/spec/white-box.md, "Locks". */
  whiteBoxLock: 'keystead 1 white-box lock',
  /** docs/spec/backup.md. */
  backup: 'keystead 1 backup',
  /** docs/spec/file.md. */
  file: 'keystead 1 file',
} as const

export type Label = (typeof labels)[keyof typeof labels]

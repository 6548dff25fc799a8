/** What is said of a key that is for something else than it was asked for: a code for what it is. */
import type { Failure } from '../../core/failure.ts'
import type { Code } from './codes.ts'

type Misuse = Extract<Failure, { reason: 'incompatibleCryptographicUsageMask' }>

/** Encryption and decryption by an algorithm that the key does not have. */
export const notForEncryption = ({ usage, family }: Misuse): Code => {
  if (family === 'hmac') return 'KMS.0341'
  if (family === 'ec' || family === 'edwards') return 'KMS.1114'
  if (family === 'symmetric') return 'KMS.0331'
  return usage === 'signVerify' ? 'KMS.0335' : 'KMS.0325'
}

/** Data keys, which only symmetric keys make. */
export const notForDataKeys = ({ usage, family }: Misuse): Code => {
  if (family === 'hmac') return 'KMS.0341'
  return usage === 'signVerify' ? 'KMS.0335' : 'KMS.0325'
}

/** MACs by an algorithm that the key does not have. */
export const notForMacs = ({ family }: Misuse): Code => {
  if (family === 'hmac') return 'KMS.0308'
  return family === 'symmetric' ? 'KMS.0331' : 'KMS.0325'
}

/** Signatures by an algorithm that the key does not have. */
export const notForSigning = ({ usage, family }: Misuse): Code => {
  if (family === 'hmac') return 'KMS.0341'
  if (family === 'symmetric') return 'KMS.0331'
  return usage === 'encryptDecrypt' ? 'KMS.0334' : 'KMS.0332'
}

/** The public half of a key that has none. */
export const withoutPublicKey = ({ family }: Misuse): Code => (family === 'hmac' ? 'KMS.0341' : 'KMS.0331')

/** Key agreement by a key that is for something else. */
export const notForAgreement = ({ usage, family }: Misuse): Code => {
  if (family === 'hmac') return 'KMS.0341'
  if (family === 'symmetric') return 'KMS.0331'
  return usage === 'signVerify' ? 'KMS.0335' : 'KMS.0334'
}

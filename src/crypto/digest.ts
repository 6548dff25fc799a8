/** Digests and HMACs. `hash` in one shot costs half of a Hash object. Strings are taken as UTF-8. */
import { createHmac, hash } from 'node:crypto'
import type { MacAlgorithm } from './algorithms.ts'
import { keyObject, type Secret } from './secret.ts'

export const sha256 = (data: Uint8Array | string): Uint8Array => hash('sha256', data, 'buffer')
export const sha256Hex = (data: Uint8Array | string): string => hash('sha256', data, 'hex')
/** For answers that a cloud defines with it; it secures nothing. */
export const md5Hex = (data: string): string => hash('md5', data, 'hex')
/** GB/T 32905. */
export const sm3 = (data: Uint8Array | string): Uint8Array => hash('sm3', data, 'buffer')
export const sm3Hex = (data: Uint8Array | string): string => hash('sm3', data, 'hex')

/** HMAC-SHA1 is for request signatures of old clients only, where its weaknesses do not matter (collisions of SHA-1 do not break HMAC). */
export const hmac = (digest: 'sha1' | MacAlgorithm['digest'], key: Secret, data: Uint8Array | string): Uint8Array =>
  createHmac(digest, keyObject(key)).update(data).digest()
export const hmacSha256 = (key: Secret, data: Uint8Array | string): Uint8Array => hmac('sha256', key, data)
export const hmacSha256Hex = (key: Secret, data: Uint8Array | string): string =>
  createHmac('sha256', keyObject(key)).update(data).digest('hex')
export const hmacSm3Hex = (key: Secret, data: Uint8Array | string): string =>
  createHmac('sm3', keyObject(key)).update(data).digest('hex')

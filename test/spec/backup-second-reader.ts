/** A second reader of docs/spec/backup.md, written from that page alone, with noble's AES-GCM and HMAC. */
import { gunzipSync } from 'node:zlib'
import { gcm } from '@noble/ciphers/aes.js'
import { hmac } from '@noble/hashes/hmac.js'
import { sha512 } from '@noble/hashes/sha2.js'
import { concatBytes, utf8ToBytes } from '@noble/hashes/utils.js'

const same = (a: Uint8Array, b: Uint8Array) => Buffer.compare(a, b) === 0
const u32 = (value: number) => Uint8Array.of(value >>> 24, value >>> 16, value >>> 8, value)

const nonceOf = (piece: number, last: boolean) => {
  const nonce = new Uint8Array(12)
  for (let at = 10, left = piece; left > 0; at--, left = Math.floor(left / 256)) nonce[at] = left % 256
  nonce[11] = last ? 1 : 0
  return nonce
}

/** The lines, or undefined for what must be refused. */
export const readBackupFile = (file: Uint8Array, key: Uint8Array): string[] | undefined => {
  const header = file.subarray(0, 100)
  if (file.length < 116 || !same(header.subarray(0, 16), utf8ToBytes('keystead backup\n'))) return undefined
  if (!same(header.subarray(16, 20), Uint8Array.of(1, 1, 0, 0))) return undefined
  const fixed = concatBytes(
    u32(1),
    utf8ToBytes('keystead 1 backup'),
    Uint8Array.of(0),
    header.subarray(0, 68),
    u32(512),
  )
  const derived = hmac(sha512, key, fixed)
  if (!same(derived.subarray(32), header.subarray(68))) return undefined
  const opened: Uint8Array[] = []
  for (let at = 100, piece = 0; at < file.length; piece++) {
    const end = Math.min(file.length, at + 65_552)
    const last = end === file.length
    if (last && end - at === 16 && piece > 0) return undefined
    try {
      opened.push(gcm(derived.slice(0, 32), nonceOf(piece, last)).decrypt(file.slice(at, end)))
    } catch {
      return undefined
    }
    at = end
  }
  const text = gunzipSync(concatBytes(...opened)).toString('utf8')
  return text.endsWith('\n') ? text.slice(0, -1).split('\n') : undefined
}

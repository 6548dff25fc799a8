/** A second reader of docs/spec/file.md, written from that page alone, with noble's AES-GCM and HKDF. */
import { gcm } from '@noble/ciphers/aes.js'
import { hkdf } from '@noble/hashes/hkdf.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { concatBytes, utf8ToBytes } from '@noble/hashes/utils.js'

const same = (a: Uint8Array, b: Uint8Array) => Buffer.compare(a, b) === 0
const number = (bytes: Uint8Array) => bytes.reduce((value, byte) => value * 256 + byte, 0)

const nonceOf = (piece: number, last: boolean) => {
  const nonce = new Uint8Array(12)
  for (let at = 10, left = piece; left > 0; at--, left = Math.floor(left / 256)) nonce[at] = left % 256
  nonce[11] = last ? 1 : 0
  return nonce
}

const piecesIn = (file: Uint8Array, begin: number, key: Uint8Array): Uint8Array | undefined => {
  const opened: Uint8Array[] = []
  let at = begin
  do {
    const end = Math.min(file.length, at + 262_160)
    const last = end === file.length
    if (end - at < 16 || (last && end - at === 16 && opened.length > 0)) return undefined
    try {
      opened.push(gcm(key, nonceOf(opened.length, last)).decrypt(file.slice(at, end)))
    } catch {
      return undefined
    }
    at = end
  } while (at < file.length)
  return concatBytes(...opened)
}

/** The content and the context, or undefined for what must be refused. `keyOf` opens a wrapped data key. */
export const readSealedFile = (file: Uint8Array, keyOf: (wrapped: Uint8Array, context: object) => Uint8Array) => {
  if (file.length < 56 || !same(file.subarray(0, 16), concatBytes(utf8ToBytes('keystead file\n'), Uint8Array.of(1, 1))))
    return undefined
  const [w, c] = [number(file.subarray(48, 52)), number(file.subarray(52, 56))]
  const end = 56 + w + c
  if (w > 16_384 || c > 32_768 || file.length < end + 48) return undefined
  const header = file.subarray(0, end)
  let context: Record<string, unknown> = {}
  try {
    if (c > 0) context = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(header.subarray(56 + w)))
  } catch {
    return undefined
  }
  const isText = (value: unknown) => typeof value === 'string'
  if (context === null || Array.isArray(context) || !Object.values(context).every(isText)) return undefined
  const info = concatBytes(utf8ToBytes('keystead 1 file'), Uint8Array.of(0), sha256(header))
  const derived = hkdf(sha256, keyOf(header.subarray(56, 56 + w), context), header.subarray(16, 48), info, 64)
  if (!same(derived.subarray(32), file.subarray(end, end + 32))) return undefined
  const content = piecesIn(file, end + 32, derived.slice(0, 32))
  return content && { content, context }
}

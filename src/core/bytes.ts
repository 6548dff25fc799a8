/** Bytes, in the few forms that the core needs. Integers are big-endian. */

const encoder = new TextEncoder()

export const utf8 = (text: string): Uint8Array => encoder.encode(text)

export const concat = (...parts: readonly Uint8Array[]): Uint8Array => {
  let length = 0
  for (const part of parts) length += part.length
  const out = new Uint8Array(length)
  let at = 0
  for (const part of parts) {
    out.set(part, at)
    at += part.length
  }
  return out
}

/** Writes 4 bytes; `value` is an integer of 0 to 2^32-1. */
export const writeU32 = (out: Uint8Array, at: number, value: number): void => {
  out[at] = value >>> 24
  out[at + 1] = value >>> 16
  out[at + 2] = value >>> 8
  out[at + 3] = value
}

export const u32 = (value: number): Uint8Array => {
  const out = new Uint8Array(4)
  writeU32(out, 0, value)
  return out
}

/** Reads 4 bytes; a RangeError where they are not there. */
export const readU32 = (bytes: Uint8Array, at: number): number =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(at)

/** A u32 length, then the bytes: a sequence of these has one reading only. */
export const lengthPrefixed = (bytes: Uint8Array): Uint8Array => concat(u32(bytes.length), bytes)

/** Whether public bytes are equal. For secrets and tags there is `crypto/compare.ts`. */
export const sameBytes = (a: Uint8Array, b: Uint8Array): boolean => {
  if (a.length !== b.length) return false
  for (let at = 0; at < a.length; at++) if (a[at] !== b[at]) return false
  return true
}

const pairs: readonly string[] = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

export const hexFromBytes = (bytes: Uint8Array): string => {
  let text = ''
  for (const byte of bytes) text += pairs[byte]
  return text
}

const hexText = /^(?:[0-9a-f]{2})*$/i

/** undefined where `text` is not an even number of hex digits. */
export const bytesFromHex = (text: string): Uint8Array | undefined => {
  if (!hexText.test(text)) return undefined
  const out = new Uint8Array(text.length / 2)
  for (let at = 0; at < out.length; at++) out[at] = Number.parseInt(text.slice(at * 2, at * 2 + 2), 16)
  return out
}

/** A UUID's text, in lower case, from its 16 bytes, which may be in hex. */
export const uuidFromBytes = (bytes: Uint8Array | string): string => {
  const hex = typeof bytes === 'string' ? bytes : hexFromBytes(bytes)
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}

/** The 16 bytes of a UUID's text, in hex: how a lineage is written. */
export const hexFromUuid = (text: string): string => text.replaceAll('-', '').toLowerCase()

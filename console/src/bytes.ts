/** Between what people read and type, and the Base64 that the API speaks. */

export const toBase64 = (bytes: Uint8Array): string => {
  let text = ''
  for (const byte of bytes) text += String.fromCharCode(byte)
  return btoa(text)
}

export const fromBase64 = (base64: string): Uint8Array => Uint8Array.from(atob(base64), (char) => char.charCodeAt(0))

export const textToBase64 = (text: string): string => toBase64(new TextEncoder().encode(text))

/** The text that the bytes are, or undefined where they are none. */
export const base64ToText = (base64: string): string | undefined => {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(fromBase64(base64))
  } catch {
    return undefined
  }
}

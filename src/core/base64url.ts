/** Base64 for URLs and headers (RFC 4648, section 5, without padding), and text in UTF-8. */

const form = /^[A-Za-z0-9_-]*$/

export const textOfBase64Url = (bytes: Uint8Array): string =>
  btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')

/** undefined where `text` is none, and for a second spelling of the same bytes. */
export const bytesFromBase64Url = (text: string): Uint8Array | undefined => {
  if (!form.test(text) || text.length % 4 === 1) return undefined
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'))
  const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0))
  return textOfBase64Url(bytes) === text ? bytes : undefined
}

const decoder = new TextDecoder('utf-8', { fatal: true })

/** A TypeError where the bytes are no UTF-8. */
export const textFromUtf8 = (bytes: Uint8Array): string => decoder.decode(bytes)

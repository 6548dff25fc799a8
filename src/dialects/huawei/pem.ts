/** PEM (RFC 7468) and Base64 of DER, one of which clients send for the other. */
import { base64FromBytes, bytesFromBase64 } from '../../contract/fields.ts'

type Label = 'PUBLIC KEY' | 'PRIVATE KEY'

export const pemOf = (label: Label, der: Uint8Array): string => {
  const lines = base64FromBytes(der).match(/.{1,64}/g) ?? []
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n')
}

/** Characters of PEM that can hold a public key that anybody uses; what is longer is none. */
const charactersMax = 8192

/** The DER of a PEM text of this label, or of Base64; undefined for what is neither. */
export const derOf = (label: Label, written: string): Uint8Array | undefined => {
  if (written.length > charactersMax) return undefined
  const text = written.trim()
  const [begin, end] = [`-----BEGIN ${label}-----`, `-----END ${label}-----`]
  const isPem = text.startsWith(begin) && text.endsWith(end) && text.length >= begin.length + end.length
  const der = bytesFromBase64((isPem ? text.slice(begin.length, -end.length) : text).replace(/\s/g, ''))
  return der && der.length > 0 ? new Uint8Array(der) : undefined
}

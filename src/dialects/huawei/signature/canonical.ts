/**
 * The canonical request, as the vendor describes it and as its clients write it: nearly every request has one, and one
 * with escapes in its path has as many as there are ways in which clients write it.
 */
import { type Head, headerNamed } from '../../../contract/serve.ts'
import { readQuery } from '../query.ts'

export interface Rules {
  /** In lower-case hex. */
  hash(data: Uint8Array | string): string
  /** Names the hash of the body. */
  readonly contentHeader: string
  /** The legacy form: runs of whitespace in headers are one space, and the query of a POST without body is its payload. */
  readonly legacy?: true
}

/** RFC 3986: only unreserved characters stay. */
const escaped = (text: string): string =>
  encodeURIComponent(text.toWellFormed()).replace(
    /[!'()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  )

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

const canonicalPath = (segments: readonly string[]): string => {
  const path = segments.map(escaped).join('/')
  return path.endsWith('/') ? path : `${path}/`
}

/** Node's SDK writes ASCII escapes of a path twice, others once. */
const nodeDecoded = (text: string): string => text.replace(/(?:%[89A-Fa-f][0-9A-Fa-f])+/g, decoded)

const canonicalPaths = (path: string): readonly string[] => {
  if (!path.includes('%')) return [canonicalPath(path.split('/'))]
  const ways = [
    canonicalPath(decoded(path).split('/')),
    canonicalPath(path.split('/').map(decoded)),
    canonicalPath(path.split('/')),
    canonicalPath(path.split('/').map(nodeDecoded)),
  ]
  return [...new Set(ways)]
}

const byCodeUnits = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

const canonicalQuery = (query: string): string | undefined => {
  if (query === '') return ''
  const pairs = readQuery(query)?.toSorted(([a, x], [b, y]) => byCodeUnits(a, b) || byCodeUnits(x, y))
  return pairs?.map(([name, value]) => `${escaped(name)}=${escaped(value)}`).join('&')
}

const beyondAscii = /[^\x20-\x7e]/

/** Header values are UTF-8 bytes, which Node hands over as Latin-1. */
const headerText = (value: string): string =>
  beyondAscii.test(value) ? Buffer.from(value, 'latin1').toString() : value

const canonicalHeaders = (head: Head, names: readonly string[], { legacy }: Rules): string => {
  let lines = ''
  for (const name of names) {
    const value = headerText(headerNamed(head, name)).trim()
    lines += `${name}:${legacy ? value.replace(/\s+/g, ' ') : value}\n`
  }
  return lines
}

const unsignedPayload = 'UNSIGNED-PAYLOAD'

/** What may stand for the body; nothing where the request names a hash that is not its body's. */
const payloads = ({ headers }: Head, body: Uint8Array, { hash, contentHeader }: Rules): readonly string[] => {
  const named = headers[contentHeader]
  const actual = hash(body)
  // Python's SDK names its payload unsigned, and hashes it all the same where there is none.
  if (named === unsignedPayload) return body.length === 0 ? [named, actual] : [named]
  return named === undefined || named.toLowerCase() === actual ? [actual] : []
}

interface Parts {
  readonly query: string
  readonly payloads: readonly string[]
}

const partsOf = (head: Head, body: Uint8Array, rules: Rules): Parts | undefined => {
  const query = canonicalQuery(head.query)
  if (query === undefined) return undefined
  if (!rules.legacy || head.method !== 'POST' || body.length > 0)
    return { query, payloads: payloads(head, body, rules) }
  return { query: '', payloads: [...new Set([rules.hash(query), rules.hash(head.query)])] }
}

/** The hashes of the canonical requests; none for a request that nobody can have signed. */
export const canonicalHashes = (
  head: Head,
  body: Uint8Array,
  signedHeaders: readonly string[],
  rules: Rules,
): readonly string[] => {
  const parts = partsOf(head, body, rules)
  if (!parts) return []
  const rest = `${parts.query}\n${canonicalHeaders(head, signedHeaders, rules)}\n${signedHeaders.join(';')}`
  return canonicalPaths(head.path).flatMap((path) =>
    parts.payloads.map((payload) => rules.hash(`${head.method}\n${path}\n${rest}\n${payload}`)),
  )
}

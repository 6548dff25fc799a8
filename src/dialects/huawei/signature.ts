/**
 * Who is calling: AK/SK, algorithm SDK-HMAC-SHA256. What the official SDKs really send decides what is accepted
 * (evidence.md): only `x-sdk-date` must be signed, and each of them writes the path in its own way.
 */
import { Denied, type Head } from '../../contract/serve.ts'
import { type Caller, claimed } from '../../core/access/caller.ts'
import { secretOf } from '../../core/access/secret.ts'
import type { House } from '../../core/house.ts'
import type { Credential, Instant } from '../../core/object.ts'
import type { View } from '../../core/ports.ts'
import { equalInConstantTime } from '../../crypto/compare.ts'
import { hmacSha256Hex, sha256Hex } from '../../crypto/digest.ts'
import { type Secret, secretFrom } from '../../crypto/secret.ts'
import type { Code } from './codes.ts'
import { readQuery } from './query.ts'

/** What the Authorization header claims. */
export interface Claim {
  readonly accessKey: string
  readonly signedHeaders: readonly string[]
  readonly signature: string
  /** As sent, `YYYYMMDDTHHMMSSZ`. */
  readonly date: string
}

const form =
  /^SDK-HMAC-SHA256\s+Access=([0-9A-Za-z_-]{1,128})\s*,\s*SignedHeaders=([0-9a-z;_-]{1,1024})\s*,\s*Signature=([0-9a-f]{64})$/
const signedHeadersMax = 32
const dateForm = /^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})Z$/

/** Every failure of authentication is one code; its text says which. */
export const denied = (detail: string): Denied<Code> => new Denied('APIGW.0301', detail)
const unreadable = () => denied('calc ak sk signature fail:the Authorization header cannot be read')

/** Reads the claim, and refuses what could not be signed rightly whoever signed it. */
export const readClaim = ({ headers }: Head): Claim | Denied<Code> => {
  const { authorization, 'x-sdk-date': date = '' } = headers
  if (authorization === undefined) return denied('x-auth-token not found')
  const parts = form.exec(authorization)
  if (!parts) return unreadable()
  const [, accessKey = '', names = '', signature = ''] = parts
  const signedHeaders = names.split(';')
  if (!dateForm.test(date)) return denied('calc ak sk signature fail:X-Sdk-Date must be YYYYMMDDTHHMMSSZ')
  if (!signedHeaders.includes('x-sdk-date')) return denied('calc ak sk signature fail:x-sdk-date must be signed')
  if (signedHeaders.length > signedHeadersMax) return denied('calc ak sk signature fail:too many signed headers')
  return { accessKey, signedHeaders, signature, date }
}

/** How far a request's time may be from ours, either way, ms. */
const toleranceMs = 900_000

const instantOf = (date: string): Instant => Date.parse(date.replace(dateForm, '$1-$2-$3T$4:$5:$6Z'))

/** A date that there is not, such as a thirteenth month, is outside of every window too. */
const isInTime = ({ date }: Claim, now: Instant): boolean => Math.abs(instantOf(date) - now) <= toleranceMs

/** RFC 3986: only unreserved characters stay. */
const escaped = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`)

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

/** The ways in which clients write a path; nearly every path is the same in all of them. */
const canonicalPaths = (path: string): ReadonlySet<string> => {
  if (!path.includes('%')) return new Set([canonicalPath(path.split('/'))])
  return new Set([
    canonicalPath(decoded(path).split('/')),
    canonicalPath(path.split('/').map(decoded)),
    canonicalPath(path.split('/').map(nodeDecoded)),
  ])
}

const byCodePoints = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

const canonicalQuery = (query: string): string | undefined => {
  if (query === '') return ''
  const pairs = readQuery(query)?.map(([name, value]) => `${escaped(name)}=${escaped(value)}`)
  return pairs?.sort(byCodePoints).join('&')
}

const beyondAscii = /[^\x20-\x7e]/

/** Header values are UTF-8 bytes, which Node hands over as Latin-1. */
const headerText = (value: string): string =>
  beyondAscii.test(value) ? Buffer.from(value, 'latin1').toString() : value

const canonicalHeaders = ({ headers }: Head, names: readonly string[]): string => {
  let lines = ''
  for (const name of names) lines += `${name}:${headerText((headers[name] ?? '').trim())}\n`
  return lines
}

const unsignedPayload = 'UNSIGNED-PAYLOAD'

/** The hash that is signed, or undefined where the request names one that is not its body's. */
const payloadHash = ({ headers }: Head, body: Uint8Array): string | undefined => {
  const named = headers['x-sdk-content-sha256']
  if (named === unsignedPayload) return named
  const actual = sha256Hex(body)
  return named === undefined || named.toLowerCase() === actual ? actual : undefined
}

const matches = (head: Head, body: Uint8Array, claim: Claim, key: Secret): boolean => {
  const query = canonicalQuery(head.query)
  const payload = payloadHash(head, body)
  if (query === undefined || payload === undefined) return false
  const rest = `${query}\n${canonicalHeaders(head, claim.signedHeaders)}\n${claim.signedHeaders.join(';')}\n${payload}`
  const sent = Buffer.from(claim.signature)
  for (const path of canonicalPaths(head.path)) {
    const toSign = `SDK-HMAC-SHA256\n${claim.date}\n${sha256Hex(`${head.method}\n${path}\n${rest}`)}`
    if (equalInConstantTime(Buffer.from(hmacSha256Hex(key, toSign)), sent)) return true
  }
  return false
}

/** The secret itself is the key; it goes with the credential's row, one that changed or was forgotten. */
const secretKeys = new WeakMap<Credential, Secret>()

const secretKey = async (credential: Credential, view: View, house: House): Promise<Secret> => {
  const secret = await secretOf(house, view, credential)
  const key = secretFrom(secret)
  secret.fill(0)
  secretKeys.set(credential, key)
  return key
}

export const authenticate = async (
  claim: Claim,
  head: Head,
  body: Uint8Array,
  view: View,
  house: House,
  request: string,
): Promise<Caller | Denied<Code>> => {
  if (!isInTime(claim, house.clock.now())) return denied('calc ak sk signature fail:signature expired')
  const rows = await claimed(view, claim.accessKey, 'huawei')
  if (!rows) return denied(`Get secretKey failed,ak:${claim.accessKey},err:ak not exist`)
  const key = secretKeys.get(rows.credential) ?? (await secretKey(rows.credential, view, house))
  if (!matches(head, body, claim, key)) return denied('verify aksk signature fail')
  return { dialect: 'huawei', ...rows, source: head.source, request, reach: 'policies' }
}

/**
 * Who is calling: TC3-HMAC-SHA256, and signature V1 with HMAC-SHA256 or HMAC-SHA1. What the official SDKs really send
 * decides what is accepted (evidence.md): a host signed with or without its port, values as sent or in lower case, the
 * service named by the first label of the host.
 */

import { base64FromBytes } from '../../contract/fields.ts'
import { Denied, type Head, headerNamed } from '../../contract/serve.ts'
import type { Caller } from '../../core/access/caller.ts'
import { permanentSigner, type Signer, temporarySigner } from '../../core/access/signer.ts'
import { onceAtHand } from '../../core/at-hand.ts'
import type { House } from '../../core/house.ts'
import type { Instant } from '../../core/object.ts'
import type { View } from '../../core/ports.ts'
import { equalInConstantTime } from '../../crypto/compare.ts'
import { hmac, hmacSha256, hmacSha256Hex, sha256Hex } from '../../crypto/digest.ts'
import { type Secret, secretFrom } from '../../crypto/secret.ts'
import type { Code } from './codes.ts'

/** What the Authorization header claims. */
export interface Tc3Claim {
  readonly scheme: 'tc3'
  /** The claim without its signature. */
  readonly of: Tc3Scope
  readonly secretId: string
  readonly signature: string
  readonly timestamp: string
}

/** What all requests say that a client signs in the same way on the same day. */
interface Tc3Scope {
  readonly secretId: string
  readonly date: string
  readonly service: string
  /** As they are written, separated by semicolons. */
  readonly names: string
  readonly signedHeaders: readonly string[]
}

/** What the parameters of a V1 request claim. */
export interface V1Claim {
  readonly scheme: 'v1'
  readonly secretId: string
  readonly timestamp: string
  /** Base64. */
  readonly signature: string
  readonly hash: 'sha1' | 'sha256'
  readonly token: string | undefined
  /** Everything but the signature: sorted `name=value`, joined by `&`, values decoded. */
  readonly sorted: string
}

export type Claim = Tc3Claim | V1Claim

const scopeForm =
  /^TC3-HMAC-SHA256\s+Credential=([0-9A-Za-z_-]{1,128})\/(\d{4}-\d{2}-\d{2})\/([0-9A-Za-z_.-]{1,253})\/tc3_request\s*,\s*SignedHeaders=([0-9a-z;_-]{1,1024})\s*,\s*Signature=$/
const signatureForm = /^[0-9a-f]{64}$/
const signatureCharacters = 64
const signedHeadersMax = 32

const denied = (code: Code, detail?: string): Denied<Code> => new Denied(code, detail)
const malformed = (detail: string): Denied<Code> => denied('AuthFailure.InvalidAuthorization', detail)

const daySeconds = 86_400
let dayKnown = { day: -1, date: '' }

/** The UTC date of a unix time; nearly every request asks for the same one. */
const dateOf = (seconds: number): string => {
  const day = Math.floor(seconds / daySeconds)
  if (day !== dayKnown.day) dayKnown = { day, date: new Date(day * daySeconds * 1000).toISOString().slice(0, 10) }
  return dayKnown.date
}

/** One SDK puts a whole URL into the Host header; what is compared is the host in it. */
const hostOnly = (host: string): string => host.replace(/^https?:\/\//, '')
const firstLabel = (host: string): string => hostOnly(host).split(/[.:/]/, 1)[0] ?? ''

const timestampText = /^\d{1,11}$/

/** Scopes by their text: a client says the same one all day. Nothing in them is secret, and nobody is believed for them. */
const scopes = new Map<string, Tc3Scope>()
const scopesMax = 1024

const readScope = (text: string): Tc3Scope | undefined => {
  const parts = scopeForm.exec(text)
  if (!parts) return undefined
  const [, secretId = '', date = '', service = '', names = ''] = parts
  return { secretId, date, service, names, signedHeaders: names.split(';') }
}

const scopeOf = (text: string): Tc3Scope | undefined => {
  const known = scopes.get(text)
  if (known) return known
  const scope = readScope(text)
  if (scopes.size >= scopesMax) scopes.clear()
  if (scope) scopes.set(text, scope)
  return scope
}

/**
 * Reads the claim, and refuses what could not be signed rightly whoever signed it. `asked` is the service that the
 * request is for; SDKs name it, or what the first label of their host is.
 */
export const readTc3 = ({ headers }: Head, asked: string): Tc3Claim | Denied<Code> => {
  const { authorization, 'x-tc-timestamp': timestamp = '', host = '' } = headers
  if (authorization === undefined) return malformed('It is missing.')
  const signature = authorization.slice(-signatureCharacters)
  const of = scopeOf(authorization.slice(0, -signatureCharacters))
  if (!of || !signatureForm.test(signature)) return malformed('It cannot be read.')
  const { secretId, date, service, signedHeaders } = of
  if (!timestampText.test(timestamp)) return malformed('`X-TC-Timestamp` must be unix seconds.')
  if (date !== dateOf(Number(timestamp))) return malformed('`Date` in Credential is not the day of `X-TC-Timestamp`.')
  if (service !== asked && service !== firstLabel(host)) return malformed('`Service` in Credential not valid.')
  if (!signedHeaders.includes('content-type') || !signedHeaders.includes('host'))
    return malformed('`content-type` and `host` must be signed.')
  if (signedHeaders.length > signedHeadersMax) return malformed('Too many signed headers.')
  return { scheme: 'tc3', of, secretId, signature, timestamp }
}

const secretIdForm = /^[0-9A-Za-z_-]{1,128}$/
/** One SDK draws from 0 to 65535, another 63 bits. It is signed and not remembered: docs/decisions/0013. */
const nonceForm = /^\d{1,20}$/
const v1Names = ['SecretId', 'Timestamp', 'Nonce', 'Signature'] as const

/** Reads the claim of a V1 request out of its decoded parameters. */
export const readV1 = (parameters: ReadonlyMap<string, string>): V1Claim | Denied<Code> => {
  if (!parameters.has('Signature') && !parameters.has('SecretId')) return malformed('It is missing.')
  const absent = v1Names.find((name) => !parameters.has(name))
  if (absent) return denied('MissingParameter', `\`${absent}\``)
  const [secretId = '', timestamp = '', nonce = '', signature = ''] = v1Names.map((name) => parameters.get(name))
  if (!secretIdForm.test(secretId)) return denied('AuthFailure.SecretIdNotFound')
  if (!timestampText.test(timestamp)) return denied('InvalidParameter', '`Timestamp`')
  if (!nonceForm.test(nonce)) return denied('InvalidParameter', '`Nonce`')
  const names = [...parameters.keys()].filter((name) => name !== 'Signature').sort(byBytes)
  const sorted = names.map((name) => `${name}=${parameters.get(name)}`).join('&')
  // Whatever else it says, or nothing, means SHA-1.
  const hash = parameters.get('SignatureMethod') === 'HmacSHA256' ? 'sha256' : 'sha1'
  return { scheme: 'v1', secretId, timestamp, signature, hash, token: parameters.get('Token'), sorted }
}

/** Byte order of the UTF-8, which for these names is the order of their code points. */
const byBytes = (a: string, b: string): number => (a < b ? -1 : 1)

/** Derived keys hang off the credential's row or the session: one that changed or was forgotten takes them along. */
const signingKeys = new WeakMap<object, { date: string; service: string; key: Secret }>()

const prefix = new TextEncoder().encode('TC3')

const hmacUnder = (key: Uint8Array, data: string): Uint8Array => hmacSha256(secretFrom(key), data)

const deriveSigningKey = (secret: Uint8Array, date: string, service: string): Secret => {
  const start = new Uint8Array(prefix.length + secret.length)
  start.set(prefix)
  start.set(secret, prefix.length)
  const steps: Uint8Array[] = [start]
  for (const data of [date, service, 'tc3_request']) steps.push(hmacUnder(steps.at(-1) ?? start, data))
  const key = secretFrom(steps.at(-1) ?? start)
  for (const step of steps) step.fill(0)
  return key
}

/** Known from the second request of a day on, and then not waited for. */
const signingKey = (signer: Signer, { of: { date, service } }: Tc3Claim): Secret | Promise<Secret> => {
  const known = signingKeys.get(signer.of)
  return known?.date === date && known.service === service ? known.key : newSigningKey(signer, date, service)
}

const newSigningKey = async (signer: Signer, date: string, service: string): Promise<Secret> => {
  const secret = await signer.secret()
  const key = deriveSigningKey(secret, date, service)
  secret.fill(0)
  signingKeys.set(signer.of, { date, service, key })
  return key
}

type HeaderForm = (name: string, value: string) => string

const asSent: HeaderForm = (_name, value) => value
const withoutPort: HeaderForm = (name, value) => (name === 'host' ? value.replace(/:\d+$/, '') : value)
const lowerCase: HeaderForm = (_name, value) => value.toLowerCase()
const lowerCaseWithoutPort: HeaderForm = (name, value) => withoutPort(name, value).toLowerCase()

/** In the order of how many clients do it; one that has no port and no capital letter needs the first only. */
const headerForms: readonly HeaderForm[] = [asSent, withoutPort, lowerCase, lowerCaseWithoutPort]

const canonicalHeaders = (head: Head, names: readonly string[], form: HeaderForm): string => {
  let lines = ''
  for (const name of names) lines += `${name}:${form(name, headerNamed(head, name).trim())}\n`
  return lines
}

const tc3Matches = (head: Head, body: Uint8Array, claim: Tc3Claim, key: Secret): boolean => {
  const unsigned = head.headers['x-tc-content-sha256'] === 'UNSIGNED-PAYLOAD'
  const payload = unsigned ? sha256Hex('UNSIGNED-PAYLOAD') : sha256Hex(body)
  const query = head.method === 'GET' ? head.query : ''
  const { date, service, names, signedHeaders } = claim.of
  const sent = Buffer.from(claim.signature)
  const tried: string[] = []
  for (const form of headerForms) {
    const lines = canonicalHeaders(head, signedHeaders, form)
    if (tried.includes(lines)) continue
    tried.push(lines)
    const canonical = sha256Hex(`${head.method}\n/\n${query}\n${lines}\n${names}\n${payload}`)
    const toSign = `TC3-HMAC-SHA256\n${claim.timestamp}\n${date}/${service}/tc3_request\n${canonical}`
    if (equalInConstantTime(Buffer.from(hmacSha256Hex(key, toSign)), sent)) return true
  }
  return false
}

/** The secret itself as a key, for V1, which derives none; it goes as the signing keys do. */
const secretKeys = new WeakMap<object, Secret>()

const secretKey = async (signer: Signer): Promise<Secret> => {
  const known = secretKeys.get(signer.of)
  if (known) return known
  const secret = await signer.secret()
  const key = secretFrom(secret)
  secret.fill(0)
  secretKeys.set(signer.of, key)
  return key
}

/** The hosts that clients sign for one Host header: as it is, without the port, without a scheme. */
const signedHosts = (host: string): ReadonlySet<string> => {
  const bare = hostOnly(host)
  return new Set([host, bare, bare.replace(/:\d+$/, '')])
}

const v1Matches = ({ method, headers }: Head, { hash, signature, sorted }: V1Claim, key: Secret): boolean => {
  const sent = Buffer.from(signature)
  for (const host of signedHosts(headers.host ?? '')) {
    const expected = hmac(hash, key, `${method}${host}/?${sorted}`)
    if (equalInConstantTime(Buffer.from(base64FromBytes(expected)), sent)) return true
  }
  return false
}

const matches = (claim: Claim, head: Head, body: Uint8Array, signer: Signer): boolean | Promise<boolean> =>
  claim.scheme === 'v1'
    ? secretKey(signer).then((key) => v1Matches(head, claim, key))
    : onceAtHand(signingKey(signer, claim), (key) => tc3Matches(head, body, claim, key))

/** How far a request's time may be from ours, either way, ms. */
const toleranceMs = 300_000

const expired = ({ timestamp }: Claim, now: Instant): boolean => Math.abs(Number(timestamp) * 1000 - now) > toleranceMs

/** A temporary access key is told by its id, so that a token that is missing can be told from a key that is unknown. */
const temporaryBegins = 'AKID-'

const withoutSigner = async ({ secretId }: Claim, view: View): Promise<Denied<Code>> => {
  const other = await view.get('credential', secretId)
  return denied(other && other.dialect !== 'tencent' ? 'AuthFailure.InvalidSecretId' : 'AuthFailure.SecretIdNotFound')
}

type Known = Signer | Denied<Code>

const signerOf = (claim: Claim, token: string | undefined, view: View, house: House): Known | Promise<Known> => {
  const { secretId } = claim
  if (!secretId.startsWith(temporaryBegins))
    return onceAtHand(
      permanentSigner(house, view, secretId, 'tencent'),
      (signer): Known | Promise<Known> => signer ?? withoutSigner(claim, view),
    )
  const unknown = denied('AuthFailure.TokenFailure')
  return token ? temporarySigner(house, view, secretId, token, 'tencent').then((signer) => signer ?? unknown) : unknown
}

type Authenticated = Caller | Denied<Code>

export const authenticate = (
  claim: Claim,
  head: Head,
  body: Uint8Array,
  view: View,
  house: House,
  request: string,
): Authenticated | Promise<Authenticated> => {
  if (expired(claim, house.clock.now())) return denied('AuthFailure.SignatureExpire')
  const token = claim.scheme === 'v1' ? claim.token : head.headers['x-tc-token']
  return onceAtHand(signerOf(claim, token, view, house), (signer): Authenticated | Promise<Authenticated> => {
    if (signer instanceof Denied) return signer
    return onceAtHand(matches(claim, head, body, signer), (matched): Authenticated => {
      if (!matched) return denied('AuthFailure.SignatureFailure')
      // A permanent access key has no token; whoever sends one means another key.
      if (token && !signer.who.session) return denied('AuthFailure.TokenFailure')
      return { dialect: 'tencent', ...signer.who, source: head.source, request, reach: 'policies' }
    })
  })
}

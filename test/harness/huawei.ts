/** An SDK-HMAC-SHA256 signer written from the vendor's description, apart from the server's own code, and calls with it. */
import { createHash, createHmac } from 'node:crypto'
import { type Exchanged, exchange } from './http.ts'
import type { Members, TestKeystead } from './keystead.ts'

export interface HuaweiKey {
  readonly accessKey: string
  readonly secretKey: string
}

export interface HuaweiCallOptions {
  readonly key?: HuaweiKey
  /** Of the path; the first account's project in the default region where none is named. */
  readonly project?: string
  /** Put over the signed headers after signing; undefined takes one away. */
  readonly headers?: Readonly<Record<string, string | undefined>>
  /** A temporary access key's. */
  readonly securityToken?: string
  /** Sent in the place of a signature; null for neither. */
  readonly token?: string | null
  /** Signed beside host, content-type and x-sdk-date. */
  readonly signed?: Readonly<Record<string, string>>
  /** The instant of the signature, UTC ms. */
  readonly at?: number
}

export interface HuaweiAnswered {
  readonly exchanged: Exchanged
  readonly status: number
  readonly members: Members
  /** `error.error_code`, or undefined for success. */
  readonly code: string | undefined
}

const sha256 = (data: string | Buffer) => createHash('sha256').update(data).digest('hex')

const escaped = (text: string) =>
  encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`)

/** `YYYYMMDDTHHMMSSZ`. */
export const sdkDate = (instant: number): string =>
  new Date(instant)
    .toISOString()
    .replace(/[-:]/g, '')
    .replace(/\.\d{3}/, '')

interface Signing extends HuaweiKey {
  readonly method: string
  readonly host: string
  /** With the query. */
  readonly path: string
  readonly body: string | Buffer
  readonly at: number
  readonly signed?: Readonly<Record<string, string>>
  /** What is signed in the place of the body's hash. */
  readonly payload?: string
}

/** The headers of a signed request. */
export const sdkHeaders = ({ accessKey, secretKey, method, host, path, body, at, signed = {}, payload }: Signing) => {
  const date = sdkDate(at)
  const headers: Record<string, string> = { 'content-type': 'application/json', host, 'x-sdk-date': date, ...signed }
  const names = Object.keys(headers).sort()
  const [bare = '', query = ''] = path.split('?')
  const segments = bare.split('/').map((segment) => escaped(decodeURIComponent(segment)))
  const named = [...new URLSearchParams(query)].sort(([a, x], [b, y]) => (a === b ? (x < y ? -1 : 1) : a < b ? -1 : 1))
  const pairs = named.map(([name, value]) => `${escaped(name)}=${escaped(value)}`)
  const canonical = [
    method,
    `${segments.join('/')}/`.replace(/\/\/$/, '/'),
    pairs.join('&'),
    ...names.map((name) => `${name}:${headers[name]?.trim()}`),
    '',
    names.join(';'),
    payload ?? sha256(body),
  ].join('\n')
  const toSign = `SDK-HMAC-SHA256\n${date}\n${sha256(canonical)}`
  const signature = createHmac('sha256', secretKey).update(toSign).digest('hex')
  return {
    Host: host,
    'Content-Type': 'application/json',
    'X-Sdk-Date': date,
    ...signed,
    Authorization: `SDK-HMAC-SHA256 Access=${accessKey}, SignedHeaders=${names.join(';')}, Signature=${signature}`,
  }
}

/**
 * One signed call. `path` is what follows `/v1.0/{project_id}/`, or a whole path that begins with a slash. A body that is
 * a string or bytes goes as it is.
 */
export const huaweiCall = async (
  { endpoint, credentials, clock }: Pick<TestKeystead, 'endpoint' | 'credentials' | 'clock'>,
  call: string,
  members?: Members | string | Buffer,
  options: HuaweiCallOptions = {},
): Promise<HuaweiAnswered> => {
  const [method = '', asked = ''] = call.split(' ')
  const {
    key = credentials.huawei,
    project = credentials.huawei.projectId,
    headers = {},
    token,
    securityToken,
  } = options
  const signed = { ...(securityToken === undefined ? {} : { 'x-security-token': securityToken }), ...options.signed }
  const path = asked.startsWith('/') ? asked : `/v1.0/${project}/${asked}`
  const plain = typeof members === 'string' || Buffer.isBuffer(members)
  const body = members === undefined ? '' : plain ? members : JSON.stringify(members)
  const { host } = new URL(endpoint)
  const authority =
    token === undefined
      ? sdkHeaders({ ...key, method, host, path, body, at: options.at ?? clock.now(), signed })
      : { Host: host, 'Content-Type': 'application/json', ...(token === null ? {} : { 'X-Auth-Token': token }) }
  const all = { ...authority, ...headers }
  const sent = Object.entries(all).filter((header): header is [string, string] => header[1] !== undefined)
  const exchanged = await exchange(endpoint, { method, path, headers: Object.fromEntries(sent), body })
  const parsed: Members = exchanged.body === '' ? {} : JSON.parse(exchanged.body)
  return { exchanged, status: exchanged.status, members: parsed, code: parsed.error?.error_code }
}

/** As `huaweiCall`, and fails the test where the answer is an error. */
export const huaweiOk = async (
  keystead: TestKeystead,
  call: string,
  members?: Members,
  options?: HuaweiCallOptions,
): Promise<Members> => {
  const answered = await huaweiCall(keystead, call, members, options)
  if (answered.status >= 300) throw new Error(`${call}: ${answered.status} ${answered.exchanged.body}`)
  return answered.members
}

/** Signs in by the password of the first administrator, or as `user` says, and gives the token. */
export const signIn = async (keystead: TestKeystead, scope?: Members, user: Members = {}): Promise<string> => {
  const { userName: name, password, domainName } = keystead.credentials.huawei
  const who = { name, password, domain: { name: domainName }, ...user }
  const identity = { methods: ['password'], password: { user: who } }
  const auth = { identity, ...(scope ? { scope } : {}) }
  const { exchanged, status } = await huaweiCall(keystead, 'POST /v3/auth/tokens', { auth }, { token: null })
  const token = exchanged.headers['x-subject-token']
  if (status !== 201 || typeof token !== 'string') throw new Error(`signing in: ${status} ${exchanged.body}`)
  return token
}

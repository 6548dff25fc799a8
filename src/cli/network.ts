/** The native API over the network: `POST <endpoint>/api/v1/<action>`. */
import { type RequestOptions, request as requestPlain } from 'node:http'
import { request as requestTls } from 'node:https'
import type { Reply } from './reply.ts'

export interface Remote {
  readonly endpoint: string
  readonly token?: string
  /** Authorities to trust in place of the system's, PEM. */
  readonly ca?: string
}

const silentMs = 120_000

const untrusted: ReadonlySet<string | undefined> = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
])

const sentences: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there: is the server running?',
  ENOTFOUND: 'there is no host of this name',
}

const unreached = (endpoint: string, { code, message }: NodeJS.ErrnoException): Error => {
  const why = untrusted.has(code)
    ? 'its certificate is not trusted here: name its authority with keystead login --ca FILE'
    : (sentences[code ?? ''] ?? message)
  return new Error(`${endpoint}: ${why}`)
}

const isLoopback = (host: string): boolean => host === 'localhost' || host === '[::1]' || /^127(?:\.\d+){3}$/.test(host)

/** An endpoint as it is kept: without a slash at its end. Throws one sentence. */
export const endpointOf = (text: string, plainAllowed: boolean): string => {
  const url = URL.parse(text)
  if (!url || !['http:', 'https:'].includes(url.protocol) || url.username || url.password || url.search || url.hash)
    throw new Error('the endpoint must be a URL such as https://kms.example')
  if (url.protocol === 'http:' && !isLoopback(url.hostname) && !plainAllowed)
    throw new Error(
      `${text}: whoever is on the way could read the secret: use https, or say --insecure-http if nobody can be`,
    )
  return url.href.replace(/\/+$/, '')
}

/** What a request says beside its members. */
export interface Beside {
  readonly region?: string
  /** At which revision the object must still be. */
  readonly revision?: number
}

/** As the API calls it. */
export const headersOf = ({ region, revision }: Beside): Readonly<Record<string, string>> => ({
  ...(region === undefined ? {} : { 'X-Keystead-Region': region }),
  ...(revision === undefined ? {} : { 'If-Match': `"${revision}"` }),
})

export const overNetwork = (
  { endpoint, token, ca }: Remote,
  path: string,
  body: string,
  beside: Beside = {},
): Promise<Reply> =>
  new Promise((resolve, reject) => {
    const headers = {
      'Content-Type': 'application/json',
      'Content-Length': Buffer.byteLength(body),
      ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
      ...headersOf(beside),
    }
    const options: RequestOptions & { ca?: string } = { method: 'POST', headers, timeout: silentMs }
    const send = endpoint.startsWith('https:') ? requestTls : requestPlain
    const sent = send(`${endpoint}${path}`, ca === undefined ? options : { ...options, ca }, (response) => {
      response.setEncoding('utf8')
      resolve({ status: response.statusCode ?? 0, pieces: response, drop: () => response.destroy() })
    })
    sent.on('timeout', () => sent.destroy(new Error('no answer came in two minutes')))
    sent.on('error', (error) => reject(unreached(endpoint, error)))
    sent.end(body)
  })

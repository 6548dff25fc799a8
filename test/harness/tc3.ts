/** A TC3-HMAC-SHA256 signer written from the vendor's description, apart from the server's own code. */
import { createHash, createHmac } from 'node:crypto'

export interface Tc3Options {
  readonly secretId: string
  readonly secretKey: string
  readonly host: string
  readonly body: string | Buffer
  readonly contentType?: string
  /** Unix seconds. */
  readonly timestamp: number
  readonly service?: string
  /** Further headers to sign, in lower case. */
  readonly signed?: Readonly<Record<string, string>>
  /** The host that is signed, where it is not the one that is sent. */
  readonly signedHost?: string
  readonly unsignedPayload?: boolean
}

const sha256 = (data: string | Buffer) => createHash('sha256').update(data).digest('hex')
const hmac = (key: string | Buffer, data: string) => createHmac('sha256', key).update(data).digest()

/** The headers that make a signed POST, without X-TC-Action, Version and Region. */
export const tc3Headers = (options: Tc3Options): Record<string, string> => {
  const { secretId, secretKey, host, body, timestamp, service = 'kms', signed = {} } = options
  const contentType = options.contentType ?? 'application/json'
  const date = new Date(timestamp * 1000).toISOString().slice(0, 10)
  const headers: Record<string, string> = { 'content-type': contentType, host: options.signedHost ?? host, ...signed }
  const names = Object.keys(headers).sort()
  const canonical = [
    'POST',
    '/',
    '',
    ...names.map((name) => `${name}:${headers[name]}`),
    '',
    names.join(';'),
    sha256(options.unsignedPayload ? 'UNSIGNED-PAYLOAD' : body),
  ].join('\n')
  const scope = `${date}/${service}/tc3_request`
  const toSign = ['TC3-HMAC-SHA256', timestamp, scope, sha256(canonical)].join('\n')
  const key = hmac(hmac(hmac(`TC3${secretKey}`, date), service), 'tc3_request')
  const signature = createHmac('sha256', key).update(toSign).digest('hex')
  return {
    Host: host,
    'Content-Type': contentType,
    'X-TC-Timestamp': String(timestamp),
    ...(options.unsignedPayload ? { 'X-TC-Content-SHA256': 'UNSIGNED-PAYLOAD' } : {}),
    Authorization: `TC3-HMAC-SHA256 Credential=${secretId}/${scope}, SignedHeaders=${names.join(';')}, Signature=${signature}`,
  }
}

/** A seal key that a key in another KMS encrypts. Which cloud's API that one speaks is said by a name. */
import { type Custodian, configured, type Members, privateJson, textIn } from './custodian.ts'

/** A key in another KMS, asked through its vendor's client. */
export interface RemoteKey {
  encrypt(plaintext: string): Promise<string>
  decrypt(ciphertext: string): Promise<string>
}

export interface RemoteKeyAt {
  /** With its scheme: https, or http on this machine. */
  readonly endpoint: string
  readonly region: string
  readonly key: string
  /** As the cloud's own configuration spells it. */
  readonly credentials: Members
}

/** Loads a vendor's client, which may not be installed. */
export type Clouds = Readonly<Record<string, (at: RemoteKeyAt) => RemoteKey>>

const loopback: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]'])

/** The seal key is in the answer: whoever reads the way opens every copy of the root key file. */
const overTls = (path: string, endpoint: string): string => {
  const url = URL.parse(endpoint)
  if (url?.protocol === 'https:' || (url?.protocol === 'http:' && loopback.has(url.hostname))) return endpoint
  throw new Error(`${path}: endpoint must begin with https://, but for one on this machine.`)
}

const remoteKey = (configPath: string | undefined, clouds: Clouds): RemoteKey => {
  const { path, members } = configured(configPath, 'kms')
  const text = (name: string) => textIn(path, members, name)
  const name = text('cloud')
  const cloud = Object.hasOwn(clouds, name) ? clouds[name] : undefined
  if (!cloud) throw new Error(`${path}: cloud must be one of ${Object.keys(clouds).join(', ')}.`)
  return cloud({
    endpoint: overTls(path, text('endpoint')),
    region: text('region'),
    key: text('key'),
    credentials: privateJson(text('credentialsFile')),
  })
}

/** The seal key travels as Base64 text, which every one of these APIs can carry. */
export const kmsCustodian = (configPath: string | undefined, clouds: Clouds): Custodian => ({
  async wrap(sealKey) {
    const wrapped = await remoteKey(configPath, clouds).encrypt(sealKey.toString('base64'))
    return { wrapped }
  },
  unwrap: async ({ wrapped = '' }) => Buffer.from(await remoteKey(configPath, clouds).decrypt(wrapped), 'base64'),
})

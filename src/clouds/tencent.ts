/** A key in a KMS that speaks Tencent Cloud's API, through the vendor's own SDK for Node. */
import { optionalPackage, textIn } from '../adapters/root-key/custodian.ts'
import type { RemoteKey, RemoteKeyAt } from '../adapters/root-key/kms.ts'

/** What is used of the SDK. */
interface Client {
  Encrypt(members: object): Promise<{ CiphertextBlob?: string }>
  Decrypt(members: object): Promise<{ Plaintext?: string }>
}
interface Sdk {
  readonly kms: { readonly v20190118: { readonly Client: new (settings: object) => Client } }
}

/** In seconds, as the SDK counts. */
const timeout = 15
const context = JSON.stringify({ purpose: 'keystead seal key' })

const answered = (value: string | undefined): string => {
  if (value === undefined) throw new Error('the other KMS answered without a result')
  return value
}

export const tencentKey = ({ endpoint, region, key, credentials }: RemoteKeyAt): RemoteKey => {
  const { protocol, host } = new URL(endpoint)
  const sdk = optionalPackage<Sdk>('tencentcloud-sdk-nodejs')
  const text = (name: string) => textIn('the credentials file', credentials, name)
  const client = new sdk.kms.v20190118.Client({
    credential: { secretId: text('secretId'), secretKey: text('secretKey') },
    region,
    profile: { httpProfile: { endpoint: host, protocol: `${protocol}//`, reqTimeout: timeout } },
  })
  return {
    async encrypt(plaintext) {
      const said = await client.Encrypt({ KeyId: key, Plaintext: plaintext, EncryptionContext: context })
      return answered(said.CiphertextBlob)
    },
    async decrypt(ciphertext) {
      const said = await client.Decrypt({ CiphertextBlob: ciphertext, EncryptionContext: context })
      return answered(said.Plaintext)
    },
  }
}

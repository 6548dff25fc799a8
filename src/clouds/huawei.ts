/** A key in a KMS that speaks Huawei Cloud's API, through the core of the vendor's own SDK for Node. */
import { optionalPackage, textIn } from '../adapters/root-key/custodian.ts'
import type { RemoteKey, RemoteKeyAt } from '../adapters/root-key/kms.ts'

/** What is used of the SDK, which the vendor generates a thin client for each API over. */
interface Client {
  sendRequest(request: object): Promise<Readonly<Record<string, unknown>>>
}
interface Core {
  readonly BasicCredentials: new (settings: object) => object
}
interface Builder {
  readonly ClientBuilder: new (
    make: (client: Client) => Client,
  ) => {
    withCredential(credential: object): { withEndpoint(endpoint: string): { build(): Client } }
  }
}
interface Logger {
  readonly Logger4jInstance: { level: string }
}

const name = '@huaweicloud/huaweicloud-sdk-core'
const context = 'keystead seal key'

const clientAt = ({ endpoint, credentials }: RemoteKeyAt): Client => {
  const { BasicCredentials } = optionalPackage<Core>(name)
  const { ClientBuilder } = optionalPackage<Builder>(`${name}/ClientBuilder.js`)
  // It prints every answer that is an error together with the request, in which the seal key is.
  optionalPackage<Logger>(`${name}/logger/log4jLogger.js`).Logger4jInstance.level = 'off'
  const text = (member: string) => textIn('the credentials file', credentials, member)
  const credential = new BasicCredentials({
    ak: text('accessKey'),
    sk: text('secretKey'),
    projectId: text('projectId'),
  })
  return new ClientBuilder((client) => client).withCredential(credential).withEndpoint(endpoint).build()
}

export const huaweiKey = (at: RemoteKeyAt): RemoteKey => {
  const client = clientAt(at)
  const call = async (action: string, data: object, result: string): Promise<string> => {
    const url = `/v1.0/{project_id}/kms/${action}`
    const contentType = 'application/json;charset=UTF-8'
    const rest = { contentType, queryParams: {}, pathParams: {}, headers: {} }
    const answer = await client.sendRequest({ method: 'POST', url, data, ...rest }).catch((error: unknown) => {
      const { errorCode, errorMsg, message } = error as Readonly<Record<string, unknown>>
      // A new error: the SDK's own carries the request.
      throw new Error(`the other KMS answered ${errorCode ?? message}: ${errorMsg ?? ''}`)
    })
    const value = answer[result]
    if (typeof value !== 'string') throw new Error('the other KMS answered without a result')
    return value
  }
  const bound = { key_id: at.key, additional_authenticated_data: context }
  return {
    encrypt: (plaintext) => call('encrypt-data', { ...bound, plain_text: plaintext }, 'cipher_text'),
    decrypt: (ciphertext) => call('decrypt-data', { ...bound, cipher_text: ciphertext }, 'plain_text'),
  }
}

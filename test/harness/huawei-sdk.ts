/** Calls by the vendor's own SDK for Node, as its generated clients make them: its signer, its HTTP client, its errors. */
import { BasicCredentials } from '@huaweicloud/huaweicloud-sdk-core'
import { AKSKSigner } from '@huaweicloud/huaweicloud-sdk-core/auth/AKSKSigner.js'
import { ClientBuilder } from '@huaweicloud/huaweicloud-sdk-core/ClientBuilder.js'
import type { HcClient } from '@huaweicloud/huaweicloud-sdk-core/HcClient.js'
import type { IHttpRequest } from '@huaweicloud/huaweicloud-sdk-core/http/IHttpRequest.js'
import { Logger4jInstance } from '@huaweicloud/huaweicloud-sdk-core/logger/log4jLogger.js'
import { Region } from '@huaweicloud/huaweicloud-sdk-core/region/region.js'
import { type HuaweiKey, sdkDate } from './huawei.ts'
import type { Members, TestKeystead } from './keystead.ts'

// It prints every answer that is an error, with the whole request.
Logger4jInstance.level = 'off'

export interface SdkOptions {
  readonly key?: HuaweiKey
  /** Of a temporary access key. */
  readonly securityToken?: string
  /** null: the SDK looks it up in the identity service, by the name of the region. */
  readonly projectId?: string | null
  readonly region?: string
}

type Server = Pick<TestKeystead, 'endpoint' | 'credentials' | 'clock'>

/** A client as the vendor's packages make theirs. */
export const sdkClient = ({ endpoint, credentials }: Server, options: SdkOptions = {}): HcClient => {
  const { key = credentials.huawei, projectId = credentials.huawei.projectId, securityToken } = options
  const credential = new BasicCredentials({
    ak: key.accessKey,
    sk: key.secretKey,
    iamEndpoint: endpoint,
    ...(projectId === null ? {} : { projectId }),
    ...(securityToken === undefined ? {} : { securityToken }),
  })
  const builder = new ClientBuilder<HcClient>((client) => client).withCredential(credential)
  const region = options.region ?? credentials.huawei.region
  return (
    projectId === null ? builder.withRegion(new Region(region, endpoint)) : builder.withEndpoint(endpoint)
  ).build()
}

export interface SdkAnswered {
  readonly status: number
  readonly members: Members
  /** What the SDK reads as the error's code; undefined for success. */
  readonly code: string | undefined
  readonly message: string | undefined
}

interface SdkError {
  readonly httpStatusCode?: number
  readonly errorCode?: string
  readonly errorMsg?: string
}

/** One call: `path` is what follows `/v1.0/{project_id}/`, or a whole path that begins with a slash, without a query. */
export const sdkSend = async (
  client: HcClient,
  { clock }: Pick<Server, 'clock'>,
  call: string,
  members?: Members,
  queryParams: Members = {},
): Promise<SdkAnswered> => {
  const [method = '', asked = ''] = call.split(' ')
  const url = asked.startsWith('/') ? asked : `/v1.0/{project_id}/${asked}`
  const headers: Record<string, string> = { 'X-Sdk-Date': sdkDate(clock.now()) }
  const data = members === undefined ? {} : { data: members }
  const contentType = 'application/json;charset=UTF-8'
  try {
    const answer = await client.sendRequest({ method, url, contentType, queryParams, pathParams: {}, headers, ...data })
    const { httpStatusCode = 0, ...rest } = answer as Members
    return { status: httpStatusCode, members: rest, code: undefined, message: undefined }
  } catch (error) {
    const { httpStatusCode = 0, errorCode = '', errorMsg } = error as SdkError
    return { status: httpStatusCode, members: {}, code: errorCode, message: errorMsg }
  }
}

export const sdkCall = (
  keystead: Server,
  call: string,
  members?: Members,
  options?: SdkOptions,
): Promise<SdkAnswered> => sdkSend(sdkClient(keystead, options), keystead, call, members)

/** The headers that the SDK's signer makes of a request, Authorization among them. */
export const sdkSigned = (
  request: Partial<IHttpRequest>,
  { accessKey, secretKey }: HuaweiKey,
): Record<string, string> =>
  AKSKSigner.sign(request as IHttpRequest, new BasicCredentials({ ak: accessKey, sk: secretKey }))

/** Whole HTTP requests, signed as each cloud's clients sign them. */
import { type HuaweiKey, sdkHeaders } from '../test/harness/huawei.ts'
import type { AccessKey, Members } from '../test/harness/keystead.ts'
import { tc3Headers } from '../test/harness/tc3.ts'

const whole = (line: string, headers: Readonly<Record<string, string>>, body: string): string => {
  const all = { ...headers, 'Content-Length': String(Buffer.byteLength(body)) }
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`)
  return `${line} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n${body}`
}

export const tencentRequest = (endpoint: string, key: AccessKey, action: string, members: Members): string => {
  const body = JSON.stringify(members)
  const { host } = new URL(endpoint)
  const headers = {
    ...tc3Headers({ ...key, host, body, timestamp: Math.floor(Date.now() / 1000) }),
    'X-TC-Action': action,
    'X-TC-Version': '2019-01-18',
    'X-TC-Region': 'ap-guangzhou',
  }
  return whole('POST /', headers, body)
}

export const huaweiRequest = (
  endpoint: string,
  key: HuaweiKey & { readonly projectId: string },
  call: string,
  members: Members,
): string => {
  const body = JSON.stringify(members)
  const { host } = new URL(endpoint)
  const path = `/v1.0/${key.projectId}/${call}`
  return whole(`POST ${path}`, sdkHeaders({ ...key, method: 'POST', host, path, body, at: Date.now() }), body)
}

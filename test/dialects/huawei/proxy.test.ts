/** What a gateway answers for a server that is not there: 502 and 504 arise there only, and clients read them as such. */
import { createServer, request, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { huaweiCall } from '../../harness/huawei.ts'
import { sdkCall } from '../../harness/huawei-sdk.ts'
import { startKeystead, type TestKeystead } from '../../harness/keystead.ts'

let keystead: TestKeystead
let gateway: Server
/** Where the gateway sends requests: to the server, to nobody, or to one that never answers. */
let upstream: 'server' | 'nobody' | 'silent' = 'server'
const waitMs = 200

/** The documented body of a gateway, which has no nested error. */
const refuse = (error_code: string, error_msg: string) =>
  JSON.stringify({ error_code, error_msg, request_id: 'gateway' })

beforeAll(async () => {
  keystead = await startKeystead()
  gateway = createServer((incoming, outgoing) => {
    const fail = (status: number, code: string, text: string) => {
      outgoing.writeHead(status, { 'Content-Type': 'application/json' })
      outgoing.end(refuse(code, text))
    }
    if (upstream === 'silent') return void setTimeout(() => fail(504, 'APIGW.0201', 'Backend timeout.'), waitMs)
    const target = upstream === 'server' ? keystead.endpoint : 'http://127.0.0.1:1'
    const { method, url, headers } = incoming
    const onward = request(new URL(url ?? '/', target), { ...(method ? { method } : {}), headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 0, answer.headers)
      answer.pipe(outgoing)
    })
    onward.on('error', () => fail(502, 'APIGW.0202', 'Backend unavailable.'))
    incoming.pipe(onward)
  })
  await new Promise<void>((resolve) => gateway.listen(0, '127.0.0.1', resolve))
})
afterAll(async () => {
  gateway.close()
  await keystead.end()
})

const behind = () => ({ ...keystead, endpoint: `http://127.0.0.1:${(gateway.address() as AddressInfo).port}` })
const call = 'POST kms/list-keys'

it('through a gateway that keeps the Host header, calls and their refusals are the server’s own', async () => {
  upstream = 'server'
  expect((await huaweiCall(behind(), call, {})).status).toBe(200)
  const refused = await huaweiCall(behind(), call, { limit: 'x' })
  expect([refused.status, refused.code]).toEqual([400, 'KMS.1601'])
  expect(refused.exchanged.headers['x-request-id']).toBe(refused.members.request_id)
})

it.each([
  ['nobody', 502, 'APIGW.0202'],
  ['silent', 504, 'APIGW.0201'],
] as const)('a gateway before %s answers %d, and the SDK reads its code', async (to, status, code) => {
  upstream = to
  const { exchanged } = await huaweiCall(behind(), call, {})
  expect([exchanged.status, JSON.parse(exchanged.body).error_code]).toEqual([status, code])
  expect(await sdkCall(behind(), call, {})).toMatchObject({ status, code })
})

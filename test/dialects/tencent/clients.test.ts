/**
 * What other clients send, byte for byte, as it was recorded from them: the Python SDK 3.1.192, tccli 3.1.189.1 and the
 * Go SDK 1.0.563. Queries and forms are not sorted, nonces have 63 bits, an endpoint that was given as a URL goes into
 * `Host` as it is, and Go sends a language that is empty.
 */
import { connect } from 'node:net'
import { kms } from 'tencentcloud-sdk-nodejs'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { addAccessKey } from '../../harness/access.ts'
import { startKeystead, type TestKeystead } from '../../harness/keystead.ts'

/** Published as examples by the vendor; each request below was signed with them. */
const secretId = 'AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE'
const secretKey = 'Gu5t9xGARNpq86cd98joQYCN3EXAMPLE'

/** CreateKey with an alias of its own, and the description `多 + & = %`. Here with LF for CRLF. */
const recorded: readonly (readonly [string, string])[] = [
  [
    'Python: TC3 over POST',
    String.raw`POST / HTTP/1.1
User-Agent: python-requests/2.34.2
Accept-Encoding: gzip, deflate
Accept: */*
Connection: keep-alive
X-TC-TraceId: 0b6ce7f9-453e-4994-8800-e935657f460c
Content-Type: application/json
Host: 127.0.0.1:7800
X-TC-Action: CreateKey
X-TC-RequestClient: SDK_PYTHON_3.1.192
X-TC-Timestamp: 1795205074
X-TC-Version: 2019-01-18
X-TC-Region: ap-guangzhou
X-TC-Language: zh-CN
Authorization: TC3-HMAC-SHA256 Credential=AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE/2026-11-20/kms/tc3_request, SignedHeaders=content-type;host, Signature=9b9213c099bb4652eab950c39cc883dfe038318a907c07bced545c13d3134311
Content-Length: 50

{"Alias": "py-0", "Description": "\u591a + & = %"}`,
  ],
  [
    'Python: TC3 over POST, the endpoint as a URL',
    String.raw`POST / HTTP/1.1
User-Agent: python-requests/2.34.2
Accept-Encoding: gzip, deflate
Accept: */*
Connection: keep-alive
X-TC-TraceId: 58808560-fb3f-45f7-9e23-e4d5385dafa4
Content-Type: application/json
Host: http://127.0.0.1:7800
X-TC-Action: CreateKey
X-TC-RequestClient: SDK_PYTHON_3.1.192
X-TC-Timestamp: 1795205074
X-TC-Version: 2019-01-18
X-TC-Region: ap-guangzhou
X-TC-Language: en-US
Authorization: TC3-HMAC-SHA256 Credential=AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE/2026-11-20/kms/tc3_request, SignedHeaders=content-type;host, Signature=72a20e843573846e42842668dbe629a38a48018e5b9d0db3a497d54672946ef8
Content-Length: 50

{"Alias": "py-1", "Description": "\u591a + & = %"}`,
  ],
  [
    'Python: TC3 over GET',
    `GET /?Alias=py-2&Description=%E5%A4%9A+%2B+%26+%3D+%25 HTTP/1.1
User-Agent: python-requests/2.34.2
Accept-Encoding: gzip, deflate
Accept: */*
Connection: keep-alive
X-TC-TraceId: a765ca5a-42c2-40df-8e4a-959817108bf7
Content-Type: application/x-www-form-urlencoded
Host: 127.0.0.1:7800
X-TC-Action: CreateKey
X-TC-RequestClient: SDK_PYTHON_3.1.192
X-TC-Timestamp: 1795205074
X-TC-Version: 2019-01-18
X-TC-Region: ap-guangzhou
X-TC-Language: en-US
Authorization: TC3-HMAC-SHA256 Credential=AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE/2026-11-20/kms/tc3_request, SignedHeaders=content-type;host, Signature=53b88be1952c6c157ad11198cf58f45762667d53b59e13c20f463cc603c683a4

`,
  ],
  [
    'Python: TC3 over GET, the endpoint as a URL',
    `GET /?Alias=py-3&Description=%E5%A4%9A+%2B+%26+%3D+%25 HTTP/1.1
User-Agent: python-requests/2.34.2
Accept-Encoding: gzip, deflate
Accept: */*
Connection: keep-alive
X-TC-TraceId: ef7bacb1-a660-4103-bec4-2117c0d1df21
Content-Type: application/x-www-form-urlencoded
Host: http://127.0.0.1:7800
X-TC-Action: CreateKey
X-TC-RequestClient: SDK_PYTHON_3.1.192
X-TC-Timestamp: 1795205074
X-TC-Version: 2019-01-18
X-TC-Region: ap-guangzhou
X-TC-Language: zh-CN
Authorization: TC3-HMAC-SHA256 Credential=AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE/2026-11-20/kms/tc3_request, SignedHeaders=content-type;host, Signature=75f2070d31f91dd0c485d7fc7c6f64b0dcd9e06b661e22b793f0c5e720907924

`,
  ],
  [
    'Python: HmacSHA1 over GET',
    `GET /?Alias=py-4&Description=%E5%A4%9A+%2B+%26+%3D+%25&Action=CreateKey&RequestClient=SDK_PYTHON_3.1.192&Nonce=3550828731024543537&Timestamp=1795205074&Version=2019-01-18&Region=ap-guangzhou&SecretId=AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE&SignatureMethod=HmacSHA1&Language=en-US&Signature=p9XINVatX2W9T%2FAuDdM3RQoK4qc%3D HTTP/1.1
User-Agent: python-requests/2.34.2
Accept-Encoding: gzip, deflate
Accept: */*
Connection: keep-alive
X-TC-TraceId: b803f1fa-f3c8-408f-87e1-85c912190d8e
Content-Type: application/x-www-form-urlencoded
Host: 127.0.0.1:7800

`,
  ],
  [
    'Python: HmacSHA1 over POST, the endpoint as a URL',
    `POST / HTTP/1.1
User-Agent: python-requests/2.34.2
Accept-Encoding: gzip, deflate
Accept: */*
Connection: keep-alive
X-TC-TraceId: 19f8bf80-ef69-4071-84e2-8615afe3f8f4
Content-Type: application/x-www-form-urlencoded
Host: http://127.0.0.1:7800
Content-Length: 317

Alias=py-5&Description=%E5%A4%9A+%2B+%26+%3D+%25&Action=CreateKey&RequestClient=SDK_PYTHON_3.1.192&Nonce=1672700121725106068&Timestamp=1795205074&Version=2019-01-18&Region=ap-guangzhou&SecretId=AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE&SignatureMethod=HmacSHA1&Language=zh-CN&Signature=DQolmbhXLZd%2FD7HDK%2Bk%2BXkuFTdQ%3D`,
  ],
  [
    'Python: HmacSHA256 over POST',
    `POST / HTTP/1.1
User-Agent: python-requests/2.34.2
Accept-Encoding: gzip, deflate
Accept: */*
Connection: keep-alive
X-TC-TraceId: 6c0b80af-e5c0-4de8-b1e4-02e1978488f2
Content-Type: application/x-www-form-urlencoded
Host: 127.0.0.1:7800
Content-Length: 329

Alias=py-6&Description=%E5%A4%9A+%2B+%26+%3D+%25&Action=CreateKey&RequestClient=SDK_PYTHON_3.1.192&Nonce=1920316028407435334&Timestamp=1795205074&Version=2019-01-18&Region=ap-guangzhou&SecretId=AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE&SignatureMethod=HmacSHA256&Language=zh-CN&Signature=1HsjEjoDnnWT4Pkfpy8PFjVtZbI0ndIsu2MqXPQ7qPc%3D`,
  ],
  [
    'Python: HmacSHA256 over GET, the endpoint as a URL',
    `GET /?Alias=py-7&Description=%E5%A4%9A+%2B+%26+%3D+%25&Action=CreateKey&RequestClient=SDK_PYTHON_3.1.192&Nonce=7146600024985079127&Timestamp=1795205074&Version=2019-01-18&Region=ap-guangzhou&SecretId=AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE&SignatureMethod=HmacSHA256&Language=en-US&Signature=iw5E5MaRBAgTYsrYzQHR4JRA9SE%2F%2BbBQ2eGkaRJ1bJ8%3D HTTP/1.1
User-Agent: python-requests/2.34.2
Accept-Encoding: gzip, deflate
Accept: */*
Connection: keep-alive
X-TC-TraceId: 99180edf-e887-40cd-bb93-a5f5407dbd0c
Content-Type: application/x-www-form-urlencoded
Host: http://127.0.0.1:7800

`,
  ],
  [
    'tccli: TC3 over POST',
    String.raw`POST / HTTP/1.1
User-Agent: python-requests/2.34.2
Accept-Encoding: gzip, deflate
Accept: */*
Connection: keep-alive
X-TC-TraceId: 5e696fb7-d10e-4f38-b408-d4227488aca7
Content-Type: application/json
Host: http://127.0.0.1:7800
X-TC-Action: CreateKey
X-TC-RequestClient: SDK_PYTHON_3.1.192; _CLI_3.1.189.1
X-TC-Timestamp: 1795205103
X-TC-Version: 2019-01-18
X-TC-Region: ap-guangzhou
X-TC-Language: zh-CN
Authorization: TC3-HMAC-SHA256 Credential=AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE/2026-11-20/kms/tc3_request, SignedHeaders=content-type;host, Signature=b5f878bdc7dd1a5595bf942165deaf239765544a8c5b5551e28352f2fd6e2111
Content-Length: 51

{"Alias": "tccli", "Description": "\u591a + & = %"}`,
  ],
  [
    'Go: TC3 over POST',
    String.raw`POST / HTTP/1.1
Host: 127.0.0.1:7800
User-Agent: Go-http-client/1.1
Content-Length: 73
Authorization: TC3-HMAC-SHA256 Credential=AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE/2026-11-20/kms/tc3_request, SignedHeaders=content-type;host, Signature=8a1923c18c8633af77498f2b6ef2c0d30c6b207b0bd084e093b332a31a0f81a9
Content-Type: application/json
X-TC-Action: CreateKey
X-TC-Language: zh-CN
X-TC-Region: ap-guangzhou
X-TC-RequestClient: SDK_GO_1.0.563
X-TC-Timestamp: 1795205076
X-TC-Version: 2019-01-18
Accept-Encoding: gzip

{"Alias":"go-post-tc3-hmac-sha256zh-cn","Description":"多 + \u0026 = %"}`,
  ],
  [
    'Go: TC3 over GET',
    `GET /?Alias=go-get-tc3-hmac-sha256&Description=%E5%A4%9A+%2B+%26+%3D+%25 HTTP/1.1
Host: 127.0.0.1:7800
User-Agent: Go-http-client/1.1
Authorization: TC3-HMAC-SHA256 Credential=AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE/2026-11-20/kms/tc3_request, SignedHeaders=content-type;host, Signature=2fb173d07f4645f0c337ab6b6e90ce47619a9e50c874eac9d1c444c43640d56d
Content-Type: application/x-www-form-urlencoded
X-TC-Action: CreateKey
X-TC-Language: 
X-TC-Region: ap-guangzhou
X-TC-RequestClient: SDK_GO_1.0.563
X-TC-Timestamp: 1795205076
X-TC-Version: 2019-01-18
Accept-Encoding: gzip

`,
  ],
  [
    'Go: HmacSHA1 over POST',
    `POST / HTTP/1.1
Host: 127.0.0.1:7800
User-Agent: Go-http-client/1.1
Content-Length: 313
Content-Type: application/x-www-form-urlencoded
Accept-Encoding: gzip

Action=CreateKey&Alias=go-post-hmacsha1&Description=%E5%A4%9A+%2B+%26+%3D+%25&Language=&Nonce=421071084520520801&Region=ap-guangzhou&RequestClient=SDK_GO_1.0.563&SecretId=AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE&Signature=ztWGmPysqR6XEKScvNnTDkbBous%3D&SignatureMethod=HmacSHA1&Timestamp=1795205076&Version=2019-01-18`,
  ],
  [
    'Go: HmacSHA1 over GET',
    `GET /?Action=CreateKey&Alias=go-get-hmacsha1zh-cn&Description=%E5%A4%9A+%2B+%26+%3D+%25&Language=zh-CN&Nonce=7442665270913877729&Region=ap-guangzhou&RequestClient=SDK_GO_1.0.563&SecretId=AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE&Signature=buzhjhQwkf4NgGpwIx51IwauisY%3D&SignatureMethod=HmacSHA1&Timestamp=1795205076&Version=2019-01-18 HTTP/1.1
Host: 127.0.0.1:7800
User-Agent: Go-http-client/1.1
Accept-Encoding: gzip

`,
  ],
  [
    'Go: HmacSHA256 over POST',
    `POST / HTTP/1.1
Host: 127.0.0.1:7800
User-Agent: Go-http-client/1.1
Content-Length: 346
Content-Type: application/x-www-form-urlencoded
Accept-Encoding: gzip

Action=CreateKey&Alias=go-post-hmacsha256zh-cn&Description=%E5%A4%9A+%2B+%26+%3D+%25&Language=zh-CN&Nonce=2774280966850342051&Region=ap-guangzhou&RequestClient=SDK_GO_1.0.563&SecretId=AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE&Signature=JdYOos%2F7jFy2J7y396HyxbdoCucYPMGiWIjtsbitW1M%3D&SignatureMethod=HmacSHA256&Timestamp=1795205076&Version=2019-01-18`,
  ],
  [
    'Go: HmacSHA256 over GET',
    `GET /?Action=CreateKey&Alias=go-get-hmacsha256&Description=%E5%A4%9A+%2B+%26+%3D+%25&Language=&Nonce=8180747137671261574&Region=ap-guangzhou&RequestClient=SDK_GO_1.0.563&SecretId=AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE&Signature=qz9N0YL5U0g5sYIeFMXQ1sQ1xuVVmoq5B%2FKJKPi4oes%3D&SignatureMethod=HmacSHA256&Timestamp=1795205076&Version=2019-01-18 HTTP/1.1
Host: 127.0.0.1:7800
User-Agent: Go-http-client/1.1
Accept-Encoding: gzip

`,
  ],
]

let keystead: TestKeystead
beforeAll(async () => {
  keystead = await startKeystead()
  await addAccessKey(keystead, { secretId, secretKey })
})
afterAll(() => keystead.end())

/** Sends the bytes as they are, and resolves with the body of the answer. */
const send = (text: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const [head = '', ...body] = text.split('\n\n')
    const socket = connect(Number(new URL(keystead.endpoint).port), '127.0.0.1')
    let received = ''
    socket.setEncoding('utf8')
    socket.on('error', reject)
    socket.on('data', (data) => {
      received += data
      const [answerHead = '', answer = ''] = received.split('\r\n\r\n')
      if (Buffer.byteLength(answer) !== Number(/content-length: (\d+)/i.exec(answerHead)?.[1])) return
      socket.destroy()
      resolve(answer)
    })
    socket.write(`${head.replaceAll('\n', '\r\n')}\r\n\r\n${body.join('\n\n')}`)
  })

const answerTo = async (text: string) => {
  const timestamp = Number(/Timestamp(?:=|: )(\d+)/.exec(text)?.[1])
  keystead.clock.jump(timestamp * 1000 - keystead.clock.now())
  return JSON.parse(await send(text)).Response
}

const aliasOf = (text: string): string => /"?Alias"?(?:=|: ?")([a-z0-9-]+)/.exec(text)?.[1] ?? ''
const asksForChinese = (text: string): boolean => /Language(?:=|: )zh-CN/.test(text)

describe('a request that was recorded from a client', () => {
  test.each(recorded)('%s: is served as it was meant, and refused in its language', async (_name, text) => {
    const made = await answerTo(text)
    expect(made).toMatchObject({ Alias: aliasOf(text), Description: '多 + & = %' })
    const { KeyMetadata } = await keystead.ok('DescribeKey', { KeyId: made.KeyId })
    expect(KeyMetadata).toMatchObject({ Alias: made.Alias, Description: made.Description })

    // Sent once more it is authentic as before: no nonce is remembered.
    const refused = (await answerTo(text)).Error
    expect(refused.Code).toBe('InvalidParameterValue.AliasAlreadyExists')
    expect(/[\u4e00-\u9fff]/.test(refused.Message)).toBe(asksForChinese(text))
  })

  test.each(recorded)('%s: is refused with one character changed', async (_name, text) => {
    const alias = aliasOf(text)
    for (const changed of [text.replace(alias, alias.replace(/.$/, 'x')), text.replace('127.0.0.1', '127.0.0.2')])
      expect((await answerTo(changed)).Error?.Code).toBe('AuthFailure.SignatureFailure')
    // Whoever fails often waits longer, until one call succeeds.
    expect((await answerTo(text)).Error?.Code).toBe('InvalidParameterValue.AliasAlreadyExists')
  })
})

test('the Node SDK draws nonces from 0 to 65535, and is served with 0', async () => {
  const client = new kms.v20190118.Client({
    credential: { secretId, secretKey },
    region: 'ap-guangzhou',
    profile: {
      signMethod: 'HmacSHA1',
      httpProfile: { endpoint: new URL(keystead.endpoint).host, protocol: 'http://' },
    },
  })
  keystead.clock.jump(Date.now() - keystead.clock.now())
  const random = vi.spyOn(Math, 'random').mockReturnValue(0)
  try {
    expect((await client.ListKeys({})).TotalCount).toBeGreaterThan(0)
    expect(random).toHaveBeenCalled()
  } finally {
    random.mockRestore()
  }
})

import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { Denied, type Head } from '../../../src/contract/serve.ts'
import { authenticate, readTc3 } from '../../../src/dialects/tencent/signature.ts'
import { addAccessKey, addPrincipal } from '../../harness/access.ts'
import { exchange } from '../../harness/http.ts'
import { type AccessKey, type CallOptions, startKeystead, type TestKeystead } from '../../harness/keystead.ts'
import { tc3Headers } from '../../harness/tc3.ts'
import published from '../../vendor/tencent-signatures.json' with { type: 'json' }

let keystead: TestKeystead
beforeAll(async () => {
  keystead = await startKeystead()
})
afterAll(() => keystead.end())

const seconds = () => Math.floor(keystead.clock.now() / 1000)
const codeOf = async (options: CallOptions = {}, body = '{}') => (await keystead.call('GetRegions', body, options)).code

type Vector = (typeof published.vectors)[number]
type Sent = Record<string, string | undefined>
const vector = (name: string): Vector & { sent: Sent } => {
  const found = published.vectors.find((candidate) => candidate.name === name)
  if (!found) throw new Error(`no vector ${name}`)
  return { ...found, sent: found.request.headers as Sent }
}

/** The Authorization header that the published string to sign and signature make. */
const authorizationOf = ({ secretId, stringToSign, canonicalRequest, expected }: Vector): string => {
  const scope = stringToSign.split('\n')[2]
  const signedHeaders = canonicalRequest.split('\n').at(-2)
  return `TC3-HMAC-SHA256 Credential=${secretId}/${scope}, SignedHeaders=${signedHeaders}, Signature=${expected}`
}

describe('the published vectors', () => {
  const jumpTo = (unixSeconds: number) => keystead.clock.jump(unixSeconds * 1000 - keystead.clock.now())
  beforeAll(async () => {
    const seen = new Map(published.vectors.map(({ secretId, secretKey }) => [secretId, secretKey]))
    for (const [secretId, secretKey] of seen) await addAccessKey(keystead, { secretId, secretKey })
  })
  afterAll(() => keystead.clock.jump(-keystead.clock.skew))

  const replay = async (name: string, changed: Sent = {}) => {
    const chosen = vector(name)
    jumpTo(Number(chosen.sent['X-TC-Timestamp']))
    const headers = { Authorization: authorizationOf(chosen), ...chosen.sent, ...changed } as Record<string, string>
    const { body } = await exchange(keystead.endpoint, { headers, body: chosen.request.body })
    return JSON.parse(body).Response.Error?.Code
  }

  test('a header called as a property of every object is signed by nobody', async () => {
    for (const name of ['constructor', '__proto__', 'valueof']) {
      const Authorization = vector('v3-post').sent.Authorization?.replace('SignedHeaders=', `SignedHeaders=${name};`)
      expect(await replay('v3-post', { Authorization })).toBe('AuthFailure.SignatureFailure')
    }
  })

  // The key of the vectors does not exist here: to be told so, the request had to be authenticated.
  test.each(['v3-post', 'v3-post-host-with-port', 'v3-post-endpoint-with-scheme', 'v3-post-unsigned-payload'])(
    '%s verifies',
    async (name) => {
      expect(await replay(name)).toBe('ResourceUnavailable.CmkNotFound')
      const digits = vector(name).expected
      const other = digits.replace(/^./, digits.startsWith('0') ? '1' : '0')
      const wrong = vector(name).sent.Authorization?.replace(digits, other)
      expect(await replay(name, { Authorization: wrong })).toBe('AuthFailure.SignatureFailure')
    },
  )

  test('the vector with a token verifies, and its token is refused because the access key is a permanent one', async () => {
    expect(await replay('v3-post-token')).toBe('AuthFailure.TokenFailure')
  })

  test("the vendor's own published vector verifies, with service and host of another product", async () => {
    // Action and version are not signed by it, so they can be ones that this server has.
    const here = { 'X-TC-Action': 'GetRegions', 'X-TC-Version': '2019-01-18' }
    expect(await replay('v3-vendor-published', here)).toBe('UnknownParameter')
    expect(await replay('v3-vendor-published', { ...here, Host: 'cbs.tencentcloudapi.com' })).toBe(
      'AuthFailure.InvalidAuthorization',
    )
  })

  test('three signed headers verify with their values in lower case', async () => {
    // It signs an action that this server does not have, so it is given to the verifier itself.
    const chosen = vector('v3-three-signed-headers')
    const names = Object.entries(chosen.sent).map(([name, value]) => [name.toLowerCase(), value])
    const headers = { ...Object.fromEntries(names), authorization: authorizationOf(chosen) }
    const head: Head = { method: 'POST', path: '/', query: '', headers, source: '127.0.0.1', secure: false }
    const { house } = keystead.running.installation
    jumpTo(Number(headers['x-tc-timestamp']))
    const verify = async (request: Head) => {
      const claim = readTc3(request, 'kms')
      if (claim instanceof Denied) return claim.code
      const body = Buffer.from(chosen.request.body)
      const caller = await authenticate(claim, request, body, await house.coherence.view(), house, 'request')
      return caller instanceof Denied ? caller.code : caller.credential?.id
    }
    expect(await verify(head)).toBe(chosen.secretId)
    const other = { ...headers, 'x-tc-action': 'DescribeImages' }
    expect(await verify({ ...head, headers: other })).toBe('AuthFailure.SignatureFailure')
  })
})

describe('what official SDKs send is accepted', () => {
  test('the host signed with its port, as Python and Go do', async () => {
    expect(await codeOf()).toBeUndefined()
  })
  test('the host signed without its port and the first label as service, as Node does', async () => {
    expect(await codeOf({ sign: { signedHost: '127.0.0.1', service: '127' } })).toBeUndefined()
  })
  test('the first label of a name as service, as Java and PHP do', async () => {
    expect(await codeOf({ sign: { host: 'keys.example.org:7800', service: 'keys' } })).toBeUndefined()
  })
  test('a whole URL in the Host header, as Python does for an endpoint with a scheme', async () => {
    expect(await codeOf({ sign: { host: keystead.endpoint } })).toBeUndefined()
    expect(await codeOf({ sign: { host: 'https://keys.example.org' } })).toBeUndefined()
    expect(await codeOf({ sign: { host: 'http://127.0.0.1:80', service: '127' } })).toBeUndefined()
  })
  test('values signed in lower case, as the documents say', async () => {
    const sign = { host: 'keys.example.org', signedHost: 'keys.example.org' }
    expect(await codeOf({ sign, headers: { Host: 'Keys.Example.ORG' } })).toBeUndefined()
    const both = { host: 'keys.example.org', signedHost: 'keys.example.org' }
    expect(await codeOf({ sign: both, headers: { Host: 'Keys.Example.ORG:7800' } })).toBeUndefined()
  })
  test('a charset behind the content type, as Java does', async () => {
    for (const contentType of ['application/json; charset=utf-8', 'application/json;charset=UTF-8'])
      expect(await codeOf({ sign: { contentType } })).toBeUndefined()
  })
  test('further signed headers, as sent and in lower case', async () => {
    for (const action of ['GetRegions', 'getregions'])
      expect(
        await codeOf({ sign: { signed: { 'x-tc-action': action, 'x-tc-version': '2019-01-18' } } }),
      ).toBeUndefined()
  })
  test('a payload that is not signed, when the header says so', async () => {
    expect(await codeOf({ sign: { unsignedPayload: true } })).toBeUndefined()
    expect(await codeOf({ sign: { unsignedPayload: true }, headers: { 'X-TC-Content-SHA256': undefined } })).toBe(
      'AuthFailure.SignatureFailure',
    )
  })
  test('headers that SDKs add beside the signature', async () => {
    const headers = {
      'X-TC-RequestClient': 'SDK_GO_1.0.0',
      'X-TC-TraceId': 'b983166c-ecd3-4a6b-8a0c-38008e460295',
      'X-TC-Language': 'zh-CN',
      'X-Idempotency-Key': 'b983166c',
    }
    expect(await codeOf({ headers })).toBeUndefined()
  })
})

describe('what does not verify is refused with the documented code', () => {
  // Whoever guesses is answered more and more slowly, and a success ends that.
  afterEach(() => keystead.ok('GetRegions'))

  const invalid = 'AuthFailure.InvalidAuthorization'

  test.each([
    ['no Authorization header', undefined],
    ['an empty one', ''],
    ['the word for an unsigned request', 'SKIP'],
    ['another scheme', 'Basic QUtJRDpzZWNyZXQ='],
    ['garbage after the algorithm', 'TC3-HMAC-SHA256 garbage'],
  ])('%s', async (_name, authorization) => {
    expect(await codeOf({ headers: { Authorization: authorization } })).toBe(invalid)
  })

  const rewritten = async (rewrite: (authorization: string) => string) => {
    const { secretId, secretKey } = keystead.credentials.tencent
    const { host } = new URL(keystead.endpoint)
    const { Authorization = '' } = tc3Headers({ secretId, secretKey, host, body: '{}', timestamp: seconds() })
    expect(rewrite(Authorization)).not.toBe(Authorization)
    return codeOf({ headers: { Authorization: rewrite(Authorization) } })
  }
  test.each<[string, (authorization: string) => string]>([
    ['another algorithm', (text) => text.replace('TC3-HMAC-SHA256', 'TC3-HMAC-SHA512')],
    ['the algorithm of the V1 signature', (text) => text.replace('TC3-HMAC-SHA256', 'HmacSHA256')],
    ['no Credential', (text) => text.replace(/Credential=[^,]*, /, '')],
    ['no SignedHeaders', (text) => text.replace(/SignedHeaders=[^,]*, /, '')],
    ['no Signature', (text) => text.replace(/, Signature=.*/, '')],
    ['a signature in upper case', (text) => text.replace(/[0-9a-f]{64}$/, (digits) => `A${digits.slice(1)}`)],
    ['a signature that is too short', (text) => text.slice(0, -1)],
    ['something after the signature', (text) => `${text}, More=1`],
    ['another end of the scope', (text) => text.replace('tc3_request', 'aws4_request')],
  ])('%s', async (_name, rewrite) => {
    expect(await rewritten(rewrite)).toBe(invalid)
  })

  test('no space after the commas is accepted', async () => {
    expect(await rewritten((text) => text.replaceAll(', ', ','))).toBeUndefined()
  })

  test('a signature that is wrong in one digit', async () => {
    const change = (text: string) => text.replace(/.$/, (last) => (last === '0' ? '1' : '0'))
    expect(await rewritten(change)).toBe('AuthFailure.SignatureFailure')
  })

  test('a date that is not the day of the timestamp, also on the two sides of midnight', async () => {
    const day = (text: string) =>
      text.replace(/\d{4}-\d{2}-\d{2}/, (date) => new Date(Date.parse(date) - 86_400_000).toISOString().slice(0, 10))
    expect(await rewritten(day)).toBe(invalid)
    const midnight = Math.ceil(keystead.clock.now() / 86_400_000) * 86_400
    const away = midnight * 1000 - keystead.clock.now()
    keystead.clock.jump(away)
    try {
      for (const timestamp of [midnight - 1, midnight]) expect(await codeOf({ sign: { timestamp } })).toBeUndefined()
      const headers = { 'X-TC-Timestamp': String(midnight - 1) }
      expect(await codeOf({ sign: { timestamp: midnight }, headers })).toBe(invalid)
    } finally {
      keystead.clock.jump(-away)
    }
  })

  test('a service that is neither kms nor the first label of the host', async () => {
    for (const service of ['cvm', 'KMS', '127.0.0.1', '0'])
      expect(await codeOf({ sign: { service } }), service).toBe(invalid)
    const answer = await keystead.call('GetRegions', {}, { sign: { service: 'cvm' } })
    expect(answer.response.Error.Message).toContain('`Service` in Credential not valid')
  })

  test.each(['content-type', 'host'])('%s that is not signed', async (name) => {
    const without = (text: string) => text.replace('content-type;host', name === 'host' ? 'content-type' : 'host')
    expect(await rewritten(without)).toBe(invalid)
  })

  test.each(['', '-1', '1.5', '1e9', 'now', '999999999999'])('the timestamp %j', async (timestamp) => {
    expect(await codeOf({ headers: { 'X-TC-Timestamp': timestamp } })).toBe(invalid)
  })

  test('a timestamp more than five minutes away, either way, and not one that is just five', async () => {
    for (const sign of [-1, 1]) {
      const at = (offset: number) => codeOf({ sign: { timestamp: seconds() + sign * offset } })
      expect(await at(303)).toBe('AuthFailure.SignatureExpire')
      expect(await at(297)).toBeUndefined()
    }
  })

  test('a SecretId that nobody has', async () => {
    const key = { ...keystead.credentials.tencent, secretId: 'AKIDnobody' }
    expect(await codeOf({ key })).toBe('AuthFailure.SecretIdNotFound')
  })

  test('an access key of another cloud', async () => {
    const { accessKey, secretKey } = keystead.credentials.huawei
    expect(await codeOf({ key: { secretId: accessKey, secretKey } })).toBe('AuthFailure.InvalidSecretId')
  })

  test('an access key that is disabled, or whose principal is', async () => {
    const disabled = await addAccessKey(keystead, { disabled: true })
    const ofDisabled = await addAccessKey(keystead, { principal: await addPrincipal(keystead, { disabled: true }) })
    for (const key of [disabled, ofDisabled]) expect(await codeOf({ key })).toBe('AuthFailure.SecretIdNotFound')
  })

  test("an access key's wrong secret, and another one's", async () => {
    const { secretId } = keystead.credentials.tencent
    const other = await addAccessKey(keystead)
    for (const secretKey of ['', 'wrong', other.secretKey])
      expect(await codeOf({ key: { secretId, secretKey } })).toBe('AuthFailure.SignatureFailure')
  })

  test('a body that was changed after it was signed', async () => {
    expect(await codeOf({ sign: { body: '{ }' } })).toBe('AuthFailure.SignatureFailure')
    expect(await codeOf({ sign: { body: '' } })).toBe('AuthFailure.SignatureFailure')
  })

  test('a signed header that was changed', async () => {
    const sign = { signed: { 'x-tc-action': 'DescribeKey' } }
    expect(await codeOf({ sign })).toBe('AuthFailure.SignatureFailure')
    const moved = { headers: { 'X-TC-Timestamp': String(seconds() + 1) }, sign: { timestamp: seconds() } }
    expect(await codeOf(moved)).toBe('AuthFailure.SignatureFailure')
    expect(await codeOf({ headers: { Host: 'elsewhere.example.org' } })).toBe('AuthFailure.SignatureFailure')
    expect(await codeOf({ headers: { 'Content-Type': 'application/json; charset=utf-8' } })).toBe(
      'AuthFailure.SignatureFailure',
    )
    expect(await codeOf({ headers: { 'X-TC-Content-SHA256': 'UNSIGNED-PAYLOAD' } })).toBe(
      'AuthFailure.SignatureFailure',
    )
  })

  test('a signed header that is not there', async () => {
    const sign = { signed: { 'x-tc-missing': 'value' } }
    expect(await codeOf({ sign })).toBe('AuthFailure.SignatureFailure')
  })

  test('a token sent with a permanent access key', async () => {
    expect(await codeOf({ headers: { 'X-TC-Token': 'EXAMPLETOKEN==' } })).toBe('AuthFailure.TokenFailure')
    expect(await codeOf({ headers: { 'X-TC-Token': '' } })).toBeUndefined()
  })
})

test('of several faults the first in the order of checks is answered', async () => {
  const nobody: AccessKey = { secretId: 'AKIDnobody', secretKey: 'wrong' }
  const known: AccessKey = { secretId: keystead.credentials.tencent.secretId, secretKey: 'wrong' }
  const token = { 'X-TC-Token': 'EXAMPLETOKEN==' }
  const old = { timestamp: seconds() - 1000 }
  const steps: [string, CallOptions][] = [
    ['AuthFailure.InvalidAuthorization', { key: nobody, sign: { ...old, service: 'cvm' }, headers: token }],
    ['AuthFailure.SignatureExpire', { key: nobody, sign: old, headers: token }],
    ['AuthFailure.SecretIdNotFound', { key: nobody, headers: token }],
    ['AuthFailure.SignatureFailure', { key: known, headers: token }],
    ['AuthFailure.TokenFailure', { headers: token }],
  ]
  for (const [code, options] of steps) expect(await codeOf({ ...options, region: 'ap-nowhere' }, '{')).toBe(code)
  expect(await codeOf({ region: 'ap-nowhere' }, '{')).toBe('UnsupportedRegion')
  expect(await codeOf({}, '{')).toBe('InvalidParameter')
})

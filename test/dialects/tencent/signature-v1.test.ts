import { createHmac } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { addAccessKey } from '../../harness/access.ts'
import { exchange } from '../../harness/http.ts'
import { startKeystead, type TestKeystead } from '../../harness/keystead.ts'
import published from '../../vendor/tencent-signatures-v1.json' with { type: 'json' }

let keystead: TestKeystead
beforeAll(async () => {
  keystead = await startKeystead()
  const seen = new Map(published.vectors.map(({ secretId, secretKey }) => [secretId, secretKey]))
  for (const [secretId, secretKey] of seen) await addAccessKey(keystead, { secretId, secretKey })
})
afterAll(() => keystead.end())

const jumpTo = (unixSeconds: number) => keystead.clock.jump(unixSeconds * 1000 - keystead.clock.now())
const form = 'application/x-www-form-urlencoded'

const send = async (method: string, host: string, encoded: string): Promise<string | undefined> => {
  const exchanged =
    method === 'GET'
      ? await exchange(keystead.endpoint, { method, path: `/?${encoded}`, headers: { Host: host } })
      : await exchange(keystead.endpoint, { headers: { Host: host, 'Content-Type': form }, body: encoded })
  return JSON.parse(exchanged.body).Response.Error?.Code
}

interface Published {
  readonly name: string
  readonly secretKey: string
  readonly stringToSign: string
  readonly expected: string
  readonly request: {
    readonly method: string
    readonly query?: string
    readonly host?: string
    readonly encodedParameters?: string
    readonly headers?: Readonly<Record<string, string>>
  }
}
const vectors = published.vectors as unknown as readonly Published[]

/** What each vector's action answers once it was authenticated: its key does not exist here, or its tags do not. */
const answers: Readonly<Record<string, string | undefined>> = {
  'v3-get': undefined,
  'v3-get-array': 'ResourceUnavailable.CmkNotFound',
  'v1-sha1-get': 'ResourceUnavailable.CmkNotFound',
  'v1-sha1-post': 'ResourceUnavailable.CmkNotFound',
  'v1-sha256-token-get': 'AuthFailure.TokenFailure',
  'v1-sha256-token-post': 'AuthFailure.TokenFailure',
  'v1-sha256-nested-post': 'InvalidParameterValue.InvalidAlias',
  'v1-sha1-nested-get': undefined,
}

describe('the vectors of signature V1', () => {
  const ofV1 = vectors.filter(({ request }) => request.encodedParameters !== undefined)

  test.each(ofV1)('$name verifies, and one digit of it less does not', async ({ name, request }) => {
    jumpTo(1_735_689_600)
    const { method, host = '', encodedParameters = '' } = request
    expect(await send(method, host, encodedParameters)).toBe(answers[name])
    const forged = encodedParameters.replace(/Timestamp=1735689600/, 'Timestamp=1735689601')
    expect(await send(method, host, forged)).toBe('AuthFailure.SignatureFailure')
    expect(await send(method, 'elsewhere.example.org', encodedParameters)).toBe('AuthFailure.SignatureFailure')
  })

  test("the vendor's own published string gives its published signature, by the rule that is implemented", () => {
    // Its action and version are another product's, so it cannot be sent here; the rule is the same.
    const vector = vectors.find(({ name }) => name === 'v1-vendor-published')
    expect(vector).toBeDefined()
    const { secretKey, stringToSign, expected } = vector as Published
    expect(createHmac('sha1', secretKey).update(stringToSign).digest('base64')).toBe(expected)
  })
})

describe('the vectors of TC3 over a query', () => {
  const overQuery = vectors.filter(({ request }) => request.query !== undefined && request.headers?.Authorization)

  test('are two', () => expect(overQuery.map(({ name }) => name)).toEqual(['v3-get', 'v3-get-array']))

  test.each(overQuery)('$name verifies, its query as it was sent and in no other order', async ({ name, request }) => {
    jumpTo(1_735_689_600)
    const { headers = {}, query = '' } = request
    const code = async (path: string) => {
      const { body } = await exchange(keystead.endpoint, { method: 'GET', path, headers })
      return JSON.parse(body).Response.Error?.Code
    }
    expect(await code(`/?${query}`)).toBe(answers[name])
    const turned = query.split('&').reverse().join('&')
    expect(await code(`/?${turned}`)).toBe('AuthFailure.SignatureFailure')
  })
})

describe('a V1 request', () => {
  const { secretId, secretKey } = { secretId: 'AKIDv1tests', secretKey: 'a secret of these tests' }
  beforeAll(() => addAccessKey(keystead, { secretId, secretKey }))

  const signed = (members: Readonly<Record<string, string>>, host: string, method = 'GET'): string => {
    const parameters: Record<string, string> = {
      Version: '2019-01-18',
      Timestamp: String(Math.floor(keystead.clock.now() / 1000)),
      Nonce: '9223372036854775807',
      SecretId: secretId,
      SignatureMethod: 'HmacSHA256',
      ...members,
    }
    const sorted = Object.keys(parameters).sort()
    const text = `${method}${host}/?${sorted.map((name) => `${name}=${parameters[name]}`).join('&')}`
    const Signature = createHmac('sha256', secretKey).update(text).digest('base64')
    return new URLSearchParams({ ...parameters, Signature }).toString()
  }
  const host = () => new URL(keystead.endpoint).host

  test('is served with a nonce of 63 bits, and with the host as it is, bare, or with a scheme', async () => {
    for (const [sent, signedAs] of [
      [host(), host()],
      [host(), '127.0.0.1'],
      [keystead.endpoint, keystead.endpoint],
      [keystead.endpoint, host()],
    ] as const)
      expect(await send('GET', sent, signed({ Action: 'GetRegions' }, signedAs))).toBeUndefined()
  })

  test('is the ArchiveKey example of the vendor’s page with a real key', async () => {
    const { KeyId } = await keystead.ok('CreateKey', { Alias: 'archived-by-query' })
    const archive = signed({ Action: 'ArchiveKey', KeyId, Region: 'ap-guangzhou' }, host())
    expect(await send('GET', host(), archive)).toBeUndefined()
    expect((await keystead.ok('DescribeKey', { KeyId })).KeyMetadata.KeyState).toBe('Archived')
  })

  test.each([
    ['without a nonce', { Nonce: '' }, 'InvalidParameter'],
    ['with a nonce that is no number', { Nonce: '-1' }, 'InvalidParameter'],
    ['of ten minutes ago', { Timestamp: '1735689000' }, 'AuthFailure.SignatureExpire'],
    ['with a time that is no number', { Timestamp: 'now' }, 'InvalidParameter'],
    ['of an unknown action', { Action: 'Nonsense' }, 'InvalidAction'],
    ['of another version', { Version: '2018-01-01' }, 'NoSuchVersion'],
    ['of an unknown access key', { SecretId: 'AKIDnobody' }, 'AuthFailure.SecretIdNotFound'],
    ['of an unknown region', { Region: 'nowhere' }, 'UnsupportedRegion'],
  ] as const)('%s is refused', async (_what, members, code) => {
    expect(await send('GET', host(), signed({ Action: 'GetRegions', ...members }, host()))).toBe(code)
  })

  test('with a parameter that stands twice is refused', async () => {
    const twice = `${signed({ Action: 'GetRegions' }, host())}&Action=GetRegions`
    expect(await send('GET', host(), twice)).toBe('InvalidParameter')
  })
})

import { createHash, createHmac } from 'node:crypto'
import { stringify } from 'node:querystring'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Denied, type Head } from '../../../src/contract/serve.ts'
import type { Caller } from '../../../src/core/access/caller.ts'
import { readClaim } from '../../../src/dialects/huawei/signature/claim.ts'
import { authenticate } from '../../../src/dialects/huawei/signature.ts'
import { addAccessKey } from '../../harness/access.ts'
import { exchange } from '../../harness/http.ts'
import { huaweiCall, sdkDate, sdkHeaders } from '../../harness/huawei.ts'
import { sdkCall, sdkSigned } from '../../harness/huawei-sdk.ts'
import { createKey } from '../../harness/keys.ts'
import { startKeystead, type TestKeystead } from '../../harness/keystead.ts'
import published from '../../vendor/huawei-signatures.json' with { type: 'json' }

let keystead: TestKeystead
beforeAll(async () => {
  keystead = await startKeystead()
})
afterAll(() => keystead.end())

const lowerCase = (headers: Readonly<Record<string, string | undefined>>) =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))

interface Sent {
  readonly method: string
  readonly path: string
  readonly query?: string
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly body?: string
}

/** What the dialect says of a request, wherever its path leads. */
const verdict = async ({ method, path, query = '', headers, body = '' }: Sent): Promise<string> => {
  const head: Head = { method, path, query, headers: lowerCase(headers), source: '127.0.0.1', secure: false }
  const claim = readClaim(head)
  if (claim instanceof Denied) return claim.detail ?? claim.code
  const { house } = keystead.running.installation
  const view = await house.coherence.view()
  const known: Caller | Denied = await authenticate(claim, head, Buffer.from(body), view, house, 'request')
  return known instanceof Denied ? (known.detail ?? known.code) : known.principal.id
}

const administrator = () => keystead.credentials.tencent.uin
const wrong = 'verify aksk signature fail'

describe('the published signatures', () => {
  type Vector = (typeof published.vectors)[number]
  const dateOf = ({ headers }: Vector): number => {
    const date = lowerCase(headers)['x-sdk-date'] ?? ''
    return Date.parse(date.replace(/(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z/, '$1-$2-$3T$4:$5:$6Z'))
  }
  beforeAll(async () => {
    const seen = new Map(published.vectors.map(({ accessKey, secretKey }) => [accessKey, secretKey]))
    for (const [secretId, secretKey] of seen) await addAccessKey(keystead, { secretId, secretKey, dialect: 'huawei' })
  })
  const at = async <T>(instant: number, run: () => Promise<T>): Promise<T> => {
    keystead.clock.jump(instant - keystead.clock.now())
    return run().finally(() => keystead.clock.jump(-keystead.clock.skew))
  }
  /** The token of one of them is of no session. */
  const plain = published.vectors.filter(({ headers }) => !('X-Security-Token' in headers))

  it.each(plain.map((vector) => [vector.name, vector] as const))(
    '%s verifies, and one digit off does not',
    async (_name, vector) => {
      const { authorization: Authorization, headers, ...rest } = vector
      const other = Authorization.replace(/.$/, (digit) => (digit === '0' ? '1' : '0'))
      await at(dateOf(vector), async () => {
        expect(await verdict({ ...rest, headers: { ...headers, Authorization } as Sent['headers'] })).toBe(
          administrator(),
        )
        expect(await verdict({ ...rest, headers: { ...headers, Authorization: other } as Sent['headers'] })).toBe(wrong)
      })
    },
  )

  it('over HTTP lead to the project of their path, which is not the account’s', async () => {
    const vectors = plain.filter(({ path }) => path.endsWith('/describe-key') || path.endsWith('-deletion'))
    expect(vectors).toHaveLength(3)
    for (const vector of vectors) {
      const { method, path, body, headers, authorization } = vector
      const sent = { ...headers, Authorization: authorization } as Record<string, string>
      const answered = await at(dateOf(vector), () =>
        exchange(keystead.endpoint, { method, path, headers: sent, body }),
      )
      expect([answered.status, JSON.parse(answered.body).error_code]).toEqual([403, 'KMS.0321'])
    }
  })
})

/** Signers for the other words, written from the description. */
const sm3 = (text: string) => createHash('sm3').update(text).digest('hex')
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

describe('what clients send beside the description', () => {
  // Bytes: of a text, Node writes the headers in the encoding of the body.
  const request = async (options: Parameters<typeof huaweiCall>[3]) => {
    const body = Buffer.from(JSON.stringify({ key_id: await createKey(keystead) }))
    const { status, members } = await huaweiCall(keystead, 'POST kms/describe-key', body, options)
    return [status, members.error_msg]
  }

  it('headers that are put over the signed ones, or are added, need not be signed', async () => {
    const added = { 'X-Project-Id': 'f'.repeat(32), 'X-Domain-Id': 'x', 'User-Agent': 'terraform' }
    expect(await request({ headers: added })).toEqual([200, undefined])
  })

  it('values in UTF-8 and values with space around them verify', async () => {
    const raw = Buffer.from(' 密钥 ').toString('latin1')
    expect(await request({ signed: { 'x-note': '密钥' }, headers: { 'x-note': raw } })).toEqual([200, undefined])
  })

  it('a body that the request says is unsigned may be any', async () => {
    const { endpoint, clock, credentials } = keystead
    const { host } = new URL(endpoint)
    const path = `/v1.0/${credentials.huawei.projectId}/kms/describe-key`
    const signed = { 'x-sdk-content-sha256': 'UNSIGNED-PAYLOAD' }
    const key = { ...credentials.huawei, method: 'POST', host, path, at: clock.now(), signed }
    const headers = sdkHeaders({ ...key, body: 'never sent', payload: 'UNSIGNED-PAYLOAD' })
    const body = JSON.stringify({ key_id: await createKey(keystead) })
    expect((await exchange(endpoint, { path, headers, body })).status).toBe(200)
    const without = Object.entries(headers).filter(([name]) => name !== 'x-sdk-content-sha256')
    expect((await exchange(endpoint, { path, headers: Object.fromEntries(without), body })).status).toBe(401)
  })

  it('a hash of the body that is named must be the body’s', async () => {
    const body = '{"key_id":"x"}'
    const named = (hash: string) =>
      huaweiCall(keystead, 'POST kms/describe-key', body, { signed: { 'x-sdk-content-sha256': hash } })
    expect((await named(sha256(body))).status).toBe(400)
    expect((await named(sha256(`${body} `))).members.error_msg).toMatch(/verify aksk signature fail$/)
  })
})

describe('the words beside the usual one', () => {
  const { path, host } = { path: '/v1.0/x/kms/aliases/', host: 'kms.test' }
  const date = () => sdkDate(keystead.clock.now())
  const canonical = (
    hash: typeof sha256,
    query: string,
    headers: string,
    names: string,
    payload: string,
    method = 'POST',
  ) => hash([method, path, query, headers, names, payload].join('\n'))

  it('SDK-HMAC-SM3 hashes the body with SM3 too, and may name that hash', async () => {
    const { accessKey, secretKey } = keystead.credentials.huawei
    const [day, body] = [date(), '{"a":1}']
    const names = 'host;x-sdk-content-sm3;x-sdk-date'
    const sign = (payload: string) => {
      const hash = canonical(sm3, '', `host:${host}\nx-sdk-content-sm3:${payload}\nx-sdk-date:${day}\n`, names, payload)
      return createHmac('sm3', secretKey).update(`SDK-HMAC-SM3\n${day}\n${hash}`).digest('hex')
    }
    const send = (payload: string) =>
      verdict({
        method: 'POST',
        path,
        body,
        headers: {
          host,
          'x-sdk-date': day,
          'x-sdk-content-sm3': payload,
          Authorization: `SDK-HMAC-SM3 Access=${accessKey}, SignedHeaders=${names}, Signature=${sign(payload)}`,
        },
      })
    expect(await send(sm3(body))).toBe(administrator())
    expect(await send(sm3('another'))).toBe(wrong)
  })

  const legacy = (query: string, { body = '', note = 'a  b', scope = '' } = {}) => {
    const { accessKey, secretKey } = keystead.credentials.huawei
    const day = date()
    const names = 'x-note;x-sdk-date'
    const [signedQuery, payload] = body === '' ? ['', sha256(query)] : [query, sha256(body)]
    const hash = canonical(sha256, signedQuery, `x-note:a b\nx-sdk-date:${day}\n`, names, payload)
    const named = scope || `${day.slice(0, 8)}///sdk_request`
    let key: string | Buffer = `SDK${secretKey}`
    for (const part of named.split('/')) key = createHmac('sha256', key).update(part).digest()
    const signature = createHmac('sha256', key).update(`SDK-HMAC-SHA256\n${day}\n${named}\n${hash}`).digest('hex')
    const Authorization = `SDK-HMAC-SHA256 Credential=${accessKey}/${named}, SignedHeaders=${names}, Signature=${signature}`
    return verdict({ method: 'POST', path, query, body, headers: { 'x-note': note, 'x-sdk-date': day, Authorization } })
  }

  it('the legacy form takes runs of space for one, and the query of a POST without body for its payload', async () => {
    expect(await legacy('a=1&b=2')).toBe(administrator())
    expect(await legacy('', { note: ' a \t b ' })).toBe(administrator())
    expect(await legacy('a=1', { body: '{}' })).toBe(administrator())
    expect(await legacy('a=1', { note: 'ab' })).toBe(wrong)
  })

  it('the legacy form signs for the day of its date', async () => {
    expect(await legacy('', { scope: '20200101///sdk_request' })).toMatch(/not the day of X-Sdk-Date$/)
  })

  it('one that is unknown, or has the form of another, is refused', async () => {
    const { accessKey } = keystead.credentials.huawei
    const say = (Authorization: string) =>
      verdict({ method: 'GET', path, headers: { 'x-sdk-date': date(), Authorization } })
    const rest = `SignedHeaders=x-sdk-date, Signature=${'0'.repeat(64)}`
    const unreadable = /cannot be read$/
    for (const begins of [
      `SDK-HMAC-MD5 Access=${accessKey}`,
      `V11-HMAC-SHA256 Access=${accessKey}`,
      `V11-HMAC-SHA256 Credential=${accessKey}/20260102/r/s/sdk_request`,
      `SDK-HMAC-SHA256 Credential=${accessKey}/20260102/r/s`,
      `SDK-SM2-SM3 Credential=${accessKey}/20260102/r/s`,
      'Basic x',
    ])
      expect(await say(`${begins}, ${rest}`), begins).toMatch(unreadable)
    expect(await say(`SDK-HMAC-SHA256 Access=${accessKey}, SignedHeaders=host, Signature=${'0'.repeat(64)}`)).toMatch(
      /x-sdk-date must be signed$/,
    )
  })
})

describe('the vendor’s own SDK', () => {
  it('calls, and reads the errors of the answer', async () => {
    const id = await createKey(keystead)
    expect((await sdkCall(keystead, 'POST kms/describe-key', { key_id: id })).members.key_info.key_id).toBe(id)
    const { status, code, message } = await sdkCall(keystead, 'POST kms/cancel-key-deletion', { key_id: id })
    expect([status, code, message]).toEqual([400, 'KMS.1501', 'The key is not in Pending deletion state.'])
    const key = { ...keystead.credentials.huawei, secretKey: 'x' }
    expect((await sdkCall(keystead, 'POST kms/describe-key', {}, { key })).code).toBe('APIGW.0301')
  })
})

describe('a request', () => {
  it('that says it signed a header called as a property of every object is refused as any other', async () => {
    const { accessKey } = keystead.credentials.huawei
    const date = sdkDate(keystead.clock.now())
    for (const name of ['constructor', '__proto__', 'valueof', 'tostring']) {
      const Authorization = `SDK-HMAC-SHA256 Access=${accessKey}, SignedHeaders=${name};x-sdk-date, Signature=${'0'.repeat(64)}`
      const headers = { 'X-Sdk-Date': date, Authorization }
      const { status, code } = await huaweiCall(keystead, 'GET kms/user-quotas', undefined, { token: null, headers })
      expect([name, status, code]).toEqual([name, 401, 'APIGW.0301'])
    }
  })

  it('whose query has a name twice is refused: both orders would have one signature', async () => {
    for (const query of ['limit=1&limit=2', 'limit=2&limit=1', 'limit=1&limi%74=1'])
      expect((await huaweiCall(keystead, `GET kms/aliases?${query}`)).code).toBe('KMS.0201')
    expect((await huaweiCall(keystead, 'GET /v3/projects?name=a&name=b')).status).toBe(400)
    expect((await huaweiCall(keystead, 'GET kms/aliases?limit=1')).code).toBeUndefined()
  })
})

describe('any request', () => {
  // Where the SDK's reader of URLs and the one that sends differ, it cannot sign: quotes, bars, carets.
  const character = fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: 1 })
    .filter((text) => !/[%/?#\\'|^\p{C}]/u.test(text))
  const text = fc.array(character, { maxLength: 6 }).map((characters) => characters.join(''))
  const segment = text.filter((value) => value !== '' && !/^\.{1,2}$/.test(value) && value.trim() === value)
  const dictionary = fc.dictionary(
    text.filter((name) => name !== '' && name !== '__proto__'),
    text,
    { maxKeys: 4 },
  )
  const header = fc.string({ unit: fc.constantFrom(...'abc 019;=,~/'), maxLength: 12 }).map((value) => value.trim())
  const headers = fc.dictionary(fc.stringMatching(/^x-[a-z][a-z-]{0,6}[a-z]$/), header, { maxKeys: 3 })
  const method = fc.constantFrom('GET', 'POST', 'PUT', 'DELETE')
  const body = fc.option(fc.dictionary(segment, fc.integer(), { minKeys: 1, maxKeys: 3 }), { nil: undefined })
  const request = fc.record({ method, segments: fc.array(segment, { maxLength: 4 }), query: dictionary, headers, body })

  it('that the SDK signs, or that is signed as the description says, verifies, and with one thing changed does not', async () => {
    const { huawei } = keystead.credentials
    await fc.assert(
      fc.asyncProperty(request, async (asked) => {
        const written = `/${asked.segments.join('/')}`
        const path = new URL(`http://kms.test${written}`).pathname
        const query = stringify(asked.query)
        const content = asked.body === undefined ? '' : JSON.stringify(asked.body)
        const sent = { method: asked.method, path, query, body: content }
        const bySdk = sdkSigned(
          {
            endpoint: `http://kms.test${written}`,
            method: asked.method,
            queryParams: asked.query,
            headers: { ...asked.headers, 'X-Sdk-Date': sdkDate(keystead.clock.now()) },
            ...(asked.body === undefined ? {} : { data: asked.body }),
          },
          huawei,
        )
        expect(await verdict({ ...sent, headers: bySdk })).toBe(administrator())
        const whole = query === '' ? path : `${path}?${query}`
        const byUs = sdkHeaders({
          ...huawei,
          method: asked.method,
          host: 'kms.test',
          path: whole,
          body: content,
          at: keystead.clock.now(),
          signed: asked.headers,
        })
        expect(await verdict({ ...sent, headers: byUs })).toBe(administrator())
        const changes: Partial<Sent>[] = [
          { method: asked.method === 'GET' ? 'PUT' : 'GET' },
          { path: `${path}x` },
          { query: `${query}&x=1` },
          { body: `${content} ` },
          { headers: { ...bySdk, host: 'other' } },
        ]
        for (const change of changes) expect(await verdict({ ...sent, headers: bySdk, ...change })).toBe(wrong)
      }),
      { numRuns: 150 },
    )
  })
})

describe('any Authorization header', () => {
  it('but the right one is refused, whatever it says', async () => {
    const { huawei } = keystead.credentials
    const at = keystead.clock.now()
    const right = sdkHeaders({ ...huawei, method: 'GET', host: 'kms.test', path: '/v1.0/x', body: '', at })
    const junk = fc.oneof(
      fc.string({ unit: 'binary-ascii', maxLength: 12 }),
      fc.constantFrom('SDK-HMAC-SM3 ', 'Credential=', ', ', 'Access=', '/sdk_request', ';host', '0', huawei.accessKey),
    )
    const changed = fc.tuple(fc.nat(300), fc.nat(40), junk).map(([from, length, text]) => {
      const { Authorization } = right
      return Authorization.slice(0, from) + text + Authorization.slice(from + length)
    })
    await fc.assert(
      fc.asyncProperty(fc.oneof(changed, junk), async (Authorization) => {
        const said = await verdict({ method: 'GET', path: '/v1.0/x', headers: { ...right, Authorization } })
        // What only writes the same claim otherwise, such as with more space, is the same claim.
        const same = Authorization.replace(/\s+/g, '') === right.Authorization.replace(/\s+/g, '')
        if (!same) expect(said).not.toBe(administrator())
      }),
      { numRuns: 500 },
    )
  })
})

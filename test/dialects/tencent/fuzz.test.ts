/** Whatever is sent, what comes back is an answer of the API, or a plain 400 or 404: no hang, no fault, no stack. */
import { connect } from 'node:net'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { texts } from '../../../src/dialects/tencent/codes.ts'
import { exchange } from '../../harness/http.ts'
import { createImported, createKey } from '../../harness/keys.ts'
import { type Members, startKeystead, type TestKeystead } from '../../harness/keystead.ts'
import { captureStderr } from '../../harness/stderr.ts'
import { tc3Headers } from '../../harness/tc3.ts'
import vendor from '../../vendor/tencent.json' with { type: 'json' }
import tags from '../../vendor/tencent-tag.json' with { type: 'json' }

const stderr = captureStderr()
let keystead: TestKeystead
let KeyId: string
let imported: string
let CiphertextBlob: string
beforeAll(async () => {
  keystead = await startKeystead({ settings: { logLevel: 'warn' } })
  KeyId = await createKey(keystead)
  imported = await createImported(keystead)
  CiphertextBlob = (await keystead.ok('Encrypt', { KeyId, Plaintext: 'aGVsbG8=' })).CiphertextBlob
})
afterAll(async () => {
  await keystead.end()
  stderr.release()
})

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** An answer of the API: a success, or an error whose code is known and is no fault of ours. */
const expectContract = (body: string): void => {
  const { Response, ...others } = JSON.parse(body) as { Response: Members }
  expect(others).toEqual({})
  expect(Response.RequestId).toMatch(uuid)
  if (Response.Error === undefined) return
  expect(Object.keys(texts)).toContain(Response.Error.Code)
  expect(Response.Error.Code).not.toBe('InternalError')
  expect(Response.Error.Message).not.toMatch(/\n\s+at |node:|\.ts:|undefined|\[object/)
}

const expectAnswer = (status: number, contentType: unknown, body: string): void => {
  // A plain GET of the root asks the other cloud which versions there are.
  if (contentType === 'application/json;charset=UTF-8') {
    expect([status, Object.keys(JSON.parse(body))]).toEqual([200, ['versions']])
    return
  }
  if (status === 200) {
    expect(contentType).toBe('application/json')
    expectContract(body)
    return
  }
  expect([400, 404, 431]).toContain(status)
  // One refusal of `node:http` is in chunks, of which there are none.
  expect(['', '0\r\n\r\n', 'Not found\n']).toContain(body)
}

const requests: Readonly<Record<string, { readonly request: readonly { readonly name: string }[] }>> = {
  ...vendor.actions,
  ...tags.actions,
}
const serviceOf = (action: string) => (action in tags.actions ? ({ service: 'tag' } as const) : {})
const actions = Object.keys(vendor.actions)
const anAction = fc.constantFrom(...actions)

const timed = { interruptAfterTimeLimit: 4000, numRuns: 2000 }
const check = (property: fc.IAsyncProperty<unknown>) => fc.assert(property as fc.IAsyncProperty<[unknown]>, timed)

/** Values that get past the first checks more often than chance would. */
const value = (): fc.Arbitrary<unknown> => {
  const ours = fc.constantFrom(
    KeyId,
    imported,
    CiphertextBlob,
    `"${KeyId}"`,
    'aGVsbG8=',
    '',
    '{"a":"1"}',
    '{',
    '%',
    '0',
  )
  const numbers = fc.oneof(fc.integer(), fc.double(), fc.constantFrom(0, 1, 7, 30, 1024, 2 ** 53, -0))
  const tag = fc.record({ TagKey: fc.string(), TagValue: fc.string() })
  const name = fc.constantFrom('kms', 'key', 'ap-guangzhou', `qcs::kms:ap-guangzhou:uin/:key/${KeyId}`)
  const hostile = fc.constantFrom('__proto__', 'constructor', '\u0000', '\ud800', '../..', "'; drop table keys; --")
  const names = fc.record({ MemberUin: numbers, MemberAppId: numbers }, { requiredKeys: [] })
  return fc.oneof(
    ours,
    numbers,
    hostile,
    names,
    fc.jsonValue(),
    fc.array(fc.oneof(ours, tag, name)),
    name,
    fc.string({ unit: 'binary' }),
  )
}

/** Members of the action's own names and some others, with values of any kind. */
const membersOf = (action: string): fc.Arbitrary<Members> => {
  const { request = [] } = requests[action] ?? {}
  const own = Object.fromEntries(request.map(({ name }) => [name, value()]))
  const alone = fc.record(own, { requiredKeys: [] })
  return fc.oneof({ weight: 4, arbitrary: alone }, { weight: 1, arbitrary: fc.dictionary(fc.string(), value()) })
}

test('members of any kind, rightly signed', async () => {
  const anyAction = fc.constantFrom(...Object.keys(requests))
  const asked = anyAction.chain((action) => membersOf(action).map((members) => [action, members] as const))
  await check(
    fc.asyncProperty(asked, async ([action, members]) => {
      const { exchanged } = await keystead.call(action, JSON.stringify(members), serviceOf(action))
      expectAnswer(exchanged.status, exchanged.headers['content-type'], exchanged.body)
    }),
  )
})

test('bodies of any bytes, rightly signed', async () => {
  const right = Buffer.from(JSON.stringify({ KeyId, Plaintext: 'aGVsbG8=', EncryptionContext: '{"a":"1"}' }))
  const spoilt = fc.array(fc.tuple(fc.nat(right.length - 1), fc.nat(255)), { maxLength: 4 }).map((changes) => {
    const body = Buffer.from(right)
    for (const [at, byte] of changes) body[at] = byte
    return body
  })
  const random = fc.uint8Array({ maxLength: 4096 }).map((bytes) => Buffer.from(bytes))
  const json = fc.json().map((text) => Buffer.from(text))
  await check(
    fc.asyncProperty(anAction, fc.oneof(spoilt, random, json), async (action, body) => {
      const { exchanged } = await keystead.call(action, body)
      expectAnswer(exchanged.status, exchanged.headers['content-type'], exchanged.body)
    }),
  )
})

test('blobs and tokens with changed bytes', async () => {
  const changes = fc.array(fc.tuple(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), fc.nat(255)))
  await check(
    fc.asyncProperty(changes, fc.nat(40), async (changed, cut) => {
      const bytes = Buffer.from(CiphertextBlob, 'base64')
      for (const [at, byte] of changed) bytes[Math.floor(at * bytes.length)] = byte
      const spoilt = bytes.subarray(0, bytes.length - cut).toString('base64')
      for (const [action, members] of [
        ['Decrypt', { CiphertextBlob: spoilt }],
        ['ReEncrypt', { CiphertextBlob: spoilt }],
        ['ImportKeyMaterial', { KeyId: imported, ImportToken: spoilt, EncryptedKeyMaterial: spoilt }],
      ] as const) {
        const { exchanged, code } = await keystead.call(action, members)
        expectAnswer(exchanged.status, exchanged.headers['content-type'], exchanged.body)
        if (spoilt !== CiphertextBlob) expect(code).toBeDefined()
      }
    }),
  )
})

/** What a header may carry at all. */
const headerText = fc.string({
  unit: fc.integer({ min: 0x20, max: 0xff }).map((code) => String.fromCharCode(code === 0x7f ? 0x7e : code)),
})
const signed = (body: string) => {
  const { host } = new URL(keystead.endpoint)
  const timestamp = Math.floor(keystead.clock.now() / 1000)
  return tc3Headers({ ...keystead.credentials.tencent, host, body, timestamp })
}

test('headers of any text', async () => {
  const name = fc.constantFrom(
    ...['Authorization', 'Host', 'Content-Type', 'X-TC-Action', 'X-TC-Version', 'X-TC-Timestamp', 'X-TC-Region'],
    ...['X-TC-Token', 'X-TC-Language', 'X-TC-Content-SHA256', 'X-TC-TraceId', 'X-Forwarded-For', 'Expect', 'Cookie'],
  )
  const some = fc.array(fc.tuple(name, fc.option(headerText)), { minLength: 1, maxLength: 3 })
  await check(
    fc.asyncProperty(anAction, some, async (action, changes) => {
      const headers: Record<string, string> = { ...signed('{}'), 'X-TC-Action': action, 'X-TC-Version': '2019-01-18' }
      // Failures of a known access key are answered ever later: guesses are made with others.
      headers.Authorization = String(headers.Authorization).replace(/AKID\w+/, `AKID${Math.random()}`.replace('.', ''))
      for (const [changed, text] of changes)
        if (text === null) delete headers[changed]
        else headers[changed] = text.trim()
      const { status, headers: answered, body } = await exchange(keystead.endpoint, { headers, body: '{}' })
      if (status === 417) return
      expectAnswer(status, answered['content-type'], body)
    }),
  )
})

test('Authorization headers that are nearly right', async () => {
  const piece = fc.constantFrom(
    ...['TC3-HMAC-SHA256', ' ', ',', ', ', '/', '=', ';', 'Credential=', 'SignedHeaders=', 'Signature=', 'tc3_request'],
    ...['content-type;host', 'kms', '2025-01-01', 'AKIDx', '0'.repeat(64), 'f'.repeat(64), 'a;'.repeat(200), '\t'],
  )
  const authorization = fc.oneof(
    fc.array(piece, { maxLength: 14 }).map((pieces) => `TC3-HMAC-SHA256 ${pieces.join('')}`.trim()),
    fc.tuple(fc.nat(180), headerText).map(([at, text]) => {
      const right = String(signed('{}').Authorization)
      return `${right.slice(0, at)}${text}${right.slice(at)}`.replace(/AKID(?=\w)/, 'AKIDx').trim()
    }),
  )
  await check(
    fc.asyncProperty(authorization, async (Authorization) => {
      const { code, exchanged } = await keystead.call('GetRegions', {}, { headers: { Authorization } })
      expectAnswer(exchanged.status, exchanged.headers['content-type'], exchanged.body)
      expect(code).toMatch(/^AuthFailure\./)
    }),
  )
})

test('any method, path and query', async () => {
  const method = fc.constantFrom('GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE', 'PROPFIND')
  const part = fc.string({ unit: fc.constantFrom(...'/.?&=%:@#aA0~*+;,{}[]"\'<>'), maxLength: 12 })
  const named = fc.constantFrom(
    'Action=GetRegions',
    'Version=2019-01-18',
    'KeyIds.0=a',
    'KeyIds=b',
    'SecretId=x',
    'a.b.c=1',
  )
  const query = fc.array(fc.oneof(named, part), { maxLength: 8 }).map((parts) => parts.join('&'))
  const path = fc
    .tuple(fc.oneof(fc.constant(''), part), query)
    .map(([at, asked]) => `/${at}?${asked}`.replaceAll(/[ #]/g, ''))
  await check(
    fc.asyncProperty(method, path, fc.boolean(), async (asked, at, withHeaders) => {
      const headers = withHeaders ? { ...signed(''), 'X-TC-Action': 'GetRegions', 'X-TC-Version': '2019-01-18' } : {}
      const {
        status,
        headers: answered,
        body,
      } = await exchange(keystead.endpoint, { method: asked, path: at, headers })
      if (['/livez', '/readyz', '/metrics'].includes(at.split('?')[0] ?? '')) return
      expectAnswer(status, answered['content-type'], body)
    }),
  )
})

/** Sends, says that there is no more, and gives what came back until the server closed. */
const untilClosed = (sent: Buffer): Promise<string> =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(keystead.endpoint)
    const socket = connect(Number(port), hostname)
    let received = ''
    socket.setTimeout(5000, () => reject(new Error('the server neither answered nor closed')))
    socket.on('data', (data) => {
      received += data.toString('latin1')
    })
    // A server that closes before it has read everything resets the connection.
    socket.on('error', () => {})
    socket.on('close', () => resolve(received))
    socket.end(sent)
  })

test('any bytes instead of HTTP', async () => {
  const lines = fc.constantFrom(
    ...['POST / HTTP/1.1\r\n', 'GET / HTTP/1.0\r\n', 'Host: a\r\n', 'Content-Length: 5\r\n', 'Content-Length: -1\r\n'],
    ...[
      'Transfer-Encoding: chunked\r\n',
      'Expect: 100-continue\r\n',
      'Upgrade: websocket\r\n',
      '\r\n',
      '\r\n\r\n',
      '5\r\n',
    ],
    ...[
      'hello',
      '0\r\n\r\n',
      'ffffffffffffffff\r\n',
      'CONNECT a:1 HTTP/1.1\r\n',
      'PRI * HTTP/2.0\r\n',
      ': x\r\n',
      '\0',
    ],
    ...['X-TC-Action: GetRegions\r\n', 'X-TC-Version: 2019-01-18\r\n', 'Content-Type: application/json\r\n'],
  )
  const bytes = fc.oneof(
    fc.array(lines, { maxLength: 12 }).map((parts) => Buffer.from(parts.join(''))),
    fc.uint8Array({ maxLength: 300 }).map((random) => Buffer.from(random)),
  )
  await check(
    fc.asyncProperty(bytes, async (sent) => {
      const received = await untilClosed(sent)
      for (const [, status, head = '', body = ''] of received.matchAll(
        /HTTP\/1\.1 (\d{3})[^\r]*\r\n(.*?)\r\n\r\n((?:(?!HTTP\/1\.1 )[\s\S])*)/gs,
      )) {
        if (status === '100' || status === '417') continue
        const [, contentType] = /content-type: ([^\r]+)/i.exec(head) ?? []
        expectAnswer(Number(status), contentType, body)
      }
      expect(received === '' || received.startsWith('HTTP/1.1 ')).toBe(true)
    }),
  )
})

test('and after all that the server works as before, its log has no fault, and it stops', async () => {
  const made = await createKey(keystead)
  const sealed = await keystead.ok('Encrypt', { KeyId: made, Plaintext: 'aGVsbG8=' })
  expect((await keystead.ok('Decrypt', { CiphertextBlob: sealed.CiphertextBlob })).Plaintext).toBe('aGVsbG8=')
  expect((await exchange(keystead.endpoint, { method: 'GET', path: '/readyz' })).status).toBe(200)
  expect(stderr.text()).toBe('')
  await keystead.stop()
  expect(stderr.text()).toBe('')
})

import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { addAccount } from '../../harness/access.ts'
import { exchange } from '../../harness/http.ts'
import { type Answered, startKeystead, type TestKeystead } from '../../harness/keystead.ts'
import { rawExchange } from '../../harness/raw.ts'
import { tc3Headers } from '../../harness/tc3.ts'

let keystead: TestKeystead
let KeyId: string
beforeAll(async () => {
  keystead = await startKeystead()
  KeyId = (await keystead.ok('CreateKey', { Alias: 'transport' })).KeyId
})
afterAll(() => keystead.end())

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/
const seconds = () => Math.floor(keystead.clock.now() / 1000)

const expectEnvelope = ({ exchanged, response }: Answered) => {
  expect(exchanged.status).toBe(200)
  expect(exchanged.headers['content-type']).toBe('application/json')
  expect(Object.keys(JSON.parse(exchanged.body))).toEqual(['Response'])
  expect(response.RequestId).toMatch(uuid)
  if (response.Error) expect(Object.keys(response.Error).sort()).toEqual(['Code', 'Message'])
}

describe('the envelope', () => {
  test.each<[string, () => Promise<Answered>]>([
    ['a success', () => keystead.call('GetRegions')],
    ['a refused signature', () => keystead.call('GetRegions', {}, { sign: { body: 'other' } })],
    ['an unknown action', () => keystead.call('Nonsense')],
    ['an unknown version', () => keystead.call('GetRegions', {}, { headers: { 'X-TC-Version': '2017-03-12' } })],
    ['an unknown region', () => keystead.call('GetRegions', {}, { region: 'ap-nowhere' })],
    ['a body that is no JSON', () => keystead.call('GetRegions', '{')],
    ['an unknown member', () => keystead.call('GetRegions', { Nonsense: 1 })],
    ['an unknown key', () => keystead.call('DescribeKey', { KeyId: '23e80852-1e38-11e9-b129-5cb9019b4b01' })],
    ['a wrong method', () => keystead.call('GetRegions', {}, { method: 'PUT' })],
  ])('%s has status 200, exactly application/json and a RequestId', async (_name, call) => {
    expectEnvelope(await call())
  })

  test('no two answers have the same RequestId, and the audit has the one that was answered', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => keystead.ok('GetRegions')))
    const ids = answers.map(({ RequestId }) => RequestId)
    expect(new Set(ids).size).toBe(20)
    const recorded = new Set(keystead.audit().map(({ request }) => request))
    for (const id of ids) expect(recorded).toContain(id)
  })
})

describe('method and form', () => {
  test.each(['PUT', 'DELETE', 'PATCH', 'OPTIONS'])('%s is an unsupported protocol', async (method) => {
    expect((await keystead.call('GetRegions', {}, { method })).code).toBe('UnsupportedProtocol')
  })

  test('HEAD has the headers of that answer and no body', async () => {
    const { exchanged } = await keystead.call('GetRegions', '', { method: 'HEAD' })
    expect([exchanged.status, exchanged.headers['content-type'], exchanged.body]).toEqual([200, 'application/json', ''])
  })

  test('multipart is refused as such, because no action has a file', async () => {
    const sign = { contentType: 'multipart/form-data; boundary=here' }
    expect((await keystead.call('GetRegions', '--here--', { sign })).code).toBe('InvalidRequest')
  })

  test.each(['text/plain', 'application/jsonp', 'application/octet-stream'])(
    'the type %s is not taken',
    async (type) => {
      expect((await keystead.call('GetRegions', {}, { sign: { contentType: type } })).code).toBe('UnsupportedProtocol')
    },
  )

  test('another path is none of this API', async () => {
    for (const path of ['/nonsense', '/v9/', '//', '/%2e%2e/']) {
      const { status, body } = await exchange(keystead.endpoint, { path })
      expect([path, status, body]).toEqual([path, 404, 'Not found\n'])
    }
  })

  test('a query behind the path of a POST takes no part in it', async () => {
    const headers = tc3Headers({
      ...keystead.credentials.tencent,
      host: new URL(keystead.endpoint).host,
      body: '{}',
      timestamp: seconds(),
    })
    const common = { 'X-TC-Action': 'GetRegions', 'X-TC-Version': '2019-01-18' }
    const path = '/?Action=DescribeKey&Version=1'
    const { body } = await exchange(keystead.endpoint, { path, headers: { ...headers, ...common }, body: '{}' })
    expect(JSON.parse(body).Response.Regions).toContain('ap-guangzhou')
  })
})

describe('version, action and region', () => {
  test.each([
    ['no version', { 'X-TC-Version': undefined }, 'MissingParameter'],
    ['an unknown version', { 'X-TC-Version': '2018-01-01' }, 'NoSuchVersion'],
    ['no action', { 'X-TC-Action': undefined }, 'MissingParameter'],
    ['an action in another case', { 'X-TC-Action': 'getRegions' }, 'InvalidAction'],
    ['an action named like a member of every object', { 'X-TC-Action': 'constructor' }, 'InvalidAction'],
    ['both unknown', { 'X-TC-Version': '1', 'X-TC-Action': 'Nonsense' }, 'NoSuchVersion'],
  ])('%s', async (_name, headers, code) => {
    expect((await keystead.call('GetRegions', {}, { headers })).code).toBe(code)
  })

  test.each([
    ['the version of another service', 'GetRegions', '2018-08-13', 'InvalidAction'],
    ['the version of KMS for an action of another service', 'GetResources', '2019-01-18', 'InvalidAction'],
    ['its own version', 'GetResources', '2018-08-13', undefined],
  ])('%s', async (_name, action, version, code) => {
    const headers = { 'X-TC-Version': version }
    expect((await keystead.call(action, {}, { headers, service: 'tag' })).code).toBe(code)
  })

  test('the host does not choose the service, and a signature names the service or the host', async () => {
    const codeOf = async (action: string, host: string, service: string) => {
      const version = action === 'GetRegions' ? '2019-01-18' : '2018-08-13'
      const sign = { host, service }
      return (await keystead.call(action, {}, { sign, headers: { 'X-TC-Version': version } })).code
    }
    for (const action of ['GetRegions', 'GetResources', 'GetCallerIdentity'])
      for (const host of ['kms.example.com', 'tag.example.com', 'sts.example.com', '127.0.0.1:7800'])
        expect(await codeOf(action, host, host.split('.')[0] ?? ''), `${action} ${host}`).toBeUndefined()
    expect(await codeOf('GetRegions', 'tag.example.com', 'kms')).toBeUndefined()
    expect(await codeOf('GetResources', 'kms.example.com', 'tag')).toBeUndefined()
    expect(await codeOf('GetResources', 'kms.example.com', 'cvm')).toBe('AuthFailure.InvalidAuthorization')
    expect(await codeOf('GetResources', 'localhost', 'kms')).toBe('AuthFailure.InvalidAuthorization')
  })

  test('a region that the installation does not have is named as such', async () => {
    for (const region of ['ap-nowhere', 'guangzhou', 'cn-south-1', 'AP-GUANGZHOU'])
      expect((await keystead.call('GetRegions', {}, { region })).code, region).toBe('UnsupportedRegion')
  })

  test('without a region the default one is meant', async () => {
    expect((await keystead.ok('DescribeKey', { KeyId }, { region: '' })).KeyMetadata.KeyId).toBe(KeyId)
    expect((await keystead.ok('DescribeKey', { KeyId }, { headers: { 'X-TC-Region': '' } })).KeyMetadata.KeyId).toBe(
      KeyId,
    )
  })

  test('a key of one region does not exist in another', async () => {
    const region = 'ap-shanghai'
    const notFound = 'ResourceUnavailable.CmkNotFound'
    const { CiphertextBlob } = await keystead.ok('Encrypt', { KeyId, Plaintext: 'aGVsbG8=' })
    for (const [action, members] of Object.entries({
      DescribeKey: { KeyId },
      DescribeKeys: { KeyIds: [KeyId] },
      DisableKey: { KeyId },
      Encrypt: { KeyId, Plaintext: 'aGVsbG8=' },
      Decrypt: { CiphertextBlob },
      ReEncrypt: { CiphertextBlob },
    }))
      expect((await keystead.call(action, members, { region })).code, action).toBe(notFound)
    expect((await keystead.ok('ListKeys', {}, { region })).TotalCount).toBe(0)
    expect((await keystead.ok('DescribeKey', { KeyId })).KeyMetadata.KeyState).toBe('Enabled')
  })

  test('a key of one account does not exist for another', async () => {
    const key = await addAccount(keystead)
    const { CiphertextBlob } = await keystead.ok('Encrypt', { KeyId, Plaintext: 'aGVsbG8=' })
    const notFound = 'ResourceUnavailable.CmkNotFound'
    expect((await keystead.call('DescribeKey', { KeyId }, { key })).code).toBe(notFound)
    expect((await keystead.call('DisableKey', { KeyId }, { key })).code).toBe(notFound)
    expect((await keystead.call('Decrypt', { CiphertextBlob }, { key })).code).toBe(notFound)
    expect((await keystead.ok('ListKeyDetail', {}, { key })).TotalCount).toBe(0)
    // The alias is free there: it is unique in an account and region only.
    const made = await keystead.ok('CreateKey', { Alias: 'transport' }, { key })
    expect((await keystead.call('DescribeKey', { KeyId: made.KeyId })).code).toBe(notFound)
    expect((await keystead.ok('DescribeKey', { KeyId: made.KeyId }, { key })).KeyMetadata.AccountUin).toBe(
      Number(key.uin),
    )
  })
})

describe('the size of a request', () => {
  const mebibyte = 1024 * 1024

  test('a known access key may send more than 64 KiB, and what it signed is what was read', async () => {
    const members = { KeyId, Plaintext: 'A'.repeat(mebibyte) }
    expect((await keystead.call('Encrypt', members)).code).toBe('InvalidParameterValue.InvalidPlaintext')
    expect((await keystead.call('Encrypt', members, { sign: { body: '{}' } })).code).toBe(
      'AuthFailure.SignatureFailure',
    )
  })

  test('nobody may send more than 10 MiB', async () => {
    const answered = await keystead.call('Encrypt', Buffer.alloc(10 * mebibyte + 1, 0x20))
    expectEnvelope(answered)
    expect(answered.code).toBe('RequestSizeLimitExceeded')
    const just = await keystead.call(
      'GetRegions',
      Buffer.concat([Buffer.alloc(10 * mebibyte - 2, 0x20), Buffer.from('{}')]),
    )
    expect(just.code).toBeUndefined()
  })

  /** Sends chunk by chunk, at most `most` bytes, until an answer comes; gives the code and how many bytes were sent. */
  const sendSlowly = (secretId: string, chunked: boolean, most: number) =>
    new Promise<{ code: string; sent: number }>((resolve, reject) => {
      const { hostname, port, host } = new URL(keystead.endpoint)
      const { secretKey } = keystead.credentials.tencent
      const { Host, ...signed } = tc3Headers({ secretId, secretKey, host, body: '', timestamp: seconds() })
      const head = {
        Host,
        ...signed,
        'X-TC-Action': 'GetRegions',
        'X-TC-Version': '2019-01-18',
        ...(chunked ? { 'Transfer-Encoding': 'chunked' } : { 'Content-Length': String(most) }),
      }
      const lines = Object.entries(head).map(([name, value]) => `${name}: ${value}\r\n`)
      const socket = connect(Number(port), hostname)
      const chunk = Buffer.alloc(16_384, 0x20)
      const framed = chunked ? Buffer.concat([Buffer.from('4000\r\n'), chunk, Buffer.from('\r\n')]) : chunk
      let sent = 0
      let answer = ''
      const timer = setInterval(() => {
        if (sent >= most) return clearInterval(timer)
        sent += chunk.length
        socket.write(framed)
      }, 2)
      socket.write(`POST / HTTP/1.1\r\n${lines.join('')}\r\n`)
      socket.on('data', (data) => {
        answer += data
        const body = answer.split('\r\n\r\n')[1]
        if (!body?.endsWith('}')) return
        clearInterval(timer)
        socket.destroy()
        resolve({ code: JSON.parse(body).Response.Error?.Code, sent })
      })
      socket.on('error', (error) => {
        clearInterval(timer)
        reject(error)
      })
    })

  test.each([true, false])("a stranger's large body is refused without being read (chunked: %s)", async (chunked) => {
    const { code, sent } = await sendSlowly('AKIDstranger', chunked, 8 * mebibyte)
    expect(code).toBe('AuthFailure.SecretIdNotFound')
    expect(sent).toBeLessThan(mebibyte)
  })

  test('a length beyond the limit is refused before its first byte', async () => {
    const { code, sent } = await sendSlowly(keystead.credentials.tencent.secretId, false, 11 * mebibyte)
    expect(code).toBe('RequestSizeLimitExceeded')
    expect(sent).toBeLessThan(mebibyte)
  })

  test('a body of no stated length is refused once it is beyond the limit', async () => {
    const { code, sent } = await sendSlowly(keystead.credentials.tencent.secretId, true, 12 * mebibyte)
    expect(code).toBe('RequestSizeLimitExceeded')
    expect(sent).toBeGreaterThan(10 * mebibyte)
  })
})

describe('the body', () => {
  const code = async (action: string, body: string | Buffer | object) => (await keystead.call(action, body)).code

  test.each([
    ['nothing', ''],
    ['half an object', '{'],
    ['two objects', '{}{}'],
    ['a comma too many', '{"KeyId":"x",}'],
    ['an array', '[]'],
    ['a text', '"KeyId"'],
    ['a number', '7'],
    ['null', 'null'],
    ['invalid UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])],
    ['UTF-16', Buffer.from('{}', 'utf16le')],
  ])('%s is no object of members', async (_name, body) => {
    expect(await code('GetRegions', body)).toBe('InvalidParameter')
  })

  test('null counts as absent', async () => {
    expect(await code('DescribeKey', { KeyId, MemberAccount: null })).toBeUndefined()
    expect(await code('DescribeKey', { KeyId: null })).toBe('MissingParameter')
    expect(await code('GetRegions', { Nonsense: null })).toBeUndefined()
  })

  test('an unknown member is refused and named, at every depth', async () => {
    expect(await code('DescribeKey', { KeyId, Nonsense: 1 })).toBe('UnknownParameter')
    const nested = await keystead.call('DescribeKey', { KeyId, MemberAccount: { Nonsense: 1 } })
    expect(nested.code).toBe('UnknownParameter')
    expect(nested.response.Error.Message).toContain('MemberAccount.Nonsense')
    for (const name of ['__proto__', 'constructor', 'toString', 'keyid'])
      expect(await code('DescribeKey', `{"KeyId":"${KeyId}","${name}":1}`), name).toBe('UnknownParameter')
  })

  test('a member of the wrong type is refused and named', async () => {
    for (const wrong of [7, true, [], {}, [KeyId]]) {
      const { code: answered, response } = await keystead.call('DescribeKey', { KeyId: wrong })
      expect([wrong, answered]).toEqual([wrong, 'InvalidParameter'])
      expect(response.Error.Message).toContain('`KeyId`')
    }
    expect(await code('DescribeKeys', { KeyIds: KeyId })).toBe('InvalidParameter')
    expect(await code('DescribeKeys', { KeyIds: [7] })).toBe('InvalidParameter')
    for (const wrong of ['7x', ' 7', '7.0', '0x7', '', true, 7.5, [7]])
      expect(await code('GenerateRandom', { NumberOfBytes: wrong }), String(wrong)).toBe('InvalidParameter')
  })

  test('digits in a string are an integer, because published requests send them', async () => {
    const { Plaintext } = await keystead.ok('GenerateRandom', { NumberOfBytes: '16' })
    expect(Buffer.from(Plaintext, 'base64')).toHaveLength(16)
    expect((await keystead.ok('ListKeys', { Limit: '1', Offset: '0', Role: '0' })).Keys).toHaveLength(1)
  })

  test('of duplicate members the last one counts', async () => {
    expect(await code('DescribeKey', `{"KeyId":"nonsense","KeyId":"${KeyId}"}`)).toBeUndefined()
    expect(await code('DescribeKey', `{"KeyId":"${KeyId}","KeyId":"nonsense"}`)).toBe(
      'InvalidParameterValue.InvalidKeyId',
    )
  })

  test('a required member that is absent is missing, one that is empty is malformed', async () => {
    const missing = await keystead.call('DescribeKey', {})
    expect(missing.code).toBe('MissingParameter')
    expect(missing.response.Error.Message).toContain('`KeyId`')
    for (const [action, members] of Object.entries({
      DescribeKey: { KeyId: '' },
      CreateKey: { Alias: '' },
      Encrypt: { KeyId, Plaintext: '' },
      Decrypt: { CiphertextBlob: '' },
    }))
      expect(await code(action, members), action).toBe('InvalidParameter')
  })

  test('one pair of quotes around a key id is trimmed, and no more', async () => {
    const { KeyMetadata } = await keystead.ok('DescribeKey', { KeyId: `"${KeyId}"` })
    expect(KeyMetadata.KeyId).toBe(KeyId)
    const { KeyMetadatas } = await keystead.ok('DescribeKeys', { KeyIds: [`"${KeyId}"`] })
    expect(KeyMetadatas).toHaveLength(1)
    for (const wrong of [`""${KeyId}""`, `"${KeyId}`, `'${KeyId}'`, ` ${KeyId}`, KeyId.toUpperCase(), `${KeyId}\n`])
      expect(await code('DescribeKey', { KeyId: wrong }), wrong).toBe('InvalidParameterValue.InvalidKeyId')
  })

  test('a deep or long body is refused like any other', async () => {
    expect(await code('GetRegions', `${'['.repeat(200_000)}${']'.repeat(200_000)}`)).toBe('InvalidParameter')
    expect(await code('DescribeKey', `{"KeyId":${'['.repeat(100_000)}${']'.repeat(100_000)}}`)).toBe('InvalidParameter')
    const many = Object.fromEntries(Array.from({ length: 20_000 }, (_, at) => [`member${at}`, at]))
    expect(await code('DescribeKey', many)).toBe('UnknownParameter')
  })
})

describe('the socket', () => {
  const request = (action: string, connection = 'keep-alive') => {
    const { host } = new URL(keystead.endpoint)
    const signed = tc3Headers({ ...keystead.credentials.tencent, host, body: '{}', timestamp: seconds() })
    const headers = { ...signed, 'X-TC-Action': action, 'X-TC-Version': '2019-01-18', Connection: connection }
    const lines = Object.entries({ ...headers, 'Content-Length': '2' }).map(([name, value]) => `${name}: ${value}\r\n`)
    return `POST / HTTP/1.1\r\n${lines.join('')}\r\n{}`
  }

  test('two requests sent at once are answered in their order', async () => {
    const answered = await rawExchange(keystead.endpoint, request('GetRegions') + request('ListAlgorithms', 'close'))
    expect(answered.match(/HTTP\/1\.1 200 OK/g)).toHaveLength(2)
    expect(answered.indexOf('"Regions"')).toBeLessThan(answered.indexOf('"SymmetricAlgorithms"'))
    expect(answered).toContain('"Regions"')
  })

  test.each([
    ['nonsense', 'nonsense\r\n\r\n'],
    ['a TLS hello', Buffer.from('16030100050100000100', 'hex')],
    ['two lengths', 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}'],
    [
      'a length and chunks',
      'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    ],
    ['a header without a name', 'POST / HTTP/1.1\r\nHost: a\r\n: value\r\n\r\n'],
    ['no Host', 'POST / HTTP/1.1\r\n\r\n'],
  ])('%s is answered 400, and the socket is closed', async (_name, sent) => {
    const answered = await rawExchange(keystead.endpoint, sent)
    expect(answered).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/)
  })
})

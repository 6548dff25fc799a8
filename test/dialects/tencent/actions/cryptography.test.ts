import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { addAccount } from '../../../harness/access.ts'
import { bringInto, createImported, createKey, importParameters } from '../../../harness/keys.ts'
import { type Members, startKeystead, type TestKeystead } from '../../../harness/keystead.ts'

let keystead: TestKeystead
let KeyId: string
beforeAll(async () => {
  keystead = await startKeystead()
  KeyId = await createKey(keystead)
})
afterAll(() => keystead.end())

const code = async (action: string, members: Members) => (await keystead.call(action, members)).code
const text = (value: string) => Buffer.from(value).toString('base64')
const encrypt = async (Plaintext = text('hello'), EncryptionContext?: string): Promise<string> => {
  const context = EncryptionContext === undefined ? {} : { EncryptionContext }
  return (await keystead.ok('Encrypt', { KeyId, Plaintext, ...context })).CiphertextBlob
}

const invalidPlaintext = 'InvalidParameterValue.InvalidPlaintext'
const invalidCiphertext = 'InvalidParameterValue.InvalidCiphertext'
const notFound = 'ResourceUnavailable.CmkNotFound'

describe('a plaintext', () => {
  test('has 1 to 4096 bytes and comes back as it was', async () => {
    for (const length of [1, 15, 16, 17, 4095, 4096]) {
      const Plaintext = Buffer.alloc(length, length).toString('base64')
      expect((await keystead.ok('Decrypt', { CiphertextBlob: await encrypt(Plaintext) })).Plaintext).toBe(Plaintext)
    }
    expect(await code('Encrypt', { KeyId, Plaintext: Buffer.alloc(4097).toString('base64') })).toBe(invalidPlaintext)
    expect(await code('Encrypt', { KeyId, Plaintext: '' })).toBe('InvalidParameter')
  })

  test('is any bytes', async () => {
    const bytes = fc.uint8Array({ minLength: 1, maxLength: 4096 })
    const back = async (data: Uint8Array) => {
      const Plaintext = Buffer.from(data).toString('base64')
      expect((await keystead.ok('Decrypt', { CiphertextBlob: await encrypt(Plaintext) })).Plaintext).toBe(Plaintext)
    }
    await fc.assert(fc.asyncProperty(bytes, back), { numRuns: 50 })
  })

  test.each(['aGVsbG8', 'aGVsbG8==', 'aGVs bG8=', 'aGVsbG8=\n', '====', '-_-_', 'aGVsbG8=aGVsbG8=', 'häßlich', '%%%%'])(
    'is Base64, which %j is not',
    async (Plaintext) => {
      expect(await code('Encrypt', { KeyId, Plaintext })).toBe(invalidPlaintext)
    },
  )
})

describe('a blob', () => {
  test('is printable ASCII that goes through JSON and shells unescaped', async () => {
    expect(await encrypt()).toMatch(/^[A-Za-z0-9+/=]+$/)
  })

  test('differs from every other one of the same plaintext', async () => {
    const blobs = await Promise.all(Array.from({ length: 50 }, () => encrypt()))
    expect(new Set(blobs).size).toBe(50)
  })

  test('opens neither truncated, nor longer, nor changed in any bit', async () => {
    const bytes = Buffer.from(await encrypt(), 'base64')
    const spoilt = [bytes.subarray(0, -1), bytes.subarray(0, 16), Buffer.alloc(0), Buffer.concat([bytes, bytes])]
    spoilt.push(Buffer.concat([bytes, Buffer.of(0)]), bytes.subarray(1), Buffer.alloc(bytes.length))
    for (let at = 0; at < bytes.length * 8; at += 1) {
      const changed = Buffer.from(bytes)
      changed.writeUInt8(changed.readUInt8(at >> 3) ^ (1 << (at & 7)), at >> 3)
      spoilt.push(changed)
    }
    for (const one of spoilt) {
      // Whoever changes the name of the key in it asks for a key that is not there.
      const answered = await code('Decrypt', { CiphertextBlob: one.toString('base64') })
      expect([invalidCiphertext, notFound, 'InvalidParameter']).toContain(answered)
    }
  })

  test.each(['nonsense', 'AAAA', 'aGVsbG8', 'A'.repeat(20_000), 'häßlich'])('is not %.20s', async (CiphertextBlob) => {
    expect(await code('Decrypt', { CiphertextBlob })).toBe(invalidCiphertext)
    expect(await code('ReEncrypt', { CiphertextBlob })).toBe(invalidCiphertext)
  })

  test('of the real service is none of ours', async () => {
    const CiphertextBlob =
      'GPJUsGlmPcSjHKIktXGyzn33yestz+7NteW36M6FuL8hPfJ1xVfdO6Akr8sF69x3yBXMwto4njumJMIsi9WKow==-k-XqqalxTyNKIC1rITRePFGQ==-k-GqsANzNxvjjXhKwJAOY85vxYYm/2RtsCXRq7Q1iWbCAoeAtZ'
    expect(await code('Decrypt', { CiphertextBlob })).toBe(invalidCiphertext)
  })

  test('names its key, so a piece of one does not open under another', async () => {
    const other = await createKey(keystead)
    const [mine, others] = await Promise.all([
      encrypt(),
      keystead.ok('Encrypt', { KeyId: other, Plaintext: text('hello') }).then(({ CiphertextBlob }) => CiphertextBlob),
    ])
    const [a, b] = [Buffer.from(mine, 'base64'), Buffer.from(others, 'base64')]
    expect(a).toHaveLength(b.length)
    for (let cut = 1; cut < a.length; cut += 1) {
      if (a.subarray(0, cut).equals(b.subarray(0, cut)) || a.subarray(cut).equals(b.subarray(cut))) continue
      const mixed = Buffer.concat([a.subarray(0, cut), b.subarray(cut)]).toString('base64')
      expect([invalidCiphertext, notFound]).toContain(await code('Decrypt', { CiphertextBlob: mixed }))
    }
    expect((await keystead.ok('Decrypt', { CiphertextBlob: others })).KeyId).toBe(other)
  })

  test('is neither a wrapped key nor an import token', async () => {
    const { house } = keystead.running.installation
    const view = await house.coherence.view()
    const version = await view.get('keyVersion', `${KeyId}.1`)
    const domain = await view.get('domainKey', `${keystead.credentials.tencent.uin}.1`)
    const imported = await createImported(keystead)
    const { ImportToken } = await importParameters(keystead, imported)
    const ours = [version?.wrapped, domain?.wrapped].map((bytes) => Buffer.from(bytes ?? []).toString('base64'))
    for (const CiphertextBlob of [...ours, ImportToken]) {
      expect(CiphertextBlob.length).toBeGreaterThan(100)
      expect([invalidCiphertext, notFound]).toContain(await code('Decrypt', { CiphertextBlob }))
    }
  })

  test('of another account is of no key', async () => {
    const key = await addAccount(keystead)
    const CiphertextBlob = await encrypt()
    for (const action of ['Decrypt', 'ReEncrypt'])
      expect((await keystead.call(action, { CiphertextBlob }, { key })).code).toBe(notFound)
  })
})

describe('an encryption context', () => {
  const opens = async (made: string | undefined, asked: string | undefined): Promise<boolean> => {
    const CiphertextBlob = await encrypt(text('hello'), made)
    const context = asked === undefined ? {} : { EncryptionContext: asked }
    const answered = await code('Decrypt', { CiphertextBlob, ...context })
    if (answered !== undefined) expect(answered).toBe(invalidCiphertext)
    return answered === undefined
  }

  test.each([
    ['the same text', '{"a":"1"}', '{"a":"1"}'],
    ['another order', '{"a":"1","b":"2"}', '{"b":"2","a":"1"}'],
    ['other spaces', '{"a":"1"}', ' { "a" :\n"1" } '],
    ['an escaped character', '{"a":"é"}', '{"\\u0061":"\\u00e9"}'],
    ['another form of a number', '{"a":100}', '{"a":1e2}'],
    ['absent and empty', undefined, ''],
    ['absent and an empty object', undefined, '{}'],
    ['empty and an object of spaces', '', ' { } '],
    ['the last of duplicate members', '{"a":"1","a":"2"}', '{"a":"2"}'],
  ])('is the same for %s', async (_why, made, asked) => {
    expect(await opens(made, asked)).toBe(true)
    expect(await opens(asked, made)).toBe(true)
  })

  test.each([
    ['another value', '{"a":"1"}', '{"a":"2"}'],
    ['another name', '{"a":"1"}', '{"b":"1"}'],
    ['name and value exchanged', '{"a":"b"}', '{"b":"a"}'],
    ['a member more', '{"a":"1"}', '{"a":"1","b":"2"}'],
    ['none', '{"a":"1"}', undefined],
    ['an empty one', '{"a":"1"}', '{}'],
    ['an empty member', undefined, '{"":""}'],
    ['another case', '{"a":"x"}', '{"a":"X"}'],
    ['a space', '{"a":"x"}', '{"a":"x "}'],
    ['a number for its text', '{"a":1}', '{"a":"1"}'],
    ['true for its text', '{"a":true}', '{"a":"true"}'],
    ['null for its text', '{"a":null}', '{"a":"null"}'],
    ['an empty text for null', '{"a":""}', '{"a":null}'],
    ['the other Unicode form', '{"a":"é"}', '{"a":"e\u0301"}'],
    ['members joined otherwise', '{"ab":"c"}', '{"a":"bc"}'],
    ['a member named __proto__', '{"__proto__":"1"}', '{}'],
  ])('is another one for %s', async (_why, made, asked) => {
    expect(await opens(made, asked)).toBe(false)
    expect(await opens(asked, made)).toBe(false)
  })

  test.each([
    'nonsense',
    '[]',
    '["a"]',
    '"a"',
    '7',
    'null',
    'true',
    '{"a":{}}',
    '{"a":["b"]}',
    '{"a":"1"',
    "{'a':'1'}",
    '{"a":1e999}',
    '{"a":9007199254740993}',
    '{"a":"\\ud800"}',
    '{"\\udfff":"a"}',
  ])('is an object of plain values, which %s is not', async (EncryptionContext) => {
    const CiphertextBlob = await encrypt()
    expect(await code('Encrypt', { KeyId, Plaintext: text('hello'), EncryptionContext })).toBe('InvalidParameter')
    expect(await code('Decrypt', { CiphertextBlob, EncryptionContext })).toBe('InvalidParameter')
    expect(await code('GenerateDataKey', { KeyId, EncryptionContext })).toBe('InvalidParameter')
    for (const member of ['SourceEncryptionContext', 'DestinationEncryptionContext'])
      expect(await code('ReEncrypt', { CiphertextBlob, [member]: EncryptionContext })).toBe('InvalidParameter')
  })

  test('has at most 1024 characters', async () => {
    const just = JSON.stringify({ a: 'x'.repeat(1024 - 8) })
    const chinese = JSON.stringify({ a: '钥'.repeat(1024 - 8) })
    for (const context of [just, chinese]) {
      expect(context).toHaveLength(1024)
      expect(await opens(context, context)).toBe(true)
      const longer = context.replace('"}', 'x"}')
      expect(await code('Encrypt', { KeyId, Plaintext: text('a'), EncryptionContext: longer })).toBe('InvalidParameter')
    }
  })

  test('is not an object but its text', async () => {
    expect(await code('Encrypt', { KeyId, Plaintext: text('a'), EncryptionContext: { a: '1' } })).toBe(
      'InvalidParameter',
    )
  })
})

describe('GenerateDataKey', () => {
  const made = async (members: Members = {}) => {
    const { Plaintext, CiphertextBlob, KeyId: named } = await keystead.ok('GenerateDataKey', { KeyId, ...members })
    expect(named).toBe(KeyId)
    expect((await keystead.ok('Decrypt', { CiphertextBlob })).Plaintext).toBe(Plaintext)
    return Buffer.from(Plaintext, 'base64')
  }

  test.each([
    [16, { KeySpec: 'AES_128' }],
    [32, { KeySpec: 'AES_256' }],
    [32, {}],
    [1, { NumberOfBytes: 1 }],
    [1024, { NumberOfBytes: 1024 }],
    [24, { NumberOfBytes: 24, KeySpec: 'AES_128' }],
    [16, { KeySpec: 'AES_128', IsHostedByKms: 0 }],
  ])('makes %i bytes for %j', async (length, members) => {
    expect(await made(members)).toHaveLength(length)
  })

  test('makes another one each time', async () => {
    const keys = await Promise.all(Array.from({ length: 20 }, () => made()))
    expect(new Set(keys.map((key) => key.toString('hex'))).size).toBe(20)
  })

  test.each([
    ['InvalidParameter', { NumberOfBytes: 0 }],
    ['InvalidParameter', { NumberOfBytes: 1025 }],
    ['InvalidParameter', { NumberOfBytes: -1 }],
    ['InvalidParameter', { KeySpec: 'AES_192' }],
    ['InvalidParameter', { KeySpec: 'aes_256' }],
    ['InvalidParameterValue.InvalidType', { IsHostedByKms: 2 }],
    ['MissingParameter', { IsHostedByKms: 1 }],
    ['InvalidParameterValue.InvalidHsmClusterId', { HsmClusterId: 'cls-hsm-3dflmo9g' }],
  ])('answers %s to %j', async (expected, members) => {
    expect(await code('GenerateDataKey', { KeyId, ...members })).toBe(expected)
  })
})

describe('GenerateRandom', () => {
  test('gives 1 to 1024 bytes, others each time', async () => {
    for (const NumberOfBytes of [1, 16, 1024]) {
      const { Plaintext } = await keystead.ok('GenerateRandom', { NumberOfBytes })
      expect(Buffer.from(Plaintext, 'base64')).toHaveLength(NumberOfBytes)
    }
    const drawn = await Promise.all(
      Array.from({ length: 20 }, () => keystead.ok('GenerateRandom', { NumberOfBytes: 16 })),
    )
    expect(new Set(drawn.map(({ Plaintext }) => Plaintext)).size).toBe(20)
    for (const NumberOfBytes of [0, 1025, -1, 1.5, 'many'])
      expect(await code('GenerateRandom', { NumberOfBytes })).toBe('InvalidParameter')
    expect(await code('GenerateRandom', {})).toBe('MissingParameter')
  })
})

describe('ReEncrypt', () => {
  test('with an empty destination stays at the key of the blob', async () => {
    const CiphertextBlob = await encrypt()
    for (const members of [{}, { DestinationKeyId: '' }, { DestinationKeyId: KeyId }, { DestinationKeyId: null }])
      expect(await keystead.ok('ReEncrypt', { CiphertextBlob, ...members })).toMatchObject({
        CiphertextBlob,
        KeyId,
        SourceKeyId: KeyId,
        ReEncrypted: false,
      })
  })

  test('takes an equal context written otherwise for the same', async () => {
    const CiphertextBlob = await encrypt(text('hello'), '{"a":"1","b":"2"}')
    const same = {
      SourceEncryptionContext: '{"b":"2","a":"1"}',
      DestinationEncryptionContext: '{ "a":"1", "b":"2" }',
    }
    expect(await keystead.ok('ReEncrypt', { CiphertextBlob, ...same })).toMatchObject({
      CiphertextBlob,
      ReEncrypted: false,
    })
    expect(await code('ReEncrypt', { CiphertextBlob })).toBe(invalidCiphertext)
  })

  test('moves data keys too, and they open as before', async () => {
    const other = await createKey(keystead)
    const { Plaintext, CiphertextBlob } = await keystead.ok('GenerateDataKey', { KeyId })
    const moved = await keystead.ok('ReEncrypt', { CiphertextBlob, DestinationKeyId: other })
    expect((await keystead.ok('Decrypt', { CiphertextBlob: moved.CiphertextBlob })).Plaintext).toBe(Plaintext)
  })

  test('needs both keys usable', async () => {
    const disabled = await createKey(keystead)
    const { CiphertextBlob } = await keystead.ok('Encrypt', { KeyId: disabled, Plaintext: text('hello') })
    await bringInto(keystead, disabled, 'Disabled')
    const refused = 'ResourceUnavailable.CmkDisabled'
    expect(await code('ReEncrypt', { CiphertextBlob, DestinationKeyId: KeyId })).toBe(refused)
    expect(await code('ReEncrypt', { CiphertextBlob: await encrypt(), DestinationKeyId: disabled })).toBe(refused)
    expect(await code('ReEncrypt', { CiphertextBlob: await encrypt(), DestinationKeyId: 'nonsense' })).toBe(
      'InvalidParameterValue.InvalidKeyId',
    )
  })

  test('never shows the plaintext', async () => {
    const Plaintext = text('what nobody may read in the answer')
    const answered = await keystead.call('ReEncrypt', {
      CiphertextBlob: await encrypt(Plaintext),
      DestinationEncryptionContext: '{"a":"1"}',
    })
    expect(answered.code).toBeUndefined()
    expect(answered.exchanged.body).not.toContain(Plaintext)
  })
})

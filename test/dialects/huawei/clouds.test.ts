/**
 * One key, two clouds: whatever one of them made, the other opens, where what is bound to it is the same; and refuses
 * where it is not. The expectation is a model of a few lines (`opens`), not a table of cases.
 */
import { constants, createHash, createPublicKey, publicEncrypt } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { sm2 } from 'sm-crypto-v2'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { huaweiCall, huaweiOk } from '../../harness/huawei.ts'
import { makeKey } from '../../harness/huawei-keys.ts'
import { createKey } from '../../harness/keys.ts'
import { type Members, startKeystead, type TestKeystead, temporaryFolder } from '../../harness/keystead.ts'

const clouds = ['tencent', 'huawei'] as const
type Cloud = (typeof clouds)[number]

/** A server for each suite, since the other cloud makes SM4 keys in places of that suite only. */
let servers: Record<'aes-256' | 'sm4', TestKeystead>
const region = 'ap-beijing'
const options = { region }

const startWith = async (suite: 'aes' | 'sm'): Promise<TestKeystead> => {
  const folder = temporaryFolder()
  const regions = join(folder, 'regions.json')
  writeFileSync(regions, JSON.stringify([{ id: 'north', suite, tencent: region, huawei: 'cn-north-4' }]))
  return startKeystead({ folder, settings: { regions, defaultRegion: region } })
}

beforeAll(async () => {
  servers = { 'aes-256': await startWith('aes'), sm4: await startWith('sm') }
})
afterAll(async () => {
  for (const server of Object.values(servers)) await server.end()
})

interface Kind {
  readonly KeyUsage?: string
  readonly key_spec?: string
  readonly key_usage?: string
}

const makeBy = (server: TestKeystead, cloud: Cloud, { KeyUsage, ...kind }: Kind): Promise<string> =>
  cloud === 'tencent' ? createKey(server, KeyUsage ? { KeyUsage } : {}, options) : makeKey(server, { ...kind })

/** What is bound to a ciphertext. */
type Bound =
  | { readonly kind: 'none' }
  | { readonly kind: 'map'; readonly members: Members }
  | { readonly kind: 'text'; readonly text: string }

type Content = 'data' | 'dataKey'
/** A way to ask for what is in a ciphertext: the other cloud does not tell data from data keys. */
type Way = 'tencent' | 'huawei data' | 'huawei dataKey'

const sayable: Readonly<Record<Way, readonly Bound['kind'][]>> = {
  tencent: ['none', 'map'],
  'huawei data': ['none', 'text'],
  'huawei dataKey': ['none', 'map', 'text'],
}

const sorted = (members: Members): string =>
  JSON.stringify(Object.entries(members).sort(([a], [b]) => (a < b ? -1 : 1)))

const same = (one: Bound, other: Bound): boolean => {
  if (one.kind === 'map' && other.kind === 'map') return sorted(one.members) === sorted(other.members)
  if (one.kind === 'text' && other.kind === 'text') return one.text === other.text
  return one.kind === other.kind
}

/** The whole model. */
const opens = (way: Way, content: Content, made: Bound, said: Bound): boolean =>
  same(made, said) && (way === 'tencent' || way === `huawei ${content}`)

const forTencent = (bound: Bound) => (bound.kind === 'map' ? { EncryptionContext: JSON.stringify(bound.members) } : {})
const forHuawei = (bound: Bound) => {
  if (bound.kind === 'map') return { encryption_context: bound.members }
  return bound.kind === 'text' ? { additional_authenticated_data: bound.text } : {}
}

interface Made {
  readonly ciphertext: Buffer
  readonly plaintext: Buffer
}

const secret = 'a secret text, and more than a block of it'

const make = async (server: TestKeystead, cloud: Cloud, content: Content, key: string, bound: Bound): Promise<Made> => {
  if (cloud === 'tencent') {
    const asked = { KeyId: key, ...forTencent(bound) }
    if (content === 'data') {
      const Plaintext = Buffer.from(secret).toString('base64')
      const { CiphertextBlob } = await server.ok('Encrypt', { ...asked, Plaintext }, options)
      return { ciphertext: Buffer.from(CiphertextBlob, 'base64'), plaintext: Buffer.from(secret) }
    }
    const { CiphertextBlob, Plaintext } = await server.ok('GenerateDataKey', { ...asked, NumberOfBytes: 32 }, options)
    return { ciphertext: Buffer.from(CiphertextBlob, 'base64'), plaintext: Buffer.from(Plaintext, 'base64') }
  }
  const asked = { key_id: key, ...forHuawei(bound) }
  if (content === 'data') {
    const { cipher_text } = await huaweiOk(server, 'POST kms/encrypt-data', { ...asked, plain_text: secret })
    return { ciphertext: Buffer.from(cipher_text, 'base64'), plaintext: Buffer.from(secret) }
  }
  const { cipher_text, plain_text } = await huaweiOk(server, 'POST kms/create-datakey', asked)
  return { ciphertext: Buffer.from(cipher_text, 'hex'), plaintext: Buffer.from(plain_text, 'hex') }
}

/** The plaintext, or the code of the refusal. */
const open = async (
  server: TestKeystead,
  way: Way,
  key: string,
  made: Made,
  bound: Bound,
): Promise<Buffer | string> => {
  const { ciphertext, plaintext } = made
  if (way === 'tencent') {
    const asked = { CiphertextBlob: ciphertext.toString('base64'), ...forTencent(bound) }
    const { code, response } = await server.call('Decrypt', asked, options)
    return code ?? Buffer.from(response.Plaintext, 'base64')
  }
  if (way === 'huawei data') {
    const asked = { cipher_text: ciphertext.toString('base64'), ...forHuawei(bound) }
    const { code, members } = await huaweiCall(server, 'POST kms/decrypt-data', asked)
    return code ?? Buffer.from(members.plain_text_base64, 'base64')
  }
  const asked = { key_id: key, cipher_text: ciphertext.toString('hex'), datakey_cipher_length: plaintext.length }
  const { code, members } = await huaweiCall(server, 'POST kms/decrypt-datakey', { ...asked, ...forHuawei(bound) })
  return code ?? Buffer.from(members.data_key, 'hex')
}

const refusal = (way: Way): string => (way === 'tencent' ? 'InvalidParameterValue.InvalidCiphertext' : 'KMS.2201')

const rotate = async (server: TestKeystead, KeyId: string): Promise<void> => {
  await server.ok('EnableKeyRotation', { KeyId }, options)
  await server.ok('RotateKey', { KeyId }, options)
}

const none: Bound = { kind: 'none' }
const value = fc.oneof(fc.string({ maxLength: 6 }), fc.integer(), fc.boolean(), fc.constant(null))
const map: fc.Arbitrary<Bound> = fc
  .dictionary(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 4 }), value, { minKeys: 1, maxKeys: 3 })
  .map((members) => ({ kind: 'map', members: { ...members } }))
const text: fc.Arbitrary<Bound> = fc
  .oneof(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 8 }), fc.constantFrom('{"a":"1"}', '{}', 'null', ' '))
  .map((said) => ({ kind: 'text', text: said }))
const oneToOne: Bound = { kind: 'map', members: { a: '1' } }
const bound = fc.oneof(fc.constant(none), map, text, fc.constant(oneToOne))

/** The same in the other kind: what must never be taken for it. */
const lookalike = (said: Bound): Bound => {
  if (said.kind === 'map') return { kind: 'text', text: JSON.stringify(said.members).slice(0, 128).toWellFormed() }
  return said.kind === 'text' ? oneToOne : { kind: 'text', text: '{}' }
}
/** The members in another order. */
const reordered = (said: Bound): Bound =>
  said.kind === 'map' ? { kind: 'map', members: Object.fromEntries(Object.entries(said.members).reverse()) } : said

const makers: readonly (readonly [Cloud, Content, Way])[] = [
  ['tencent', 'data', 'tencent'],
  ['tencent', 'dataKey', 'tencent'],
  ['huawei', 'data', 'huawei data'],
  ['huawei', 'dataKey', 'huawei dataKey'],
]
const ways: readonly Way[] = ['tencent', 'huawei data', 'huawei dataKey']

describe.each(['aes-256', 'sm4'] as const)('keys of %s', (type) => {
  test.each(makers.flatMap(([cloud, content, said]) => ways.map((way) => [cloud, content, said, way] as const)))(
    'what %s made as %s, bound as %s can say it, opens by %s where the model says so',
    async (cloud, content, maker, way) => {
      const server = servers[type]
      const keys = fc.constantFrom(...clouds)
      const age = fc.constantFrom('first', 'old', 'new')
      const other = fc.constantFrom('same', 'reordered', 'lookalike', 'none', 'drawn')
      const property = fc.asyncProperty(keys, age, bound, other, bound, async (owner, version, made, how, drawn) => {
        fc.pre(sayable[maker].includes(made.kind))
        const said = { same: made, reordered: reordered(made), lookalike: lookalike(made), none, drawn }[how]
        fc.pre(sayable[way].includes(said.kind))
        const key = await makeBy(server, owner, type === 'sm4' ? { key_spec: 'SM4' } : {})
        if (version === 'new') await rotate(server, key)
        const ciphertext = await make(server, cloud, content, key, made)
        if (version === 'old') await rotate(server, key)
        const answer = await open(server, way, key, ciphertext, said)
        expect(answer).toEqual(opens(way, content, made, said) ? ciphertext.plaintext : refusal(way))
      })
      await fc.assert(property, { numRuns: 15 })
    },
  )

  test('an object of the one cloud is the object of the other, and never the text that says it', async () => {
    const server = servers[type]
    const key = await makeBy(server, 'tencent', {})
    const made = await make(server, 'tencent', 'dataKey', key, oneToOne)
    expect(await open(server, 'huawei dataKey', key, made, oneToOne)).toEqual(made.plaintext)
    const asText: Bound = { kind: 'text', text: '{"a":"1"}' }
    expect(await open(server, 'huawei dataKey', key, made, asText)).toBe('KMS.2201')
    const other = await make(server, 'huawei', 'dataKey', key, asText)
    expect(await open(server, 'tencent', key, other, oneToOne)).toBe('InvalidParameterValue.InvalidCiphertext')
  })

  test('another key of either cloud opens nothing of it', async () => {
    const server = servers[type]
    const spec = type === 'sm4' ? { key_spec: 'SM4' } : {}
    const [key, other] = [await makeBy(server, 'tencent', {}), await makeBy(server, 'huawei', spec)]
    const made = await make(server, 'tencent', 'dataKey', key, none)
    expect(await open(server, 'huawei dataKey', other, made, none)).toBe('KMS.2201')
  })
})

interface Signer {
  readonly kind: Kind
  readonly tencent: string
  readonly huawei: string
  readonly digest: (message: Buffer) => Buffer
}

const sha256 = (message: Buffer) => createHash('sha256').update(message).digest()
const signers: Readonly<Record<string, Signer>> = {
  'rsa-2048 PSS': {
    kind: { KeyUsage: 'ASYMMETRIC_SIGN_VERIFY_RSA_2048', key_spec: 'RSA_2048' },
    tencent: 'RSA_PSS_SHA_256',
    huawei: 'RSASSA_PSS_SHA_256',
    digest: sha256,
  },
  'rsa-2048 PKCS#1': {
    kind: { KeyUsage: 'ASYMMETRIC_SIGN_VERIFY_RSA_2048', key_spec: 'RSA_2048' },
    tencent: 'RSA_PKCS1_SHA_256',
    huawei: 'RSASSA_PKCS1_V1_5_SHA_256',
    digest: sha256,
  },
  'ec-p256': {
    kind: { KeyUsage: 'ASYMMETRIC_SIGN_VERIFY_ECC', key_spec: 'EC_P256' },
    tencent: 'ECC_P256_R1',
    huawei: 'ECDSA_SHA_256',
    digest: sha256,
  },
  sm2: {
    kind: { KeyUsage: 'ASYMMETRIC_SIGN_VERIFY_SM2', key_spec: 'SM2' },
    tencent: 'SM2DSA',
    huawei: 'SM2DSA_SM3',
    digest: (message) => createHash('sm3').update(message).digest(),
  },
}

type Form = 'RAW' | 'DIGEST'

const asked = (
  { tencent, huawei, digest }: Signer,
  cloud: Cloud,
  key: string,
  form: Form,
  message: Buffer,
): Members => {
  const said = (form === 'RAW' ? message : digest(message)).toString('base64')
  return cloud === 'tencent'
    ? { KeyId: key, Algorithm: tencent, MessageType: form, Message: said }
    : { key_id: key, signing_algorithm: huawei, message_type: form, message: said }
}

const signBy = async (server: TestKeystead, cloud: Cloud, members: Members): Promise<string> =>
  cloud === 'tencent'
    ? (await server.ok('SignByAsymmetricKey', members, options)).Signature
    : (await huaweiOk(server, 'POST kms/sign', members)).signature

const verifyBy = async (server: TestKeystead, cloud: Cloud, members: Members, signature: string): Promise<boolean> => {
  if (cloud === 'huawei')
    return (await huaweiOk(server, 'POST kms/verify', { ...members, signature })).signature_valid === 'true'
  const { SignatureValid } = await server.ok(
    'VerifyByAsymmetricKey',
    { ...members, SignatureValue: signature },
    options,
  )
  return SignatureValid
}

describe.each(Object.entries(signers))('signatures of %s', (_name, signer) => {
  test('of either cloud are verified by either, and what was changed by neither', async () => {
    const server = servers['aes-256']
    const keys = {
      tencent: await makeBy(server, 'tencent', signer.kind),
      huawei: await makeBy(server, 'huawei', signer.kind),
    }
    const cloud = fc.constantFrom(...clouds)
    const form = fc.constantFrom<Form>('RAW', 'DIGEST')
    const change = fc.constantFrom('nothing', 'nothing', 'message', 'signature', 'key')
    const bytes = fc.uint8Array({ minLength: 1, maxLength: 64 })
    const property = fc.asyncProperty(
      cloud,
      cloud,
      cloud,
      form,
      change,
      bytes,
      async (owner, by, to, how, changed, raw) => {
        const message = Buffer.from(raw)
        const signature = Buffer.from(await signBy(server, by, asked(signer, by, keys[owner], how, message)), 'base64')
        const other = owner === 'tencent' ? 'huawei' : 'tencent'
        const key = keys[changed === 'key' ? other : owner]
        const seen = changed === 'message' ? Buffer.concat([message, Buffer.of(1)]) : message
        const at = signature.length - 1
        if (changed === 'signature') signature[at] = (signature[at] ?? 0) ^ 1
        const verifying = asked(signer, to, key, how, seen)
        expect(await verifyBy(server, to, verifying, signature.toString('base64'))).toBe(changed === 'nothing')
      },
    )
    await fc.assert(property, { numRuns: 40 })
  })
})

interface Encrypter {
  readonly kind: Kind
  readonly algorithm: string
  /** As a client of the cloud that encrypts nothing itself does it, with the public half. */
  readonly locally: (der: Buffer, plaintext: string) => Buffer
  readonly decrypt: (key: string, ciphertext: string) => readonly [string, Members]
}

const encrypters: Readonly<Record<string, Encrypter>> = {
  'rsa-2048': {
    kind: { KeyUsage: 'ASYMMETRIC_DECRYPT_RSA_2048', key_spec: 'RSA_2048', key_usage: 'ENCRYPT_DECRYPT' },
    algorithm: 'RSAES_OAEP_SHA_256',
    locally: (key, plaintext) =>
      publicEncrypt(
        {
          key: createPublicKey({ key, format: 'der', type: 'spki' }),
          padding: constants.RSA_PKCS1_OAEP_PADDING,
          oaepHash: 'sha256',
        },
        Buffer.from(plaintext),
      ),
    decrypt: (KeyId, Ciphertext) => ['AsymmetricRsaDecrypt', { KeyId, Ciphertext, Algorithm: 'RSAES_OAEP_SHA_256' }],
  },
  sm2: {
    kind: { KeyUsage: 'ASYMMETRIC_DECRYPT_SM2', key_spec: 'SM2', key_usage: 'ENCRYPT_DECRYPT' },
    algorithm: 'SM2_ENCRYPT',
    locally: (der, plaintext) =>
      Buffer.from(sm2.doEncrypt(plaintext, der.subarray(-65).toString('hex'), 1, { asn1: true }), 'hex'),
    decrypt: (KeyId, Ciphertext) => ['AsymmetricSm2Decrypt', { KeyId, Ciphertext }],
  },
}

describe.each(Object.entries(encrypters))(
  'encryption to keys of %s',
  (_name, { kind, algorithm, locally, decrypt }) => {
    const encryptBy = async (
      server: TestKeystead,
      cloud: Cloud,
      key_id: string,
      plain_text: string,
    ): Promise<string> => {
      const encryption_algorithm = algorithm
      if (cloud === 'huawei')
        return (await huaweiOk(server, 'POST kms/encrypt-data', { key_id, plain_text, encryption_algorithm }))
          .cipher_text
      const { PublicKey } = await server.ok('GetPublicKey', { KeyId: key_id }, options)
      return locally(Buffer.from(PublicKey, 'base64'), plain_text).toString('base64')
    }
    const decryptBy = async (server: TestKeystead, cloud: Cloud, key: string, ciphertext: string): Promise<string> => {
      if (cloud === 'tencent') {
        const { code, response } = await server.call(...decrypt(key, ciphertext), options)
        return code ?? Buffer.from(response.Plaintext, 'base64').toString()
      }
      const members = { key_id: key, cipher_text: ciphertext, encryption_algorithm: algorithm }
      const answered = await huaweiCall(server, 'POST kms/decrypt-data', members)
      return answered.code ?? answered.members.plain_text
    }

    test('by either cloud is decrypted by either, and by no other key', async () => {
      const server = servers['aes-256']
      const keys = { tencent: await makeBy(server, 'tencent', kind), huawei: await makeBy(server, 'huawei', kind) }
      const cloud = fc.constantFrom(...clouds)
      const plain = fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 60 })
      const property = fc.asyncProperty(
        cloud,
        cloud,
        cloud,
        fc.boolean(),
        plain,
        async (owner, by, to, isOwn, plaintext) => {
          const ciphertext = await encryptBy(server, by, keys[owner], plaintext)
          const other = owner === 'tencent' ? 'huawei' : 'tencent'
          const answer = await decryptBy(server, to, keys[isOwn ? owner : other], ciphertext)
          const refused = to === 'tencent' ? /^(?:FailedOperation|InvalidParameterValue)\./ : /^KMS\.2201$/
          if (isOwn) expect(answer).toBe(plaintext)
          else expect(answer).toMatch(refused)
        },
      )
      await fc.assert(property, { numRuns: 40 })
    })
  },
)

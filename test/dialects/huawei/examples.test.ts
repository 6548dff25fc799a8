/**
 * The requests of the vendor's API Explorer, letter by letter but for the ids and ciphertexts, which are real ones: each
 * gets the published status and the published members.
 */
import { createHash, createPublicKey, sign } from 'node:crypto'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type HuaweiAnswered, huaweiCall, huaweiOk } from '../../harness/huawei.ts'
import { makeKey } from '../../harness/huawei-keys.ts'
import { newAlias } from '../../harness/keys.ts'
import { type Members, startKeystead, type TestKeystead, temporaryFolder } from '../../harness/keystead.ts'
import published from '../../vendor/huawei-examples.json' with { type: 'json' }
import { createExternal, importMaterial, rightRequests } from './requests.ts'

interface Example {
  readonly method: string
  readonly path: string
  readonly body: Members | null
  readonly status: number
  readonly response: Members | null
}
const examples = published.examples as unknown as Record<string, readonly Example[]>

let keystead: TestKeystead
let symmetric: string
let right: ReturnType<typeof rightRequests>
beforeAll(async () => {
  const keyStore = [['hsm_cluster_id', join(temporaryFolder(), 'second.key')]] as const
  keystead = await startKeystead({ settings: { keyStore, capsuleSignatures: true } })
  symmetric = await makeKey(keystead)
  right = rightRequests(keystead, { stores: 'hsm_cluster_id' })
})
afterAll(() => keystead.end())

const ofSymmetric = async (): Promise<Members> => ({ key_id: symmetric })
const keyOf = (made: Members) => async (): Promise<Members> => ({ key_id: await makeKey(keystead, made) })
const answerOf = async (call: string, name: string): Promise<Members> => {
  const [example] = examples[name] ?? []
  return huaweiOk(keystead, `POST kms/${call}`, { ...example?.body, key_id: symmetric })
}

/** The digest of the examples has 31 bytes, which by the page of the same call is KMS.0329: it is taken for a message. */
const asMessage = { message_type: 'RAW' }

/** The answer to an example as it is printed. */
const plain = (call: string, name: string): Promise<Members> =>
  huaweiOk(keystead, `POST kms/${call}`, examples[name]?.[0]?.body ?? {})

const externalKey = async (): Promise<string> => {
  const key_id = await createExternal(keystead)
  await importMaterial(keystead, key_id)
  return key_id
}

/** A capsule of an access point that shows itself, as docs/spec/capsule.md says it. */
const opened = async (): Promise<Members> => {
  const { access_point_id } = await plain('access-points', 'CreateAccessPoint')
  const { private_key } = await huaweiOk(keystead, `POST kms/access-points/${access_point_id}/get-privatekey`)
  const key_policy = JSON.stringify({ version: '1.0', allowed_access_point: [access_point_id] })
  const asked = { key_id: symmetric, datakey_length: '256', key_policy }
  const { datakey_capsule } = await huaweiOk(keystead, 'POST kms/datakey-capsule/create', asked)
  const expire_time = `${new Date(keystead.clock.now() + 60_000).toISOString().slice(0, 19)}Z`
  const digests = [datakey_capsule, ''].map((text) => createHash('sha256').update(text).digest('hex'))
  const message = ['keystead capsule 1', symmetric, expire_time, ...digests].join('\n')
  const attestation_document = {
    custom_signature: sign('sha256', Buffer.from(message), private_key).toString('base64'),
    custom_public_key: createPublicKey(private_key).export({ type: 'spki', format: 'der' }).toString('base64'),
    expire_time,
  }
  return { key_id: symmetric, datakey_capsule, attestation_document }
}

/** What stands in the place of the vendor's own ids and ciphertexts. */
const replays: Readonly<Record<string, () => Promise<Members>>> = {
  EncryptData: ofSymmetric,
  DecryptData: async () => ({ cipher_text: (await answerOf('encrypt-data', 'EncryptData')).cipher_text }),
  CreateDatakey: ofSymmetric,
  CreateDatakeyWithoutPlaintext: ofSymmetric,
  EncryptDatakey: ofSymmetric,
  DecryptDatakey: async () => ({
    key_id: symmetric,
    cipher_text: (await answerOf('encrypt-datakey', 'EncryptDatakey')).cipher_text,
  }),
  CreateRsaDatakeyPair: ofSymmetric,
  CreateEcDatakeyPair: ofSymmetric,
  CreatePin: async () => ({}),
  CreateRandom: async () => ({}),
  ReEncrypt: async () => {
    const { cipher_text } = await huaweiOk(keystead, 'POST kms/create-datakey', { key_id: symmetric })
    return { cipher_text, source_key_id: symmetric, destination_key_id: await makeKey(keystead) }
  },
  Sign: async () => ({ key_id: await makeKey(keystead, { key_spec: 'RSA_2048' }), ...asMessage }),
  ValidateSignature: async () => {
    const key_id = await makeKey(keystead, { key_spec: 'RSA_2048' })
    const { body } = examples.Sign?.[0] ?? {}
    const { signature } = await huaweiOk(keystead, 'POST kms/sign', { ...body, key_id, ...asMessage })
    return { key_id, signature, ...asMessage }
  },
  ShowPublicKey: keyOf({ key_spec: 'EC_P256' }),
  DeriveSharedSecret: keyOf({ key_spec: 'EC_P256', key_usage: 'KEY_AGREEMENT' }),
  'ShowKeyRotationStatus 3': async () => ({ key_id: await externalKey() }),
  CreateDatakeyCapsule: async () => ({
    key_id: symmetric,
    policy_id: (await plain('key-policies', 'CreateKeyPolicy')).policy_id,
  }),
  DecryptDatakeyCapsule: opened,
  GenerateMac: keyOf({ key_spec: 'HMAC_256' }),
  VerifyMac: keyOf({ key_spec: 'HMAC_256' }),
}

/** What a right request has that an example can only have of the vendor: ids, and what other calls made. */
const made = ['key_id', 'target_key_id', 'grant_id', 'import_token', 'encrypted_key_material', 'alias', 'aliases']
const own = [...made, 'replica_project_id', 'policy_id', 'datakey_capsule', 'attestation_document']

/** Those of a right request, where an example has them too. */
const replaced = (example: Example, members: Members = {}): Members =>
  Object.fromEntries(Object.entries(members).filter(([name]) => own.includes(name) && name in (example.body ?? {})))

const nameOf = { UpdateKeyAlias: 'key_alias', CreateKeyStore: 'keystore_alias' } as const

/** The path of an example with real ids in it; its query as it is. */
const pathOf = (example: Example, call: string): string => {
  const [, query] = example.path.split('?')
  return query === undefined || call.includes('?')
    ? call
    : `${call}?${query.replace(/key_id=[0-9a-f-]+/, `key_id=${symmetric}`)}`
}

/** Two SDKs are answered an array, as their types have it. */
const headersFor = ({ response }: Example) =>
  Array.isArray(response) ? { 'User-Agent': 'huaweicloud-usdk-go/3.0' } : {}

const ask = async (name: string, at: number, example: Example): Promise<HuaweiAnswered> => {
  const request = await right[name]?.()
  if (!request) throw new Error(`there is no request of ${name}`)
  const special = (await (replays[`${name} ${at}`] ?? replays[name])?.()) ?? replaced(example, request.members)
  const renamed = name in nameOf ? { [nameOf[name as keyof typeof nameOf]]: newAlias() } : {}
  const body = example.body ? { ...example.body, ...special, ...renamed } : request.members
  const call = `${example.method} ${pathOf(example, request.call.split(' ')[1] ?? '')}`
  return huaweiCall(keystead, call, body, { headers: headersFor(example) })
}

/**
 * Members of examples that are not here, or not of the printed type: of hardware or an enclave, of older editions, and
 * those that the schema says otherwise and clients can only read so.
 */
const otherwise = ['wrapped_private_key', 'ciphertext_recipient', 'key_label', 'partition_type', 'resource_detail']
const asText = ['create_time']

/** What an example has and an answer lacks, or has of another type, by its path. */
const lacking = (expected: unknown, actual: unknown, path = ''): string[] => {
  if (Array.isArray(expected)) {
    if (!Array.isArray(actual)) return [`${path} is no array`]
    return expected.length > 0 && actual.length > 0 ? lacking(expected[0], actual[0], `${path}[]`) : []
  }
  if (typeof expected !== 'object' || expected === null) return typeof expected === typeof actual ? [] : [path]
  return Object.entries(expected).flatMap(([name, value]) => {
    if (otherwise.includes(name)) return []
    const at = `${path}.${name}`
    const there = (actual as Members)[name]
    if (there === undefined) return [`${at} is missing`]
    return asText.includes(name) ? lacking('', there, at) : lacking(value, there, at)
  })
}

const all = Object.entries(examples).flatMap(([name, list]) =>
  list.map((example, at) => [name, at + 1, example] as const),
)

describe('a published example', () => {
  test.each(all)('of %s (%d) is answered with the published status and members', async (name, at, example) => {
    const { status, members, exchanged } = await ask(name, at, example)
    expect([status, members.error]).toEqual([example.status, undefined])
    if (example.response === null) expect(exchanged.body).toBe('')
    else expect(lacking(example.response, members)).toEqual([])
  })
})

test('a published data key has the published digest behind it', async () => {
  const [example] = examples.EncryptDatakey ?? []
  const { cipher_text } = await answerOf('encrypt-datakey', 'EncryptDatakey')
  const asked = { key_id: symmetric, cipher_text, datakey_cipher_length: '64', additional_authenticated_data: '123aad' }
  const { data_key, datakey_dgst } = await huaweiOk(keystead, 'POST kms/decrypt-datakey', asked)
  expect(data_key + datakey_dgst).toBe(example?.body?.plain_text.toUpperCase())
})

/**
 * The requests of the vendor's API Explorer, letter by letter but for the ids and ciphertexts, which are real ones: each
 * gets the published status and the published members.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { huaweiCall, huaweiOk } from '../../harness/huawei.ts'
import { makeKey } from '../../harness/huawei-keys.ts'
import { type Members, startKeystead, type TestKeystead } from '../../harness/keystead.ts'
import published from '../../vendor/huawei-examples.json' with { type: 'json' }

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
beforeAll(async () => {
  keystead = await startKeystead()
  symmetric = await makeKey(keystead)
})
afterAll(() => keystead.end())

const ofSymmetric = async (): Promise<Members> => ({ key_id: symmetric })
const keyOf = (made: Members) => async (): Promise<Members> => ({ key_id: await makeKey(keystead, made) })
const made = async (call: string, name: string): Promise<Members> => {
  const [example] = examples[name] ?? []
  return huaweiOk(keystead, `POST kms/${call}`, { ...example?.body, key_id: symmetric })
}

/** The digest of the examples has 31 bytes, which by the page of the same call is KMS.0329: it is taken for a message. */
const asMessage = { message_type: 'RAW' }

/** What stands in the place of the vendor's own ids and ciphertexts. */
const replays: Readonly<Record<string, () => Promise<Members>>> = {
  EncryptData: ofSymmetric,
  DecryptData: async () => ({ cipher_text: (await made('encrypt-data', 'EncryptData')).cipher_text }),
  CreateDatakey: ofSymmetric,
  CreateDatakeyWithoutPlaintext: ofSymmetric,
  EncryptDatakey: ofSymmetric,
  DecryptDatakey: async () => ({
    key_id: symmetric,
    cipher_text: (await made('encrypt-datakey', 'EncryptDatakey')).cipher_text,
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
  GenerateMac: keyOf({ key_spec: 'HMAC_256' }),
  VerifyMac: keyOf({ key_spec: 'HMAC_256' }),
}

/** Members of the examples that are there for hardware or an enclave only, and never beside the plain ones. */
const never = ['wrapped_private_key', 'ciphertext_recipient']

describe.each(Object.keys(replays))('the example of %s', (name) => {
  test('is answered with the published status and members', async () => {
    const [example, ...others] = examples[name] ?? []
    if (!example) throw new Error('there is no example')
    expect(others).toEqual([])
    const call = example.path.split('/').slice(3).join('/')
    const body = { ...example.body, ...(await replays[name]?.()) }
    const { status, members } = await huaweiCall(keystead, `${example.method} ${call}`, body)
    expect([status, members.error]).toEqual([example.status, undefined])
    if (!example.response) return
    const expected = Object.keys(example.response).filter((member) => !never.includes(member))
    expect(Object.keys(members).sort()).toEqual(expected.sort())
    for (const member of expected)
      expect([member, typeof members[member]]).toEqual([member, typeof example.response[member]])
  })
})

test('a published data key has the published digest behind it', async () => {
  const [example] = examples.EncryptDatakey ?? []
  const { cipher_text } = await made('encrypt-datakey', 'EncryptDatakey')
  const asked = { key_id: symmetric, cipher_text, datakey_cipher_length: '64', additional_authenticated_data: '123aad' }
  const { data_key, datakey_dgst } = await huaweiOk(keystead, 'POST kms/decrypt-datakey', asked)
  expect(data_key + datakey_dgst).toBe(example?.body?.plain_text.toUpperCase())
})

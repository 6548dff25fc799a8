/** The vendor's published requests, sent as they are printed with only real keys put in, get their documented answers. */
import { constants, publicEncrypt } from 'node:crypto'
import { sm2 } from 'sm-crypto-v2'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { bringDataKeyInto, type DataKeyState, hostDataKey } from '../../harness/data-keys.ts'
import { bringInto, createKey, importParameters, materialOf, wrapMaterial } from '../../harness/keys.ts'
import { type Members, startKeystead, type TestKeystead } from '../../harness/keystead.ts'
import { bringWhiteBoxKeyInto, createWhiteBoxKey, fingerprintOf, type WhiteBoxState } from '../../harness/white-box.ts'
import published from '../../vendor/tencent-examples.json' with { type: 'json' }

let keystead: TestKeystead
beforeAll(async () => {
  keystead = await startKeystead()
})
afterAll(() => keystead.end())

interface Example {
  readonly action: string
  readonly title: string
  readonly request: { readonly transport: string; readonly body?: Members; readonly query?: Record<string, string> }
  readonly response: Members
}
const examples = published.examples as unknown as readonly Example[]

/** The members of a published query, `KeyIds.0` and `Tags.0.TagKey` and the like gathered. */
const fromQuery = ({ Action: _action, ...query }: Record<string, string>): Members => {
  const members: Members = {}
  for (const [name, value] of Object.entries(query)) {
    const [array = '', index, member] = name.split('.')
    if (index === undefined) members[name] = value
    else if (member === undefined) members[array] = [...(members[array] ?? []), value]
    else {
      members[array] ??= []
      members[array][Number(index)] = { ...members[array][Number(index)], [member]: value }
    }
  }
  return members
}

const printed = ({ request: { body, query } }: Example): Members => structuredClone(body ?? fromQuery(query ?? {}))

/** What must be there before the example's call, and which members of it must be real. */
type Prepare = () => Promise<Members>

const enabled = async (): Promise<Members> => ({ KeyId: await createKey(keystead) })
const keyOf = async (KeyUsage: string) =>
  keystead.ok('GetPublicKey', { KeyId: await createKey(keystead, { KeyUsage }) })
const inState =
  (state: 'Disabled' | 'Archived' | 'PendingDelete'): Prepare =>
  async () => {
    const KeyId = await createKey(keystead)
    await bringInto(keystead, KeyId, state)
    return { KeyId }
  }
const two = async () => ({ KeyIds: [await createKey(keystead), await createKey(keystead)] })
const context = '{"key1":"value1"}'
const imported = async () => ({ KeyId: await createKey(keystead, { Type: 2 }) })
const wrapped = async () => {
  const { KeyId } = await imported()
  const { ImportToken, PublicKey } = await importParameters(keystead, KeyId)
  return { KeyId, ImportToken, EncryptedKeyMaterial: wrapMaterial(PublicKey, materialOf(7)) }
}
const blob = async (KeyId: string, EncryptionContext?: string): Promise<string> => {
  const bound = EncryptionContext === undefined ? {} : { EncryptionContext }
  return (await keystead.ok('Encrypt', { KeyId, Plaintext: 'dGVzdAo=', ...bound })).CiphertextBlob
}

/** No cluster exists here: its name in a published request is the one thing that is left out. */
const noCluster = { HsmClusterId: undefined }

const hosted =
  (state: DataKeyState = 'Enabled'): Prepare =>
  async () => {
    const { DataKeyId } = await hostDataKey(keystead)
    await bringDataKeyInto(keystead, DataKeyId, state)
    return { DataKeyId }
  }
const twoHosted = async () => ({
  DataKeyIds: [(await hostDataKey(keystead)).DataKeyId, (await hostDataKey(keystead)).DataKeyId],
})

const whiteBox =
  (state: WhiteBoxState = 'Enabled', made: Members = {}): Prepare =>
  async () => {
    const { KeyId } = await createWhiteBoxKey(keystead, made)
    await bringWhiteBoxKeyInto(keystead, KeyId, state)
    return { KeyId }
  }
const twoWhiteBoxes = async () => ({ KeyIds: [(await whiteBox()()).KeyId, (await whiteBox()()).KeyId] })

const prepared: Readonly<Record<string, Prepare>> = {
  ArchiveKey: enabled,
  AsymmetricRsaDecrypt: async () => {
    const { KeyId, PublicKeyPem } = await keyOf('ASYMMETRIC_DECRYPT_RSA_2048')
    const padding = { padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' }
    const Ciphertext = publicEncrypt({ key: PublicKeyPem, ...padding }, Buffer.from('test\n')).toString('base64')
    return { KeyId, Ciphertext }
  },
  AsymmetricSm2Decrypt: async () => {
    const { KeyId, PublicKey } = await keyOf('ASYMMETRIC_DECRYPT_SM2')
    const point = Buffer.from(PublicKey, 'base64').subarray(-65).toString('hex')
    return { KeyId, Ciphertext: Buffer.from(sm2.doEncrypt('test', point, 1, { asn1: true }), 'hex').toString('base64') }
  },
  GetPublicKey: () => keyOf('ASYMMETRIC_DECRYPT_RSA_2048').then(({ KeyId }) => ({ KeyId })),
  SignByAsymmetricKey: () => keyOf('ASYMMETRIC_SIGN_VERIFY_SM2').then(({ KeyId }) => ({ KeyId })),
  VerifyByAsymmetricKey: () => keyOf('ASYMMETRIC_SIGN_VERIFY_SM2').then(({ KeyId }) => ({ KeyId })),
  PostQuantumCryptoEncrypt: () => keyOf('ASYMMETRIC_DECRYPT_KYBER_AES').then(({ KeyId }) => ({ KeyId })),
  // Published with a masked public key and a blob of no key.
  PostQuantumCryptoDecrypt: async () => {
    const { KeyId } = await keyOf('ASYMMETRIC_DECRYPT_KYBER_AES')
    const { CiphertextBlob } = await keystead.ok('PostQuantumCryptoEncrypt', { KeyId, PlainText: 'dGVzdAo=' })
    return { CiphertextBlob, EncryptionPublicKey: undefined }
  },
  PostQuantumCryptoSign: () => keyOf('ASYMMETRIC_SIGN_VERIFY_DILITHIUM').then(({ KeyId }) => ({ KeyId })),
  PostQuantumCryptoVerify: () => keyOf('ASYMMETRIC_SIGN_VERIFY_DILITHIUM').then(({ KeyId }) => ({ KeyId })),
  CancelKeyArchive: inState('Archived'),
  CancelKeyDeletion: inState('PendingDelete'),
  CancelDataKeyDeletion: hosted('PendingDelete'),
  DescribeDataKey: hosted(),
  DescribeDataKeys: twoHosted,
  DisableDataKey: hosted(),
  DisableDataKeys: twoHosted,
  EnableDataKey: hosted('Disabled'),
  EnableDataKeys: twoHosted,
  GetDataKeyCiphertextBlob: hosted(),
  GetDataKeyPlaintext: hosted(),
  ImportDataKey: enabled,
  ListDataKeyDetail: async () => ({ SearchKeyAlias: (await hosted()()).DataKeyId }),
  ScheduleDataKeyDeletion: hosted(),
  UpdateDataKeyDescription: hosted(),
  UpdateDataKeyName: hosted(),
  Decrypt: async () => ({ CiphertextBlob: await blob(await createKey(keystead), context) }),
  DeleteImportedKeyMaterial: async () => {
    const members = await wrapped()
    await keystead.ok('ImportKeyMaterial', members)
    return { KeyId: members.KeyId }
  },
  DescribeKey: enabled,
  DescribeKeys: two,
  DeleteWhiteBoxKey: whiteBox('Disabled'),
  DescribeWhiteBoxDecryptKey: whiteBox(),
  DescribeWhiteBoxDeviceFingerprints: async () => {
    const { KeyId } = await whiteBox()()
    const DeviceFingerprints = [{ Identity: fingerprintOf(1), Description: 'test1' }]
    await keystead.ok('OverwriteWhiteBoxDeviceFingerprints', { KeyId, DeviceFingerprints })
    return { KeyId }
  },
  DescribeWhiteBoxKey: whiteBox(),
  DescribeWhiteBoxKeyDetails: async () => {
    await whiteBox('Enabled', { Tags: [{ TagKey: 'env', TagValue: 'dev' }] })()
    return {}
  },
  DisableWhiteBoxKey: whiteBox(),
  DisableWhiteBoxKeys: twoWhiteBoxes,
  EnableWhiteBoxKey: whiteBox('Disabled'),
  EnableWhiteBoxKeys: twoWhiteBoxes,
  EncryptByWhiteBox: whiteBox('Enabled', { Algorithm: 'AES_256' }),
  OverwriteWhiteBoxDeviceFingerprints: whiteBox(),
  DisableKey: enabled,
  DisableKeys: two,
  EnableKey: inState('Disabled'),
  EnableKeys: async () => {
    const members = await two()
    await keystead.ok('DisableKeys', members)
    return members
  },
  Encrypt: enabled,
  // Published with a masked public key; envelope-key.test.ts has real ones.
  GenerateDataKey: async () => ({ ...(await enabled()), EncryptionPublicKey: undefined }),
  GetParametersForImport: imported,
  ImportKeyMaterial: wrapped,
  ListKeyDetail: async () => noCluster,
  ListKeys: async () => noCluster,
  ReEncrypt: async () => {
    const KeyId = await createKey(keystead)
    return { CiphertextBlob: await blob(KeyId), DestinationKeyId: KeyId }
  },
  ScheduleKeyDeletion: inState('Disabled'),
  UpdateAlias: enabled,
  UpdateKeyDescription: enabled,
}

const isMasked = ({ title }: Example) => title.includes('masked')

/** The same shape: every documented member is there, with a value of its type. */
const expectLike = (answer: unknown, example: unknown, where: string): void => {
  if (Array.isArray(example)) {
    expect(Array.isArray(answer), where).toBe(true)
    const [first] = answer as unknown[]
    if (first !== undefined) expectLike(first, example[0], `${where}[0]`)
    return
  }
  if (typeof example === 'object' && example !== null) {
    for (const [name, value] of Object.entries(example)) {
      const path = `${where}.${name}`
      expect(answer, path).toHaveProperty(name)
      expectLike((answer as Members)[name], value, path)
    }
    return
  }
  expect(typeof answer, where).toBe(typeof example)
}

describe('the published request', () => {
  const whole = examples.filter((example) => !isMasked(example))
  test.each(whole.map((example, at) => [`${at + 1}, ${example.title}`, example] as const))(
    '%s',
    async (_name, example) => {
      const changed = (await prepared[example.action]?.()) ?? {}
      const asked = { ...printed(example), ...changed }
      const answer = await keystead.ok(example.action, asked)
      expectLike(answer, example.response, example.action)
      if ('KeyId' in changed && 'KeyId' in example.response) expect(answer.KeyId).toBe(changed.KeyId)
    },
  )

  test('for an elliptic key makes one', async () => {
    const example = examples.find(isMasked) as Example
    const { response } = await keystead.call('CreateKey', printed(example))
    expect(response).toMatchObject({ KeyUsage: example.response.KeyUsage, KeyState: 'Enabled' })
  })

  test('with a cluster or a public key is refused for that, and not taken for less than it says', async () => {
    const codeOf = async (action: string, changed: Members) => {
      const example = examples.find((candidate) => candidate.action === action) as Example
      return (await keystead.call(action, { ...printed(example), ...changed })).code
    }
    expect(await codeOf('ListKeys', {})).toBe('InvalidParameterValue.InvalidHsmClusterId')
    expect(await codeOf('GenerateDataKey', await enabled())).toBe('FailedOperation.EncryptionError')
  })
})

describe('the four documents that came first, as they are printed', () => {
  const stateOf = async (KeyId: string) => (await keystead.ok('DescribeKey', { KeyId })).KeyMetadata.KeyState
  const printedId = '23e80852-1e38-11e9-b129-5cb9019b4b01'

  /** The printed text itself, with a real id where the printed one stands. */
  const replay = async (action: string, KeyId: string) => {
    const example = examples.find((candidate) => candidate.action === action) as Example
    const body = JSON.stringify(printed(example))
    expect(body).toContain(printedId)
    const { response, code } = await keystead.call(action, body.replaceAll(printedId, KeyId))
    expect(code).toBeUndefined()
    expect(Object.keys(response).sort()).toEqual(Object.keys(example.response).sort())
    return response
  }

  test('ArchiveKey archives', async () => {
    const KeyId = await createKey(keystead)
    await replay('ArchiveKey', KeyId)
    expect(await stateOf(KeyId)).toBe('Archived')
  })

  test('CancelKeyArchive enables again', async () => {
    const KeyId = await createKey(keystead)
    await bringInto(keystead, KeyId, 'Archived')
    await replay('CancelKeyArchive', KeyId)
    expect(await stateOf(KeyId)).toBe('Enabled')
  })

  test('DeleteImportedKeyMaterial leaves a key that waits for its material', async () => {
    const members = await wrapped()
    await keystead.ok('ImportKeyMaterial', members)
    await replay('DeleteImportedKeyMaterial', members.KeyId)
    expect(await stateOf(members.KeyId)).toBe('PendingImport')
  })

  test('ScheduleKeyDeletion takes "7" for 7 and an id inside a second pair of quotes', async () => {
    const KeyId = await createKey(keystead)
    await bringInto(keystead, KeyId, 'Disabled')
    const example = examples.find((candidate) => candidate.action === 'ScheduleKeyDeletion') as Example
    expect(example.request.body).toEqual({ PendingWindowInDays: '7', KeyId: `"${printedId}"` })
    const before = Math.floor(keystead.clock.now() / 1000)
    const response = await replay('ScheduleKeyDeletion', KeyId)
    expect(response.KeyId).toBe(KeyId)
    expect(response.DeletionDate - before - 7 * 86_400).toBeGreaterThanOrEqual(0)
    expect(response.DeletionDate - before - 7 * 86_400).toBeLessThan(5)
    expect(await stateOf(KeyId)).toBe('PendingDelete')
  })
})

describe('the published error', () => {
  const answers: Readonly<Record<string, () => Promise<Members>>> = {
    'bad signature': async () => (await keystead.call('GetRegions', {}, { sign: { body: 'other' } })).response,
    'wrong service in the credential scope (client error text)': async () =>
      (await keystead.call('GetRegions', {}, { sign: { service: 'cvm' } })).response,
  }
  test.each(published.errors.map((error) => [error.title, error.response] as const))('%s', async (title, expected) => {
    const answer = (await answers[title]?.()) as Members
    expect(Object.keys(answer).sort()).toEqual(Object.keys(expected).sort())
    expect(answer.Error.Code).toBe(expected.Error.Code)
    const [telling] = expected.Error.Message.match(/`Service` in Credential not valid|check your signature/) ?? []
    expect(answer.Error.Message).toContain(telling)
  })
})

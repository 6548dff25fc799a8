/** Every error code that the vendor lists for an action is answered to a real request, or the reason why not is here. */
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { unreached, whyUnreached } from '../../../scripts/reference/unreached.ts'
import { administer } from '../../../src/cli/admin.ts'
import { QueueFull } from '../../../src/core/ports.ts'
import { actions as declared } from '../../../src/dialects/tencent/actions.ts'
import { texts } from '../../../src/dialects/tencent/codes.ts'
import { errors, precedence } from '../../../src/dialects/tencent/errors.ts'
import { neighbours } from '../../../src/dialects/tencent/vendor-neighbours.ts'
import { addAccessKey, addPrincipal } from '../../harness/access.ts'
import {
  createImported,
  createKey,
  importParameters,
  type KeyState,
  materialOf,
  newAlias,
  wrapMaterial,
} from '../../harness/keys.ts'
import { type AccessKey, type Members, startKeystead, type TestKeystead } from '../../harness/keystead.ts'
import { turnedAway } from '../../harness/unavailable.ts'
import vendor from '../../vendor/tencent.json' with { type: 'json' }
import tokens from '../../vendor/tencent-sts.json' with { type: 'json' }
import { dataKeyWays, type Reach } from './data-key-ways.ts'
import {
  dataKeySubject,
  enabledSubject,
  isAboutDataKeys,
  isAboutWhiteBoxKeys,
  isSymmetric,
  members,
  type Subject,
  subjectIn,
  whiteBoxSubject,
} from './subjects.ts'
import { whiteBoxWays } from './white-box-ways.ts'

/** A table of regions in which the one that is asked offers RSA only. */
const fewUsages = join(mkdtempSync(join(tmpdir(), 'keystead-regions-')), 'regions.json')
writeFileSync(fewUsages, JSON.stringify([{ id: 'guangzhou', tencent: 'ap-guangzhou', asymmetric: ['rsa-2048'] }]))

let keystead: TestKeystead
let full: TestKeystead
let nobody: AccessKey
let subject: Subject
let imported: Subject
let whiteBox: Subject
beforeAll(async () => {
  keystead = await startKeystead()
  full = await startKeystead({ settings: { quotaKeys: 1, quotaDataKeys: 1, quotaWhiteBoxKeys: 1, regions: fewUsages } })
  await createKey(full)
  nobody = await addAccessKey(keystead, { principal: await addPrincipal(keystead) })
  subject = await enabledSubject(keystead)
  whiteBox = await whiteBoxSubject(keystead)
  imported = { ...subject, KeyId: await createImported(keystead) }
})
afterAll(async () => {
  await keystead.end()
  await full.end()
})

interface VendorAction {
  readonly request: readonly { readonly name: string; readonly type: string; readonly required: boolean }[]
  readonly errors: readonly string[]
  readonly states: readonly { readonly state: string; readonly error?: string }[]
}
const documented = vendor.actions as Record<string, VendorAction>

const aboutImport = ['GetParametersForImport', 'ImportKeyMaterial', 'DeleteImportedKeyMaterial']
const asymmetric = new Map<string, Promise<Subject>>()
/** One key for each action about asymmetric ones. */
const asymmetricSubject = (action: string): Promise<Subject> => {
  const made = asymmetric.get(action) ?? enabledSubject(keystead, action)
  asymmetric.set(action, made)
  return made
}
const subjectFor = async (action: string): Promise<Subject> => {
  if (isAboutDataKeys(action)) return dataKeySubject(keystead)
  if (isAboutWhiteBoxKeys(action))
    return action.startsWith('Delete') ? subjectIn(keystead, action, 'Disabled') : whiteBox
  if (aboutImport.includes(action)) return imported
  return isSymmetric(action) ? subject : asymmetricSubject(action)
}
const right = async (action: string): Promise<Members> => members(keystead, action, await subjectFor(action))
const called = async (action: string, asked: Members | Promise<Members>) =>
  (await keystead.call(action, await asked)).code
/** A right request, but for these members. */
const but = async (action: string, changed: Members) => called(action, { ...(await right(action)), ...changed })

const unknownKey = '23e80852-1e38-11e9-b129-5cb9019b4b01'

/** The member that names the keys of an action, with ids in the form that it takes. */
const keyMember = (action: string, ...ids: string[]): Members | undefined => {
  const names = (documented[action]?.request ?? []).map(({ name }) => name)
  if (names.includes('KeyIds')) return { KeyIds: ids }
  if (names.includes('DataKeyIds')) return { DataKeyIds: ids }
  const name = ['KeyId', 'DataKeyId', 'DestinationKeyId'].find((candidate) => names.includes(candidate))
  return name === undefined ? undefined : { [name]: ids[0] }
}

/** A blob of a key that does not exist where it is used. */
const blobOfNoKey = async (): Promise<string> => {
  const options = { region: 'ap-shanghai' }
  const KeyId = await createKey(keystead, {}, options)
  return (await keystead.ok('Encrypt', { KeyId, Plaintext: 'aGVsbG8=' }, options)).CiphertextBlob
}

/** With a journal that cannot be written, nothing can be answered. */
const withoutJournal = async (action: string): Promise<string | undefined> => {
  const asked = await right(action)
  const house = keystead.running.installation.house as { journal: object }
  const { journal } = house
  house.journal = { append: () => Promise.reject(new Error('the disk is full')) }
  try {
    return await called(action, asked)
  } finally {
    house.journal = journal
  }
}

const whileSealed = async (action: string): Promise<string | undefined> => {
  const asked = await right(action)
  return turnedAway(keystead, { reason: 'notServing', state: 'sealed', told: 'it is sealed' }, () =>
    called(action, asked),
  )
}

const malformed: Readonly<Record<string, Members>> = {
  ListKeys: { Limit: 201 },
  ListKeyDetail: { Offset: -1 },
  GenerateRandom: { NumberOfBytes: 1025 },
  CreateKey: { Description: 'x'.repeat(1025) },
  UpdateAlias: { Alias: 7 },
  UpdateKeyDescription: { Description: 'x'.repeat(1025) },
  GetParametersForImport: { WrappingKeySpec: 'RSA_4096' },
  ImportKeyMaterial: { ImportToken: 'AAAA' },
  Encrypt: { EncryptionContext: '[]' },
  Decrypt: { EncryptionContext: 'nonsense' },
  ReEncrypt: { DestinationEncryptionContext: '{"a":{}}' },
  GenerateDataKey: { KeySpec: 'AES_512' },
  DescribeKeys: { KeyIds: 'nonsense' },
  EnableKeys: { KeyIds: [7] },
  DisableKeys: { KeyIds: {} },
  ImportDataKey: { Description: 'x'.repeat(101) },
  ListDataKeyDetail: { Limit: 201 },
}

const bind = async (KeyId: string): Promise<string> => {
  await keystead.ok('BindCloudResource', { KeyId, ProductId: 'cos', ResourceId: 'bucket' })
  return KeyId
}

const inUse = async (action: string): Promise<string | undefined> => {
  const KeyId = await bind(aboutImport.includes(action) ? await createImported(keystead) : await createKey(keystead))
  return called(action, members(keystead, action, { ...subject, KeyId }))
}

/** A key that a product owns, as the operator makes one. */
const productKey = async (): Promise<string> => {
  const made = await administer(keystead.folder, 'product-key-create', {
    name: `kms-${newAlias()}`,
    product: 'cbs',
    region: 'ap-guangzhou',
  })
  return String(made.id)
}

/** How a code is reached, for every action that lists it; a more precise way for one action comes first. */
const ways: Readonly<Record<string, Reach>> = {
  InternalError: withoutJournal,
  'UnsupportedOperation.ServiceTemporaryUnavailable': whileSealed,
  UnauthorizedOperation: async (action) => (await keystead.call(action, await right(action), { key: nobody })).code,
  InvalidParameter: (action) => but(action, malformed[action] ?? { KeyId: 7 }),
  'InvalidParameterValue.InvalidKeyId': (action) => but(action, keyMember(action, 'nonsense') ?? {}),
  'InvalidParameterValue.DuplicatedKeyId': (action) => but(action, { KeyIds: [subject.KeyId, subject.KeyId] }),
  'InvalidParameterValue.InvalidHsmClusterId': (action) => but(action, { HsmClusterId: 'cls-hsm-3dflmo9g' }),
  'ResourceUnavailable.CmkNotFound': (action) => but(action, keyMember(action, unknownKey) ?? {}),
  'UnsupportedOperation.NotRoleOperation': (action) =>
    but(
      action,
      action.startsWith('List') ? { MemberAccounts: [{ MemberUin: 1 }] } : { MemberAccount: { MemberUin: 1 } },
    ),
  'UnsupportedOperation.NotExternalCmk': (action) => but(action, { KeyId: subject.KeyId }),
  'FailedOperation.CmkUsedByCloudProduct': inUse,
  'FailedOperation.EncryptionError': (action) => but(action, { EncryptionPublicKey: 'nonsense' }),
  'InvalidParameterValue.InvalidCiphertext': (action) => but(action, { CiphertextBlob: 'nonsense' }),

  'UnsupportedOperation.NotUserCreatedCmk': async (action) => called(action, { KeyId: await productKey() }),

  'FailedOperation.DecryptError': (action) => but(action, { Ciphertext: Buffer.alloc(256, 1).toString('base64') }),
  'AsymmetricRsaDecrypt InvalidParameterValue.InvalidKeyUsage': () =>
    but('AsymmetricRsaDecrypt', { KeyId: subject.KeyId }),
  'AsymmetricSm2Decrypt InvalidParameterValue.InvalidKeyUsage': () =>
    but('AsymmetricSm2Decrypt', { KeyId: subject.KeyId }),
  'AsymmetricSm2Decrypt UnsupportedOperation.UnsupportedKeyUsageInCurrentRegion': async () =>
    (await full.call('AsymmetricSm2Decrypt', await right('AsymmetricSm2Decrypt'))).code,
  'GenerateDataKey InvalidParameterValue.InvalidKeyUsage': async () =>
    but('GenerateDataKey', { KeyId: (await subjectFor('GetPublicKey')).KeyId }),
  'ImportDataKey InvalidParameterValue.InvalidKeyUsage': async () =>
    but('ImportDataKey', { KeyId: (await subjectFor('GetPublicKey')).KeyId }),
  MissingParameter: (action) => called(action, {}),
  'VerifyByAsymmetricKey InvalidParameterValue': () => but('VerifyByAsymmetricKey', { MessageType: 'DIGEST' }),
  'PostQuantumCryptoVerify InvalidParameterValue': () =>
    but('PostQuantumCryptoVerify', { Message: Buffer.alloc(4097).toString('base64') }),
  'PostQuantumCryptoEncrypt InvalidParameterValue.InvalidPlaintext': () =>
    but('PostQuantumCryptoEncrypt', { PlainText: 'nonsense!' }),
  'PostQuantumCryptoDecrypt InvalidParameter': async () =>
    but('PostQuantumCryptoDecrypt', { CiphertextBlob: subject.CiphertextBlob }),
  'PostQuantumCryptoDecrypt ResourceUnavailable.CmkNotFound': async () =>
    called('PostQuantumCryptoDecrypt', { CiphertextBlob: await blobOfNoKey() }),
  'Decrypt ResourceUnavailable.CmkNotFound': async () => called('Decrypt', { CiphertextBlob: await blobOfNoKey() }),
  'CreateKey FailedOperation.TaggingError': () => but('CreateKey', { Tags: [{ TagKey: '', TagValue: 'dev' }] }),
  'CreateKey InvalidParameterValue.TagKeysDuplicated': () =>
    but('CreateKey', { Tags: ['dev', 'prod'].map((TagValue) => ({ TagKey: 'env', TagValue })) }),
  'CreateKey InvalidParameterValue.AliasAlreadyExists': async () => {
    const Alias = newAlias()
    await keystead.ok('CreateKey', { Alias })
    return called('CreateKey', { Alias })
  },
  'CreateKey InvalidParameterValue.InvalidAlias': () => called('CreateKey', { Alias: 'kms-mine' }),
  'CreateKey InvalidParameterValue.InvalidKeyUsage': () => but('CreateKey', { KeyUsage: 'NONSENSE' }),
  'CreateKey InvalidParameterValue.InvalidType': () => but('CreateKey', { Type: 3 }),
  'CreateKey LimitExceeded.CmkLimitExceeded': async () => (await full.call('CreateKey', { Alias: newAlias() })).code,
  'CreateKey UnsupportedOperation.UnsupportedKeyUsageInCurrentRegion': async () =>
    (await full.call('CreateKey', { Alias: newAlias(), KeyUsage: 'ASYMMETRIC_SIGN_VERIFY_ECDSA384' })).code,
  'UpdateAlias InvalidParameterValue.AliasAlreadyExists': async () => {
    const Alias = newAlias()
    await keystead.ok('CreateKey', { Alias })
    return but('UpdateAlias', { Alias })
  },
  'UpdateAlias InvalidParameterValue.InvalidAlias': () => but('UpdateAlias', { Alias: '-mine' }),
  'ScheduleKeyDeletion InvalidParameter.InvalidPendingWindowInDays': () =>
    but('ScheduleKeyDeletion', { PendingWindowInDays: 6 }),
  'EnableKeyRotation InvalidParameterValue': () => but('EnableKeyRotation', { RotateDays: 6 }),
  'RotateKey RequestLimitExceeded.RotateRateLimited': async () => {
    const { KeyId } = await subjectIn(keystead, 'RotateKey', 'Enabled')
    await keystead.ok('RotateKey', { KeyId })
    return called('RotateKey', { KeyId })
  },
  'RotateKey FailedOperation.RotateTaskRunning': async () => {
    // It takes two calls that decide at the same moment, and when that is nobody can say.
    const codes = new Set<string | undefined>()
    for (let key = 0; key < 50 && !codes.has('FailedOperation.RotateTaskRunning'); key++) {
      const { KeyId } = await subjectIn(keystead, 'RotateKey', 'Enabled')
      const calls = Array.from({ length: 16 }, () => called('RotateKey', { KeyId }))
      for (const code of await Promise.all(calls)) codes.add(code)
    }
    return [...codes].find((code) => code === 'FailedOperation.RotateTaskRunning')
  },
  'UnbindCloudResource ResourceUnavailable.CloudResourceBindingNotFound': () =>
    but('UnbindCloudResource', { ResourceId: 'never bound' }),
  'Encrypt InvalidParameterValue.InvalidPlaintext': () => but('Encrypt', { Plaintext: 'nonsense!' }),
  'ImportKeyMaterial InvalidParameter.DecryptMaterialError': () =>
    but('ImportKeyMaterial', { EncryptedKeyMaterial: Buffer.alloc(256, 1).toString('base64') }),
  'ImportKeyMaterial InvalidParameterValue.MaterialNotMatch': async () => {
    const { ImportToken, PublicKey } = await importParameters(keystead, imported.KeyId)
    const EncryptedKeyMaterial = wrapMaterial(PublicKey, materialOf(8))
    return called('ImportKeyMaterial', { KeyId: imported.KeyId, ImportToken, EncryptedKeyMaterial })
  },
  'ImportKeyMaterial ResourceUnavailable.TokenExpired': async () => {
    const older = await right('ImportKeyMaterial')
    await importParameters(keystead, imported.KeyId)
    return called('ImportKeyMaterial', older)
  },
  ...dataKeyWays({ keystead: () => keystead, full: () => full, called, but, keyMember }),
  ...whiteBoxWays({ keystead: () => keystead, full: () => full, called, but, keyMember }),
}

/** The first state in which the vendor's table has the code for the action. */
const byState = (action: string, code: string): Reach | undefined => {
  const row = documented[action]?.states.find(({ error }) => error === code)
  return (
    row &&
    (async () => called(action, members(keystead, action, await subjectIn(keystead, action, row.state as KeyState))))
  )
}

const wayTo = (action: string, code: string): Reach | undefined =>
  ways[`${action} ${code}`] ?? (unreached[`${action} ${code}`] ? undefined : (byState(action, code) ?? ways[code]))

const pairs = Object.entries(documented).flatMap(([action, { errors: codes }]) => codes.map((code) => [action, code]))

describe('every documented code of every action is answered, or there is a reason why not', () => {
  test.each(pairs as [string, string][])('%s %s', async (action, code) => {
    const [way, reason] = [wayTo(action, code), whyUnreached(action, code)]
    expect([way === undefined, reason === undefined].filter(Boolean), 'either a way or a reason').toHaveLength(1)
    if (way) expect(await way(action)).toBe(code)
  })

  test('no way and no reason is about a pair that is not documented', () => {
    const known = new Set([...pairs.map((pair) => pair.join(' ')), ...pairs.map(([, code]) => code)])
    expect([...Object.keys(ways), ...Object.keys(unreached)].filter((name) => !known.has(name))).toEqual([])
  })
})

test('an action that does not list UnauthorizedOperation denies by the code of the gateway', async () => {
  for (const { name } of declared.filter((action) => action.name in documented)) {
    const listed = documented[name]?.errors.includes('UnauthorizedOperation')
    const { code } = await keystead.call(name, await right(name), { key: nobody })
    expect([name, code]).toEqual([name, listed ? 'UnauthorizedOperation' : 'AuthFailure.UnauthorizedOperation'])
  }
})

test('who may not use a key is not told its state', async () => {
  const disabled = await subjectIn(keystead, 'Encrypt', 'Disabled')
  const { code } = await keystead.call('Encrypt', { KeyId: disabled.KeyId, Plaintext: 'aGVsbG8=' }, { key: nobody })
  expect(code).toBe('UnauthorizedOperation')
})

test('a policy allows what it names and nothing else', async () => {
  const resources = [{ kind: 'key', region: '*', creator: '*', id: subject.KeyId }]
  const policies = [{ statements: [{ effect: 'allow', rights: ['encrypt'], resources }] }]
  const key = await addAccessKey(keystead, { principal: await addPrincipal(keystead, { policies }) })
  const other = await enabledSubject(keystead)
  const code = async (action: string, asked: Members) => (await keystead.call(action, asked, { key })).code
  expect(await code('Encrypt', { KeyId: subject.KeyId, Plaintext: 'aGVsbG8=' })).toBeUndefined()
  expect(await code('Encrypt', { KeyId: other.KeyId, Plaintext: 'aGVsbG8=' })).toBe('UnauthorizedOperation')
  expect(await code('Decrypt', { CiphertextBlob: subject.CiphertextBlob })).toBe('UnauthorizedOperation')
  expect(await code('ReEncrypt', { CiphertextBlob: subject.CiphertextBlob })).toBe('UnauthorizedOperation')
  expect(await code('DescribeKeys', { KeyIds: [subject.KeyId] })).toBe('UnauthorizedOperation')
})

test('slow cryptography without room is answered by the code that SDKs retry', async () => {
  const asked = { KeyId: imported.KeyId, WrappingAlgorithm: 'RSAES_OAEP_SHA_1', WrappingKeySpec: 'RSA_2048' }
  const { house } = keystead.running.installation
  const pairsOfHouse = house as { pairs: typeof house.pairs }
  const { pairs: kept } = pairsOfHouse
  pairsOfHouse.pairs = { take: () => Promise.reject(new QueueFull()) }
  try {
    expect(await called('GetParametersForImport', asked)).toBe('RequestLimitExceeded')
  } finally {
    pairsOfHouse.pairs = kept
  }
})

describe('the tables', () => {
  test('every reason to refuse has its place in the order of checks, once', () => {
    expect([...precedence].sort()).toEqual(Object.keys(errors).sort())
  })

  test('every code that is answered has a text, and is one of the vendor', () => {
    const common =
      /^(?:AuthFailure|InvalidAction|InvalidRequest|MissingParameter|NoSuchVersion|UnknownParameter|Unsupported(?:Protocol|Region|Operation)$|Request(?:SizeL|L)imitExceeded$)/
    const ofNeighbours = Object.values(neighbours).flatMap(({ errors: codes }) => codes)
    const beside = [...Object.values(tokens.actions).flatMap((row) => row.errors as string[]), ...ofNeighbours]
    const listed = new Set([...pairs.map(([, code]) => code), ...beside])
    const unlisted = Object.keys(texts).filter((code) => !listed.has(code) && !common.test(code))
    expect(unlisted).toEqual([])
  })

  test('the members of every action are those of the vendor', () => {
    for (const [name, { request }] of Object.entries(documented)) {
      const action = declared.find((candidate) => candidate.name === name)
      expect([name, Object.keys(action?.request ?? {}).sort()]).toEqual([
        name,
        request.map((member) => member.name).sort(),
      ])
      const required = request.filter((member) => member.required).map((member) => member.name)
      const demanded = Object.entries(action?.request ?? {}).filter(([, schema]) => !schema.isOptional())
      expect([name, demanded.map(([member]) => member).sort()]).toEqual([name, required.sort()])
    }
  })
})

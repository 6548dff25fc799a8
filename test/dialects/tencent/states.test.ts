/** Every action in every state, by the vendor's table: no cell is left out. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  bringInto,
  createImported,
  createKey,
  importParameters,
  type KeyState,
  materialOf,
  newAlias,
  stateOf,
  wrapMaterial,
} from '../../harness/keys.ts'
import { type Members, startKeystead, type TestKeystead } from '../../harness/keystead.ts'
import vendor from '../../vendor/tencent.json' with { type: 'json' }

let keystead: TestKeystead
/** An Enabled key, and a blob of it. */
let other: { KeyId: string; CiphertextBlob: string }
beforeAll(async () => {
  keystead = await startKeystead()
  const KeyId = await createKey(keystead)
  other = { KeyId, CiphertextBlob: (await keystead.ok('Encrypt', { KeyId, Plaintext: 'aGVsbG8=' })).CiphertextBlob }
})
afterAll(() => keystead.end())

interface Row {
  readonly state: string
  readonly allowed: boolean
  readonly resultingState?: string
  readonly error?: string
}

interface Subject {
  readonly KeyId: string
  /** Made while the key was Enabled. */
  readonly CiphertextBlob: string
}

const fromKeyId = async ({ KeyId }: Subject): Promise<Members> => ({ KeyId })
const fromKeyIds = async ({ KeyId }: Subject): Promise<Members> => ({ KeyIds: [other.KeyId, KeyId] })

/** What an action is asked with; the rest is `KeyId` alone. */
const askedWith: Readonly<Record<string, (subject: Subject) => Promise<Members>>> = {
  DescribeKeys: fromKeyIds,
  EnableKeys: fromKeyIds,
  DisableKeys: async ({ KeyId }) => ({ KeyIds: [KeyId] }),
  UpdateAlias: async ({ KeyId }) => ({ KeyId, Alias: newAlias() }),
  UpdateKeyDescription: async ({ KeyId }) => ({ KeyId, Description: 'another' }),
  ScheduleKeyDeletion: async ({ KeyId }) => ({ KeyId, PendingWindowInDays: 7 }),
  GetParametersForImport: async ({ KeyId }) => ({
    KeyId,
    WrappingAlgorithm: 'RSAES_OAEP_SHA_256',
    WrappingKeySpec: 'RSA_2048',
  }),
  ImportKeyMaterial: async ({ KeyId }) => {
    const { ImportToken, PublicKey } = await importParameters(keystead, KeyId)
    return { KeyId, ImportToken, EncryptedKeyMaterial: wrapMaterial(PublicKey, materialOf(7)) }
  },
  Encrypt: async ({ KeyId }) => ({ KeyId, Plaintext: 'aGVsbG8=' }),
  Decrypt: async ({ CiphertextBlob }) => ({ CiphertextBlob }),
  ReEncrypt: async ({ KeyId }) => ({ CiphertextBlob: other.CiphertextBlob, DestinationKeyId: KeyId }),
  GenerateDataKey: async ({ KeyId }) => ({ KeyId, KeySpec: 'AES_256' }),
}

/** Only imported keys can wait for material, and these actions are about nothing else. */
const aboutImport = new Set(['GetParametersForImport', 'ImportKeyMaterial', 'DeleteImportedKeyMaterial'])

const subjectIn = async (action: string, state: KeyState): Promise<Subject> => {
  const imported = state === 'PendingImport' || aboutImport.has(action)
  const KeyId = imported ? await createImported(keystead) : await createKey(keystead)
  const { CiphertextBlob } = await keystead.ok('Encrypt', { KeyId, Plaintext: 'aGVsbG8=' })
  await bringInto(keystead, KeyId, state)
  return { KeyId, CiphertextBlob }
}

const saying = ({ state, allowed, resultingState, error }: Row) =>
  `${state}: ${allowed ? `allowed, then ${resultingState}` : error}`

const check = async (action: string, row: Row, members: (subject: Subject) => Promise<Members>) => {
  const subject = await subjectIn(action, row.state as KeyState)
  const { code } = await keystead.call(action, await members(subject))
  expect(code).toBe(row.allowed ? undefined : row.error)
  expect(await stateOf(keystead, subject.KeyId)).toBe(row.allowed ? row.resultingState : row.state)
}

const actions = Object.entries(vendor.actions) as [string, { states: Row[]; sourceStates?: Row[] }][]
const withStates = actions.filter(([, { states }]) => states.length > 0)

describe.each(withStates)('%s', (action, { states }) => {
  test.each(states.map((row) => [saying(row), row] as const))('%s', (_saying, row) =>
    check(action, row, askedWith[action] ?? fromKeyId),
  )
})

const sourceStates = vendor.actions.ReEncrypt.sourceStates.map((row: Row) => [saying(row), row] as const)

describe('ReEncrypt of a blob whose key is', () => {
  test.each(sourceStates)('%s', (_saying, row) =>
    check('ReEncrypt', row, async ({ CiphertextBlob }) => ({ CiphertextBlob, DestinationKeyId: other.KeyId })),
  )
})

test('the table has five states for every action that names a key, and none for the others', () => {
  const stateless = actions.filter(([, { states }]) => states.length === 0).map(([action]) => action)
  expect(stateless.sort()).toEqual([
    'CreateKey',
    'GenerateRandom',
    'GetRegions',
    'GetServiceStatus',
    'ListAlgorithms',
    'ListKeyDetail',
    'ListKeys',
  ])
  for (const [action, { states }] of withStates) expect(new Set(states.map(({ state }) => state)).size, action).toBe(5)
  expect(withStates.length * 5).toBe(95)
})

test('a key whose deletion is cancelled waits for material where it has none', async () => {
  const KeyId = await createKey(keystead, { Type: 2 })
  await keystead.ok('ScheduleKeyDeletion', { KeyId, PendingWindowInDays: 7 })
  await keystead.ok('CancelKeyDeletion', { KeyId })
  expect(await stateOf(keystead, KeyId)).toBe('PendingImport')
})

test('an archived key whose deletion is cancelled is disabled, and enabled again by one call', async () => {
  const KeyId = await createKey(keystead)
  await bringInto(keystead, KeyId, 'Archived')
  await keystead.ok('ScheduleKeyDeletion', { KeyId, PendingWindowInDays: 30 })
  await keystead.ok('CancelKeyDeletion', { KeyId })
  expect(await stateOf(keystead, KeyId)).toBe('Disabled')
  await keystead.ok('EnableKey', { KeyId })
  expect(await stateOf(keystead, KeyId)).toBe('Enabled')
})

/** What every action is asked with, about a key that was brought into a state first. */
import {
  bringInto,
  createImported,
  createKey,
  importParameters,
  type KeyState,
  materialOf,
  newAlias,
  wrapMaterial,
} from '../../harness/keys.ts'
import type { Members, TestKeystead } from '../../harness/keystead.ts'

export interface Subject {
  readonly KeyId: string
  /** Made while the key was Enabled. */
  readonly CiphertextBlob: string
}

export const plaintext = Buffer.from('hello').toString('base64')

export const enabledSubject = async (keystead: TestKeystead): Promise<Subject> => {
  const KeyId = await createKey(keystead)
  const { CiphertextBlob } = await keystead.ok('Encrypt', { KeyId, Plaintext: plaintext })
  return { KeyId, CiphertextBlob }
}

/** Only imported keys can wait for material, and these actions are about nothing else. */
const aboutImport = new Set(['GetParametersForImport', 'ImportKeyMaterial', 'DeleteImportedKeyMaterial'])

/** A key that the action can be asked about, brought into the state. */
export const subjectIn = async (keystead: TestKeystead, action: string, state: KeyState): Promise<Subject> => {
  const imported = state === 'PendingImport' || aboutImport.has(action)
  const KeyId = imported ? await createImported(keystead) : await createKey(keystead)
  const { CiphertextBlob } = await keystead.ok('Encrypt', { KeyId, Plaintext: plaintext })
  await bringInto(keystead, KeyId, state)
  return { KeyId, CiphertextBlob }
}

type Ask = (subject: Subject, keystead: TestKeystead) => Members | Promise<Members>

const oneKey: Ask = ({ KeyId }) => ({ KeyId })
const manyKeys: Ask = ({ KeyId }) => ({ KeyIds: [KeyId] })
const nothing: Ask = () => ({})

const wrappedFor: Ask = async ({ KeyId }, keystead) => {
  const { ImportToken, PublicKey } = await importParameters(keystead, KeyId)
  return { KeyId, ImportToken, EncryptedKeyMaterial: wrapMaterial(PublicKey, materialOf(7)) }
}

const asked: Readonly<Record<string, Ask>> = {
  CreateKey: () => ({ Alias: newAlias() }),
  ListKeys: nothing,
  ListKeyDetail: nothing,
  GenerateRandom: () => ({ NumberOfBytes: 16 }),
  GetRegions: nothing,
  GetServiceStatus: nothing,
  ListAlgorithms: nothing,
  DescribeKeys: manyKeys,
  EnableKeys: manyKeys,
  DisableKeys: manyKeys,
  UpdateAlias: ({ KeyId }) => ({ KeyId, Alias: newAlias() }),
  UpdateKeyDescription: ({ KeyId }) => ({ KeyId, Description: 'another' }),
  ScheduleKeyDeletion: ({ KeyId }) => ({ KeyId, PendingWindowInDays: 7 }),
  GetParametersForImport: ({ KeyId }) => ({
    KeyId,
    WrappingAlgorithm: 'RSAES_OAEP_SHA_256',
    WrappingKeySpec: 'RSA_2048',
  }),
  ImportKeyMaterial: wrappedFor,
  Encrypt: ({ KeyId }) => ({ KeyId, Plaintext: plaintext }),
  Decrypt: ({ CiphertextBlob }) => ({ CiphertextBlob }),
  ReEncrypt: async ({ KeyId }, keystead) => ({
    CiphertextBlob: (await enabledSubject(keystead)).CiphertextBlob,
    DestinationKeyId: KeyId,
  }),
  GenerateDataKey: ({ KeyId }) => ({ KeyId, KeySpec: 'AES_256' }),
}

/** A right request about the subject. */
export const members = async (keystead: TestKeystead, action: string, subject: Subject): Promise<Members> =>
  (asked[action] ?? oneKey)(subject, keystead)

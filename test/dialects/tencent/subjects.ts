/** What every action is asked with, about a key that was brought into a state first. */

import { bindingId } from '../../../src/core/operations/binding.ts'
import { encryptionSchemes } from '../../../src/crypto/encryption.ts'
import { change } from '../../harness/access.ts'
import { bringDataKeyInto, type DataKeyState, hostDataKey } from '../../harness/data-keys.ts'
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
import { bringWhiteBoxKeyInto, createWhiteBoxKey, type WhiteBoxState } from '../../harness/white-box.ts'
import vendor from '../../vendor/tencent.json' with { type: 'json' }

export interface Subject {
  readonly KeyId: string
  /** Hosted under the key, where an action is about a data key. */
  readonly DataKeyId?: string
  /** Made while the key was Enabled. */
  readonly CiphertextBlob: string
}

/** What is bound, where an action is about a binding. */
export const resource = { ProductId: 'cos', ResourceId: 'bucket' }

export const plaintext = Buffer.from('hello').toString('base64')

/** What the key of an action must be for; symmetric where nothing is said. */
const usages: Readonly<Record<string, string>> = {
  AsymmetricRsaDecrypt: 'ASYMMETRIC_DECRYPT_RSA_2048',
  AsymmetricSm2Decrypt: 'ASYMMETRIC_DECRYPT_SM2',
  GetPublicKey: 'ASYMMETRIC_SIGN_VERIFY_ECC',
  SignByAsymmetricKey: 'ASYMMETRIC_SIGN_VERIFY_ECC',
  VerifyByAsymmetricKey: 'ASYMMETRIC_SIGN_VERIFY_ECC',
  PostQuantumCryptoDecrypt: 'ASYMMETRIC_DECRYPT_KYBER_AES',
  PostQuantumCryptoEncrypt: 'ASYMMETRIC_DECRYPT_KYBER_AES',
  PostQuantumCryptoSign: 'ASYMMETRIC_SIGN_VERIFY_DILITHIUM',
  PostQuantumCryptoVerify: 'ASYMMETRIC_SIGN_VERIFY_DILITHIUM',
}

export const isSymmetric = (action: string): boolean => usages[action] === undefined

/** A ciphertext for the key, made by whoever has its public half. */
const encryptedTo: Readonly<Record<string, (publicKey: Uint8Array) => Uint8Array | undefined>> = {
  AsymmetricRsaDecrypt: (publicKey) => encryptionSchemes.rsaOaepSha256.encrypt(publicKey, Buffer.from('hello')),
  AsymmetricSm2Decrypt: (publicKey) => encryptionSchemes.sm2Der.encrypt(publicKey, Buffer.from('hello')),
}

const blobFor = async (keystead: TestKeystead, action: string, KeyId: string): Promise<string> => {
  if (isSymmetric(action)) return (await keystead.ok('Encrypt', { KeyId, Plaintext: plaintext })).CiphertextBlob
  if (usages[action] === 'ASYMMETRIC_DECRYPT_KYBER_AES')
    return (await keystead.ok('PostQuantumCryptoEncrypt', { KeyId, PlainText: plaintext })).CiphertextBlob
  const encrypt = encryptedTo[action]
  if (!encrypt) return ''
  const { PublicKey } = await keystead.ok('GetPublicKey', { KeyId })
  return Buffer.from(encrypt(Buffer.from(PublicKey, 'base64')) ?? []).toString('base64')
}

const keyFor = (keystead: TestKeystead, action: string): Promise<string> =>
  createKey(keystead, isSymmetric(action) ? {} : { KeyUsage: usages[action] as string })

/** A key that the action can be asked about. */
export const enabledSubject = async (keystead: TestKeystead, action = 'Encrypt'): Promise<Subject> => {
  const KeyId = await keyFor(keystead, action)
  return { KeyId, CiphertextBlob: await blobFor(keystead, action, KeyId) }
}

/** Whether an action is about white-box keys, which `KeyId` and `KeyIds` name then. */
export const isAboutWhiteBoxKeys = (action: string): boolean => action.includes('WhiteBox')

/** A white-box key that is Enabled. */
export const whiteBoxSubject = async (keystead: TestKeystead): Promise<Subject> => ({
  KeyId: (await createWhiteBoxKey(keystead)).KeyId,
  CiphertextBlob: '',
})

/** A data key that is Enabled, and its key. */
export const dataKeySubject = async (keystead: TestKeystead): Promise<Subject> => {
  const subject = await enabledSubject(keystead)
  const { DataKeyId } = await hostDataKey(keystead, { KeyId: subject.KeyId })
  return { ...subject, DataKeyId }
}

/** Whether an action names data keys: then its states are theirs. */
export const isAboutDataKeys = (action: string): boolean => {
  const { request = [] } = (vendor.actions as Record<string, { request: { name: string }[] }>)[action] ?? {}
  return request.some(({ name }) => name === 'DataKeyId' || name === 'DataKeyIds')
}

/** Only imported keys can wait for material, and these actions are about nothing else. */
const aboutImport = new Set(['GetParametersForImport', 'ImportKeyMaterial', 'DeleteImportedKeyMaterial'])

/** A bound key cannot be brought into most states, so the binding is put there behind the core's back. */
const bindBehind = async (keystead: TestKeystead, KeyId: string): Promise<void> => {
  const { house } = keystead.running.installation
  const over = await (await house.coherence.view()).get('key', KeyId)
  if (!over) throw new Error(`no key ${KeyId}`)
  const [product, bound] = [resource.ProductId, resource.ResourceId]
  const id = bindingId({ keyId: KeyId, product, resource: bound })
  const common = { id, account: over.account, revision: 1, key: KeyId, createdAt: house.clock.now() }
  await change(
    keystead,
    { put: { ...over, bindings: 1 }, over },
    { add: { kind: 'binding', ...common, product, resource: bound } },
  )
}

/** A key that the action can be asked about, brought into the state. */
export const subjectIn = async (keystead: TestKeystead, action: string, state: KeyState): Promise<Subject> => {
  if (isAboutWhiteBoxKeys(action)) {
    const subject = await whiteBoxSubject(keystead)
    await bringWhiteBoxKeyInto(keystead, subject.KeyId, state as WhiteBoxState)
    return subject
  }
  if (isAboutDataKeys(action)) {
    const subject = await dataKeySubject(keystead)
    await bringDataKeyInto(keystead, subject.DataKeyId ?? '', state as DataKeyState)
    return subject
  }
  const imported = state === 'PendingImport' || aboutImport.has(action)
  const KeyId = imported ? await createImported(keystead) : await keyFor(keystead, action)
  const CiphertextBlob = await blobFor(keystead, action, KeyId)
  if (action === 'RotateKey' && !imported) await keystead.ok('EnableKeyRotation', { KeyId })
  await bringInto(keystead, KeyId, state)
  if (action === 'UnbindCloudResource') await bindBehind(keystead, KeyId)
  return { KeyId, CiphertextBlob }
}

type Ask = (subject: Subject, keystead: TestKeystead) => Members | Promise<Members>

const oneKey: Ask = ({ KeyId }) => ({ KeyId })
const manyKeys: Ask = ({ KeyId }) => ({ KeyIds: [KeyId] })
const oneDataKey: Ask = ({ DataKeyId }) => ({ DataKeyId })
const manyDataKeys: Ask = ({ DataKeyId }) => ({ DataKeyIds: [DataKeyId] })
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
  AsymmetricRsaDecrypt: ({ KeyId, CiphertextBlob }) => ({
    KeyId,
    Ciphertext: CiphertextBlob,
    Algorithm: 'RSAES_OAEP_SHA_256',
  }),
  AsymmetricSm2Decrypt: ({ KeyId, CiphertextBlob }) => ({ KeyId, Ciphertext: CiphertextBlob }),
  SignByAsymmetricKey: ({ KeyId }) => ({ KeyId, Message: plaintext, Algorithm: 'ECC_P256_R1' }),
  VerifyByAsymmetricKey: ({ KeyId }) => ({
    KeyId,
    Message: plaintext,
    Algorithm: 'ECC_P256_R1',
    SignatureValue: plaintext,
  }),
  PostQuantumCryptoEncrypt: ({ KeyId }) => ({ KeyId, PlainText: plaintext }),
  PostQuantumCryptoDecrypt: ({ CiphertextBlob }) => ({ CiphertextBlob }),
  PostQuantumCryptoSign: ({ KeyId }) => ({ KeyId, Message: plaintext }),
  PostQuantumCryptoVerify: ({ KeyId }) => ({ KeyId, Message: plaintext, SignatureValue: plaintext }),
  GenerateDataKey: ({ KeyId }) => ({ KeyId, KeySpec: 'AES_256' }),
  CancelDataKeyDeletion: oneDataKey,
  DescribeDataKey: oneDataKey,
  DescribeDataKeys: manyDataKeys,
  DisableDataKey: oneDataKey,
  DisableDataKeys: manyDataKeys,
  EnableDataKey: oneDataKey,
  EnableDataKeys: manyDataKeys,
  GetDataKeyCiphertextBlob: oneDataKey,
  GetDataKeyPlaintext: oneDataKey,
  ImportDataKey: ({ KeyId }) => ({
    KeyId,
    DataKeyName: newAlias(),
    ImportType: 2,
    ImportKeyMaterial: plaintext,
  }),
  ListDataKeyDetail: nothing,
  ListDataKeys: nothing,
  ScheduleDataKeyDeletion: ({ DataKeyId }) => ({ DataKeyId, PendingWindowInDays: 7 }),
  UpdateDataKeyDescription: ({ DataKeyId }) => ({ DataKeyId, Description: 'another' }),
  UpdateDataKeyName: ({ DataKeyId }) => ({ DataKeyId, DataKeyName: newAlias() }),
  CreateWhiteBoxKey: () => ({ Alias: newAlias(), Algorithm: 'SM4' }),
  DescribeWhiteBoxKeyDetails: nothing,
  DescribeWhiteBoxServiceStatus: nothing,
  DisableWhiteBoxKeys: manyKeys,
  EnableWhiteBoxKeys: manyKeys,
  EncryptByWhiteBox: ({ KeyId }) => ({ KeyId, PlainText: plaintext }),
  BindCloudResource: ({ KeyId }) => ({ KeyId, ...resource }),
  UnbindCloudResource: ({ KeyId }) => ({ KeyId, ...resource }),
}

/** A right request about the subject. */
export const members = async (keystead: TestKeystead, action: string, subject: Subject): Promise<Members> =>
  (asked[action] ?? oneKey)(subject, keystead)

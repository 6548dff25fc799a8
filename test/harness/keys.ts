/** Brings keys into a state by the calls that a client would make. */
import { constants, publicEncrypt } from 'node:crypto'
import type { CallOptions, TestKeystead } from './keystead.ts'

export type KeyState = 'Enabled' | 'Disabled' | 'PendingImport' | 'Archived' | 'PendingDelete'

let made = 0
export const newAlias = (): string => `key-${++made}-of-${process.pid}`

export const createKey = async (
  keystead: TestKeystead,
  members: { Alias?: string; Description?: string; Type?: 1 | 2; KeyUsage?: string; Tags?: readonly object[] } = {},
  options?: CallOptions,
): Promise<string> => (await keystead.ok('CreateKey', { Alias: newAlias(), ...members }, options)).KeyId

export interface ImportParameters {
  readonly ImportToken: string
  /** Base64 of the DER SubjectPublicKeyInfo. */
  readonly PublicKey: string
}

export const importParameters = async (
  keystead: TestKeystead,
  KeyId: string,
  WrappingAlgorithm = 'RSAES_OAEP_SHA_256',
  options?: CallOptions,
): Promise<ImportParameters> => {
  const asked = { KeyId, WrappingAlgorithm, WrappingKeySpec: 'RSA_2048' }
  return (await keystead.ok('GetParametersForImport', asked, options)) as ImportParameters
}

/** Material under a wrapping key, by OAEP with SHA-256. */
export const wrapMaterial = (publicKey: string, material: Uint8Array): string => {
  const key = `-----BEGIN PUBLIC KEY-----\n${publicKey}\n-----END PUBLIC KEY-----\n`
  const padded = { key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' }
  return publicEncrypt(padded, material).toString('base64')
}

export const materialOf = (byte: number, length = 32): Buffer => Buffer.alloc(length, byte)

export const importMaterial = async (
  keystead: TestKeystead,
  KeyId: string,
  { material = materialOf(7), ValidTo = 0, ...options }: CallOptions & { material?: Buffer; ValidTo?: number } = {},
): Promise<void> => {
  const { ImportToken, PublicKey } = await importParameters(keystead, KeyId, undefined, options)
  const EncryptedKeyMaterial = wrapMaterial(PublicKey, material)
  await keystead.ok('ImportKeyMaterial', { KeyId, ImportToken, EncryptedKeyMaterial, ValidTo }, options)
}

/** An EXTERNAL key with material. */
export const createImported = async (keystead: TestKeystead): Promise<string> => {
  const KeyId = await createKey(keystead, { Type: 2 })
  await importMaterial(keystead, KeyId)
  return KeyId
}

const waysFromEnabled: Readonly<Record<Exclude<KeyState, 'PendingImport'>, readonly string[]>> = {
  Enabled: [],
  Disabled: ['DisableKey'],
  Archived: ['ArchiveKey'],
  PendingDelete: ['DisableKey', 'ScheduleKeyDeletion'],
}

/** Moves an Enabled key into the state; PendingImport only where its material was imported. */
export const bringInto = async (keystead: TestKeystead, KeyId: string, state: KeyState): Promise<void> => {
  const actions = state === 'PendingImport' ? ['DeleteImportedKeyMaterial'] : waysFromEnabled[state]
  for (const action of actions)
    await keystead.ok(action, action === 'ScheduleKeyDeletion' ? { KeyId, PendingWindowInDays: 7 } : { KeyId })
}

export const stateOf = async (keystead: TestKeystead, KeyId: string): Promise<string> =>
  (await keystead.ok('DescribeKey', { KeyId })).KeyMetadata.KeyState

/** Makes keys and looks at them by the calls of the Huawei dialect. */

import { administer } from '../../src/cli/admin.ts'
import { type HuaweiCallOptions, huaweiOk } from './huawei.ts'
import { importMaterial, newAlias } from './keys.ts'
import type { Members, TestKeystead } from './keystead.ts'

/** Makes a key of the kind that the members say, and gives its id. */
export const makeKey = async (
  keystead: TestKeystead,
  members: Members = {},
  options?: HuaweiCallOptions,
): Promise<string> => {
  const { key_info } = await huaweiOk(keystead, 'POST kms/create-key', { key_alias: newAlias(), ...members }, options)
  return key_info.key_id
}

/** The record of a key. */
export const keyRecord = async (
  keystead: TestKeystead,
  key_id: string,
  options?: HuaweiCallOptions,
): Promise<Members> => (await huaweiOk(keystead, 'POST kms/describe-key', { key_id }, options)).key_info

/** The states of this cloud, and the one that only the other cloud has a word for. */
export type HuaweiState = '2' | '3' | '4' | '5' | 'archived'

/** An external key with material. */
export const makeImported = async (keystead: TestKeystead): Promise<string> => {
  const key_id = await makeKey(keystead, { origin: 'external' })
  await importMaterial(keystead, key_id)
  return key_id
}

/** Moves an enabled key into a state; pending import only where its material was imported. */
export const moveInto = async (keystead: TestKeystead, key_id: string, state: HuaweiState): Promise<void> => {
  if (state === '3') await huaweiOk(keystead, 'POST kms/disable-key', { key_id })
  if (state === '4') await huaweiOk(keystead, 'POST kms/schedule-key-deletion', { key_id, pending_days: '7' })
  if (state === '5') await keystead.ok('DeleteImportedKeyMaterial', { KeyId: key_id })
  if (state === 'archived') await keystead.ok('ArchiveKey', { KeyId: key_id })
}

/** The state as it is: an archived key shows as a disabled one here. */
export const stateOfKey = async (keystead: TestKeystead, key_id: string): Promise<HuaweiState> => {
  const { KeyMetadata } = await keystead.ok('DescribeKey', { KeyId: key_id })
  return KeyMetadata.KeyState === 'Archived' ? 'archived' : (await keyRecord(keystead, key_id)).key_state
}

/** A key that a product owns, as the operator makes one: a default key. */
export const makeDefaultKey = async (keystead: TestKeystead): Promise<string> => {
  const product = { name: `kms-${newAlias()}`, product: 'cbs', region: 'ap-guangzhou' }
  return String((await administer(keystead.folder, 'product-key-create', product)).id)
}

/** Makes keys and looks at them by the calls of the Huawei dialect. */
import { type HuaweiCallOptions, huaweiOk } from './huawei.ts'
import { newAlias } from './keys.ts'
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

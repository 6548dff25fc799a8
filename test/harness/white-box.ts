/** Makes white-box keys, and brings them into a state by the calls that a client would make. */
import { newAlias } from './keys.ts'
import type { CallOptions, Members, TestKeystead } from './keystead.ts'

export type WhiteBoxState = 'Enabled' | 'Disabled'

/** What CreateWhiteBoxKey answers; SM4 where nothing is said, whose tables are made sooner. */
export const createWhiteBoxKey = (
  keystead: TestKeystead,
  members: Members = {},
  options?: CallOptions,
): Promise<Members> => keystead.ok('CreateWhiteBoxKey', { Alias: newAlias(), Algorithm: 'SM4', ...members }, options)

export const bringWhiteBoxKeyInto = async (
  keystead: TestKeystead,
  KeyId: string,
  state: WhiteBoxState,
): Promise<void> => {
  if (state === 'Disabled') await keystead.ok('DisableWhiteBoxKey', { KeyId })
}

export const whiteBoxStateOf = async (keystead: TestKeystead, KeyId: string): Promise<string> =>
  (await keystead.ok('DescribeWhiteBoxKey', { KeyId })).KeyInfo.Status

/** A device fingerprint in the documented form. */
export const fingerprintOf = (device: number): string =>
  [8, 14, 14, 14, 16].map((digits) => device.toString(16).padStart(digits, '0')).join('-')

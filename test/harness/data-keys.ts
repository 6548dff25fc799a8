/** Hosts data keys, and brings them into a state by the calls that a client would make. */
import { createKey, newAlias } from './keys.ts'
import type { CallOptions, Members, TestKeystead } from './keystead.ts'

export type DataKeyState = 'Enabled' | 'Disabled' | 'PendingDelete'

/** What GenerateDataKey answers for a hosted data key. */
export const hostDataKey = async (
  keystead: TestKeystead,
  members: Members = {},
  options?: CallOptions,
): Promise<Members> => {
  const KeyId = members.KeyId ?? (await createKey(keystead, {}, options))
  const hosted = { KeyId, IsHostedByKms: 1, DataKeyName: newAlias(), ...members }
  return keystead.ok('GenerateDataKey', hosted, options)
}

const waysFromEnabled: Readonly<Record<DataKeyState, readonly string[]>> = {
  Enabled: [],
  Disabled: ['DisableDataKey'],
  PendingDelete: ['ScheduleDataKeyDeletion'],
}

export const bringDataKeyInto = async (
  keystead: TestKeystead,
  DataKeyId: string,
  state: DataKeyState,
): Promise<void> => {
  for (const action of waysFromEnabled[state])
    await keystead.ok(action, {
      DataKeyId,
      ...(action === 'ScheduleDataKeyDeletion' ? { PendingWindowInDays: 7 } : {}),
    })
}

export const describeDataKey = async (keystead: TestKeystead, DataKeyId: string): Promise<Members> =>
  (await keystead.ok('DescribeDataKey', { DataKeyId })).DataKeyMetadata

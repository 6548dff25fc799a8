/** How the codes about hosted data keys are reached; by action and code, or by code for every action that lists it. */
import { change } from '../../harness/access.ts'
import { bringDataKeyInto, hostDataKey } from '../../harness/data-keys.ts'
import { bringInto, type KeyState, newAlias } from '../../harness/keys.ts'
import type { Members, TestKeystead } from '../../harness/keystead.ts'
import { members, plaintext, subjectIn } from './subjects.ts'

export type Reach = (action: string) => Promise<string | undefined>

export interface Reaching {
  readonly keystead: () => TestKeystead
  /** Holds as many data keys as it may. */
  readonly full: () => TestKeystead
  readonly called: (action: string, asked: Members | Promise<Members>) => Promise<string | undefined>
  readonly but: (action: string, changed: Members) => Promise<string | undefined>
  readonly keyMember: (action: string, ...ids: string[]) => Members | undefined
}

const unknown = '23e80852-1e38-11e9-b129-5cb9019b4b01'

/** In which state a data key is for an action that is otherwise allowed. */
const stateFor = (action: string): KeyState => {
  if (action === 'CancelDataKeyDeletion') return 'PendingDelete'
  return action.startsWith('Enable') ? 'Disabled' : 'Enabled'
}

/** Past its date, as it is until the system destroys it. */
const destroyed = async (keystead: TestKeystead, KeyId: string): Promise<void> => {
  const { house } = keystead.running.installation
  const over = await (await house.coherence.view()).get('key', KeyId)
  if (!over) throw new Error(`no key ${KeyId}`)
  await change(keystead, { put: { ...over, destroyAt: house.clock.now() - 1 }, over })
}

const malformed: Readonly<Record<string, Members>> = {
  ListDataKeys: { Limit: 201 },
  GetDataKeyPlaintext: { EncryptionAlgorithm: 'nonsense' },
  UpdateDataKeyName: { DataKeyName: '-mine' },
}

export const dataKeyWays = ({ keystead, full, called, but, keyMember }: Reaching): Readonly<Record<string, Reach>> => {
  /** The action about a data key in the right state, after something happened to its key. */
  const withKey = async (action: string, prepare: (KeyId: string) => Promise<void>) => {
    const subject = await subjectIn(keystead(), action, stateFor(action))
    await prepare(subject.KeyId)
    return called(action, members(keystead(), action, subject))
  }
  const keyGone: Reach = (action) => withKey(action, (KeyId) => destroyed(keystead(), KeyId))
  const keyDoomed: Reach = (action) => withKey(action, (KeyId) => bringInto(keystead(), KeyId, 'PendingDelete'))
  const aboutKey = ['CancelDataKeyDeletion', 'EnableDataKey', 'EnableDataKeys', 'GetDataKeyPlaintext']
  const each = (code: string, reach: Reach) =>
    Object.fromEntries(aboutKey.map((action) => [`${action} ${code}`, reach]))

  const hosting = async (changed: Members) =>
    but('GenerateDataKey', { IsHostedByKms: 1, DataKeyName: newAlias(), ...changed })
  const repeatedTag = { Tags: ['dev', 'prod'].map((TagValue) => ({ TagKey: 'env', TagValue })) }
  const emptyTag = { Tags: [{ TagKey: '', TagValue: 'dev' }] }
  let KeyId: string | undefined
  /** One data key is there already, and no second one fits. */
  const fullKey = async (): Promise<string> => {
    KeyId ??= (await full().ok('ListKeys')).Keys[0].KeyId as string
    if ((await full().ok('ListDataKeys')).TotalCount === 0) await hostDataKey(full(), { KeyId })
    return KeyId
  }

  return {
    'InvalidParameterValue.InvalidDataKeyId': (action) => but(action, keyMember(action, 'nonsense') ?? {}),
    'InvalidParameterValue.DuplicatedDataKeyId': (action) => but(action, { DataKeyIds: [unknown, unknown] }),
    'ResourceUnavailable.DataKeyNotFound': (action) => but(action, keyMember(action, unknown) ?? {}),
    InvalidParameterValue: (action) => but(action, malformed[action] ?? { DataKeyIds: [] }),
    'ListDataKeyDetail InvalidParameterValue.InvalidKeyId': () => but('ListDataKeyDetail', { KeyId: 'nonsense' }),
    'ListDataKeyDetail ResourceUnavailable.CmkNotFound': () => but('ListDataKeyDetail', { KeyId: unknown }),
    ...each('ResourceUnavailable.CmkNotFound', keyGone),
    ...each('ResourceUnavailable.CmkStateNotSupport', keyDoomed),
    'GetDataKeyPlaintext ResourceUnavailable.CmkDisabled': (action) =>
      withKey(action, (id) => bringInto(keystead(), id, 'Disabled')),
    'ScheduleDataKeyDeletion InvalidParameter.InvalidPendingWindowInDays': (action) =>
      but(action, { PendingWindowInDays: 31 }),

    'GenerateDataKey FailedOperation.TaggingError': () => hosting(emptyTag),
    'GenerateDataKey InvalidParameterValue.TagKeysDuplicated': () => hosting(repeatedTag),
    'GenerateDataKey InvalidParameterValue.InvalidDataKeyName': () => hosting({ DataKeyName: 'kms-mine' }),
    'GenerateDataKey InvalidParameterValue.InvalidType': () => hosting({ IsHostedByKms: 2 }),
    'GenerateDataKey InvalidParameterValue.DataKeyNameAlreadyExists': async () => {
      const DataKeyName = newAlias()
      await hostDataKey(keystead(), { DataKeyName })
      return hosting({ DataKeyName })
    },
    'GenerateDataKey LimitExceeded.DataKeyLimitExceeded': async (action) => {
      const asked = { KeyId: await fullKey(), IsHostedByKms: 1, DataKeyName: newAlias() }
      return (await full().call(action, asked)).code
    },

    'ImportDataKey FailedOperation.TaggingError': (action) => but(action, emptyTag),
    'ImportDataKey InvalidParameterValue.TagKeysDuplicated': (action) => but(action, repeatedTag),
    'ImportDataKey InvalidParameterValue.InvalidDataKeyName': (action) => but(action, { DataKeyName: 'a b' }),
    'ImportDataKey InvalidParameterValue.InvalidType': (action) => but(action, { ImportType: 3 }),
    'ImportDataKey InvalidParameterValue.InvalidPlaintext': (action) => but(action, { ImportKeyMaterial: 'nonsense!' }),
    'ImportDataKey InvalidParameterValue.InvalidImportKeyMaterial': (action) => but(action, { ImportType: 1 }),
    'ImportDataKey LimitExceeded.DataKeyLimitExceeded': async (action) => {
      const material = { ImportType: 2, ImportKeyMaterial: plaintext }
      const asked = { KeyId: await fullKey(), DataKeyName: newAlias(), ...material }
      return (await full().call(action, asked)).code
    },
    'CancelDataKeyDeletion LimitExceeded.DataKeyLimitExceeded': async (action) => {
      const other = await fullKey()
      const { DataKeys } = await full().ok('ListDataKeys')
      const { DataKeyId } = DataKeys[0]
      await bringDataKeyInto(full(), DataKeyId, 'PendingDelete')
      await hostDataKey(full(), { KeyId: other })
      return (await full().call(action, { DataKeyId })).code
    },
  }
}

/** How the codes about white-box keys are reached; by action and code, or by code for every action that lists it. */
import { newAlias } from '../../harness/keys.ts'
import type { Members } from '../../harness/keystead.ts'
import { createWhiteBoxKey, fingerprintOf } from '../../harness/white-box.ts'
import type { Reach, Reaching } from './data-key-ways.ts'

const unknown = '23e80852-1e38-11e9-b129-5cb9019b4b01'

const malformed: Readonly<Record<string, Members>> = {
  CreateWhiteBoxKey: { Algorithm: 'DES' },
  DescribeWhiteBoxKeyDetails: { KeyStatus: 2 },
  EncryptByWhiteBox: { InitializationVector: 'AAAA' },
  OverwriteWhiteBoxDeviceFingerprints: { DeviceFingerprints: [{ Identity: 'mine' }] },
}

export const whiteBoxWays = ({ keystead, full, called, but, keyMember }: Reaching): Readonly<Record<string, Reach>> => {
  const wrongValue = Object.entries(malformed).map(([action, members]): [string, Reach] => [
    `${action} InvalidParameterValue`,
    () => but(action, members),
  ])
  const wrongType = ['EnableWhiteBoxKeys', 'DisableWhiteBoxKeys'].map((action): [string, Reach] => [
    `${action} InvalidParameter`,
    () => but(action, { KeyIds: Array.from({ length: 51 }, () => unknown) }),
  ])
  return {
    ...Object.fromEntries([...wrongValue, ...wrongType]),
    ResourceNotFound: (action) => but(action, keyMember(action, unknown) ?? {}),
    'CreateWhiteBoxKey InvalidParameterValue.InvalidAlias': (action) => but(action, { Alias: 'kms-mine' }),
    'CreateWhiteBoxKey InvalidParameterValue.TagKeysDuplicated': (action) =>
      but(action, { Tags: ['dev', 'prod'].map((TagValue) => ({ TagKey: 'env', TagValue })) }),
    'CreateWhiteBoxKey InvalidParameterValue.AliasAlreadyExists': async (action) => {
      const Alias = newAlias()
      await createWhiteBoxKey(keystead(), { Alias })
      return called(action, { Alias, Algorithm: 'SM4' })
    },
    'CreateWhiteBoxKey LimitExceeded.KeyLimitExceeded': async (action) => {
      await createWhiteBoxKey(full())
      return (await full().call(action, { Alias: newAlias(), Algorithm: 'SM4' })).code
    },
    'OverwriteWhiteBoxDeviceFingerprints LimitExceeded.FingerprintsLimitExceeded': (action) =>
      but(action, {
        DeviceFingerprints: Array.from({ length: 201 }, (_, device) => ({ Identity: fingerprintOf(device) })),
      }),
  }
}

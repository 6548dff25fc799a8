import { documented } from '../../../contract/evidence.ts'
import { bindWhiteBoxDevices } from '../../../core/operations/white-box-devices.ts'
import { action } from '../action.ts'
import { plainValue } from '../data-keys.ts'
import { deviceFingerprints, devicesOf, oneWhiteBoxKey } from '../white-box.ts'

export const OverwriteWhiteBoxDeviceFingerprints = action({
  name: 'OverwriteWhiteBoxDeviceFingerprints',
  rights: { key: 'kms:OverwriteWhiteBoxDeviceFingerprints' },
  summary:
    'Replace the devices that the tables of a white-box key are for; it counts for tables that are read after it.',
  evidence: documented(
    'OverwriteWhiteBoxDeviceFingerprints page; that an absent list clears it, and that none may stand twice, are inferred',
  ),

  request: { ...oneWhiteBoxKey, DeviceFingerprints: deviceFingerprints },
  response: {},

  operation: bindWhiteBoxDevices,
  toCore: ({ KeyId, DeviceFingerprints }) => ({ keyId: KeyId, devices: devicesOf(DeviceFingerprints) }),
  fromCore: () => ({}),

  errors: plainValue,
})

import { documented } from '../../../contract/evidence.ts'
import { listWhiteBoxDevices } from '../../../core/operations/white-box-devices.ts'
import { action } from '../action.ts'
import { deviceRecords, oneWhiteBoxKey, toOne } from '../white-box.ts'

export const DescribeWhiteBoxDeviceFingerprints = action({
  name: 'DescribeWhiteBoxDeviceFingerprints',
  rights: { key: 'kms:DescribeWhiteBoxDeviceFingerprints' },
  summary: 'List the fingerprints of the devices that the tables of a white-box key are for.',
  evidence: documented('DescribeWhiteBoxDeviceFingerprints page; SDK model DeviceFingerprint'),

  request: oneWhiteBoxKey,
  response: { DeviceFingerprints: deviceRecords },

  operation: listWhiteBoxDevices,
  toCore: toOne,
  fromCore: (devices) => ({
    DeviceFingerprints: devices.map(({ fingerprint, description }) => ({
      Identity: fingerprint,
      Description: description,
    })),
  }),
})

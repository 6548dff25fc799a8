import { inferred } from '../../../contract/evidence.ts'
import { z } from '../../../contract/schema.ts'
import { bindWhiteBoxDevices, listWhiteBoxDevices } from '../../../core/operations/white-box-devices.ts'
import { deleteWhiteBoxKey, resumeWhiteBoxKeys, suspendWhiteBoxKeys } from '../../../core/operations/white-box-keys.ts'
import { action } from '../action.ts'
import { devices, whiteBoxRef } from '../white-box-fields.ts'

const common = { evidence: inferred('ours'), request: { key: whiteBoxRef }, response: {}, fromCore: () => ({}) }
const one = ({ key: keyId }: { readonly key: string }) => ({ keyId })
const many = ({ key }: { readonly key: string }) => ({ keyIds: [key] })

export const WhiteBoxSuspend = action({
  ...common,
  name: 'white-box-suspend',
  rights: { keys: 'white-box:suspend' },
  summary: 'Let a white-box key encrypt nothing until it is resumed; tables that were given out decrypt on.',
  operation: suspendWhiteBoxKeys,
  toCore: many,
})

export const WhiteBoxResume = action({
  ...common,
  name: 'white-box-resume',
  rights: { keys: 'white-box:resume' },
  summary: 'Return a suspended white-box key to use.',
  operation: resumeWhiteBoxKeys,
  toCore: many,
})

export const WhiteBoxDelete = action({
  ...common,
  name: 'white-box-delete',
  rights: { key: 'white-box:delete' },
  summary: 'Remove a suspended white-box key and its tables at once.',
  operation: deleteWhiteBoxKey,
  toCore: one,
})

export const WhiteBoxDevices = action({
  ...common,
  name: 'white-box-devices',
  rights: { key: 'white-box:devices' },
  summary: 'List the devices that the tables of a white-box key are for; none means every device.',
  response: { devices: z.array(z.object({ fingerprint: z.string(), description: z.string() })) },
  operation: listWhiteBoxDevices,
  toCore: one,
  fromCore: (all) => ({ devices: all.map(({ fingerprint, description }) => ({ fingerprint, description })) }),
})

export const WhiteBoxSetDevices = action({
  ...common,
  name: 'white-box-set-devices',
  rights: { key: 'white-box:set-devices' },
  summary:
    'Replace the devices that the tables of a white-box key are for; it counts for tables that are read after it.',
  request: { key: whiteBoxRef, devices: devices.describe('All of them from now on; none for every device.') },
  operation: bindWhiteBoxDevices,
  toCore: ({ key: keyId, devices: all }) => ({
    keyId,
    devices: all.map(({ fingerprint, description = '' }) => ({ fingerprint, description })),
  }),
})

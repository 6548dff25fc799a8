import { inferred } from '../../../contract/evidence.ts'
import { integer, text } from '../../../contract/fields.ts'
import { z } from '../../../contract/schema.ts'
import { scheduleDataKeyDestruction, suspendDataKeys } from '../../../core/operations/data-key-lifecycle.ts'
import { revokeGrant } from '../../../core/operations/grants.ts'
import { deleteMaterial } from '../../../core/operations/import.ts'
import { deactivate, scheduleDestruction, suspend } from '../../../core/operations/lifecycle.ts'
import { action } from '../action.ts'

const id = text({ pattern: /^[0-9A-Za-z_-]{1,128}$/ }).describe('Its id, whatever its account and region.')
const common = { evidence: inferred('ours'), response: { id: z.string() } }
const planned = { id, days: integer({ min: 7, max: 1096 }).describe('How long it can be cancelled.') }
const told = (_result: unknown, _here: unknown, { id: asked }: { id: string }) => ({ id: asked })

export const KeySuspend = action({
  ...common,
  name: 'key-suspend',
  rights: { keys: 'key:suspend' },
  summary: 'Take a key out of use until it is enabled again.',
  request: { id },
  operation: suspend,
  toCore: ({ id: keyId }) => ({ keyIds: [keyId] }),
  fromCore: told,
})

export const KeyDeactivate = action({
  ...common,
  name: 'key-deactivate',
  rights: { key: 'key:deactivate' },
  summary: 'Archive a key: it only opens what it sealed.',
  request: { id },
  operation: deactivate,
  toCore: ({ id: keyId }) => ({ keyId }),
  fromCore: told,
})

export const KeyDestroy = action({
  ...common,
  name: 'key-schedule-destruction',
  rights: { key: 'key:schedule-destruction' },
  summary: 'Plan the destruction of a key.',
  request: planned,
  operation: scheduleDestruction,
  toCore: ({ id: keyId, days: given }) => ({ keyId, days: given }),
  fromCore: told,
})

export const KeyEmpty = action({
  ...common,
  name: 'key-delete-material',
  rights: { key: 'key:delete-material' },
  summary: 'Remove the imported material of a key.',
  request: { id },
  operation: deleteMaterial,
  toCore: ({ id: keyId }) => ({ keyId }),
  fromCore: told,
})

export const GrantRevoke = action({
  ...common,
  name: 'grant-revoke',
  rights: { key: 'grant:revoke' },
  summary: 'Take a grant of a key back.',
  request: { id, key: id },
  operation: revokeGrant,
  toCore: ({ id: grantId, key: keyId }) => ({ grantId, keyId }),
  fromCore: told,
})

export const DataKeySuspend = action({
  ...common,
  name: 'data-key-suspend',
  rights: { dataKeys: 'data-key:suspend' },
  summary: 'Take a data key out of use until it is enabled again.',
  request: { id },
  operation: suspendDataKeys,
  toCore: ({ id: dataKeyId }) => ({ dataKeyIds: [dataKeyId] }),
  fromCore: told,
})

export const DataKeyDestroy = action({
  ...common,
  name: 'data-key-schedule-destruction',
  rights: { dataKey: 'data-key:schedule-destruction' },
  summary: 'Plan the destruction of a data key.',
  request: planned,
  operation: scheduleDataKeyDestruction,
  toCore: ({ id: dataKeyId, days: given }) => ({ dataKeyId, days: given }),
  fromCore: told,
})

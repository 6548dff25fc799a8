import { inferred } from '../../../contract/evidence.ts'
import { integer, text } from '../../../contract/fields.ts'
import { z } from '../../../contract/schema.ts'
import {
  cancelDataKeyDestruction,
  scheduleDataKeyDestruction,
  suspendDataKeys,
} from '../../../core/operations/data-key-lifecycle.ts'
import { action } from '../action.ts'

const id = text({ pattern: /^[0-9A-Za-z_-]{1,128}$/ }).describe('Its id, whatever its account and region.')
const common = { evidence: inferred('ours'), response: { id: z.string() } }
const told = (_result: unknown, _here: unknown, { id: asked }: { id: string }) => ({ id: asked })

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
  request: { id, days: integer({ min: 7, max: 1096 }).describe('How long it can be cancelled.') },
  operation: scheduleDataKeyDestruction,
  toCore: ({ id: dataKeyId, days: given }) => ({ dataKeyId, days: given }),
  fromCore: told,
})

export const DataKeyKeep = action({
  ...common,
  name: 'data-key-cancel-destruction',
  rights: { dataKey: 'data-key:cancel-destruction' },
  summary: 'Keep a data key whose destruction was planned; it comes back suspended.',
  request: { id },
  operation: cancelDataKeyDestruction,
  toCore: ({ id: dataKeyId }) => ({ dataKeyId }),
  fromCore: told,
})

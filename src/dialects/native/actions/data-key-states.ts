import { inferred } from '../../../contract/evidence.ts'
import { integer } from '../../../contract/fields.ts'
import {
  cancelDataKeyDestruction,
  resumeDataKeys,
  scheduleDataKeyDestruction,
  suspendDataKeys,
} from '../../../core/operations/data-key-lifecycle.ts'
import { action } from '../action.ts'
import { dataKeyRef as dataKey } from '../data-key-fields.ts'

const common = { evidence: inferred('ours'), request: { dataKey }, response: {}, fromCore: () => ({}) }
const many = ({ dataKey: one }: { readonly dataKey: string }) => ({ dataKeyIds: [one] })

export const DataKeySuspend = action({
  ...common,
  name: 'data-key-suspend',
  rights: { dataKeys: 'data-key:suspend' },
  summary: 'Take a data key out of use until it is resumed.',
  operation: suspendDataKeys,
  toCore: many,
})

export const DataKeyResume = action({
  ...common,
  name: 'data-key-resume',
  rights: { dataKeys: 'data-key:resume' },
  summary: 'Return a suspended data key to use.',
  operation: resumeDataKeys,
  toCore: many,
})

export const DataKeyDestroy = action({
  ...common,
  name: 'data-key-schedule-destruction',
  rights: { dataKey: 'data-key:schedule-destruction' },
  summary: 'Plan the destruction of a data key.',
  request: { dataKey, days: integer({ min: 7, max: 1096 }).describe('How long it can be cancelled.') },
  operation: scheduleDataKeyDestruction,
  toCore: ({ dataKey: dataKeyId, days }) => ({ dataKeyId, days }),
})

export const DataKeyKeep = action({
  ...common,
  name: 'data-key-cancel-destruction',
  rights: { dataKey: 'data-key:cancel-destruction' },
  summary: 'Keep a data key whose destruction was planned; it comes back suspended.',
  operation: cancelDataKeyDestruction,
  toCore: ({ dataKey: dataKeyId }) => ({ dataKeyId }),
})

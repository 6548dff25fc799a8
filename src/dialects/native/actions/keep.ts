import { inferred } from '../../../contract/evidence.ts'
import { text } from '../../../contract/fields.ts'
import { z } from '../../../contract/schema.ts'
import { cancelDataKeyDestruction } from '../../../core/operations/data-key-lifecycle.ts'
import { cancelDestruction } from '../../../core/operations/lifecycle.ts'
import { action } from '../action.ts'

const id = text({ pattern: /^[0-9A-Za-z_-]{1,128}$/ }).describe('Its id, whatever its account and region.')
const common = { evidence: inferred('ours'), response: { id: z.string() } }
const told = (_result: unknown, _here: unknown, { id: asked }: { id: string }) => ({ id: asked })

export const KeyKeep = action({
  ...common,
  name: 'key-cancel-destruction',
  rights: { key: 'key:cancel-destruction' },
  summary: 'Keep a key whose destruction was planned; it comes back suspended.',
  request: { id },
  operation: cancelDestruction,
  toCore: ({ id: keyId }) => ({ keyId }),
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

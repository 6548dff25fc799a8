import { inferred } from '../../../contract/evidence.ts'
import { text } from '../../../contract/fields.ts'
import { z } from '../../../contract/schema.ts'
import { changeCredential, deleteCredential } from '../../../core/operations/administer.ts'
import { action } from '../action.ts'
import { accountRef } from '../fields.ts'

const request = {
  id: text({ pattern: /^[0-9A-Za-z_-]{1,128}$/ }).describe('Id of the access key.'),
  account: accountRef,
}
const response = { id: z.string() }

export const AccessKeyDisable = action({
  name: 'access-key-disable',
  rights: { credential: 'access-key:disable' },
  summary: 'Take an access key out of use; no request sent after the answer is served with it.',
  evidence: inferred('ours'),
  request,
  response,
  operation: changeCredential,
  toCore: ({ id }) => ({ id, disabled: true }),
  fromCore: ({ credential: { id } }) => ({ id }),
})

export const AccessKeyEnable = action({
  name: 'access-key-enable',
  rights: { credential: 'access-key:enable' },
  summary: 'Return a disabled access key to use.',
  evidence: inferred('ours'),
  request,
  response,
  operation: changeCredential,
  toCore: ({ id }) => ({ id, disabled: false }),
  fromCore: ({ credential: { id } }) => ({ id }),
})

export const AccessKeyDelete = action({
  name: 'access-key-delete',
  rights: { credential: 'access-key:delete' },
  summary: 'Remove an access key for good.',
  evidence: inferred('ours'),
  request,
  response,
  operation: deleteCredential,
  toCore: ({ id }) => ({ id }),
  fromCore: ({ id }) => ({ id }),
})

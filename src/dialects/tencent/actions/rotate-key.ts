import { documented } from '../../../contract/evidence.ts'
import { z } from '../../../contract/schema.ts'
import { rotate } from '../../../core/operations/rotation.ts'
import { action } from '../action.ts'
import { forMember, keyId, memberAccount } from '../fields.ts'

const dayMs = 86_400_000

export const RotateKey = action({
  name: 'RotateKey',
  rights: { key: 'kms:RotateKey' },
  summary: 'Rotate a CMK now; automatic rotation must be on, and the last one a day ago.',
  evidence: documented('RotateKey page; the work is done at once, as no action reads a task'),

  request: { KeyId: keyId.describe('The CMK.'), MemberAccount: memberAccount },
  response: { TaskId: z.string().describe('Of the rotation, which is done when this is answered.') },

  operation: rotate,
  ...forMember,
  toCore: ({ KeyId }) => ({ keyId: KeyId, onlyEnabled: true, intervalMinMs: dayMs }),
  fromCore: (_rotated, { caller }) => ({ TaskId: caller.request }),

  errors: { notGenerated: 'UnsupportedOperation.RotateNotSupported' },
})

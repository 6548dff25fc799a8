import { documented } from '../../../contract/evidence.ts'
import { integer } from '../../../contract/fields.ts'
import { enableRotation } from '../../../core/operations/rotation.ts'
import { action } from '../action.ts'
import { forMember, keyId, memberAccount } from '../fields.ts'

export const EnableKeyRotation = action({
  name: 'EnableKeyRotation',
  rights: { key: 'kms:EnableKeyRotation' },
  summary: 'Turn automatic rotation on and set its period; enabling again counts from now.',
  evidence: documented(
    'EnableKeyRotation page; that a Disabled CMK allows it is verified in a Terraform acceptance test',
  ),

  request: {
    KeyId: keyId.describe('The CMK.'),
    RotateDays: integer({ min: 7, max: 365, code: 'InvalidParameterValue' })
      .describe('Period in days; 365 when absent.')
      .optional(),
    MemberAccount: memberAccount,
  },
  response: {},

  operation: enableRotation,
  ...forMember,
  toCore: ({ KeyId, RotateDays = 365 }) => ({ keyId: KeyId, periodDays: RotateDays }),
  fromCore: () => ({}),
})

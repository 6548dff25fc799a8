import { inferred } from '../../../contract/evidence.ts'
import { choice } from '../../../contract/fields.ts'
import { generateDataKeyPair } from '../../../core/operations/data-key-wrapping.ts'
import { action } from '../action.ts'
import { notForDataKeys } from '../misuse.ts'
import { pairAsked, pairMade, pairMembers, pairResponse } from '../pair-fields.ts'

const algorithms = { RSA_2048: 'rsa-2048', RSA_3072: 'rsa-3072', RSA_4096: 'rsa-4096' } as const

export const CreateRsaDatakeyPair = action({
  name: 'CreateRsaDatakeyPair',
  rights: { key: 'kms:cmk:createDataKeyPair' },
  summary: 'Make an RSA pair whose private half is a data key.',
  evidence: inferred(
    'create-rsa-datakey-pair page for the form; how the keys are written and the codes are not published',
  ),

  request: {
    ...pairMembers,
    key_spec: choice(['RSA_2048', 'RSA_3072', 'RSA_4096'], { code: 'KMS.1902' }).describe('The length of the modulus.'),
  },
  response: pairResponse,

  operation: generateDataKeyPair,
  toCore: ({ key_spec, ...members }) => pairAsked(members, algorithms[key_spec]),
  fromCore: (made, _here, { key_spec }) => pairMade(made, key_spec),

  errors: { incompatibleCryptographicUsageMask: notForDataKeys },
})

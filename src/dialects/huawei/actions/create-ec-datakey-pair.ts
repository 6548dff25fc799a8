import { inferred } from '../../../contract/evidence.ts'
import { choice } from '../../../contract/fields.ts'
import { generateDataKeyPair } from '../../../core/operations/data-key-wrapping.ts'
import { action } from '../action.ts'
import { notForDataKeys } from '../misuse.ts'
import { pairAsked, pairMade, pairMembers, pairResponse } from '../pair-fields.ts'

/** The vendor spells curves otherwise here than in key_spec of keys. */
const algorithms = {
  ECC_NIST_P256: 'ec-p256',
  ECC_NIST_P384: 'ec-p384',
  ECC_NIST_P521: 'ec-p521',
  ECC_SECG_P256K1: 'ec-secp256k1',
  SM2: 'sm2',
} as const

type Curve = keyof typeof algorithms
const curves = Object.keys(algorithms) as [Curve, ...Curve[]]

export const CreateEcDatakeyPair = action({
  name: 'CreateEcDatakeyPair',
  rights: { key: 'kms:cmk:createDataKeyPair' },
  summary: 'Make a pair on a curve whose private half is a data key.',
  evidence: inferred(
    'create-ec-datakey-pair page for the form; how the keys are written and the codes are not published',
  ),

  request: { ...pairMembers, key_spec: choice(curves, { code: 'KMS.1902' }).describe('The curve.') },
  response: pairResponse,

  operation: generateDataKeyPair,
  toCore: ({ key_spec, ...members }) => pairAsked(members, algorithms[key_spec]),
  fromCore: (made, _here, { key_spec }) => pairMade(made, key_spec),

  errors: { incompatibleCryptographicUsageMask: notForDataKeys },
})

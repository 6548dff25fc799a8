import { documented } from '../../../contract/evidence.ts'
import { hex } from '../../../contract/fields.ts'
import { z } from '../../../contract/schema.ts'
import { generateMac } from '../../../core/operations/mac.ts'
import { action } from '../action.ts'
import { keyIdMember } from '../fields.ts'
import { macAlgorithms, macMembers } from '../mac-fields.ts'
import { notForMacs } from '../misuse.ts'

export const GenerateMac = action({
  name: 'GenerateMac',
  rights: { key: 'kms:cmk:generateMac' },
  summary: 'Authenticate a message of 1 to 4,096 bytes under an HMAC key.',
  evidence: documented('generate-mac page; which algorithm goes with which key_spec, and the codes, are inferred'),

  request: macMembers,
  response: {
    key_id: keyIdMember,
    mac_algorithm: z.string().describe('As asked.'),
    mac: hex().describe('The MAC, in lower case.'),
  },

  operation: generateMac,
  toCore: ({ key_id, mac_algorithm, message }) => ({ keyId: key_id, algorithm: macAlgorithms[mac_algorithm], message }),
  fromCore: ({ keyId: id, mac }, _here, { mac_algorithm }) => ({ key_id: id, mac_algorithm, mac }),

  errors: { incompatibleCryptographicUsageMask: notForMacs },
})

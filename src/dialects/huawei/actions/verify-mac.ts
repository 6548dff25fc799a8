import { documented } from '../../../contract/evidence.ts'
import { hex } from '../../../contract/fields.ts'
import { z } from '../../../contract/schema.ts'
import { verifyMac } from '../../../core/operations/mac.ts'
import { action } from '../action.ts'
import { keyIdMember } from '../fields.ts'
import { macAlgorithms, macMembers } from '../mac-fields.ts'
import { notForMacs } from '../misuse.ts'

export const VerifyMac = action({
  name: 'VerifyMac',
  rights: { key: 'kms:cmk:verifyMac' },
  summary: 'Tell whether a message was authenticated under an HMAC key.',
  evidence: documented('verify-mac page, with the answer of its example to a wrong MAC'),

  request: { ...macMembers, mac: hex({ bytesMin: 1, bytesMax: 64 }).describe('The MAC to check.') },
  response: {
    key_id: keyIdMember,
    mac_algorithm: z.string().describe('As asked.'),
    mac_valid: z.boolean().describe('false for every MAC but the right one.'),
  },

  operation: verifyMac,
  toCore: ({ key_id, mac_algorithm, message, mac }) => ({
    keyId: key_id,
    algorithm: macAlgorithms[mac_algorithm],
    message,
    mac,
  }),
  fromCore: ({ keyId: id, valid }, _here, { mac_algorithm }) => ({ key_id: id, mac_algorithm, mac_valid: valid }),

  errors: { incompatibleCryptographicUsageMask: notForMacs },
})

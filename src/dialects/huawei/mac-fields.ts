/** Members of the calls about MACs. */
import { base64, choice } from '../../contract/fields.ts'
import { keyRef, sequence } from './fields.ts'

/** Each is the algorithm of one key_spec. */
export const macAlgorithms = {
  HMAC_SHA_256: 'hmac-sha256',
  HMAC_SHA_384: 'hmac-sha384',
  HMAC_SHA_512: 'hmac-sha512',
  HMAC_SM3: 'hmac-sm3',
} as const

type Name = keyof typeof macAlgorithms
const names = Object.keys(macAlgorithms) as [Name, ...Name[]]

export const macMembers = {
  key_id: keyRef.describe('The key.'),
  mac_algorithm: choice(names).describe('It must be that of the key_spec.'),
  message: base64({ bytesMin: 1, bytesMax: 4096 }).describe('The message.'),
  sequence,
}

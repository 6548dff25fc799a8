import { inferred } from '../../../contract/evidence.ts'
import { choice, text } from '../../../contract/fields.ts'
import { noted, z } from '../../../contract/schema.ts'
import { refuse } from '../../../core/failure.ts'
import { random } from '../../../core/operations/service.ts'
import { action } from '../action.ts'

/** As many as the PIN of the vendor's example has at least. */
const pinBytes = 32

/** The key stores that the vendor builds in for this. */
const stores: readonly string[] = ['1', '2']

const invalid = (why: string, code: string) =>
  refuse({ reason: 'invalidAttributeValue', member: 'keystore_id', why, code })

export const CreatePin = action({
  name: 'CreatePin',
  rights: { service: 'kms:cmk:createPin' },
  summary: 'Return a random PIN; without hardware nothing is guarded by it.',
  evidence: inferred(
    'create-pin page for the form; a PIN means something to hardware only, of which there is none here',
  ),

  request: {
    pin_type: choice(['CipherText', 'PlainText']).describe('CipherText when absent.').optional(),
    keystore_id: text({ charactersMax: 64 }).describe('1 or 2; CipherText needs it.').optional(),
  },
  response: { pin: noted(z.string(), { form: 'hexadecimal in upper case', sensitive: true }) },

  operation: random,
  toCore({ pin_type = 'CipherText', keystore_id }, { place }) {
    if (keystore_id !== undefined && !stores.includes(keystore_id)) return invalid('names no key store', 'KMS.0315')
    if (keystore_id === undefined && pin_type === 'CipherText')
      return invalid('must be there for CipherText', 'KMS.0308')
    return { at: place, bytes: pinBytes }
  },
  fromCore: ({ bytes }) => ({ pin: Buffer.from(bytes).toString('hex').toUpperCase() }),
})

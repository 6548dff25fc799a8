import { documented } from '../../../contract/evidence.ts'
import { Refusal } from '../../../core/failure.ts'
import { generateDataKey } from '../../../core/operations/cryptography.ts'
import { action } from '../action.ts'
import { boundOf } from '../cipher-fields.ts'
import { bytesOf, creationMembers, hexOut } from '../data-key-fields.ts'
import { keyIdMember } from '../fields.ts'
import { notForDataKeys } from '../misuse.ts'

export const CreateDatakey = action({
  name: 'CreateDatakey',
  rights: { key: 'kms:cmk:createDataKey' },
  summary: 'Make a data key, in clear and protected by a key.',
  evidence: documented('create-datakey page; the bits of HMAC_SM3 and the case of the digits are those of samples'),

  request: creationMembers,
  response: {
    key_id: keyIdMember,
    plain_text: hexOut('The data key.', true),
    cipher_text: hexOut('The data key under the key; decrypt-datakey opens it.'),
  },

  operation: generateDataKey,
  toCore({ key_id, ...members }) {
    const context = boundOf(members)
    return context instanceof Refusal ? context : { keyId: key_id, bytes: bytesOf(members), context }
  },
  fromCore: ({ keyId: id, plaintext, ciphertext }) => ({ key_id: id, plain_text: plaintext, cipher_text: ciphertext }),

  errors: { incompatibleCryptographicUsageMask: notForDataKeys },
})

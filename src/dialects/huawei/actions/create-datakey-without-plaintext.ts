import { documented } from '../../../contract/evidence.ts'
import { Refusal } from '../../../core/failure.ts'
import { generateWrappedDataKey } from '../../../core/operations/data-key-wrapping.ts'
import { action } from '../action.ts'
import { boundOf } from '../cipher-fields.ts'
import { bytesOf, creationMembers, hexOut } from '../data-key-fields.ts'
import { keyIdMember } from '../fields.ts'
import { notForDataKeys } from '../misuse.ts'

export const CreateDatakeyWithoutPlaintext = action({
  name: 'CreateDatakeyWithoutPlaintext',
  rights: { key: 'kms:cmk:createDataKeyWithoutPlaintext' },
  summary: 'Make a data key that is shown only protected by a key.',
  evidence: documented('create-datakey-without-plaintext page'),

  request: creationMembers,
  response: {
    key_id: keyIdMember,
    cipher_text: hexOut('The data key under the key; decrypt-datakey opens it.'),
  },

  operation: generateWrappedDataKey,
  toCore({ key_id, ...members }) {
    const context = boundOf(members)
    return context instanceof Refusal ? context : { keyId: key_id, bytes: bytesOf(members), context }
  },
  fromCore: ({ keyId: id, ciphertext }) => ({ key_id: id, cipher_text: ciphertext }),

  errors: { incompatibleCryptographicUsageMask: notForDataKeys },
})

import { documented } from '../../../contract/evidence.ts'
import { pemOf } from '../../../contract/fields.ts'
import { z } from '../../../contract/schema.ts'
import { getPublicKey } from '../../../core/operations/asymmetric.ts'
import { action } from '../action.ts'
import { keyIdMember, keyRef, sequence } from '../fields.ts'
import { withoutPublicKey } from '../misuse.ts'

export const ShowPublicKey = action({
  name: 'ShowPublicKey',
  rights: { key: 'kms:cmk:getPublicKey' },
  summary: 'Give the public half of an asymmetric key.',
  evidence: documented('get-publickey page; the permission word, and that it is SubjectPublicKeyInfo, are inferred'),

  request: { key_id: keyRef.describe('The key.'), sequence },
  response: {
    key_id: keyIdMember,
    public_key: z.string().describe('PEM of SubjectPublicKeyInfo, lines ending in CR LF.'),
  },

  operation: getPublicKey,
  toCore: ({ key_id }) => ({ keyId: key_id }),
  fromCore: ({ keyId: id, publicKey }) => ({ key_id: id, public_key: pemOf(publicKey, '\r\n') }),

  errors: { incompatibleCryptographicUsageMask: withoutPublicKey },
})

import { inferred } from '../../../contract/evidence.ts'
import { base64FromBytes, choice } from '../../../contract/fields.ts'
import { z } from '../../../contract/schema.ts'
import type { CapsuleTerms } from '../../../core/capsule.ts'
import { Refusal, refuse } from '../../../core/failure.ts'
import { createCapsule } from '../../../core/operations/capsules.ts'
import { action } from '../action.ts'
import { capsuleRecipient, recipientKey, releasedMembers, releasedOf } from '../capsules.ts'
import { keyId, keyIdMember } from '../fields.ts'
import { policyId, policyText, termsOf } from '../key-spaces.ts'

/** Bits by what clients write: the reference says numbers, one SDK the specs of data keys. */
const bits = { '128': 128, '256': 256, SM4: 128, AES_256: 256 } as const
const lengths = Object.keys(bits) as [keyof typeof bits, ...(keyof typeof bits)[]]

const termsFrom = (id: string | undefined, written: string | undefined): CapsuleTerms | Refusal => {
  if ((id === undefined) === (written === undefined))
    return refuse({
      reason: 'invalidAttributeValue',
      member: 'policy_id',
      why: 'or key_policy must be there, one of them',
    })
  if (id !== undefined) return { policyId: id.toLowerCase() }
  const terms = termsOf(written ?? '', 'key_policy')
  return terms instanceof Refusal ? terms : { terms }
}

export const CreateDatakeyCapsule = action({
  name: 'CreateDatakeyCapsule',
  rights: { key: 'kms:cmk:createDatakeyCapsule' },
  summary: 'Make a data key, in clear or encrypted to a public key, and in a capsule with a key policy.',
  evidence: inferred('SDK models; encodings, and that a policy must be there, are not published'),

  request: {
    key_id: keyId.describe('The key.'),
    datakey_length: choice(lengths).describe('Bits.'),
    public_key: recipientKey,
    policy_id: policyId.optional(),
    key_policy: policyText.optional(),
  },
  response: { key_id: keyIdMember, ...releasedMembers, datakey_capsule: z.string().describe('Base64.') },

  operation: createCapsule,
  toCore({ key_id, datakey_length, public_key, policy_id, key_policy }) {
    const terms = termsFrom(policy_id, key_policy)
    if (terms instanceof Refusal) return terms
    const recipient = capsuleRecipient(public_key)
    if (recipient instanceof Refusal) return recipient
    return { keyId: key_id, bytes: bits[datakey_length] / 8, terms, ...(recipient ? { recipient } : {}) }
  },
  fromCore: ({ keyId: id, plaintext, capsule }, _here, { public_key }) => ({
    key_id: id,
    ...releasedOf(plaintext, public_key),
    datakey_capsule: base64FromBytes(capsule),
  }),
})

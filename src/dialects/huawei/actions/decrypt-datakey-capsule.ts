import { inferred } from '../../../contract/evidence.ts'
import { bytesFromBase64 } from '../../../contract/fields.ts'
import { z } from '../../../contract/schema.ts'
import { parseCapsule } from '../../../core/capsule.ts'
import { Refusal, refuse } from '../../../core/failure.ts'
import { openCapsule } from '../../../core/operations/capsules.ts'
import { action } from '../action.ts'
import {
  attestationMembers,
  attestationMessage,
  attestationOf,
  capsuleRecipient,
  capsuleText,
  recipientKey,
  releasedMembers,
  releasedOf,
} from '../capsules.ts'
import { keyId, keyIdMember } from '../fields.ts'

export const DecryptDatakeyCapsule = action({
  name: 'DecryptDatakeyCapsule',
  rights: { key: 'kms:cmk:decryptDatakeyCapsule' },
  summary:
    'Open a capsule to a Custom access point, where `--capsule-signatures` lets; other attestations are refused.',
  evidence: inferred('SDK models; what custom_signature signs is not published and is ours (docs/spec/capsule.md)'),

  request: {
    key_id: keyId.describe('The key.'),
    public_key: recipientKey,
    datakey_capsule: capsuleText.describe('What create returned.'),
    attestation_document: attestationMembers,
  },
  response: {
    key_id: keyIdMember,
    instance_id: z.string().describe('The access point that it was opened to.'),
    ...releasedMembers,
  },

  operation: openCapsule,
  toCore({ key_id, public_key, datakey_capsule, attestation_document }) {
    const message = (expireTime: string) => attestationMessage(key_id, expireTime, datakey_capsule, public_key)
    const attestation = attestationOf(attestation_document, message)
    if (attestation instanceof Refusal) return attestation
    const recipient = capsuleRecipient(public_key)
    if (recipient instanceof Refusal) return recipient
    const bytes = bytesFromBase64(datakey_capsule)
    const capsule = bytes && parseCapsule(bytes)
    if (!capsule) return refuse({ reason: 'cryptographicFailure' })
    return { keyId: key_id, capsule, attestation, ...(recipient ? { recipient } : {}) }
  },
  fromCore: ({ keyId: id, accessPoint, plaintext }, _here, { public_key }) => ({
    key_id: id,
    instance_id: accessPoint,
    ...releasedOf(plaintext, public_key),
  }),
})

import { documented } from '../../../contract/evidence.ts'
import { base64, contextText, sealed } from '../../../contract/fields.ts'
import { noted, z } from '../../../contract/schema.ts'
import { noContext } from '../../../core/context.ts'
import { reEncrypt } from '../../../core/operations/cryptography.ts'
import { action } from '../action.ts'
import { keyId } from '../fields.ts'

export const ReEncrypt = action({
  name: 'ReEncrypt',
  rights: { source: 'kms:ReEncrypt', destination: 'kms:ReEncrypt' },
  summary: 'Turn a blob into one under another CMK, version or context.',
  evidence: documented(
    'ReEncrypt page; an archived CMK still gives its blobs away; codes but that of Disabled are inferred',
  ),

  request: {
    CiphertextBlob: sealed({ code: 'InvalidParameterValue.InvalidCiphertext' }).describe('The blob.'),
    DestinationKeyId: noted(z.union([z.literal(''), keyId]), { code: 'InvalidParameterValue.InvalidKeyId' })
      .describe('CMK of the new blob; the CMK of the blob when absent or empty.')
      .optional(),
    SourceEncryptionContext: contextText({ charactersMax: 1024 }).describe('Context of the blob.').optional(),
    DestinationEncryptionContext: contextText({ charactersMax: 1024 }).describe('Context of the new blob.').optional(),
  },
  response: {
    CiphertextBlob: base64(),
    KeyId: z.string(),
    SourceKeyId: z.string(),
    ReEncrypted: z
      .boolean()
      .describe('False when CMK, version and context are the same: the blob comes back as it was.'),
  },

  operation: reEncrypt,
  toCore: ({ CiphertextBlob, DestinationKeyId = '', ...contexts }) => ({
    sealed: CiphertextBlob,
    sourceContext: contexts.SourceEncryptionContext ?? noContext,
    destinationContext: contexts.DestinationEncryptionContext ?? noContext,
    ...(DestinationKeyId === '' ? {} : { destinationKeyId: DestinationKeyId }),
  }),
  fromCore: ({ ciphertext, keyId: id, sourceKeyId, moved }) => ({
    CiphertextBlob: ciphertext,
    KeyId: id,
    SourceKeyId: sourceKeyId,
    ReEncrypted: moved,
  }),

  errors: { wrongKeyLifecycleState: 'ResourceUnavailable.CmkDisabled' },
})

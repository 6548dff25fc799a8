import { documented } from '../../../contract/evidence.ts'
import { bytesFromBase64, code, text } from '../../../contract/fields.ts'
import { z } from '../../../contract/schema.ts'
import { uuidFromBytes } from '../../../core/bytes.ts'
import { parseSealed } from '../../../core/ciphertext.ts'
import { type Refusal, refuse } from '../../../core/failure.ts'
import { dataKeyBytesMax } from '../../../core/operations/data-key-row.ts'
import { type ImportDataKeyRequest, importDataKey } from '../../../core/operations/data-keys.ts'
import { action } from '../action.ts'
import type { Code } from '../codes.ts'
import { dataKeyDescription, dataKeyName } from '../data-keys.ts'
import { hsmClusterId, keyId } from '../fields.ts'
import { creationTags, tagged, tagMembers, tagsOf } from '../tags.ts'

/** `ImportType`. */
const ciphertext = 1

const wrong = (member: string, why: string, as: Code): Refusal =>
  refuse({ reason: 'invalidAttributeValue', member, why, code: as })

const fromBlob = (material: string, id: string | undefined): ImportDataKeyRequest['from'] | Refusal => {
  const bytes = bytesFromBase64(material)
  const sealed = bytes && parseSealed(bytes)
  if (!sealed || (id ?? uuidFromBytes(sealed.lineage)) !== uuidFromBytes(sealed.lineage))
    return wrong('ImportKeyMaterial', 'is not a blob of this CMK', 'InvalidParameterValue.InvalidImportKeyMaterial')
  return { sealed }
}

const fromPlaintext = (material: string, id: string | undefined): ImportDataKeyRequest['from'] | Refusal => {
  if (id === undefined) return refuse({ reason: 'missingData', member: 'KeyId' })
  const plaintext = bytesFromBase64(material)
  if (!plaintext || plaintext.length === 0 || plaintext.length > dataKeyBytesMax)
    return wrong('ImportKeyMaterial', 'must be Base64 of 1 to 1024 bytes', 'InvalidParameterValue.InvalidPlaintext')
  return { keyId: id, plaintext }
}

export const ImportDataKey = action({
  name: 'ImportDataKey',
  rights: { key: 'kms:ImportDataKey' },
  summary: 'Host a data key: a blob of GenerateDataKey, or one made elsewhere.',
  evidence: documented(
    'ImportDataKey page; that a blob made with a context is refused, and the rule of names, are inferred',
  ),

  request: {
    DataKeyName: dataKeyName.describe('Name, unique per account and region.'),
    ImportKeyMaterial: text({ charactersMax: 16_384, sensitive: true }).describe(
      'The blob, or the data key as Base64.',
    ),
    ImportType: code([1, 2], { code: 'InvalidParameterValue.InvalidType' }).describe('1 a blob, 2 in clear.'),
    Description: dataKeyDescription.describe('Description.').optional(),
    KeyId: keyId.describe('The CMK: required in clear, else that of the blob.').optional(),
    HsmClusterId: hsmClusterId.optional(),
    Tags: creationTags,
  },
  response: { KeyId: z.string(), DataKeyId: z.string(), ...tagMembers },

  operation: importDataKey,
  toCore({ DataKeyName, ImportKeyMaterial, ImportType, Description = '', KeyId, Tags }, { place }) {
    const from = (ImportType === ciphertext ? fromBlob : fromPlaintext)(ImportKeyMaterial, KeyId)
    if ('failures' in from) return from
    return { at: place, name: DataKeyName, description: Description, tags: tagsOf(Tags), from }
  },
  fromCore: (row) => ({ KeyId: row.key, DataKeyId: row.id, ...tagged(row.tags) }),

  errors: {
    cryptographicFailure: 'InvalidParameterValue.InvalidImportKeyMaterial',
    incompatibleCryptographicUsageMask: 'InvalidParameterValue.InvalidKeyUsage',
    nonUniqueNameAttribute: 'InvalidParameterValue.DataKeyNameAlreadyExists',
    wrongKeyLifecycleState({ state }) {
      if (state === 'suspended') return 'ResourceUnavailable.CmkDisabled'
      if (state === 'deactivated') return 'ResourceUnavailable.CmkArchived'
      return state === 'preActive' ? 'ResourceUnavailable.CmkStateNotSupport' : 'ResourceUnavailable.KeyPendingDelete'
    },
  },
})

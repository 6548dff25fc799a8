import { documented } from '../../../contract/evidence.ts'
import { choice } from '../../../contract/fields.ts'
import { z } from '../../../contract/schema.ts'
import { noTags } from '../../../core/object.ts'
import { create } from '../../../core/operations/create.ts'
import { action } from '../action.ts'
import { enterpriseProject, groupOf, keyAlias, keyDescription, keyIdMember, legacy, sequence } from '../fields.ts'
import { keyKindOf, keySpecNames, keyUsageNames } from '../key-specs.ts'
import { isDefaultStore, keyStoreRef } from '../key-stores.ts'

export const CreateKey = action({
  name: 'CreateKey',
  rights: { keys: 'kms:cmk:create' },
  summary: 'Create a key, with material of its own or waiting for imported material.',
  evidence: documented('create-key page; which key_spec may be imported is inferred where section 14 is silent'),

  request: {
    key_alias: keyAlias.describe('The name of the key, unique per account and region.'),
    key_spec: choice(keySpecNames, { code: 'KMS.1110' }).describe('AES_256 when absent.').optional(),
    key_usage: choice(keyUsageNames).describe('What the key is for; by key_spec when absent.').optional(),
    key_description: keyDescription.describe('What is said of the key.').optional(),
    origin: choice(['kms', 'external'])
      .describe('kms, when absent: material made here. external: imported.')
      .optional(),
    enterprise_project_id: enterpriseProject
      .describe('The enterprise project that it is listed under; 0 when absent.')
      .optional(),
    keystore_id: keyStoreRef
      .describe("Where the material is kept; 0, when absent: under the installation's own root key.")
      .optional(),
    sequence,
    vm_id: legacy,
    realm: legacy,
    key_policy: legacy,
    key_type: legacy,
    tags: legacy,
  },
  response: {
    key_info: z.object({
      key_id: keyIdMember,
      domain_id: z.string().describe('The account.'),
      region_id: z.string(),
    }),
  },

  operation: create,
  toCore({ key_alias, key_spec = 'AES_256', key_usage, key_description = '', origin = 'kms', ...rest }, { place }) {
    const { keystore_id: keyStore = '', enterprise_project_id } = rest
    const kind = keyKindOf(key_spec, key_usage, origin)
    if ('failures' in kind) return kind
    return {
      at: place,
      name: key_alias,
      description: key_description,
      ...kind,
      tags: noTags,
      group: groupOf(enterprise_project_id),
      ...(isDefaultStore(keyStore) ? {} : { keyStore }),
    }
  },
  fromCore: ({ id }, { caller, region }) => ({
    key_info: { key_id: id, domain_id: caller.account.external.domainId ?? '', region_id: region.names.huawei ?? '' },
  }),

  errors: {
    unsupportedByKeyStore: 'KMS.0339',
    // An algorithm that the operator leaves out of the region.
    unsupportedCryptographicParameters: 'KMS.1110',
  },
})

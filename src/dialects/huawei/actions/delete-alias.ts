import { documented } from '../../../contract/evidence.ts'
import { z } from '../../../contract/schema.ts'
import { aliasesMax, deleteAliases } from '../../../core/operations/aliases.ts'
import { action } from '../action.ts'
import { alias, aliasName, keyId } from '../fields.ts'

export const DeleteAlias = action({
  name: 'DeleteAlias',
  rights: { key: 'kms:alias:delete' },
  summary: 'Take aliases from a key: all that are named, or none where one of them is not of the key.',
  evidence: documented('delete-alias page; the codes of its refusals are inferred'),

  request: {
    key_id: keyId.describe('The key.'),
    aliases: z.array(alias).min(1).max(aliasesMax).describe('Its aliases that go.'),
  },
  response: {},

  operation: deleteAliases,
  toCore: ({ key_id, aliases }) => ({ keyId: key_id, names: aliases.map(aliasName) }),
  fromCore: () => ({}),
})

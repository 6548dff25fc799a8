import { documented } from '../../../contract/evidence.ts'
import { createAlias } from '../../../core/operations/aliases.ts'
import { action } from '../action.ts'
import { aliasMembers, aliasRecord } from '../alias-record.ts'
import { alias, aliasName, keyId } from '../fields.ts'

export const CreateAlias = action({
  name: 'CreateAlias',
  rights: { key: 'kms:alias:create' },
  userOwned: ['key'],
  summary: 'Give a key an alias, unique per account and region; a key has 50 at most.',
  evidence: documented('create-alias page and user guide; the codes of its refusals are inferred'),

  request: { key_id: keyId.describe('The key.'), alias: alias.describe('The alias.') },
  response: aliasMembers,

  operation: createAlias,
  toCore: ({ key_id, alias: written }) => ({ keyId: key_id, name: aliasName(written), written }),
  fromCore: (made, { caller, house }) => aliasRecord(made, caller.account, house),
})

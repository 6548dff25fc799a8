import { documented } from '../../../contract/evidence.ts'
import { moveAlias } from '../../../core/operations/aliases.ts'
import { action } from '../action.ts'
import { aliasMembers, aliasRecord } from '../alias-record.ts'
import { alias, aliasName, keyId } from '../fields.ts'

export const AssociateAlias = action({
  name: 'AssociateAlias',
  rights: { from: 'kms:alias:associate', to: 'kms:alias:associate' },
  userOwned: ['from', 'to'],
  summary: 'Let an alias name another key; the caller needs the right for both keys.',
  evidence: documented('associate-alias page; the codes of its refusals are inferred'),

  request: {
    alias: alias.describe('An alias that is there.'),
    target_key_id: keyId.describe('The key that it is to name.'),
  },
  response: aliasMembers,

  operation: moveAlias,
  toCore: ({ alias: written, target_key_id }) => ({ name: aliasName(written), keyId: target_key_id }),
  fromCore: (moved, { caller, house }) => aliasRecord(moved, caller.account, house),
})

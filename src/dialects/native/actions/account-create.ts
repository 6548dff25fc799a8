import { inferred } from '../../../contract/evidence.ts'
import { z } from '../../../contract/schema.ts'
import { createAccount } from '../../../core/operations/administer.ts'
import { action } from '../action.ts'
import { name } from '../fields.ts'

export const AccountCreate = action({
  name: 'account-create',
  rights: { accounts: 'account:create' },
  summary: 'Make an account.',
  evidence: inferred('ours'),

  request: { name: name.describe('Name, unique in the installation.') },
  response: { id: z.string(), name: z.string() },

  operation: createAccount,
  toCore: ({ name: asked }, { house }) => house.identities.account(asked),
  fromCore: ({ id, name: made }) => ({ id, name: made }),
})

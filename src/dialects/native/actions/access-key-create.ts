import { inferred } from '../../../contract/evidence.ts'
import { noted, z } from '../../../contract/schema.ts'
import { Refusal, refuse } from '../../../core/failure.ts'
import { createCredential, type NewCredential } from '../../../core/operations/administer.ts'
import { action } from '../action.ts'
import { accountRef, dialectName, name, principalOf } from '../fields.ts'

export const AccessKeyCreate = action({
  name: 'access-key-create',
  rights: { principal: 'access-key:create' },
  summary: 'Make an access key of a user; its secret is shown this once.',
  evidence: inferred('ours'),

  request: {
    user: name.describe('Name or number of the user.'),
    account: accountRef,
    dialect: dialectName.describe('The cloud whose API it signs; tencent when absent.').optional(),
  },
  response: { dialect: z.string(), id: z.string(), secret: noted(z.string(), { sensitive: true }) },

  operation: createCredential,
  async toCore({ user, account, dialect = 'tencent' }, here): Promise<NewCredential | Refusal> {
    const principal = await principalOf(here, { user, account })
    if (principal instanceof Refusal) return principal
    const made = here.house.accessKeys[dialect]?.('permanent')
    if (!made) return refuse({ reason: 'featureNotSupported', feature: dialect })
    return { principal: principal.id, dialect, description: '', ...made }
  },
  fromCore: ({ dialect, id, secret }) => ({ dialect, id, secret }),
})

/** Users as the service lists them; roles are none. */
import { documented } from '../../../../contract/evidence.ts'
import { z } from '../../../../contract/schema.ts'
import { listPrincipals } from '../../../../core/operations/administer.ts'
import { action } from '../action.ts'
import { domainIdOf, listLinks, userIdOf } from '../records.ts'

const user = z.object({
  id: z.string(),
  name: z.string(),
  domain_id: z.string(),
  enabled: z.boolean(),
  description: z.literal(''),
  pwd_status: z.literal(true),
  password_expires_at: z.null(),
  links: z.object({ self: z.string(), next: z.null(), previous: z.null() }),
})

export const ListUsers = action({
  name: 'KeystoneListUsers',
  rights: { all: 'iam:users:listUsers' },
  summary: 'List the users of the account.',
  evidence: documented('IAM page; for Terraform a refusal is a warning only'),

  request: {
    name: z.string().max(64).describe('Only the user of this name.').optional(),
    domain_id: z.string().max(64).describe('Only of this account; of another there are none.').optional(),
  },
  response: { users: z.array(user), links: z.object({ self: z.string(), next: z.null(), previous: z.null() }) },

  operation: listPrincipals,
  toCore: (_asked, { caller }) => ({ account: caller.account.id }),
  fromCore(rows, { caller: { account } }, { name, domain_id = domainIdOf(account) }) {
    const domain = domainIdOf(account)
    const users = rows.filter((row) => !row.role && (name === undefined || row.name === name))
    return {
      users: (domain_id === domain ? users : []).map((row) => ({
        id: userIdOf(row),
        name: row.name,
        domain_id: domain,
        enabled: !row.disabled,
        description: '' as const,
        pwd_status: true as const,
        password_expires_at: null,
        links: listLinks(`/v3/users/${userIdOf(row)}`),
      })),
      links: listLinks('/v3/users'),
    }
  },
})

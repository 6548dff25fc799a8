import { inferred } from '../../../contract/evidence.ts'
import { z } from '../../../contract/schema.ts'
import { Refusal } from '../../../core/failure.ts'
import { listPrincipals } from '../../../core/operations/administer.ts'
import { action } from '../action.ts'
import { accountId, accountRef } from '../fields.ts'

const role = z.object({
  id: z.string(),
  name: z.string(),
  trusts: z.array(z.string()),
  sessionSecondsMax: z.int(),
  policies: z.int(),
  createdAt: z.string(),
})

export const RoleList = action({
  name: 'role-list',
  rights: { all: 'role:list' },
  summary: 'List the roles of an account.',
  evidence: inferred('ours'),

  request: { account: accountRef },
  response: { roles: z.array(role) },

  operation: listPrincipals,
  async toCore({ account }, here): Promise<{ account: string } | Refusal> {
    const id = await accountId(here, account)
    return id instanceof Refusal ? id : { account: id }
  },
  fromCore: (rows) => ({
    roles: rows.flatMap((row) => {
      if (row.kind !== 'principal' || !row.role) return []
      const { id, name, policies, createdAt } = row
      const trusts = row.role.trusts.map(({ account, principal }) => (principal ? `${account}/${principal}` : account))
      const { sessionSecondsMax } = row.role
      return [
        {
          id,
          name,
          trusts,
          sessionSecondsMax,
          policies: policies.length,
          createdAt: new Date(createdAt).toISOString(),
        },
      ]
    }),
  }),
})

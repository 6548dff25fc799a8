import { inferred } from '../../../contract/evidence.ts'
import { z } from '../../../contract/schema.ts'
import { Refusal } from '../../../core/failure.ts'
import { deleteRole } from '../../../core/operations/administer.ts'
import { action } from '../action.ts'
import { accountRef, name, principalOf } from '../fields.ts'

export const RoleDelete = action({
  name: 'role-delete',
  rights: { principal: 'role:delete' },
  summary: 'Remove a role and its policies; its sessions end.',
  evidence: inferred('ours'),

  request: { name: name.describe('Name or id of the role.'), account: accountRef },
  response: { id: z.string(), name: z.string() },

  operation: deleteRole,
  async toCore({ name: role, account }, here) {
    const principal = await principalOf(here, { role, account })
    return principal instanceof Refusal ? principal : { principal: principal.id }
  },
  fromCore: ({ id, name: deleted }) => ({ id, name: deleted }),
})

import { documented } from '../../../../contract/evidence.ts'
import { z } from '../../../../contract/schema.ts'
import { Refusal } from '../../../../core/failure.ts'
import { listCredentials } from '../../../../core/operations/administer.ts'
import { userNamed } from '../access-keys.ts'
import { action } from '../action.ts'
import { accessKeyOf, accessKeyRecord, userIdOf } from '../records.ts'

export const ListPermanentAccessKeys = action({
  name: 'ListPermanentAccessKeys',
  rights: { principal: 'iam:credentials:listCredentials' },
  summary: 'List the access keys of this cloud that the caller, or a user of its account, holds.',
  evidence: documented('IAM page'),

  request: { user_id: z.string().min(1).max(64).describe('The user; the caller when absent.').optional() },
  response: { credentials: z.array(accessKeyRecord) },

  operation: listCredentials,
  async toCore({ user_id }, here) {
    const principal = await userNamed(user_id ?? userIdOf(here.caller.principal), here)
    return principal instanceof Refusal ? principal : { principal }
  },
  fromCore: (rows, { caller }, { user_id = userIdOf(caller.principal) }) => ({
    credentials: rows.filter(({ dialect }) => dialect === 'huawei').map((row) => accessKeyOf(row, user_id)),
  }),
})

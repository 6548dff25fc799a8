import { inferred } from '../../../contract/evidence.ts'
import { z } from '../../../contract/schema.ts'
import { Refusal } from '../../../core/failure.ts'
import { listAccountCredentials } from '../../../core/operations/administer.ts'
import { action } from '../action.ts'
import { accountId, accountRef } from '../fields.ts'

const accessKey = z.object({
  id: z.string(),
  dialect: z.string(),
  user: z.string(),
  disabled: z.boolean(),
  createdAt: z.string(),
})

export const AccessKeyList = action({
  name: 'access-key-list',
  rights: { all: 'access-key:list' },
  summary: 'List the access keys of an account, without their secrets.',
  evidence: inferred('ours'),

  request: { account: accountRef },
  response: { accessKeys: z.array(accessKey) },

  operation: listAccountCredentials,
  async toCore({ account }, here): Promise<{ account: string } | Refusal> {
    const id = await accountId(here, account)
    return id instanceof Refusal ? id : { account: id }
  },
  fromCore: (rows) => ({
    accessKeys: rows.flatMap((row) => {
      if (row.kind !== 'credential') return []
      const { id, dialect, principal, disabled, createdAt } = row
      return [{ id, dialect, user: principal, disabled, createdAt: new Date(createdAt).toISOString() }]
    }),
  }),
})

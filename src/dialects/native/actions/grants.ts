import { inferred } from '../../../contract/evidence.ts'
import { text } from '../../../contract/fields.ts'
import { z } from '../../../contract/schema.ts'
import { Refusal } from '../../../core/failure.ts'
import { createGrant, listGrants } from '../../../core/operations/grants.ts'
import { action } from '../action.ts'
import { userRef } from '../fields.ts'
import { allowsOf, grantRecord, grantShown, lendable, partiesOf } from '../grants.ts'
import { keyRef } from '../key-fields.ts'
import { limitOf, next, nextOf, offsetOf, pageMembers } from '../paging.ts'

export const GrantCreate = action({
  name: 'grant-create',
  rights: { key: 'grant:create' },
  summary: 'Let a user of the account use a key, beside what its policies say.',
  evidence: inferred('ours'),
  request: {
    key: keyRef,
    user: userRef,
    rights: z.array(z.enum(lendable)).min(1).max(lendable.length),
    name: text({ charactersMax: 255 }).optional(),
  },
  response: { grant: z.string().describe('Its id.') },
  operation: createGrant,
  async toCore({ key: keyId, user, rights, name = '' }, here) {
    const parties = await partiesOf(user, here)
    if (parties instanceof Refusal) return parties
    return { keyId, name, ...parties, retiring: null, allows: allowsOf(rights, here) }
  },
  fromCore: (grant) => ({ grant }),
})

export const GrantList = action({
  name: 'grant-list',
  rights: { key: 'grant:list' },
  summary: 'List the grants of a key, oldest first.',
  evidence: inferred('ours'),
  request: { key: keyRef, ...pageMembers },
  response: { grants: z.array(grantRecord), next, total: z.int() },
  operation: listGrants,
  toCore(asked) {
    const offset = offsetOf(asked)
    return offset instanceof Refusal ? offset : { keyId: asked.key, page: { offset, limit: limitOf(asked) } }
  },
  fromCore: ({ total, grants }, _here, asked) => ({
    grants: grants.map(({ grant }) => grantShown(grant)),
    next: nextOf(Number(offsetOf(asked)), grants.length, total),
    total,
  }),
})

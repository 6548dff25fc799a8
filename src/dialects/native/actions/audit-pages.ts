import { inferred } from '../../../contract/evidence.ts'
import { z } from '../../../contract/schema.ts'
import { Refusal } from '../../../core/failure.ts'
import { followRecord, pageRecord } from '../../../core/operations/audit-pages.ts'
import { action } from '../action.ts'
import { limitOf, next, pageMembers } from '../paging.ts'
import { pageShown, placeIn, queryMembers, queryOf } from '../record-fields.ts'

const entries = z.array(z.record(z.string(), z.unknown())).describe('As docs/spec/audit.md has them.')
const common = {
  rights: { record: 'audit:search' },
  evidence: inferred('ours'),
  request: { ...queryMembers, ...pageMembers },
}

export const AuditSearch = action({
  ...common,
  name: 'audit-search',
  summary: "Find entries of the account's record, the newest first.",
  response: { entries, next },
  operation: pageRecord,
  async toCore(asked, here) {
    const query = await queryOf(asked, here)
    const after = placeIn(asked)
    if (query instanceof Refusal) return query
    if (after instanceof Refusal) return after
    return { ...query, limit: limitOf(asked), ...(after ? { after } : {}) }
  },
  fromCore: pageShown,
})

export const AuditTail = action({
  ...common,
  name: 'audit-tail',
  summary: "Tell what is new in the account's record since `next` of the answer before; nothing the first time.",
  response: { entries, next: z.string() },
  operation: followRecord,
  async toCore(asked, here) {
    const query = await queryOf(asked, here)
    const after = placeIn(asked)
    if (query instanceof Refusal) return query
    if (after instanceof Refusal) return after
    return { ...query, limit: limitOf(asked), ...(after ? { after } : {}) }
  },
  fromCore(page) {
    const { entries: found, next: place } = pageShown(page)
    return { entries: found, next: place ?? '' }
  },
})

import { inferred } from '../../../contract/evidence.ts'
import { text } from '../../../contract/fields.ts'
import { z } from '../../../contract/schema.ts'
import { Refusal, refuse } from '../../../core/failure.ts'
import type { CheckRequest } from '../../../core/operations/inspect.ts'
import { simulatePolicy } from '../../../core/operations/simulate.ts'
import { action } from '../action.ts'
import { decision, decisionOf, distinct, whyOf } from '../decisions.ts'
import { accountRef, name, principalOf } from '../fields.ts'
import { id } from '../key-fields.ts'

const dialects = z.enum(['tencent', 'huawei', 'native'], 'must be tencent, huawei or native')

export const PolicySimulate = action({
  name: 'policy-simulate',
  rights: { principal: 'policy:simulate' },
  summary: 'Tell whether a user might do something, and every statement that decides it.',
  evidence: inferred('ours'),
  request: {
    principal: name.describe('Name or number of the user.'),
    account: accountRef,
    action: text({ pattern: /^[0-9A-Za-z:_-]{1,128}$/ }).describe(
      'A permission word of the dialect, such as `kms:Encrypt`.',
    ),
    dialect: dialects.describe('tencent when absent.').optional(),
    key: id.describe('Id of a key; the account itself when absent.').optional(),
    source: text({ charactersMax: 64 }).describe('Source address; 127.0.0.1 when absent.').optional(),
  },
  response: { allowed: z.boolean(), decidedBy: z.array(decision), why: z.string() },
  operation: simulatePolicy,
  async toCore({ principal: user, account, action: word, dialect = 'tencent', key, source }, here) {
    const principal = await principalOf(here, { user, account })
    if (principal instanceof Refusal) return principal
    const rights = here.house.vocabularies.get(dialect)?.get(word)
    if (!rights)
      return refuse({ reason: 'invalidAttributeValue', member: 'action', why: `is no permission word of ${dialect}` })
    const { id: region } = here.region
    const about = { region, resource: key ?? '*', source: source ?? '127.0.0.1' }
    return { principal: principal.id, dialect, word, rights: [...rights], ...about } satisfies CheckRequest
  },
  fromCore: ({ allowed, decided }) => ({
    allowed,
    decidedBy: distinct(decided.map(decisionOf)),
    why: distinct(decided.map(whyOf)).join(' '),
  }),
})

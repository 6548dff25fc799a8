import { inferred } from '../../../contract/evidence.ts'
import { text } from '../../../contract/fields.ts'
import { z } from '../../../contract/schema.ts'
import { Refusal, refuse } from '../../../core/failure.ts'
import { type CheckRequest, checkPolicy } from '../../../core/operations/inspect.ts'
import { action } from '../action.ts'
import { dialectName, principalOf, whose } from '../fields.ts'

const word = text({ pattern: /^[0-9A-Za-z:_-]{1,128}$/ })

export const PolicyCheck = action({
  name: 'policy-check',
  rights: { principal: 'policy:check' },
  summary: 'Tell whether a user may do something, and which statement says so.',
  evidence: inferred('ours'),

  request: {
    ...whose,
    action: word.describe('A permission word of the dialect, such as `kms:Encrypt`.'),
    resource: text({ pattern: /^(?:\*|[0-9a-f-]{36})$/ })
      .describe('Id of a key; `*` when absent: the account itself.')
      .optional(),
    region: text({ charactersMax: 64 }).describe("The region's name in the dialect.").optional(),
    source: text({ charactersMax: 64 }).describe('Source address; 127.0.0.1 when absent.').optional(),
    dialect: dialectName.describe('tencent when absent.').optional(),
  },
  response: {
    allowed: z.boolean(),
    rule: z.string().describe('statement, default, root, disabled, otherAccount or unreadable.'),
    policy: z.string().optional(),
    statement: z.int().describe('Its place in the policy, from 0.').optional(),
  },

  operation: checkPolicy,
  async toCore(asked, here): Promise<CheckRequest | Refusal> {
    const { dialect = 'tencent', resource = '*', source = '127.0.0.1', region } = asked
    const principal = await principalOf(here, asked)
    if (principal instanceof Refusal) return principal
    const rights = here.house.vocabularies.get(dialect)?.get(asked.action)
    if (!rights)
      return refuse({ reason: 'invalidAttributeValue', member: 'action', why: `is no permission word of ${dialect}` })
    const place = here.house.regions.find(({ names }) => region === undefined || names[dialect] === region)
    if (!place) return refuse({ reason: 'unknownRegion' })
    return {
      principal: principal.id,
      dialect,
      word: asked.action,
      rights: [...rights],
      region: place.id,
      resource,
      source,
    }
  },
  fromCore: ({ allowed, by }) => ({
    allowed,
    rule: by.rule,
    ...('policy' in by ? { policy: by.policy.name } : {}),
    ...('index' in by ? { statement: by.index } : {}),
  }),
})

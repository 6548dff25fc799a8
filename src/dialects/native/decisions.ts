/** What decides whether somebody may do something, as it is shown. */
import { z } from '../../contract/schema.ts'
import type { Judgement } from '../../core/access/policy.ts'

export const decision = z.object({
  rule: z.string().describe('statement, default, root, disabled, otherAccount or unreadable.'),
  policy: z.string().optional(),
  language: z.string().optional(),
  statement: z.int().describe('Its place in the policy, from 0.').optional(),
  effect: z.enum(['allow', 'deny']),
})

export const decisionOf = ({ allowed, by }: Judgement): z.output<typeof decision> => ({
  rule: by.rule,
  effect: allowed ? 'allow' : 'deny',
  ...('policy' in by ? { policy: by.policy.name, language: by.policy.language } : {}),
  ...('index' in by ? { statement: by.index } : {}),
})

export const whyOf = ({ allowed, by }: Judgement): string => {
  switch (by.rule) {
    case 'statement':
      return `Statement ${by.index + 1} of policy ${by.policy.name} ${allowed ? 'allows' : 'denies'} it.`
    case 'unreadable':
      return `Policy ${by.policy.name} cannot be read, and so denies everything: ${by.fault}.`
    case 'root':
      return 'The root of an account may do everything in it.'
    case 'disabled':
      return 'The user is shut out.'
    default:
      return 'No statement allows it.'
  }
}

export const distinct = <T>(all: readonly T[]): T[] => [
  ...new Map(all.map((one) => [JSON.stringify(one), one])).values(),
]

/** What a search by tags asks for, each fault with its own code. */
import { noted, z } from '../../contract/schema.ts'
import { refuse } from '../../core/failure.ts'
import type { TagCondition } from '../../core/pages.ts'
import type { Code } from './codes.ts'
import { addFault, keyCharactersMax, valueCharactersMax } from './tags.ts'

const conditionsMax = 10
const valuesMax = 10
const matchesMax = 10
const nameCharactersMax = 255

const condition = z.strictObject({
  key: z.string().describe('The key of the tag.'),
  values: z.array(z.string()).describe('One of them is its value; any value where there is none.').optional(),
})

export const conditions = noted(
  z.array(condition).superRefine((all, context) => {
    if (all.some(({ key }) => key === '' || key.length > keyCharactersMax))
      addFault(context, ['KMS.0414', `must have keys of 1 to ${keyCharactersMax} characters`])
    if (all.some(({ values = [] }) => values.some((value) => value.length > valueCharactersMax)))
      addFault(context, ['KMS.0414', `must have values of at most ${valueCharactersMax} characters`])
    if (all.length > conditionsMax) addFault(context, ['KMS.0414', `must be at most ${conditionsMax} tags`])
    if (all.some(({ values = [] }) => values.length > valuesMax))
      addFault(context, ['KMS.0413', `must have at most ${valuesMax} values for a key`])
  }),
  { code: 'KMS.0414', limit: `at most ${conditionsMax} keys, each with at most ${valuesMax} values` },
)

const match = z.strictObject({
  key: z.string().describe('resource_name.'),
  value: z.string().describe('A part of the name of a key; case is ignored.').optional(),
})

export const matches = noted(
  z.array(match).superRefine((all, context) => {
    if (all.length > matchesMax) addFault(context, ['KMS.0415', `must be at most ${matchesMax}`])
    if (all.some(({ key }) => key !== 'resource_name')) addFault(context, ['KMS.0403', 'can only be of resource_name'])
    if (all.some(({ value = '' }) => value.length > nameCharactersMax))
      addFault(context, ['KMS.0402', `must have at most ${nameCharactersMax} characters`])
    if (all.length > 1) addFault(context, ['KMS.0415', 'must not have a field twice'])
  }),
  { code: 'KMS.0415', limit: 'at most one, of resource_name' },
)

/** What is wrong in either list, beside what they say themselves. */
export const malformed =
  (otherwise: Code) =>
  ({ member }: { member: string }): Code => {
    if (member.startsWith('tags')) return 'KMS.0414'
    if (member.startsWith('matches')) return 'KMS.0415'
    return member === 'action' && otherwise === 'KMS.0214' ? 'KMS.0404' : otherwise
  }

export const conditionsOf = (asked: z.output<typeof conditions> = []): readonly TagCondition[] =>
  asked.map(({ key, values = [] }) => ({ key, values }))

export const notWithCount = (member: string) =>
  refuse({ reason: 'invalidAttributeValue', member, why: 'is not for action count', code: 'KMS.0418' })

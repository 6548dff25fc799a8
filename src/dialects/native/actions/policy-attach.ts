import { inferred } from '../../../contract/evidence.ts'
import { text } from '../../../contract/fields.ts'
import { z } from '../../../contract/schema.ts'
import { PolicyFault } from '../../../core/access/policy.ts'
import { type Failure, Refusal, refuse } from '../../../core/failure.ts'
import { attachPolicy, type NewPolicy } from '../../../core/operations/administer.ts'
import { action } from '../action.ts'
import { languageName, name, policyId, principalOf, whose } from '../fields.ts'

const missing = (preset: string | undefined): Failure =>
  preset === undefined
    ? { reason: 'missingData', member: 'document' }
    : { reason: 'invalidAttributeValue', member: 'preset', why: 'is no policy of the cloud' }

export const PolicyAttach = action({
  name: 'policy-attach',
  rights: { principal: 'policy:attach' },
  summary: 'Give a user or a role a policy, in the place of one of the same name.',
  evidence: inferred('ours'),

  request: {
    ...whose,
    name: name.describe('Name of the policy, unique for the user.'),
    language: languageName.describe('Language of the document; tencent when absent.').optional(),
    document: text({ bytesMax: 65_536 }).describe('The policy.').optional(),
    preset: text({ charactersMax: 64 })
      .describe("The name of one of the cloud's own policies, in its place.")
      .optional(),
  },
  response: { name: z.string() },

  operation: attachPolicy,
  async toCore({ name: policy, language = 'tencent', preset, ...rest }, here): Promise<NewPolicy | Refusal> {
    const { document: written, ...asked } = rest
    const principal = await principalOf(here, asked)
    if (principal instanceof Refusal) return principal
    if (written !== undefined && preset !== undefined) return refuse({ reason: 'unknownField', member: 'preset' })
    const document = preset === undefined ? written : here.house.presets.get(language)?.get(preset)
    if (document === undefined) return refuse(missing(preset))
    const read = here.house.languages.get(language)?.(document)
    if (!read) return refuse({ reason: 'featureNotSupported', feature: language })
    if (read instanceof PolicyFault)
      return refuse({ reason: 'invalidAttributeValue', member: 'document', why: `is no policy: ${read.fault}` })
    return {
      principal: principal.id,
      id: here.house.random.id(here.house.clock.now()),
      name: policy,
      language,
      document,
      replaces: await policyId(here, principal, policy),
    }
  },
  fromCore: ({ name: attached }) => ({ name: attached }),
})

/** The policy that narrows temporary access keys, as the request has it: an object, and no text. */
import type { Here } from '../../../contract/action.ts'
import { z } from '../../../contract/schema.ts'
import { PolicyFault } from '../../../core/access/policy.ts'
import { sessionPolicyBytesMax } from '../../../core/access/session.ts'
import { type Refusal, refuse } from '../../../core/failure.ts'
import type { SessionPolicy } from '../../../core/operations/session.ts'

/** Its members are for the policy language to read. */
export const narrowingPolicy = z.looseObject({})

const refused = (why: string): Refusal =>
  refuse({ reason: 'invalidAttributeValue', member: 'auth.identity.policy', why })

export const toNarrowing = (
  asked: z.output<typeof narrowingPolicy> | undefined,
  { house }: Here,
): SessionPolicy | null | Refusal => {
  if (asked === undefined) return null
  const document = JSON.stringify(asked)
  if (Buffer.byteLength(document) > sessionPolicyBytesMax)
    return refused(`must be at most ${sessionPolicyBytesMax} bytes`)
  const read = house.languages.get('huawei')?.(document)
  if (!read || read instanceof PolicyFault) return refused(`is no policy: ${read?.fault ?? ''}`)
  return { language: 'huawei', document }
}

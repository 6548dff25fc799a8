/** What the actions of the security token service share. */
import type { Here } from '../../contract/action.ts'
import { choice, text } from '../../contract/fields.ts'
import { z } from '../../contract/schema.ts'
import { PolicyFault } from '../../core/access/policy.ts'
import { sessionPolicyBytesMax } from '../../core/access/session.ts'
import { type Refusal, refuse } from '../../core/failure.ts'
import type { Issued, SessionPolicy } from '../../core/operations/session.ts'
import type { Code } from './codes.ts'
import { seconds } from './fields.ts'

export const wrongParameter = 'InvalidParameter.ParamError' satisfies Code
export const tooLong = 'InvalidParameter.OverTimeError' satisfies Code

export const sessionPolicy = text({ charactersMax: 32_768, code: 'InvalidParameter.ExtendStrategyOverSize' }).min(1)

/** Multi-factor authentication is not offered: a code that nobody checks must not look as if it had been. */
export const noFactor = choice([''], { code: 'InvalidParameter.TempCodeNotAvaliable' }).optional()

const refused = (why: string, code: Code): Refusal =>
  refuse({ reason: 'invalidAttributeValue', member: 'Policy', why, code })

/** The page says that it is URL-encoded; several clients send it as it is. */
const decoded = (written: string): string | undefined => {
  if (written.trimStart().startsWith('{')) return written
  try {
    return decodeURIComponent(written)
  } catch {
    return undefined
  }
}

export const toSessionPolicy = (written: string, { house }: Here): SessionPolicy | Refusal => {
  const document = decoded(written)
  if (document === undefined) return refused('is not URL-encoded', 'InvalidParameter.StrategyFormatError')
  if (Buffer.byteLength(document) > sessionPolicyBytesMax)
    return refused(`must be at most ${sessionPolicyBytesMax} bytes`, 'InvalidParameter.ExtendStrategyOverSize')
  const read = house.languages.get('tencent')?.(document)
  if (!read || read instanceof PolicyFault)
    return refused(`is no policy: ${read?.fault ?? ''}`, 'InvalidParameter.StrategyFormatError')
  return { language: 'tencent', document }
}

export const issuedMembers = {
  Credentials: z.object({ Token: z.string(), TmpSecretId: z.string(), TmpSecretKey: z.string() }),
  ExpiredTime: z.int().describe('Unix seconds.'),
  Expiration: z.string().describe('The same as UTC ISO 8601 text.'),
}

export const fromIssued = ({ id, secret, token, expiresAt }: Issued) => ({
  Credentials: { Token: token, TmpSecretId: id, TmpSecretKey: secret },
  ExpiredTime: seconds(expiresAt),
  Expiration: new Date(seconds(expiresAt) * 1000).toISOString().replace('.000Z', 'Z'),
})

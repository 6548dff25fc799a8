import { documented } from '../../../../contract/evidence.ts'
import { noted, z } from '../../../../contract/schema.ts'
import { presentedSession } from '../../../../core/access/session.ts'
import { refuse } from '../../../../core/failure.ts'
import { inspectSession } from '../../../../core/operations/session.ts'
import { action } from '../action.ts'
import { subjectHeader } from '../envelope.ts'
import { tokenOf } from '../records.ts'
import { nocatalog, tokenResponse } from '../token.ts'

export const ValidateToken = action({
  name: 'KeystoneValidateToken',
  rights: { principal: 'iam:tokens:validate' },
  summary: 'Tell whose a token is: the own one, or any of the account for its administrator.',
  evidence: documented('IAM page; the permission word is inferred'),

  request: {
    [subjectHeader]: noted(z.string().min(1).max(4096), { sensitive: true }).describe('The token to tell of.'),
    nocatalog,
  },
  response: tokenResponse,

  operation: inspectSession,
  async toCore({ [subjectHeader]: token }, { house, view }) {
    const found = await presentedSession(house, view, token, { dialect: 'huawei', form: 'bearer' })
    return typeof found === 'string' ? refuse({ reason: 'objectNotFound', kind: 'principal' }) : found
  },
  fromCore({ session, principal, account }, { house }, asked) {
    const { name: method, region = null, issuedAt = 0, expiresAt } = session
    const facts = { principal, account, method, region, issuedAt, expiresAt, withCatalog: !asked.nocatalog }
    return { [subjectHeader]: asked[subjectHeader], token: tokenOf(facts, house) }
  },

  // Whose a token is, is not told to whom it does not concern.
  errors: { permissionDenied: 'notFound' },
})

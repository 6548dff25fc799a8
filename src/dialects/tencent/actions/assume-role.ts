import type { Here } from '../../../contract/action.ts'
import { documented } from '../../../contract/evidence.ts'
import { integer, text } from '../../../contract/fields.ts'
import { Refusal, refuse } from '../../../core/failure.ts'
import { roleName } from '../../../core/operations/administer.ts'
import { type AssumeRequest, assumeRole } from '../../../core/operations/session.ts'
import { action } from '../action.ts'
import { fromIssued, issuedMembers, noFactor, sessionPolicy, tooLong, toSessionPolicy, wrongParameter } from '../sts.ts'

const arn = /^(?:qcs::cam::uin\/(\d{1,20}):(roleName|role)\/)?([0-9A-Za-z_+=,.@-]{1,128})$/

/** A role by its whole name, or by its bare one in the caller's account; what is not there has an id that nothing has. */
const roleIdOf = async (written: string, { caller, house }: Here): Promise<string> => {
  const [, account = caller.account.id, form = 'roleName', name = ''] = arn.exec(written) ?? []
  if (form === 'role') return name
  return (await house.store.reader.holder(roleName(account, name))) ?? ''
}

export const AssumeRole = action({
  name: 'AssumeRole',
  rights: { role: 'sts:AssumeRole' },
  summary: 'Take temporary keys of a role that trusts the caller.',
  evidence: documented('AssumeRole page; session tags and MFA are refused rather than ignored'),

  request: {
    RoleArn: text({ pattern: arn, code: 'InvalidParameter.ResouceError' }).describe(
      'Role name, qcs::cam::uin/<root>:roleName/<name> or qcs::cam::uin/<root>:role/<id>.',
    ),
    RoleSessionName: text({ pattern: /^[\w+=,.@-]{2,128}$/, code: wrongParameter }).describe(
      'What the session is called.',
    ),
    DurationSeconds: integer({ min: 1, max: 43_200, code: tooLong }).describe('Lifetime; 7200 when absent.').optional(),
    Policy: sessionPolicy.describe('URL-encoded policy that narrows the session.').optional(),
    ExternalId: text({ charactersMax: 128, code: wrongParameter }).describe('What the role asks beside.').optional(),
    SourceIdentity: text({ charactersMax: 64, code: wrongParameter }).describe('Not used.').optional(),
    SerialNumber: noFactor.describe('MFA is not offered.'),
    TokenCode: noFactor.describe('MFA is not offered.'),
  },
  response: issuedMembers,

  operation: assumeRole,
  async toCore({ RoleArn, RoleSessionName, DurationSeconds = 7200, ...rest }, here): Promise<AssumeRequest | Refusal> {
    const policy = rest.Policy === undefined ? null : toSessionPolicy(rest.Policy, here)
    if (policy instanceof Refusal) return policy
    const role = await roleIdOf(RoleArn, here)
    if (role === '') return refuse({ reason: 'objectNotFound', kind: 'principal' })
    return { role, name: RoleSessionName, seconds: DurationSeconds, policy, externalId: rest.ExternalId ?? null }
  },
  fromCore: fromIssued,

  errors: { objectNotFound: 'ResourceNotFound.RoleNotFound', sessionTooLong: tooLong },
})

import { inferred } from '../../../contract/evidence.ts'
import { z } from '../../../contract/schema.ts'
import type { Caller } from '../../../core/access/caller.ts'
import { identify } from '../../../core/operations/session.ts'
import { action } from '../action.ts'

/** A session of a role, of a user under a policy, a user, or the root of an account. */
const identityOf = ({ principal, session, account }: Caller) => {
  const begins = `qcs::cam::uin/${account.id}`
  const { id, role, root } = principal
  if (role) return { Arn: `${begins}:role/${id}`, UserId: `${id}:${session?.name ?? ''}`, Type: 'CAMRole' }
  if (session) return { Arn: `${begins}:federated-user/${id}`, UserId: `${id}:${session.name}`, Type: 'FederatedUser' }
  return { Arn: `${begins}:${root ? 'root' : `uin/${id}`}`, UserId: id, Type: root ? 'RootUser' : 'CAMUser' }
}

export const GetCallerIdentity = action({
  name: 'GetCallerIdentity',
  rights: {},
  summary: 'Tell whose keys the request is signed with.',
  evidence: inferred('GetCallerIdentity page for the members; the values of Type are ours'),

  request: {},
  response: {
    Arn: z.string(),
    AccountId: z.string(),
    UserId: z.string(),
    PrincipalId: z.string(),
    Type: z.string(),
  },

  operation: identify,
  toCore: () => ({}),
  fromCore: (caller) => ({
    ...identityOf(caller),
    AccountId: caller.account.id,
    PrincipalId: caller.principal.id,
  }),
})

/** Fields that several actions share, and how the names that people write lead to ids. */
import type { Here } from '../../contract/action.ts'
import { text } from '../../contract/fields.ts'
import { z } from '../../contract/schema.ts'
import { Refusal, refuse } from '../../core/failure.ts'
import { firstAccountName } from '../../core/founding.ts'
import type { Instant, Kind, Principal } from '../../core/object.ts'
import { accountName, policyName, principalName, roleName } from '../../core/operations/administer.ts'
import type { UniqueName } from '../../core/ports.ts'

export const name = text({ pattern: /^[0-9A-Za-z][0-9A-Za-z._@-]{0,63}$/ })
export const userRef = name.describe('Name or number of the user.')
export const accountRef = name
  .describe("Name or number of the account; one's own when absent, the operator's first.")
  .optional()

export const isoOf = (at: Instant): string => new Date(at).toISOString()
export const isoOrNull = (at: Instant | null): string | null => (at === null ? null : isoOf(at))
export const time = z.string().describe('UTC, ISO 8601.')
export const revision = z.int().describe('What If-Match names.')
export const languageName = z.enum(['tencent', 'huawei', 'rights'], 'must be tencent, huawei or rights')
export const dialectName = z.enum(['tencent', 'huawei'], 'must be tencent or huawei')

const idBy = async (here: Here, kind: Kind, unique: UniqueName): Promise<string | Refusal> =>
  (await here.house.store.reader.holder(unique)) ?? refuse({ reason: 'objectNotFound', kind })

/** Any account by its name or its number. */
export const anyAccountId = async (here: Here, named: string): Promise<string | Refusal> =>
  (await here.view.get('account', named)) ? named : idBy(here, 'account', accountName(named))

/** The account that is asked about. Of another one than the own nobody else than operators even learns whether it is there. */
export const accountId = async (here: Here, asked?: string): Promise<string | Refusal> => {
  const { account, reach } = here.caller
  const own = account.id !== '' && (asked === undefined || asked === account.id || asked === account.name)
  if (own) return account.id
  return reach === 'everything' ? anyAccountId(here, asked ?? firstAccountName) : refuse({ reason: 'permissionDenied' })
}

/** Whom an action is about: a user or a role. */
export const whose = {
  user: name.describe('Name or number of the user.').optional(),
  role: name.describe('Name or id of the role, instead of a user.').optional(),
  account: accountRef,
}

export interface Whose {
  readonly user?: string | undefined
  readonly role?: string | undefined
  readonly account?: string | undefined
}

/** A user or a role by its name in an account, or by its number. */
export const principalOf = async (here: Here, { user, role, account }: Whose): Promise<Principal | Refusal> => {
  const asked = user ?? role
  if (asked === undefined) return refuse({ reason: 'missingData', member: 'user' })
  if (user !== undefined && role !== undefined) return refuse({ reason: 'unknownField', member: 'role' })
  const inAccount = await accountId(here, account)
  if (inAccount instanceof Refusal) return inAccount
  const unique = user === undefined ? roleName(inAccount, asked) : principalName(inAccount, asked)
  const id = (await here.view.get('principal', asked)) ? asked : await idBy(here, 'principal', unique)
  if (id instanceof Refusal) return id
  const row = await here.view.get('principal', id)
  const found = row?.account === inAccount && (row.role === null) === (user !== undefined)
  return found ? row : refuse({ reason: 'objectNotFound', kind: 'principal' })
}

/** The id of a principal's policy by its name, or undefined. */
export const policyId = (here: Here, principal: Principal, policy: string): Promise<string | undefined> =>
  here.house.store.reader.holder(policyName(principal, policy))

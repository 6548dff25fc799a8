/** Agencies are roles of the core: an account or a user is trusted, and takes a session. */
import type { Here } from '../../../contract/action.ts'
import { z } from '../../../contract/schema.ts'
import { type Refusal, refuse } from '../../../core/failure.ts'
import type { Account, Principal } from '../../../core/object.ts'
import { accountName, roleName } from '../../../core/operations/administer.ts'
import { trusts } from '../../../core/operations/session.ts'

const word = z.string().min(1).max(64)

export const agencyMembers = {
  domain_id: word.optional(),
  domain_name: word.optional(),
  agency_name: word.optional(),
  /** What one client calls agency_name. */
  xrole_name: word.optional(),
}

interface Asked {
  readonly domain_id?: string | undefined
  readonly domain_name?: string | undefined
  readonly agency_name?: string | undefined
  readonly xrole_name?: string | undefined
}

export interface Agency {
  readonly role: Principal
  readonly account: Account
}

const missing = refuse({ reason: 'objectNotFound', kind: 'principal' })

/** What else is wrong with a request is for whom the agency trusts: others would learn of it that the agency is there. */
export const unlessStranger = ({ role }: Agency, fault: Refusal, { caller }: Here): Refusal =>
  trusts(role, caller) ? fault : missing

export const agencyOf = async (asked: Asked, { house, view }: Here): Promise<Agency | Refusal> => {
  const { reader } = house.store
  const { domain_id: id, domain_name: name, agency_name: agency = asked.xrole_name } = asked
  if (agency === undefined || (id === undefined && name === undefined))
    return refuse({ reason: 'missingData', member: 'auth.identity.assume_role' })
  const accountId =
    id === undefined ? await reader.holder(accountName(name ?? '')) : await reader.knownAs('account', 'domainId', id)
  const account = accountId === undefined ? undefined : await view.get('account', accountId)
  const roleId = account && (await reader.holder(roleName(account.id, agency)))
  const role = roleId === undefined ? undefined : await view.get('principal', roleId)
  return account && role?.role ? { role, account } : missing
}

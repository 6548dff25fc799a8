/** Who calls: the rows behind an access key, all from one view. */
import type { Account, Credential, Policy, Principal } from '../object.ts'
import type { View } from '../ports.ts'

export interface Caller {
  /** The dialect that the caller speaks; `system` for Keystead's own work. */
  readonly dialect: string
  readonly credential: Credential | undefined
  readonly principal: Principal
  readonly account: Account
  /** Source address. */
  readonly source: string
  readonly request: string
  /** `everything`: Keystead's own work, which no policy speaks of. */
  readonly reach: 'policies' | 'everything'
}

/** The policies of a principal, or undefined when one of them is missing: what it said is then not known. */
export const policiesOf = async (view: View, principal: Principal): Promise<readonly Policy[] | undefined> => {
  const found: Policy[] = []
  for (const id of principal.policies) {
    const policy = await view.get('policy', id)
    if (!policy) return undefined
    found.push(policy)
  }
  return found
}

/**
 * The rows behind an access key id that a request claims, or undefined when there is no such key in use: unknown,
 * disabled, of another dialect, or of a principal or an account that is disabled or gone.
 */
export const claimed = async (
  view: View,
  id: string,
  dialect: string,
): Promise<{ credential: Credential; principal: Principal; account: Account } | undefined> => {
  const credential = await view.get('credential', id)
  if (!credential || credential.disabled || credential.dialect !== dialect) return undefined
  const principal = await view.get('principal', credential.principal)
  if (!principal || principal.disabled) return undefined
  const account = await view.get('account', credential.account)
  return account && { credential, principal, account }
}

/** Who calls: the rows behind an access key, all from one view. */
import { onceAtHand } from '../at-hand.ts'
import { type Refusal, refuse } from '../failure.ts'
import type { Account, AccountId, Credential, Policy, Principal, Snapshot } from '../object.ts'
import type { View } from '../ports.ts'
import type { Session } from './session.ts'

export interface Caller {
  /** The dialect that the caller speaks; `system` for Keystead's own work. */
  readonly dialect: string
  readonly credential: Credential | undefined
  /** Where the caller came with a temporary access key, which no row stands for. */
  readonly session?: Session
  readonly principal: Principal
  readonly account: Account
  /** The accounts that are acted in, where these are not just the caller's own: only `actFor` says so. */
  readonly acting?: readonly Account[]
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

export interface Claimed {
  readonly credential: Credential
  readonly principal: Principal
  readonly account: Account
}

/**
 * The rows behind an access key id that a request claims, or undefined when there is no such key in use: unknown,
 * disabled, of another dialect, or of a principal or an account that is disabled or gone. Rows are nearly always at hand.
 */
export const claimed = (view: View, id: string, dialect: string): Claimed | undefined | Promise<Claimed | undefined> =>
  onceAtHand(view.get('credential', id), (credential) => {
    if (!credential || credential.disabled || credential.dialect !== dialect) return undefined
    return onceAtHand(view.get('principal', credential.principal), (principal) => {
      if (!principal || principal.disabled) return undefined
      return onceAtHand(view.get('account', credential.account), (account) =>
        account ? { credential, principal, account } : undefined,
      )
    })
  })

/** Everybody may look after themselves and their access keys, unless a policy denies it. */
export const isOwn = (row: Snapshot, { principal }: Caller): boolean =>
  (row.kind === 'principal' && row.id === principal.id) || (row.kind === 'credential' && row.principal === principal.id)

/** The accounts whose objects the caller sees. */
export const actingIn = ({ acting, account }: Caller): readonly Account[] => acting ?? [account]

/** The caller in other accounts, each of which its own must administer; in its own it needs nobody's leave. */
export const actFor = async (caller: Caller, view: View, accounts: readonly AccountId[]): Promise<Caller | Refusal> => {
  const acting: Account[] = []
  for (const id of new Set(accounts)) {
    const account = id === caller.account.id ? caller.account : await view.get('account', id)
    const own = account === caller.account
    if (!account || (!own && account.administrator !== caller.account.id)) return refuse({ reason: 'foreignAccount' })
    acting.push(account)
  }
  return { ...caller, acting }
}

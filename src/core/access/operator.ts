/**
 * Who looks after the whole installation: whoever may command its process, and over the network the root principal of
 * the first account and whom the policies of that account give the right to operate.
 */
import { firstAccountName } from '../founding.ts'
import type { House } from '../house.ts'
import type { Account, Instant, Principal } from '../object.ts'
import type { View } from '../ports.ts'
import { type Caller, policiesOf } from './caller.ts'
import { PolicyFault, permits } from './policy.ts'

interface Looking {
  readonly house: House
  readonly view: View
  readonly now: Instant
}

type Asking = Pick<Caller, 'dialect' | 'principal' | 'account' | 'source' | 'session'>

const isLetOperate = async ({ house, view, now }: Looking, caller: Asking): Promise<boolean> => {
  const { account, principal, session } = caller
  if (account.name !== firstAccountName) return false
  const policies = await policiesOf(view, principal)
  if (!policies) return false
  const resource = { kind: 'installation', account: account.id, region: '', creator: '', id: '*' }
  const question = { caller, right: 'operate', word: '', resource, now } as const
  return permits(question, policies, house.languages, session?.policy)
}

export const mayOperate = async (looking: Looking, caller: Caller): Promise<boolean> =>
  caller.reach === 'everything' || isLetOperate(looking, caller)

/**
 * Whether the caller may change what another principal is known by. Who could give an access key or a password to the
 * root of an account, or to an operator, would be it: that is for the principal itself, its root, and operators.
 */
export const mayManage = async (
  looking: Looking & { readonly caller: Caller },
  principal: Principal,
  account: Account,
): Promise<boolean> => {
  const { caller } = looking
  if (caller.reach === 'everything' || caller.principal.root || caller.principal.id === principal.id) return true
  if (principal.root) return false
  const { session: _own, ...common } = caller
  const operates = await isLetOperate(looking, { ...common, principal, account })
  return !operates || isLetOperate(looking, caller)
}

/** Whether a document lets anybody operate: only who may do so itself gives that to others. */
export const letsOperate = ({ languages }: House, language: string, document: string): boolean => {
  const read = languages.get(language)?.(document) ?? []
  return (
    !(read instanceof PolicyFault) && read.some(({ effect, rights }) => effect === 'allow' && rights.has('operate'))
  )
}

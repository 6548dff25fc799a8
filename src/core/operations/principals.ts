/** One user at a time: what is known of it, whether it is let in, and its end. */
import { type Refusal, refuse } from '../failure.ts'
import type { Credential, Policy, Principal } from '../object.ts'
import { type Call, change, look, type ObjectTarget } from '../operation.ts'
import type { Effect } from '../ports.ts'
import { policiesIn, policyName, principalName, rowsOf, unmanaged } from './administer.ts'

interface One {
  readonly principal: string
}

const principalTarget = ({ principal }: One) => ({ principal: { kind: 'principal', id: principal } as const })

export const describePrincipal = look({
  name: 'describePrincipal',
  summary: 'Read a principal.',
  rights: { principal: 'describePrincipal' },
  targets: ({ principal }: One) => ({ principal: { kind: 'principal', id: principal, own: true } as const }),
  run: ({ at }) => at.principal,
})

export const changePrincipal = change({
  name: 'changePrincipal',
  summary: 'Shut a principal out, or let it in again; its sessions end.',
  rights: { principal: 'changePrincipal' },
  targets: (request: One & { disabled: boolean }) => principalTarget(request),
  prepare: unmanaged,
  decide({ at: { principal: over } }, { disabled }) {
    // Somebody has to be left who can let the others in.
    if (over.root && disabled) return refuse({ reason: 'objectInUse' })
    if (over.disabled === disabled) return { result: over, effects: [] }
    const put: Principal = { ...over, disabled }
    return { result: { ...put, revision: over.revision + 1 }, effects: [{ put, over }] }
  },
})

interface Belongings {
  readonly policies: readonly Policy[]
  readonly credentials: readonly Credential[]
}

type OfPrincipal = Call<{ readonly principal: ObjectTarget<'principal'> }>

const belongingsOf = async (call: OfPrincipal): Promise<Belongings> => {
  const { id, account } = call.at.principal
  const credentials = await rowsOf(call.house.store.reader, 'credential', account)
  return { policies: await policiesIn(call), credentials: credentials.filter(({ principal }) => principal === id) }
}

export const deleteUser = change({
  name: 'deleteUser',
  summary: 'Remove a user, its access keys and its policies; its sessions end.',
  rights: { principal: 'deletePrincipal' },
  targets: (request: One) => principalTarget(request),
  prepare: async (call): Promise<Belongings | Refusal> => (await unmanaged(call)) ?? belongingsOf(call),
  refresh: belongingsOf,
  decide({ at: { principal } }, _request, { policies, credentials }) {
    if (principal.role) return refuse({ reason: 'objectNotFound', kind: 'principal' })
    if (principal.root) return refuse({ reason: 'objectInUse' })
    const effects: Effect[] = [
      { drop: principal, release: principalName(principal.account, principal.name) },
      ...policies.map((policy) => ({ drop: policy, release: policyName(principal, policy.name) })),
      ...credentials.map((credential) => ({ drop: credential })),
    ]
    return { result: principal, effects }
  },
})

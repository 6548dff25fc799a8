/** What policies would say, before anybody relies on it. */
import { policiesOf } from '../access/caller.ts'
import { type Judgement, judge, PolicyFault } from '../access/policy.ts'
import { type Refusal, refuse } from '../failure.ts'
import type { Account, Principal } from '../object.ts'
import { type Call, look, type Targets } from '../operation.ts'
import { resourceOf } from '../resolve.ts'
import type { CheckRequest } from './inspect.ts'

const resourceFor = async (
  { view }: Pick<Call<Targets>, 'view'>,
  { resource, region }: CheckRequest,
  account: Account,
) => {
  if (resource === '*') return { kind: 'key', account: account.id, region, creator: '', id: '*' }
  const kinds = ['key', 'dataKey', 'whiteBoxKey'] as const
  for (const kind of kinds) {
    const row = await view.get(kind, resource)
    // What another account has is none of this one's to ask about.
    if (row?.account === account.id) return resourceOf(row)
  }
  return undefined
}

export interface Simulated {
  readonly allowed: boolean
  /** For each right that the word reaches, what decides it; those that deny alone where one does. */
  readonly decided: readonly Judgement[]
  readonly principal: Principal
}

export const simulatePolicy = look({
  name: 'simulatePolicy',
  summary: 'Tell whether a principal might do something, and every statement that decides it.',
  rights: { principal: 'simulatePolicy' },
  targets: ({ principal }: CheckRequest) => ({ principal: { kind: 'principal', id: principal } as const }),
  async run(call, request): Promise<Simulated | Refusal> {
    const { at, house, now, view } = call
    const { principal } = at
    const account = await view.get('account', principal.account)
    const resource = account && (await resourceFor(call, request, account))
    if (!resource) return refuse({ reason: 'objectNotFound', kind: 'key' })
    const policies = (await policiesOf(view, principal)) ?? []
    const { dialect, word, source, rights } = request
    const caller = { dialect, principal, account, source }
    const judged = rights.map((right) => judge({ caller, right, word, resource, now }, policies, house.languages))
    const denied = judged.filter(({ allowed }) => !allowed)
    return { allowed: denied.length === 0, decided: denied.length === 0 ? judged : denied, principal }
  },
})

export const validatePolicy = look({
  name: 'validatePolicy',
  summary: 'Tell whether a document is a policy of a language, and what is wrong with it.',
  rights: {},
  targets: (_request: { language: string; document: string }) => ({}),
  run({ house }, { language, document }): { readonly fault: string | null } | Refusal {
    const read = house.languages.get(language)?.(document)
    if (!read) return refuse({ reason: 'featureNotSupported', feature: language })
    return { fault: read instanceof PolicyFault ? read.fault : null }
  },
})

/** What the operator asks of an installation: what a principal may do, and how it is. */

import { policiesOf } from '../access/caller.ts'
import { type Judgement, judge } from '../access/policy.ts'
import type { Right } from '../access/right.ts'
import { type Refusal, refuse } from '../failure.ts'
import type { Policy } from '../object.ts'
import { look } from '../operation.ts'
import { resourceOf } from '../resolve.ts'
import { quarantineId, scrubId } from '../upkeep.ts'
import { whole } from './target.ts'

export interface CheckRequest {
  readonly principal: string
  /** The dialect whose word is asked for, and the word. */
  readonly dialect: string
  readonly word: string
  /** What the word reaches; all of it must be allowed. */
  readonly rights: readonly Right[]
  readonly region: string
  /** The id of a key, data key or white-box key, or `*` for the collection of keys. */
  readonly resource: string
  readonly source: string
}

export const checkPolicy = look({
  name: 'checkPolicy',
  summary: 'Tell whether a principal may do something, and what decides it.',
  rights: { principal: 'simulatePolicy' },
  targets: ({ principal }: CheckRequest) => ({ principal: { kind: 'principal', id: principal } as const }),
  async run({ at: { principal }, house, now, view }, request): Promise<Judgement | Refusal> {
    const account = await view.get('account', principal.account)
    const named = request.resource === '*' ? undefined : request.resource
    const key =
      named &&
      ((await view.get('key', named)) ?? (await view.get('dataKey', named)) ?? (await view.get('whiteBoxKey', named)))
    if (!account || (named && !key)) return refuse({ reason: 'objectNotFound', kind: 'key' })
    const policies = (await policiesOf(view, principal)) ?? []
    const { dialect, word, source, region } = request
    const resource = key ? resourceOf(key) : { kind: 'key', account: account.id, region, creator: '', id: '*' }
    const caller = { dialect, principal, account, source }
    let judgement: Judgement = { allowed: false, by: { rule: 'default' } }
    for (const right of request.rights) {
      judgement = judge({ caller, right, word, resource, now }, policies, house.languages)
      if (!judgement.allowed) return judgement
    }
    return judgement
  },
})

/** The policies of a principal, in the order in which they were attached. */
export const listPolicies = look({
  name: 'listPolicies',
  summary: 'List the policies of a principal.',
  rights: { principal: 'listPolicies' },
  targets: ({ principal }: { principal: string }) => ({ principal: { kind: 'principal', id: principal } as const }),
  run: async ({ at, view }): Promise<readonly Policy[]> => (await policiesOf(view, at.principal)) ?? [],
})

export const inspectInstallation = look({
  name: 'inspectInstallation',
  summary: 'Tell how the installation is.',
  rights: { all: 'administer' },
  targets: (_request: Record<string, never>) => whole,
  async run({ house, view }) {
    const scrub = await view.get('scrub', scrubId)
    const quarantine = await view.get('quarantine', quarantineId)
    return {
      ...(await house.inspect.status()),
      canariesChecked: scrub?.checked ?? 0,
      canariesFailed: scrub?.failed.length ?? 0,
      quarantined: quarantine !== undefined,
    }
  },
})

/** Release policies: terms under a name, which capsules may point to. A change holds for every capsule that does. */
import type { Place, ReleasePolicy, ReleaseTerms } from '../object.ts'
import { change, look } from '../operation.ts'
import type { KeySpacePage } from './access-points.ts'
import { rowsWhere } from './rows-where.ts'

interface CreateReleasePolicy extends Pick<ReleasePolicy, 'keySpace' | 'name' | 'terms' | 'description' | 'creator'> {
  readonly at: Place
}

export const createReleasePolicy = change({
  name: 'createReleasePolicy',
  summary: 'Make a release policy.',
  rights: { policies: 'createReleasePolicy' },
  targets: ({ at }: CreateReleasePolicy) => ({ policies: { in: at, kind: 'releasePolicy' } as const }),
  prepare: ({ house, now }, { at, ...said }): ReleasePolicy => ({
    kind: 'releasePolicy',
    id: house.random.id(now),
    revision: 1,
    ...at,
    ...said,
    createdAt: now,
    modifiedAt: now,
  }),
  decide: (_call, _request, row) => ({ result: row, effects: [{ add: row }] }),
})

interface One {
  readonly id: string
}

const one = ({ id }: One) => ({ policy: { kind: 'releasePolicy', id } }) as const

export const describeReleasePolicy = look({
  name: 'describeReleasePolicy',
  summary: 'Read one release policy.',
  rights: { policy: 'describeReleasePolicy' },
  targets: one,
  run: ({ at }) => at.policy,
})

interface ChangeReleasePolicy extends One {
  readonly terms: ReleaseTerms
  /** Absent: as it was. */
  readonly description?: string
}

export const changeReleasePolicy = change({
  name: 'changeReleasePolicy',
  summary: 'Give a release policy other terms.',
  rights: { policy: 'changeReleasePolicy' },
  targets: (request: ChangeReleasePolicy) => one(request),
  prepare: () => {},
  decide({ at, now }, { terms, description = at.policy.description }) {
    const put = { ...at.policy, terms, description, modifiedAt: now }
    return { result: put, effects: [{ put, over: at.policy }] }
  },
})

export const removeReleasePolicy = change({
  name: 'removeReleasePolicy',
  summary: 'Remove a release policy; capsules that point to it are opened to nobody.',
  rights: { policy: 'removeReleasePolicy' },
  targets: one,
  prepare: () => {},
  decide: ({ at }) => ({ result: undefined, effects: [{ drop: at.policy }] }),
})

export const listReleasePolicies = look({
  name: 'listReleasePolicies',
  summary: 'Read the release policies of a key space, page by page.',
  rights: { policies: 'listReleasePolicies' },
  targets: ({ at }: KeySpacePage) => ({ policies: { in: at, kind: 'releasePolicy' } as const }),
  run: ({ at }, { keySpace, after, limit }, read) =>
    rowsWhere(
      read,
      'releasePolicy',
      { account: at.policies.account, after, limit },
      (row) => row.region === at.policies.region && row.keySpace === keySpace,
    ),
})

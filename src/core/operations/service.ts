/** What the service says of itself, and randomness. */
import type { Region } from '../house.ts'
import type { Place } from '../object.ts'
import { look, use } from '../operation.ts'
import { states } from '../state.ts'

interface Here {
  readonly at: Place
}

export const random = use({
  name: 'random',
  summary: 'Return random bytes.',
  rights: { service: 'random' },
  targets: ({ at }: Here & { bytes: number }) => ({ service: { in: at, kind: 'service' } as const }),
  run: ({ house }, { bytes }) => ({ bytes: house.random.bytes(bytes) }),
})

const described = ({ at }: Here) => ({ service: { in: at, kind: 'service' } }) as const

export const listRegions = look({
  name: 'listRegions',
  summary: 'List the regions of the installation.',
  rights: { service: 'describeService' },
  targets: described,
  run: ({ house }): readonly Region[] => house.regions,
})

export const countKeys = look({
  name: 'countKeys',
  summary: 'Count the keys that users have made and that are still there, those to be destroyed among them.',
  rights: { service: 'describeService' },
  targets: described,
  run: ({ at, now }, _request, read) =>
    read.countKeys(at.service, { states: states.filter((state) => state !== 'destroyed'), owner: 'user' }, now),
})

export const describeService = look({
  name: 'describeService',
  summary: 'Count what an account holds in a region, and say what it may hold.',
  rights: { service: 'describeService' },
  targets: described,
  async run({ at, house, now }, _request, read) {
    // The quota's own rule: keys whose destruction is planned no longer count, nor do those of products.
    const states = ['preActive', 'active', 'suspended', 'deactivated'] as const
    const keys = await read.countKeys(at.service, { states, owner: 'user' }, now)
    const dataKeys = await read.countDataKeys(at.service, { states, owner: 'user' }, now)
    return { keys, dataKeys, ...house.limits }
  },
})

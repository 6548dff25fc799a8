/** The operations that move data keys between states, and those that say what they are called. */
import { type Refusal, refuse } from '../failure.ts'
import type { DataKey } from '../object.ts'
import { type Call, change, type FoundManaged, type Targets } from '../operation.ts'
import type { Effect } from '../ports.ts'
import { type State, stateOf } from '../state.ts'
import { dayMs } from './create.ts'
import { dataKeyName, withinQuota } from './data-key-row.ts'
import { dataKeyTarget, dataKeyTargets } from './target.ts'

type Facts = Partial<Pick<DataKey, 'suspended' | 'destroyAt'>>
type Founds = readonly FoundManaged<'dataKey'>[]

const beforeDestruction: readonly State[] = ['active', 'suspended']

/** A put for every data key of which a fact is to change; one that is there already is left alone. */
const move = (founds: Founds, facts: Facts): { put: DataKey; over: DataKey }[] =>
  founds
    .filter(({ row }) => Object.entries(facts).some(([fact, value]) => row[fact as keyof Facts] !== value))
    .map(({ row }) => ({ put: { ...row, ...facts }, over: row }))

/** A data key comes back only to a key that is there to stay: else it would be of no use soon. */
const refuseDoomed = async <T extends Targets>(
  { view, now }: Call<T>,
  founds: Founds,
): Promise<Refusal | undefined> => {
  for (const id of new Set(founds.map(({ row }) => row.key))) {
    const key = await view.reload('key', id)
    const state = key && stateOf(key, now)
    if (!state || state === 'destroyed') return refuse({ reason: 'objectNotFound', kind: 'key' })
    if (state === 'destructionScheduled') return refuse({ reason: 'wrongKeyLifecycleState', kind: 'key', state })
  }
  return undefined
}

interface Many {
  readonly dataKeyIds: readonly string[]
}
interface One {
  readonly dataKeyId: string
}

export const resumeDataKeys = change({
  name: 'resumeDataKeys',
  summary: 'Return suspended data keys to use.',
  rights: { dataKeys: 'resumeDataKey' },
  targets: ({ dataKeyIds }: Many) => ({ dataKeys: dataKeyTargets(dataKeyIds, beforeDestruction) }),
  prepare: (call) => refuseDoomed(call, call.at.dataKeys),
  decide({ at }) {
    return { result: undefined, effects: move(at.dataKeys, { suspended: false }) }
  },
})

export const suspendDataKeys = change({
  name: 'suspendDataKeys',
  summary: 'Take data keys out of use until they are resumed.',
  rights: { dataKeys: 'suspendDataKey' },
  targets: ({ dataKeyIds }: Many) => ({ dataKeys: dataKeyTargets(dataKeyIds, beforeDestruction) }),
  prepare: () => {},
  decide: ({ at }) => ({ result: undefined, effects: move(at.dataKeys, { suspended: true }) }),
})

export const scheduleDataKeyDestruction = change({
  name: 'scheduleDataKeyDestruction',
  summary: 'Plan the destruction of a data key; until then it can be cancelled.',
  rights: { dataKey: 'scheduleDataKeyDestruction' },
  targets: ({ dataKeyId }: One & { days: number }) => ({ dataKey: dataKeyTarget(dataKeyId, beforeDestruction) }),
  prepare: () => {},
  decide({ at, now }, { days }) {
    const destroyAt = now + days * dayMs
    return { result: { dataKeyId: at.dataKey.row.id, destroyAt }, effects: move([at.dataKey], { destroyAt }) }
  },
})

export const cancelDataKeyDestruction = change({
  name: 'cancelDataKeyDestruction',
  summary: 'Keep a data key whose destruction was planned; it comes back suspended, and counts again.',
  rights: { dataKey: 'cancelDataKeyDestruction' },
  targets: ({ dataKeyId }: One) => ({ dataKey: dataKeyTarget(dataKeyId, ['destructionScheduled']) }),
  prepare: (call) => refuseDoomed(call, [call.at.dataKey]),
  decide({ at, house }) {
    const puts = move([at.dataKey], { destroyAt: null, suspended: true })
    const effects: Effect[] = puts.map((put) => ({ ...put, ...withinQuota(house) }))
    return { result: { dataKeyId: at.dataKey.row.id }, effects }
  },
})

/** The system's own, irreversible, by the same rule as of keys. */
export const destroyDataKey = change({
  name: 'destroyDataKey',
  summary: 'Remove a data key, and leave a tombstone.',
  rights: { dataKey: 'destroyDataKey' },
  targets: ({ dataKeyId }: One) => ({ dataKey: dataKeyTarget(dataKeyId) }),
  prepare: () => {},
  decide({ at, now }) {
    const { row, state } = at.dataKey
    if (state !== 'destroyed') return refuse({ reason: 'wrongKeyLifecycleState', kind: 'dataKey', state })
    const { id, account, region } = row
    const lineage = id.replaceAll('-', '')
    const tombstone = { kind: 'dataKey', id, account, region, lineage, destroyedAt: now } as const
    return { result: undefined, effects: [{ drop: row, tombstone, release: dataKeyName(row) }] }
  },
})

export const renameDataKey = change({
  name: 'renameDataKey',
  summary: 'Give a data key another name, unique among those of its account and region.',
  rights: { dataKey: 'renameDataKey' },
  targets: ({ dataKeyId }: One & { name: string }) => ({ dataKey: dataKeyTarget(dataKeyId) }),
  prepare: () => {},
  decide({ at }, { name }) {
    const { row } = at.dataKey
    if (row.name === name) return { result: undefined, effects: [] }
    const put = { ...row, name }
    const names = { claim: dataKeyName(put), release: dataKeyName(row) }
    return { result: undefined, effects: [{ put, over: row, ...names }] }
  },
})

export const modifyDataKeyDescription = change({
  name: 'modifyDataKeyDescription',
  summary: 'Describe a data key anew.',
  rights: { dataKey: 'modifyDataKeyDescription' },
  targets: ({ dataKeyId }: One & { description: string }) => ({ dataKey: dataKeyTarget(dataKeyId) }),
  prepare: () => {},
  decide({ at }, { description }) {
    const { row } = at.dataKey
    if (row.description === description) return { result: undefined, effects: [] }
    return { result: undefined, effects: [{ put: { ...row, description }, over: row }] }
  },
})

/**
 * The devices that the tables of a white-box key are for. A new list is for tables that are fetched after it: what a
 * device has already it keeps.
 */
import type { Device, WhiteBoxKey, WhiteBoxTables } from '../object.ts'
import { type Call, change, look, type Targets } from '../operation.ts'
import type { Effect } from '../ports.ts'
import { whiteBoxTarget } from './target.ts'
import { goneWhiteBoxKey } from './white-box-keys.ts'
import { tablesOf, tablesRowOf } from './white-box-row.ts'

interface One {
  readonly keyId: string
}

export const listWhiteBoxDevices = look({
  name: 'listWhiteBoxDevices',
  summary: 'Read the devices that the tables of a white-box key are for.',
  rights: { key: 'listWhiteBoxDevices' },
  targets: ({ keyId }: One) => ({ key: whiteBoxTarget(keyId) }),
  async run(call) {
    const row = await tablesRowOf(call, call.at.key.row)
    return row ? row.devices : goneWhiteBoxKey()
  },
})

interface BindRequest extends One {
  readonly devices: readonly Device[]
}

/** The encoding sealed for the devices, new at every time; null for everybody. */
const lockedFor = async <T extends Targets>(
  call: Call<T>,
  { algorithm }: WhiteBoxKey,
  row: WhiteBoxTables,
  devices: readonly Device[],
): Promise<Uint8Array | null> => {
  if (devices.length === 0) return null
  const { encoding, tables } = await tablesOf(call, row)
  const fingerprints = devices.map(({ fingerprint }) => fingerprint)
  const locked = await call.house.slow.run('lockEncoding', { algorithm, encoding, fingerprints })
  for (const secret of [encoding, tables]) secret.fill(0)
  return locked
}

interface Rebound {
  readonly over: WhiteBoxTables
  readonly put: WhiteBoxTables
}

const rebound = async <T extends Targets>(
  call: Call<T>,
  key: WhiteBoxKey,
  devices: readonly Device[],
): Promise<Rebound | undefined> => {
  const over = await tablesRowOf(call, key)
  return over && { over, put: { ...over, devices, locked: await lockedFor(call, key, over, devices) } }
}

export const bindWhiteBoxDevices = change({
  name: 'bindWhiteBoxDevices',
  summary: 'Replace the devices that the tables of a white-box key are for; none for every device.',
  rights: { key: 'bindWhiteBoxDevices' },
  targets: ({ keyId }: BindRequest) => ({ key: whiteBoxTarget(keyId) }),
  prepare: async (call, { devices }) => ({ tables: await rebound(call, call.at.key.row, devices) }),
  refresh: async (call, { devices }) => ({ tables: await rebound(call, call.at.key.row, devices) }),
  decide({ at }, { devices }, { tables }) {
    if (!tables) return goneWhiteBoxKey()
    const { row } = at.key
    const bound = devices.length > 0
    const effects: Effect[] = [tables]
    if (bound !== row.bound) effects.push({ put: { ...row, bound }, over: row })
    return { result: undefined, effects }
  },
})

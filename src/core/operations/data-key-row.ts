/** The row of a data key: what is kept of it, and how it is named and opened. */
import { seal } from '../ciphertext.ts'
import type { Context } from '../context.ts'
import type { House } from '../house.ts'
import { domainKeyOf } from '../material.ts'
import type { DataKey, Key, Origin, Place } from '../object.ts'
import type { Call, Targets } from '../operation.ts'
import type { Quota, UniqueName } from '../ports.ts'

/** The largest data key that is made, and so the largest that is taken. */
export const dataKeyBytesMax = 1024

/** What a caller says of a data key that is to be kept. */
export interface Labels {
  readonly at: Place
  readonly name: string
  readonly description: string
  readonly tags: ReadonlyMap<string, string>
}

/** A data key and the ciphertext that is kept of it. */
export interface Protected {
  readonly key: Key
  readonly version: number
  readonly origin: Origin
  readonly bytes: number
  readonly ciphertext: Uint8Array
  readonly context: Context
}

export const dataKeyName = (row: Pick<DataKey, 'account' | 'region' | 'name'>): UniqueName => ({
  account: row.account,
  region: row.region,
  kind: 'dataKey',
  name: row.name,
})

const binding = ({ account, id }: Pick<DataKey, 'account' | 'id'>) =>
  ({ kind: 'dataKey', account, id, version: 1 }) as const

export const withinQuota = ({ limits: { dataKeysMax } }: House): { within?: Quota } =>
  dataKeysMax === null ? {} : { within: { max: dataKeysMax } }

/** The row, its ciphertext bound to its id. */
export const keep = async <T extends Targets>(
  { house, view, now, caller }: Call<T>,
  { at, name, description, tags }: Labels,
  { key, version, origin, bytes, ciphertext, context }: Protected,
): Promise<DataKey> => {
  const id = house.random.id(now)
  const domain = await domainKeyOf(view, key.account)
  return {
    kind: 'dataKey',
    id,
    revision: 1,
    ...at,
    creator: caller.principal.id,
    owner: 'user',
    key: key.id,
    keyVersion: version,
    name,
    description,
    origin,
    bytes,
    wrapped: house.keyring.wrap(domain, binding({ account: key.account, id }), ciphertext),
    context,
    createdAt: now,
    suspended: false,
    destroyAt: null,
    tags,
  }
}

/** The ciphertext that was kept. */
export const ciphertextOf = async <T extends Targets>({ house, view }: Call<T>, row: DataKey): Promise<Uint8Array> => {
  const domain = await domainKeyOf(view, row.account)
  const ciphertext = house.keyring.unwrap(domain, binding(row), row.wrapped)
  if (!ciphertext) throw new Error(`data key ${row.id} does not unwrap: its row was damaged or exchanged`)
  return ciphertext
}

/** The ciphertext of a data key under the primary version of a key; undefined where its material is gone. */
export const protectDataKey = async <T extends Targets>(
  { house, material }: Call<T>,
  key: Key,
  context: Context,
  plaintext: Uint8Array,
): Promise<Uint8Array | undefined> => {
  const primary = await material(key, key.primaryVersion)
  return primary && seal(primary, 'dataKey', context, plaintext, house)
}

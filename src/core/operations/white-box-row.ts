/** The rows of a white-box key: how they are named and opened. */
import { type Secret, secretFrom } from '../../crypto/secret.ts'
import { encodingBytes, type WhiteBoxTables as Tables } from '../../crypto/white-box/tables.ts'
import { domainKeyOf } from '../material.ts'
import type { WhiteBoxKey, WhiteBoxTables, WrappedKey } from '../object.ts'
import type { Call, Targets } from '../operation.ts'
import type { UniqueName } from '../ports.ts'

export const whiteBoxName = ({
  account,
  region,
  name,
}: Pick<WhiteBoxKey, 'account' | 'region' | 'name'>): UniqueName => ({ account, region, kind: 'whiteBoxKey', name })

type Wrapped = WhiteBoxKey | WhiteBoxTables

const bindingOf = ({ kind, account, id }: Pick<Wrapped, 'kind' | 'account' | 'id'>) => ({
  kind,
  account,
  id,
  version: 1,
})

type Held = Pick<Call<Targets>, 'house' | 'view'>

/** What belongs into the `wrapped` of a row. */
export const wrappedFor = async (
  { house, view }: Held,
  row: Omit<Wrapped, 'wrapped'>,
  bytes: Uint8Array,
): Promise<WrappedKey> => house.keyring.wrap(await domainKeyOf(view, row.account), bindingOf(row), bytes)

const unwrapped = async ({ house, view }: Held, row: Wrapped): Promise<Uint8Array> => {
  const bytes = house.keyring.unwrap(await domainKeyOf(view, row.account), bindingOf(row), row.wrapped)
  if (!bytes) throw new Error(`${row.kind} ${row.id} does not unwrap: its row was damaged or exchanged`)
  return bytes
}

/** Hangs off the remembered row, as material does. */
const secrets = new WeakMap<WhiteBoxKey, Secret>()

export const whiteBoxSecretOf = async (held: Held, row: WhiteBoxKey): Promise<Secret> => {
  const known = secrets.get(row)
  if (known) return known
  const bytes = await unwrapped(held, row)
  const secret = secretFrom(bytes)
  bytes.fill(0)
  secrets.set(row, secret)
  return secret
}

/** undefined where somebody removed the key meanwhile. */
export const tablesRowOf = ({ view }: Held, { id }: Pick<WhiteBoxKey, 'id'>): Promise<WhiteBoxTables | undefined> =>
  view.reload('whiteBoxTables', id)

export const tablesOf = async (held: Held, row: WhiteBoxTables): Promise<Tables> => {
  const bytes = await unwrapped(held, row)
  return { encoding: bytes.subarray(0, encodingBytes), tables: bytes.subarray(encodingBytes) }
}

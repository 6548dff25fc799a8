/** From a key version's row to its unwrapped material. */
import { symmetricAlgorithm } from '../crypto/algorithms.ts'
import { type Material, materialFrom } from './ciphertext.ts'
import type { House } from './house.ts'
import { type DomainKey, domainKeyId, type Key, type KeyVersion, keyVersionId } from './object.ts'
import type { View } from './ports.ts'

/**
 * Unwrapped material hangs off the cached row that it came from: what evicts the row (a change, or the bound of the
 * cache) lets go of the material too, so there is no second cache that could remember longer.
 */
const unwrapped = new WeakMap<KeyVersion, Material>()

export const materialBinding = (version: Pick<KeyVersion, 'account' | 'key' | 'version'>) => ({
  kind: 'keyVersion' as const,
  account: version.account,
  id: version.key,
  version: version.version,
})

/** The domain keys of an account are numbered from 1; no operation makes a second one yet. */
const domainKeyVersion = 1

export const domainKeyOf = async (view: View, account: string): Promise<DomainKey> => {
  const domain = await view.get('domainKey', domainKeyId(account, domainKeyVersion))
  if (!domain) throw new Error(`the domain key of account ${account} is missing`)
  return domain
}

const unwrap = async (house: House, view: View, key: Key, row: KeyVersion): Promise<Material | undefined> => {
  if (!row.wrapped) return undefined
  const domain = await domainKeyOf(view, row.account)
  const bytes = house.keyring.unwrap(domain, materialBinding(row), row.wrapped)
  if (!bytes)
    throw new Error(`version ${row.version} of key ${key.id} does not unwrap: its row was damaged or exchanged`)
  const identity = { installation: house.installation, lineage: key.lineage, version: row.version }
  const material = materialFrom(symmetricAlgorithm(row.algorithm), bytes, identity)
  bytes.fill(0)
  unwrapped.set(row, material)
  return material
}

/** The material of a version; undefined where there is no such version or its material is gone. */
export const materialOf = async (
  house: House,
  view: View,
  key: Key,
  version: number,
): Promise<Material | undefined> => {
  const row = await view.get('keyVersion', keyVersionId(key.id, version))
  return row && (unwrapped.get(row) ?? unwrap(house, view, key, row))
}

/** From a key version's row to its unwrapped material. */
import { symmetricAlgorithm } from '../crypto/algorithms.ts'
import { type PrivateKey, privateKeyFrom } from '../crypto/private-key.ts'
import { type Secret, secretFrom } from '../crypto/secret.ts'
import { onceAtHand } from './at-hand.ts'
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

/** The domain key of an account, or of a key store in it. */
export const domainKeyOf = async (view: View, account: string, keyStore: string | null = null): Promise<DomainKey> => {
  const domain = await view.get('domainKey', domainKeyId(account, keyStore ?? domainKeyVersion))
  if (!domain) throw new Error(`the domain key of account ${account} is missing`)
  return domain
}

const unwrappedBytes = async (
  house: House,
  view: View,
  { keyStore }: Pick<Key, 'keyStore'>,
  row: KeyVersion,
): Promise<Uint8Array | undefined> => {
  if (!row.wrapped) return undefined
  const domain = await domainKeyOf(view, row.account, keyStore)
  const bytes = house.keyring.unwrap(domain, materialBinding(row), row.wrapped)
  if (!bytes)
    throw new Error(`version ${row.version} of key ${row.key} does not unwrap: its row was damaged or exchanged`)
  return bytes
}

const unwrap = async (house: House, view: View, key: Key, row: KeyVersion): Promise<Material | undefined> => {
  const bytes = await unwrappedBytes(house, view, key, row)
  if (!bytes) return undefined
  const identity = { installation: house.installation, lineage: key.lineage, version: row.version }
  const material = materialFrom(symmetricAlgorithm(row.algorithm), bytes, identity)
  bytes.fill(0)
  unwrapped.set(row, material)
  return material
}

/** The material of a version; undefined where there is no such version or its material is gone. */
export const materialOf = (
  house: House,
  view: View,
  key: Key,
  version: number,
): Material | undefined | Promise<Material | undefined> =>
  onceAtHand(
    view.get('keyVersion', keyVersionId(key.id, version)),
    (row) => row && (unwrapped.get(row) ?? unwrap(house, view, key, row)),
  )

/** Hangs off the row as material does. */
const secrets = new WeakMap<KeyVersion, Secret>()

const unwrapSecret = async (house: House, view: View, key: Key, row: KeyVersion): Promise<Secret | undefined> => {
  const bytes = await unwrappedBytes(house, view, key, row)
  if (!bytes) return undefined
  const secret = secretFrom(bytes)
  bytes.fill(0)
  secrets.set(row, secret)
  return secret
}

/** The bare secret of a version whose algorithm works on it directly; undefined as for `materialOf`. */
export const secretOf = async (house: House, view: View, key: Key, version: number): Promise<Secret | undefined> => {
  const row = await view.get('keyVersion', keyVersionId(key.id, version))
  return row && (secrets.get(row) ?? unwrapSecret(house, view, key, row))
}

/** The same version for another key of the same lineage: its material wrapped for that one. */
export const rewrappedFor = async (
  house: House,
  view: View,
  key: Key,
  row: KeyVersion,
  other: Key,
): Promise<KeyVersion> => {
  const bytes = await unwrappedBytes(house, view, key, row)
  const copy = { ...row, id: keyVersionId(other.id, row.version), key: other.id, revision: 1 }
  if (!bytes) return copy
  const domain = await domainKeyOf(view, other.account, other.keyStore)
  const wrapped = house.keyring.wrap(domain, materialBinding(copy), bytes)
  bytes.fill(0)
  return { ...copy, wrapped }
}

/** Both halves of a key version; the private one can be used and not read. */
export interface HeldPair {
  readonly key: PrivateKey
  readonly publicKey: Uint8Array
}

/** Hangs off the row as material does. */
const pairs = new WeakMap<KeyVersion, HeldPair>()

const unwrapPair = async (house: House, view: View, key: Key, row: KeyVersion): Promise<HeldPair | undefined> => {
  const der = await unwrappedBytes(house, view, key, row)
  if (!der || !row.publicKey) return undefined
  const pair = { key: privateKeyFrom(der), publicKey: row.publicKey }
  der.fill(0)
  pairs.set(row, pair)
  return pair
}

/** Both halves of a version; undefined where there is no such version or its material is gone. */
export const privateKeyOf = async (
  house: House,
  view: View,
  key: Key,
  version: number,
): Promise<HeldPair | undefined> => {
  const row = await view.get('keyVersion', keyVersionId(key.id, version))
  return row && (pairs.get(row) ?? unwrapPair(house, view, key, row))
}

export const publicKeyOf = async (view: View, key: Key, version: number): Promise<Uint8Array | undefined> =>
  (await view.get('keyVersion', keyVersionId(key.id, version)))?.publicKey ?? undefined

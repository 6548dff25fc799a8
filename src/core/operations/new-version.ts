/** The row of a key version that is born with material, or whose material arrives. */
import { algorithmOf, symmetricAlgorithm } from '../../crypto/algorithms.ts'
import { type Pair, privateKeyFrom } from '../../crypto/private-key.ts'
import { secretFrom } from '../../crypto/secret.ts'
import { canaryPlaintext, macCanary, pairCanary } from '../canary.ts'
import { materialFrom, seal } from '../ciphertext.ts'
import type { House } from '../house.ts'
import { materialBinding } from '../material.ts'
import { type DomainKey, type Key, type KeyVersion, keyVersionId } from '../object.ts'

type Identity = Pick<Key, 'id' | 'account' | 'lineage' | 'algorithm' | 'usage'>

/** A version without material: an imported key before its first import. */
export const emptyVersion = (key: Identity, version: number, now: number): KeyVersion => ({
  kind: 'keyVersion',
  id: keyVersionId(key.id, version),
  account: key.account,
  revision: 1,
  key: key.id,
  version,
  algorithm: key.algorithm,
  wrapped: null,
  publicKey: null,
  canary: null,
  digest: null,
  createdAt: now,
})

const bornCanary = (house: House, { lineage }: Identity, { algorithm, version }: KeyVersion, bytes: Uint8Array) => {
  const row = algorithmOf(algorithm)
  if (row.family === 'hmac') return macCanary(algorithm, secretFrom(bytes))
  const identity = { installation: house.installation, lineage, version }
  const material = materialFrom(symmetricAlgorithm(algorithm), bytes, identity)
  return seal(material, 'data', { kind: 'none' }, canaryPlaintext, house)
}

/**
 * The same version with the material in it. `bytes` are zeroed. The known answer is made once, at birth,
 * so that whatever happens to the row later can be told from it.
 */
export const filledVersion = (
  house: House,
  domain: DomainKey,
  key: Identity,
  empty: KeyVersion,
  bytes: Uint8Array,
): KeyVersion => {
  const wrapped = house.keyring.wrap(domain, materialBinding(empty), bytes)
  const canary = empty.canary ?? bornCanary(house, key, empty, bytes)
  bytes.fill(0)
  return { ...empty, wrapped, canary }
}

/** The same version with a pair in it, whose private half is zeroed. */
export const versionOfPair = async (
  house: House,
  domain: DomainKey,
  key: Identity,
  empty: KeyVersion,
  { publicKey, privateKey }: Pair,
): Promise<KeyVersion> => {
  const held = { key: privateKeyFrom(privateKey), publicKey }
  const wrapped = house.keyring.wrap(domain, materialBinding(empty), privateKey)
  privateKey.fill(0)
  return { ...empty, wrapped, publicKey, canary: await pairCanary(house, key, empty.version, held) }
}

/** The same version with a new pair in it. */
export const pairVersion = async (
  house: House,
  domain: DomainKey,
  key: Identity,
  empty: KeyVersion,
): Promise<KeyVersion> =>
  versionOfPair(house, domain, key, empty, await house.slow.run('generatePair', { algorithm: empty.algorithm }))

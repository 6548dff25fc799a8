/** What a key store means for the keys in it. */
import { type Refusal, refuse } from '../failure.ts'
import type { Key, KeyStore } from '../object.ts'
import type { Effect, View } from '../ports.ts'

/** The store that a key is in, past the cache; undefined for a key in none. */
export const storeOf = async (view: View, { keyStore }: Key): Promise<KeyStore | undefined> =>
  keyStore === null ? undefined : view.reload('keyStore', keyStore)

/** Why the key cannot be made in the store that it names. */
export const whyNotIn = (key: Key, store: KeyStore | undefined): Refusal | undefined => {
  if (key.keyStore === null) return undefined
  if (store?.account !== key.account || store.region !== key.region)
    return refuse({ reason: 'objectNotFound', kind: 'keyStore' })
  if (key.origin === 'imported') return refuse({ reason: 'unsupportedByKeyStore' })
  return store.suspended ? refuse({ reason: 'keyStoreUnavailable' }) : undefined
}

/** The store's count of its keys goes along with them, so that none is removed from under a key. */
export const countedIn = (store: KeyStore | undefined, by: 1 | -1): Effect[] =>
  store ? [{ put: { ...store, keys: store.keys + by }, over: store }] : []

/** Key stores in this cloud's words. */
import { choice, text } from '../../contract/fields.ts'
import { z } from '../../contract/schema.ts'
import type { Account, KeyStore } from '../../core/object.ts'
import { milliseconds } from './fields.ts'

/** The built-in store, which is under the installation's own root key. */
export const isDefaultStore = (id: string): boolean => id === '' || id === '0'

const storeIdPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

export const keyStoreId = text({ pattern: storeIdPattern, code: 'KMS.8003' })
/** Where a key is to be kept: also the built-in store, or nothing. */
export const keyStoreRef = text({ pattern: new RegExp(`${storeIdPattern.source}|^0?$`), code: 'KMS.8003' })

export const keyStoreAlias = text({ pattern: /^[a-zA-Z0-9:/_-]{1,255}$/ })

export const keyStoreTypes = ['DEFAULT', 'DHSM', 'CDMS'] as const
export const keyStoreType = choice(keyStoreTypes)

export const keyStoreRecord = z.object({
  keystore_id: z.string(),
  domain_id: z.string().describe('The account.'),
  keystore_alias: z.string(),
  keystore_type: z.enum(keyStoreTypes),
  hsm_cluster_id: z.string().describe('The configured root key, of a DHSM store.').optional(),
  cluster_id: z.string().describe('The configured root key.'),
  create_time: z.string().describe('UTC milliseconds as text.'),
})

export const keyStoreRecordOf = (store: KeyStore, { external }: Account): z.output<typeof keyStoreRecord> => {
  const type = keyStoreTypes.find((known) => known === store.external.keyStoreType) ?? 'CDMS'
  return {
    keystore_id: store.id,
    domain_id: external.domainId ?? '',
    keystore_alias: store.name,
    keystore_type: type,
    ...(type === 'DHSM' ? { hsm_cluster_id: store.backing } : {}),
    cluster_id: store.backing,
    create_time: milliseconds(store.createdAt),
  }
}

/** `2` enabled, `3` disabled: the words for states of keys. */
export const keyStoreState = z.object({ keystore_id: z.string(), keystore_state: z.enum(['2', '3']) })
export const keyStoreStateOf = ({ id, suspended }: KeyStore): z.output<typeof keyStoreState> => ({
  keystore_id: id,
  keystore_state: suspended ? '3' : '2',
})

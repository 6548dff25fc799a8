import { inferred } from '../../../contract/evidence.ts'
import { text } from '../../../contract/fields.ts'
import { z } from '../../../contract/schema.ts'
import { refuse } from '../../../core/failure.ts'
import { createKeyStore } from '../../../core/operations/key-stores.ts'
import { action } from '../action.ts'
import { keyStoreAlias, keyStoreType } from '../key-stores.ts'

const clusterId = text({ pattern: /^[A-Za-z0-9_-]{1,64}$/ })

export const CreateKeyStore = action({
  name: 'CreateKeyStore',
  rights: { keyStores: 'kms:keystore:create' },
  summary: 'Make a key store over a root key that the installation is configured with (`--key-store`).',
  evidence: inferred('keystores page; what stands for a cluster here is a configured root key'),

  request: {
    keystore_alias: keyStoreAlias.describe('What it is called, unique per account and region.'),
    keystore_type: keyStoreType
      .describe('DHSM when absent with hsm_cluster_id, else CDMS; DEFAULT is built in and cannot be made.')
      .optional(),
    cluster_id: clusterId.describe('The name of the configured root key.').optional(),
    hsm_cluster_id: clusterId.describe('The same, for a DHSM store.').optional(),
    hsm_ca_cert: text({ bytesMax: 65_536 })
      .describe('Read and not used: no connection to a cluster is made that it could secure.')
      .optional(),
  },
  response: { keystore: z.object({ keystore_id: z.string(), domain_id: z.string().describe('The account.') }) },

  operation: createKeyStore,
  toCore({ keystore_alias, keystore_type: asked, cluster_id, hsm_cluster_id }, { place, house }) {
    const keystore_type = asked ?? (hsm_cluster_id === undefined ? 'CDMS' : 'DHSM')
    const wrong = (member: string, why: string) => refuse({ reason: 'invalidAttributeValue', member, why })
    if (keystore_type === 'DEFAULT') return wrong('keystore_type', 'must be DHSM or CDMS; the default store is there')
    const backing = hsm_cluster_id ?? cluster_id
    if (backing === undefined || (cluster_id ?? backing) !== backing)
      return wrong('cluster_id', `must name a configured root key: ${house.keyStoreBackings.join(', ') || 'none is'}`)
    return { at: place, name: keystore_alias, backing, external: { keyStoreType: keystore_type } }
  },
  fromCore: ({ id }, { caller }) => ({
    keystore: { keystore_id: id, domain_id: caller.account.external.domainId ?? '' },
  }),

  errors: { nonUniqueNameAttribute: 'KMS.0318', unknownBacking: 'KMS.0340' },
})

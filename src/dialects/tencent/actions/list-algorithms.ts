import { inferred } from '../../../contract/evidence.ts'
import { z } from '../../../contract/schema.ts'
import { listRegions } from '../../../core/operations/service.ts'
import { action } from '../action.ts'
import { offeredRows } from '../key-usages.ts'

const symmetricNames: Readonly<Record<string, string>> = { 'aes-256': 'AES_256', sm4: 'SM4' }

const algorithms = z.array(z.object({ KeyUsage: z.string(), Algorithm: z.string() }))

export const ListAlgorithms = action({
  name: 'ListAlgorithms',
  rights: { service: 'kms:ListAlgorithms' },
  summary: 'List the algorithms of the region.',
  evidence: inferred('ListAlgorithms page for the form; full lists per region are unpublished'),

  request: {},
  response: {
    SymmetricAlgorithms: algorithms,
    AsymmetricAlgorithms: algorithms,
    AsymmetricSignVerifyAlgorithms: algorithms,
  },

  operation: listRegions,
  toCore: (_members, { place }) => ({ at: place }),
  fromCore: (_regions, { region }) => ({
    SymmetricAlgorithms: [
      { KeyUsage: 'ENCRYPT_DECRYPT', Algorithm: symmetricNames[region.algorithm] ?? region.algorithm },
    ],
    AsymmetricAlgorithms: offeredRows('encryptDecrypt', region),
    AsymmetricSignVerifyAlgorithms: offeredRows('signVerify', region),
  }),
})

import { inferred } from '../../../contract/evidence.ts'
import { noted, z } from '../../../contract/schema.ts'
import { readAccessPointKey } from '../../../core/operations/access-points.ts'
import { action } from '../action.ts'
import { accessPointId } from '../key-spaces.ts'
import { pemOf } from '../pem.ts'

export const DownloadAccessPointPrivateKey = action({
  name: 'DownloadAccessPointPrivateKey',
  rights: { accessPoint: 'kms:accessPoint:getPrivateKey' },
  summary: 'Hand out the private key of a Custom access point, once; it is erased here.',
  evidence: inferred('SDK models; encoding, word, and whether it can be had again are not published'),

  request: { access_point_id: accessPointId },
  response: {
    access_point_id: z.string(),
    private_key: noted(z.string(), { sensitive: true }).describe('PKCS#8 in PEM.'),
  },

  operation: readAccessPointKey,
  toCore: ({ access_point_id }) => ({ id: access_point_id.toLowerCase() }),
  fromCore({ id, privateKey }) {
    const members = { access_point_id: id, private_key: pemOf('PRIVATE KEY', privateKey) }
    privateKey.fill(0)
    return members
  },
})

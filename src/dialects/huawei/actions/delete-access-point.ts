import { inferred } from '../../../contract/evidence.ts'
import { removeAccessPoint } from '../../../core/operations/access-points.ts'
import { action } from '../action.ts'
import { accessPointId } from '../key-spaces.ts'

export const DeleteAccessPoint = action({
  name: 'DeleteAccessPoint',
  rights: { accessPoint: 'kms:accessPoint:delete' },
  summary: 'Remove an access point and its key pair.',
  evidence: inferred('SDK models; the status and the word are not published'),

  request: { access_point_id: accessPointId },
  response: {},

  operation: removeAccessPoint,
  toCore: ({ access_point_id }) => ({ id: access_point_id.toLowerCase() }),
  fromCore: () => ({}),
})

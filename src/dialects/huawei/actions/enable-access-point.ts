import { inferred } from '../../../contract/evidence.ts'
import { resumeAccessPoint } from '../../../core/operations/access-points.ts'
import { action } from '../action.ts'
import { accessPointId } from '../key-spaces.ts'

export const EnableAccessPoint = action({
  name: 'EnableAccessPoint',
  rights: { accessPoint: 'kms:accessPoint:enable' },
  summary: 'Let an access point open capsules again.',
  evidence: inferred('SDK models; the status is not published'),

  request: { access_point_id: accessPointId },
  response: {},

  operation: resumeAccessPoint,
  toCore: ({ access_point_id }) => ({ id: access_point_id.toLowerCase() }),
  fromCore: () => ({}),
})

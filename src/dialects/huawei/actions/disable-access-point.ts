import { inferred } from '../../../contract/evidence.ts'
import { suspendAccessPoint } from '../../../core/operations/access-points.ts'
import { action } from '../action.ts'
import { accessPointId } from '../key-spaces.ts'

export const DisableAccessPoint = action({
  name: 'DisableAccessPoint',
  rights: { accessPoint: 'kms:accessPoint:disable' },
  summary: 'Let an access point open no capsules.',
  evidence: inferred('SDK models; the status and the word are not published'),

  request: { access_point_id: accessPointId },
  response: {},

  operation: suspendAccessPoint,
  toCore: ({ access_point_id }) => ({ id: access_point_id.toLowerCase() }),
  fromCore: () => ({}),
})

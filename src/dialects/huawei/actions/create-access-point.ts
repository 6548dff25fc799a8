import { inferred } from '../../../contract/evidence.ts'
import { code, text } from '../../../contract/fields.ts'
import { z } from '../../../contract/schema.ts'
import { refuse } from '../../../core/failure.ts'
import { createAccessPoint } from '../../../core/operations/access-points.ts'
import { action } from '../action.ts'
import { callingUser } from '../grants.ts'
import { keySpaceId, spaceDescription, spaceName } from '../key-spaces.ts'

const [ecs, cce, custom] = [1, 2, 3]

export const CreateAccessPoint = action({
  name: 'CreateAccessPoint',
  rights: { accessPoints: 'kms:accessPoint:create' },
  summary: 'Register an access point of a key space; a Custom one gets a key pair (P-256).',
  evidence: inferred('SDK models; what the members must be together, and the kind of the pair, are not published'),

  request: {
    keyspace_id: keySpaceId,
    access_point_name: spaceName.describe('What it is called; need not be unique.'),
    type: code([ecs, cce, custom]).describe('1 ECS, 2 CCE, 3 Custom.'),
    identity: text({ charactersMax: 4096 })
      .describe('The id of the ECS, or the public key of the CCE cluster; nothing for Custom.')
      .optional(),
    cluster_id: text({ charactersMax: 64 }).describe('The CCE cluster, for type 2.').optional(),
    description: spaceDescription.describe('What is said of it.').optional(),
  },
  response: { access_point_id: z.string() },

  operation: createAccessPoint,
  toCore(asked, { place, caller }) {
    const { keyspace_id, access_point_name, type, identity = '', cluster_id = '', description = '' } = asked
    const wrong = (member: string, why: string) => refuse({ reason: 'invalidAttributeValue', member, why })
    if (type === custom ? identity !== '' : identity === '')
      return wrong('identity', type === custom ? 'must be empty for type 3' : 'must say which one it is')
    if ((type === cce) !== (cluster_id !== '')) return wrong('cluster_id', 'must be there for type 2, and for no other')
    return {
      at: place,
      keySpace: keyspace_id.toLowerCase(),
      name: access_point_name,
      type,
      identity,
      cluster: cluster_id,
      description,
      creator: callingUser(caller),
      pair: type === custom,
    }
  },
  fromCore: ({ id }) => ({ access_point_id: id }),
})

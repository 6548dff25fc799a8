/**
 * The services of this cloud that are spoken here. Which one a request is for is told by its version and action, never
 * by the host: `kms.<domain>` and `tag.<domain>` are the same server.
 */
import type { Action } from '../../contract/action.ts'
import { AssumeRole } from './actions/assume-role.ts'
import { DescribeResourceTags } from './actions/describe-resource-tags.ts'
import { DescribeResourceTagsByResourceIds } from './actions/describe-resource-tags-by-resource-ids.ts'
import { GetCallerIdentity } from './actions/get-caller-identity.ts'
import { GetFederationToken } from './actions/get-federation-token.ts'
import { GetResources } from './actions/get-resources.ts'
import { ModifyResourceTags } from './actions/modify-resource-tags.ts'
import { TagResources } from './actions/tag-resources.ts'
import { UnTagResources } from './actions/un-tag-resources.ts'
import { actions } from './actions.ts'
import type { Code } from './codes.ts'

export interface CloudService {
  /** The first label of its host, and what a signature names. */
  readonly name: string
  readonly version: string
  readonly actions: readonly Action<Code>[]
}

const tagActions = [
  DescribeResourceTags,
  DescribeResourceTagsByResourceIds,
  GetResources,
  ModifyResourceTags,
  TagResources,
  UnTagResources,
]

export const services: readonly CloudService[] = [
  { name: 'kms', version: '2019-01-18', actions },
  { name: 'tag', version: '2018-08-13', actions: tagActions },
  { name: 'sts', version: '2018-08-13', actions: [AssumeRole, GetCallerIdentity, GetFederationToken] },
]

/** The actions of all services. */
export const everyAction: readonly Action<Code>[] = services.flatMap((service) => service.actions)

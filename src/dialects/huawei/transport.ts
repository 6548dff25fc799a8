/** What a request asks: its call, what its path, query and body name. */
import type { Action } from '../../contract/action.ts'
import { Denied, type Head } from '../../contract/serve.ts'
import type { Failure } from '../../core/failure.ts'
import { actions } from './actions.ts'
import type { Code } from './codes.ts'
import { baseOf } from './links.ts'
import { queryMembers } from './query.ts'
import { routing } from './routes.ts'
import { type Claim, claimedOf, readClaim } from './signature/claim.ts'
import { readsArrayOf, vendorActions } from './vendor.ts'

interface Endpoint {
  readonly action: Action<Code>
  readonly status: number
}

export interface HuaweiAsking extends Endpoint {
  /** None of a notice. */
  readonly claim: Claim | undefined
  readonly claimed: string
  /** Of the path; calls without one are of the default project. */
  readonly project: string | undefined
  /** The address that the client called, for links. */
  readonly base: string
  /** The answer is the one entry of an array, as the client's types have it. */
  readonly inArray: boolean
  /** What the path and the query name. */
  readonly named: Readonly<Record<string, string>>
}

/** The documented limit of a signed request, bytes. */
export const bodyBytesMax = 12 * 1024 * 1024

const byName: ReadonlyMap<string, Action<Code>> = new Map(actions.map((action) => [action.name, action]))

const find = routing<Endpoint>(
  vendorActions.flatMap(({ name, method, path, status }) => {
    const action = byName.get(name)
    return action ? [{ method, path, value: { action, status } }] : []
  }),
)

export const open = (head: Head): HuaweiAsking | Denied<Code> => {
  const found = find(head.method, head.path)
  if (found === 'unknownMethod') return new Denied('KMS.0215', head.method)
  const query = queryMembers(head.query)
  if (found === 'unknownPath' || !query) return new Denied('KMS.0201', head.path.slice(0, 256))
  const claim = found.value.action.notice ? undefined : readClaim(head)
  if (claim instanceof Denied) return claim
  const { project_id: project, ...named } = found.path
  const names = { ...query, ...named }
  return {
    ...found.value,
    claim,
    claimed: claim ? claimedOf(claim) : '',
    project,
    base: baseOf(head),
    inArray: readsArrayOf(found.value.action.name, head.headers['user-agent']),
    named: names,
  }
}

const decoder = new TextDecoder('utf-8', { fatal: true })

/** Every member of the path, the query and the JSON body; what the path names cannot be said otherwise in the body. */
export const membersOf = ({ named }: HuaweiAsking, body: Uint8Array): { members: unknown } | Failure => {
  if (body.length === 0) return { members: named }
  try {
    const members: unknown = JSON.parse(decoder.decode(body))
    if (typeof members !== 'object' || members === null || Array.isArray(members)) return { members }
    return { members: { ...members, ...named } }
  } catch {
    return { reason: 'invalidAttributeValue', member: 'body', why: 'must be JSON in UTF-8', code: 'KMS.0202' }
  }
}

/** Temporary credentials: of a role for whom it trusts, of a principal narrowed by a policy, and whose a credential is. */
import type { Caller } from '../access/caller.ts'
import { type Ground, issueSession } from '../access/session.ts'
import { refuse } from '../failure.ts'
import type { House } from '../house.ts'
import type { Place, Principal, Snapshot } from '../object.ts'
import { look, use } from '../operation.ts'
import type { View } from '../ports.ts'

/** A policy that narrows a session, already read once by its language. */
export interface SessionPolicy {
  readonly language: string
  readonly document: string
}

interface SessionRequest {
  /** What the caller calls it. */
  readonly name: string
  readonly seconds: number
  /** null: the session may do what its principal may. */
  readonly policy: SessionPolicy | null
}

export interface Issued {
  readonly id: string
  readonly secret: string
  readonly token: string
  readonly expiresAt: number
}

/** What the caller itself rests on: its access key and its principal, or what its own session was granted on. */
const groundsOf = ({ credential, principal, session }: Caller): readonly Ground[] => {
  const rows: readonly Snapshot<Ground['kind']>[] = credential ? [credential, principal] : [principal]
  return session?.grounds ?? rows.map(({ kind, id, revision }) => ({ kind, id, revision }))
}

interface Making {
  readonly house: House
  readonly view: View
  readonly caller: Caller
  readonly now: number
}

const issue = async (
  { house, view, caller, now }: Making,
  principal: Principal,
  grounds: readonly Ground[],
  { name, seconds, policy }: SessionRequest,
): Promise<Issued> => {
  const { dialect } = caller
  const { id, secret } = house.accessKeys[dialect]?.('temporary') ?? noAccessKeys(dialect)
  const expiresAt = now + seconds * 1000
  const language = policy?.language ?? null
  const facts = { id, dialect, principal: principal.id, name, expiresAt, grounds, language }
  const token = await issueSession(house, view, {
    facts,
    account: principal.account,
    secret,
    document: policy?.document ?? '',
  })
  return { id, secret, token, expiresAt }
}

const noAccessKeys = (dialect: string): never => {
  throw new Error(`no access keys are made for ${dialect}`)
}

export interface AssumeRequest extends SessionRequest {
  readonly role: string
  readonly externalId: string | null
}

/** Whether the role names the caller, by its account or by itself. Whoever is in a session of a role is that role. */
const trusts = ({ role }: Principal, { account, principal }: Caller): boolean =>
  role?.trusts.some(
    (trust) => trust.account === account.id && (trust.principal === null || trust.principal === principal.id),
  ) ?? false

export const assumeRole = use({
  name: 'assumeRole',
  summary: 'Take a session of a role that trusts the caller.',
  rights: { role: 'assumeRole' },
  targets: ({ role }: AssumeRequest) => ({ role: { kind: 'principal', id: role, entrusts: trusts } as const }),
  async run(call, request) {
    const { role: row } = call.at
    if (!row.role || row.disabled) return refuse({ reason: 'permissionDenied' })
    if (row.role.externalId !== null && row.role.externalId !== request.externalId)
      return refuse({ reason: 'permissionDenied' })
    if (request.seconds > row.role.sessionSecondsMax) return refuse({ reason: 'sessionTooLong' })
    const ground = { kind: row.kind, id: row.id, revision: row.revision }
    return issue(call, row, [...groundsOf(call.caller), ground], request)
  },
})

export interface FederateRequest extends SessionRequest {
  readonly at: Place
  readonly policy: SessionPolicy
}

export const federate = use({
  name: 'federate',
  summary: 'Take a session of the caller itself, narrowed by a policy.',
  rights: { service: 'federate' },
  targets: ({ at }: FederateRequest) => ({ service: { in: at, kind: 'service' } as const }),
  async run(call, request) {
    // A session is narrowed already, and a token holds one policy: a second one must not take the place of the first.
    if (call.caller.session) return refuse({ reason: 'permissionDenied' })
    return issue(call, call.caller.principal, groundsOf(call.caller), request)
  },
})

/** Whoever has a credential may ask whose it is. */
export const identify = look({
  name: 'identify',
  summary: 'Tell who the caller is.',
  rights: {},
  targets: (_request: Record<string, never>) => ({}),
  run: ({ caller }): Caller => caller,
})

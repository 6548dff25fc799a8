/** Temporary credentials: of a role for whom it trusts, of a principal narrowed by a policy, and whose a credential is. */
import type { Caller } from '../access/caller.ts'
import { type Ground, issueSession, type Present, type SessionFacts, type SessionForm } from '../access/session.ts'
import { refuse } from '../failure.ts'
import type { House } from '../house.ts'
import type { Account, Place, Principal, RegionId, Snapshot } from '../object.ts'
import { look, use } from '../operation.ts'
import type { View } from '../ports.ts'

/** A policy that narrows a session, already read once by its language. */
export interface SessionPolicy {
  readonly language: string
  readonly document: string
}

export interface SessionRequest {
  /** What the caller calls it. */
  readonly name: string
  readonly seconds: number
  /** null: the session may do what its principal may. */
  readonly policy: SessionPolicy | null
  /** Absent for `keys`. */
  readonly form?: SessionForm
  /** See `SessionFacts`. */
  readonly region?: RegionId | null
  /** For how long from now it is given anew to who shows it; absent for not at all. */
  readonly renewableSeconds?: number
}

export interface Issued {
  readonly id: string
  readonly secret: string
  readonly token: string
  readonly expiresAt: number
  /** Whose session it is; a role's account may be another one than the caller's. */
  readonly principal: Principal
  readonly account: Account
  readonly region: RegionId | null
  readonly issuedAt: number
  readonly renewableUntil?: number | undefined
}

/** What the caller itself rests on: its access key and its principal, or what its own session was granted on. */
export const groundsOf = ({ credential, principal, session }: Caller): readonly Ground[] => {
  const rows: readonly Snapshot<Ground['kind']>[] = credential ? [credential, principal] : [principal]
  return session?.grounds ?? rows.map(({ kind, id, revision }) => ({ kind, id, revision }))
}

interface Making {
  readonly house: House
  readonly view: View
  readonly caller: Caller
  readonly now: number
}

export const issue = async (
  { house, view, caller, now }: Making,
  principal: Principal,
  grounds: readonly Ground[],
  { name, seconds, policy, form = 'keys', region, renewableSeconds }: SessionRequest,
  // A session of a session ends with it: otherwise it could be renewed for ever.
  until = caller.session?.expiresAt ?? Number.POSITIVE_INFINITY,
): Promise<Issued> => {
  const { dialect } = caller
  const { id, secret } = form === 'keys' ? newKeys(house, dialect) : { id: house.random.id(now), secret: '' }
  const expiresAt = Math.min(now + seconds * 1000, until)
  const renewableUntil = renewableSeconds === undefined ? caller.session?.renewableUntil : now + renewableSeconds * 1000
  const language = policy?.language ?? null
  const facts: SessionFacts = {
    id,
    form,
    dialect,
    principal: principal.id,
    name,
    expiresAt,
    issuedAt: now,
    grounds,
    language,
    ...(region === undefined ? {} : { region }),
    ...(renewableUntil === undefined ? {} : { renewableUntil }),
  }
  const token = await issueSession(house, view, {
    facts,
    account: principal.account,
    secret,
    document: policy?.document ?? '',
  })
  const account = await accountOf({ view, caller }, principal)
  return { id, secret, token, expiresAt, principal, account, region: region ?? null, issuedAt: now, renewableUntil }
}

const accountOf = async (
  { view, caller }: Pick<Making, 'view' | 'caller'>,
  { account }: Principal,
): Promise<Account> => {
  const row = account === caller.account.id ? caller.account : await view.get('account', account)
  if (!row) throw new Error(`there is no account ${account} of a principal`)
  return row
}

const newKeys = (house: House, dialect: string) => {
  const make = house.accessKeys[dialect]
  if (!make) throw new Error(`no access keys are made for ${dialect}`)
  return make('temporary')
}

export interface AssumeRequest extends SessionRequest {
  readonly role: string
  readonly externalId: string | null
}

/** Whether the role names the caller, by its account or by itself. Whoever is in a session of a role is that role. */
export const trusts = ({ role }: Principal, { account, principal }: Caller): boolean =>
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

/** What narrows the caller's own session; another one must not take its place. */
export const narrowingOf = ({ session }: Caller): SessionPolicy | null =>
  session?.policy ? { language: session.policy.language, document: session.policy.document } : null

export const delegate = use({
  name: 'delegate',
  summary: 'Take a session of the caller itself, that may do what the caller may, or less.',
  rights: {},
  targets: (_request: SessionRequest) => ({}),
  async run(call, request) {
    const narrowing = narrowingOf(call.caller)
    if (narrowing && request.policy) return refuse({ reason: 'permissionDenied' })
    const policy = request.policy ?? narrowing
    return issue(call, call.caller.principal, groundsOf(call.caller), { ...request, policy })
  },
})

/** A session that stands, as its token showed. */
export const inspectSession = look({
  name: 'inspectSession',
  summary: "Tell what a session is: the caller's own, or of a principal that the caller may read.",
  rights: { principal: 'describePrincipal' },
  targets: ({ session }: Present) => ({
    principal: { kind: 'principal', id: session.principal, own: true } as const,
  }),
  run: ({ at: { principal } }, { session, account }): Present => ({ principal, session, account }),
})

/** Whoever has a credential may ask whose it is. */
export const identify = look({
  name: 'identify',
  summary: 'Tell who the caller is.',
  rights: {},
  targets: (_request: Record<string, never>) => ({}),
  run: ({ caller }): Caller => caller,
})

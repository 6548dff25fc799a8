/** Accounts, principals, access keys and policies: what operators look after, and each account's administrators in it. */
import { passwordSaltBytes } from '../../crypto/password.ts'
import type { Caller } from '../access/caller.ts'
import { letsOperate, mayManage, mayOperate } from '../access/operator.ts'
import { secretBinding } from '../access/secret.ts'
import { utf8 } from '../bytes.ts'
import { type Refusal, refuse } from '../failure.ts'
import { type FirstAccount, found } from '../founding.ts'
import type { House } from '../house.ts'
import { domainKeyOf } from '../material.ts'
import type { Credential, ExternalIds, Instant, Kind, Place, Policy, Principal, Role, Snapshot } from '../object.ts'
import { change, look } from '../operation.ts'
import type { Effect, Reader, UniqueName, View } from '../ports.ts'

const everywhere = (account: string): Place => ({ account, region: '', project: '' })

/** Names of these kinds hold in a whole account; an account's own in the whole installation. */
const uniqueName = (account: string, kind: Kind, name: string): UniqueName => ({ account, region: '', kind, name })

export const accountName = (name: string): UniqueName => uniqueName('', 'account', name)
export const principalName = (account: string, name: string): UniqueName => uniqueName(account, 'principal', name)
/** Roles have names of their own: a user and a role may be called the same. */
export const roleName = (account: string, name: string): UniqueName => uniqueName(account, 'principal', `role/${name}`)
export const policyName = (principal: Principal, name: string): UniqueName =>
  uniqueName(principal.account, 'policy', `${principal.id}/${name}`)

export const createAccount = change({
  name: 'createAccount',
  summary: 'Make an account with its domain key and its root principal.',
  rights: { accounts: 'administer' },
  targets: (_request: FirstAccount) => ({ accounts: { in: everywhere(''), kind: 'account' } as const }),
  prepare: ({ house, caller, now }, first) => found(house.keyring, first, caller.request, now).effects,
  decide: (_call, first, effects) => ({ result: first, effects }),
})

export interface NewPrincipal {
  readonly account: string
  readonly id: string
  readonly name: string
  readonly external: ExternalIds
  /** null for a user. */
  readonly role: Role | null
}

export const createPrincipal = change({
  name: 'createPrincipal',
  summary: 'Make a user or a role of an account; it may do nothing until a policy says so.',
  rights: { account: 'createPrincipal' },
  targets: ({ account }: NewPrincipal) => ({ account: { kind: 'account', id: account } as const }),
  prepare: () => {},
  decide({ now }, { account, id, name, external, role }) {
    const add: Principal = {
      kind: 'principal',
      id,
      account,
      revision: 1,
      name,
      root: false,
      disabled: false,
      external,
      policies: [],
      passwordRecord: null,
      role,
      createdAt: now,
    }
    const claim = role ? roleName(account, name) : principalName(account, name)
    return { result: add, effects: [{ add, claim }] }
  },
})

interface Managing {
  readonly at: { readonly principal: Principal }
  readonly house: House
  readonly caller: Caller
  readonly view: View
  readonly now: Instant
}

/** Why the caller must not change what the principal is known by, or what it may do. */
export const unmanaged = async (call: Managing): Promise<Refusal | undefined> => {
  const { principal } = call.at
  const account = await call.view.get('account', principal.account)
  const may = account && (await mayManage(call, principal, account))
  return may ? undefined : refuse({ reason: 'permissionDenied' })
}

/** Its policies, asked anew whenever something overtook the decision. */
export const policiesIn = async ({
  at,
  view,
}: {
  at: { principal: Principal }
  view: View
}): Promise<readonly Policy[]> => {
  const rows = await Promise.all(at.principal.policies.map((id) => view.reload('policy', id)))
  return rows.filter((row) => row !== undefined)
}

export const deleteRole = change({
  name: 'deleteRole',
  summary: 'Remove a role and its policies; its sessions end.',
  rights: { principal: 'deletePrincipal' },
  targets: ({ principal }: { principal: string }) => ({ principal: { kind: 'principal', id: principal } as const }),
  prepare: policiesIn,
  refresh: policiesIn,
  decide({ at: { principal } }, _request, policies) {
    if (!principal.role) return refuse({ reason: 'objectNotFound', kind: 'principal' })
    const effects: Effect[] = [
      { drop: principal, release: roleName(principal.account, principal.name) },
      ...policies.map((policy) => ({ drop: policy, release: policyName(principal, policy.name) })),
    ]
    return { result: principal, effects }
  },
})

export const setAdministrator = change({
  name: 'setAdministrator',
  summary: 'Let the principals of another account act for an account, as far as their policies say, or nobody.',
  rights: { account: 'administer' },
  targets: ({ account }: { account: string; administrator: string | null }) => ({
    account: { kind: 'account', id: account } as const,
  }),
  prepare: () => {},
  decide({ at: { account: over } }, { administrator }) {
    if (administrator === over.id) return refuse({ reason: 'conflict' })
    if (administrator === over.administrator) return { result: over, effects: [] }
    const put = { ...over, administrator }
    return { result: put, effects: [{ put, over }] }
  },
})

export interface NewCredential {
  readonly principal: string
  readonly dialect: string
  readonly description: string
  readonly id: string
  readonly secret: string
}

export const createCredential = change({
  name: 'createCredential',
  summary: 'Make an access key of a principal, for one dialect.',
  rights: { principal: 'createCredential' },
  targets: ({ principal }: NewCredential) => ({
    principal: { kind: 'principal', id: principal, own: true } as const,
  }),
  async prepare({ at, house, now, view, caller }, { dialect, description, id, secret }): Promise<Credential | Refusal> {
    const { account, id: principal, role } = at.principal
    const refusal = await unmanaged({ at, house, now, view, caller })
    if (refusal) return refusal
    // Whoever held one would be the role for ever, trusted or not.
    if (role) return refuse({ reason: 'featureNotSupported', feature: 'access keys of roles' })
    const bytes = utf8(secret)
    const wrapped = house.keyring.wrap(await domainKeyOf(view, account), secretBinding({ account, id }), bytes)
    bytes.fill(0)
    return {
      kind: 'credential',
      id,
      account,
      revision: 1,
      principal,
      dialect,
      description,
      disabled: false,
      secret: wrapped,
      createdAt: now,
    }
  },
  // The secret is in the answer once; what is kept of it is wrapped.
  decide: (_call, { secret }, add) => ({ result: { ...add, secret }, effects: [{ add }] }),
})

const credentialTarget = ({ id }: { id: string }) => ({
  credential: { kind: 'credential', id, own: true } as const,
})

const holderOf = async (view: View, { id, principal }: Credential): Promise<Principal> => {
  const row = await view.get('principal', principal)
  if (!row) throw new Error(`access key ${id} is nobody's`)
  return row
}

export const describeCredential = look({
  name: 'describeCredential',
  summary: 'Read an access key, without its secret.',
  rights: { credential: 'describeCredential' },
  targets: credentialTarget,
  async run({ at: { credential }, view }) {
    return { credential, principal: await holderOf(view, credential) }
  },
})

export interface CredentialChange {
  readonly id: string
  readonly disabled?: boolean
  readonly description?: string
}

/** Whose it is, where the caller may change what they are known by. */
const managedHolder = async (
  call: Omit<Managing, 'at'> & { readonly at: { readonly credential: Credential } },
): Promise<Principal | Refusal> => {
  const principal = await holderOf(call.view, call.at.credential)
  return (await unmanaged({ ...call, at: { principal } })) ?? principal
}

export const changeCredential = change({
  name: 'changeCredential',
  summary: 'Take an access key out of use, return it, or describe it.',
  rights: { credential: 'changeCredential' },
  targets: (request: CredentialChange) => credentialTarget(request),
  prepare: managedHolder,
  decide({ at }, { disabled, description }, principal) {
    const over = at.credential
    const put = { ...over, disabled: disabled ?? over.disabled, description: description ?? over.description }
    if (put.disabled === over.disabled && put.description === over.description)
      return { result: { credential: over, principal }, effects: [] }
    return { result: { credential: put, principal }, effects: [{ put, over }] }
  },
})

export const deleteCredential = change({
  name: 'deleteCredential',
  summary: 'Remove an access key for good.',
  rights: { credential: 'deleteCredential' },
  targets: (request: { id: string }) => credentialTarget(request),
  prepare: managedHolder,
  decide: ({ at }) => ({ result: at.credential, effects: [{ drop: at.credential }] }),
})

export interface NewPolicy {
  readonly principal: string
  readonly id: string
  readonly name: string
  readonly language: string
  readonly document: string
  /** The principal's policy of this name, which is replaced. */
  readonly replaces: string | undefined
}

/** Asked anew whenever something overtook the decision: another call may have replaced it too. */
const replaced = async ({ view }: { view: View }, { replaces }: NewPolicy): Promise<Policy | undefined> =>
  replaces === undefined ? undefined : view.reload('policy', replaces)

/** Who may give policies gives everything that the account may, and not what is beyond it. */
const ungiven = async (call: Managing, { language, document }: NewPolicy): Promise<Refusal | undefined> => {
  const beyond = letsOperate(call.house, language, document) && !(await mayOperate(call, call.caller))
  return beyond ? refuse({ reason: 'permissionDenied' }) : unmanaged(call)
}

export const attachPolicy = change({
  name: 'attachPolicy',
  summary: 'Give a principal a policy, in the place of one of the same name.',
  rights: { principal: 'attachPolicy' },
  targets: ({ principal }: NewPolicy) => ({ principal: { kind: 'principal', id: principal } as const }),
  prepare: async (call, request) => (await ungiven(call, request)) ?? replaced(call, request),
  refresh: replaced,
  decide({ at, now }, { id, name, language, document }, before) {
    const { principal } = at
    if (before) {
      const put: Policy = { ...before, language, document }
      return { result: put, effects: [{ put, over: before }] }
    }
    const { account } = principal
    const add: Policy = { kind: 'policy', id, account, revision: 1, name, language, document, createdAt: now }
    const put: Principal = { ...principal, policies: [...principal.policies, id] }
    // The principal is waited for: its new policy may hold a deny.
    const effects: Effect[] = [
      { add, claim: policyName(principal, name) },
      { put, over: principal },
    ]
    return { result: add, effects }
  },
})

export const detachPolicy = change({
  name: 'detachPolicy',
  summary: 'Take a policy from a principal, and remove it.',
  rights: { principal: 'detachPolicy', policy: 'detachPolicy' },
  targets: ({ principal, policy }: { principal: string; policy: string }) => ({
    principal: { kind: 'principal', id: principal } as const,
    policy: { kind: 'policy', id: policy } as const,
  }),
  prepare: unmanaged,
  decide({ at: { principal, policy } }) {
    const put: Principal = { ...principal, policies: principal.policies.filter((id) => id !== policy.id) }
    const release = policyName(principal, policy.name)
    return {
      result: policy,
      effects: [
        { put, over: principal },
        { drop: policy, release },
      ],
    }
  },
})

const listPage = 1000

type Listed = 'account' | 'principal' | 'credential'

/** Everything of a kind: installations have few of these. */
export const rowsOf = async <K extends Listed>(
  read: Reader,
  kind: K,
  account?: string,
): Promise<readonly Snapshot<K>[]> => {
  const rows: Snapshot<K>[] = []
  for (let after = ''; ; ) {
    const page = await read.rows(kind, { ...(account === undefined ? {} : { account }), after, limit: listPage })
    rows.push(...page)
    const last = page.at(-1)
    if (!last || page.length < listPage) return rows
    after = last.id
  }
}

export const listAccounts = look({
  name: 'listAccounts',
  summary: 'List the accounts.',
  rights: { all: 'administer' },
  targets: (_request: Record<string, never>) => ({ all: { in: everywhere(''), kind: 'account' } as const }),
  run: (_call, _request, read) => rowsOf(read, 'account'),
})

export const listAccountCredentials = look({
  name: 'listAccountCredentials',
  summary: 'List the access keys of all principals of an account, without their secrets.',
  rights: { all: 'listCredentials' },
  targets: ({ account }: { account: string }) => ({ all: { in: everywhere(account), kind: 'credential' } as const }),
  run: (_call, { account }, read) => rowsOf(read, 'credential', account),
})

export const listPrincipals = look({
  name: 'listPrincipals',
  summary: 'List the principals of an account.',
  rights: { all: 'listPrincipals' },
  targets: ({ account }: { account: string }) => ({ all: { in: everywhere(account), kind: 'principal' } as const }),
  run: (_call, { account }, read) => rowsOf(read, 'principal', account),
})

export const listCredentials = look({
  name: 'listCredentials',
  summary: 'List the access keys of a principal, without their secrets.',
  rights: { principal: 'listCredentials' },
  targets: ({ principal }: { principal: string }) => ({
    principal: { kind: 'principal', id: principal, own: true } as const,
  }),
  async run({ at: { principal } }, _request, read) {
    const rows = await rowsOf(read, 'credential', principal.account)
    return rows.filter((row) => row.principal === principal.id)
  },
})

export const setPassword = change({
  name: 'setPassword',
  summary: 'Give a user a password, or take it away; its sessions end.',
  rights: { principal: 'setPassword' },
  targets: ({ principal }: { principal: string; password: string | null }) => ({
    principal: { kind: 'principal', id: principal } as const,
  }),
  async prepare(call, { password }): Promise<string | null | Refusal> {
    const { at, house } = call
    const refusal = await unmanaged(call)
    if (refusal) return refusal
    if (at.principal.role) return refuse({ reason: 'featureNotSupported', feature: 'passwords of roles' })
    if (password === null) return null
    return house.slow.run('hashPassword', { password, salt: house.random.bytes(passwordSaltBytes) })
  },
  decide({ at: { principal: over } }, _request, passwordRecord) {
    const put: Principal = { ...over, passwordRecord }
    return { result: { ...put, revision: over.revision + 1 }, effects: [{ put, over }] }
  },
})

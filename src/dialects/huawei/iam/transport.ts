/** What a request asks of the identity service, and who says that it is asking. */
import type { Action } from '../../../contract/action.ts'
import { Denied, type Head, Unjudged } from '../../../contract/serve.ts'
import { readDocument } from '../../../core/access/document.ts'
import type { Failure } from '../../../core/failure.ts'
import type { Code } from '../codes.ts'
import { baseOf } from '../links.ts'
import { queryMembers } from '../query.ts'
import { type Routed, routing } from '../routes.ts'
import { type Claim, claimedOf, readClaim } from '../signature/claim.ts'
import { calls, type IamCall, tokenActions } from './calls.ts'
import type { IamCode } from './codes.ts'
import { claimedBy, type PasswordUser, passwordUser } from './password.ts'

/** What the head says. */
export interface IamOpened {
  readonly call: IamCall
  readonly named: Readonly<Record<string, string>>
  readonly base: string
  readonly claim: Claim | Denied<Code>
}

export interface IamAsking {
  readonly action: Action<IamCode>
  readonly status: number
  readonly base: string
  readonly claimed: string
  /** By a password, by a signature or token, or, of a notice, by nobody. */
  readonly by: PasswordUser | Claim | undefined
  readonly members: { readonly members: unknown } | Failure
}

export const bodyBytesMax = 65_536

const find = routing<IamCall>(calls.map(({ method, path, ...value }) => ({ method, path, value })))

/** Its own codes for what the signature of a request is refused for. */
export const fromSignature = (denied: Denied<Code>): Denied<IamCode> => {
  if (denied instanceof Unjudged) return new Unjudged('busy')
  const { detail } = denied
  return detail === undefined
    ? new Denied('unauthorized')
    : new Denied('unauthorized', `Incorrect IAM authentication information: ${detail}`)
}

/** Clients write some paths with a slash at their end. */
const routed = ({ method, path }: Head): Routed<IamCall> | Denied<IamCode> => {
  const found = find(method, path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path)
  if (found === 'unknownMethod') return new Denied('wrongMethod')
  return found === 'unknownPath' ? new Denied('notFound') : found
}

const headerMembers = ({ headers }: Head, names: readonly string[]): Record<string, string> =>
  Object.fromEntries(
    names.flatMap((name) => {
      const value = headers[name.toLowerCase()]
      return value === undefined ? [] : [[name, value]]
    }),
  )

export const open = (head: Head): IamOpened | Denied<IamCode> => {
  const found = routed(head)
  if (found instanceof Denied) return found
  const query = queryMembers(head.query)
  if (!query) return new Denied('badRequest')
  const { value: call, path } = found
  const named = { ...query, ...headerMembers(head, call.headers), ...path }
  return { call, named, base: baseOf(head), claim: readClaim(head) }
}

const decoder = new TextDecoder('utf-8', { fatal: true })

/** A policy that narrows is a part of the body; what it said twice would read as one thing and mean another. */
const readText = (body: Uint8Array): ReturnType<typeof readDocument> => {
  try {
    return readDocument(decoder.decode(body))
  } catch {
    return { fault: 'must be JSON in UTF-8' }
  }
}

const parsed = (named: IamOpened['named'], body: Uint8Array): { members: unknown } | Failure => {
  if (body.length === 0) return { members: named }
  const read = readText(body)
  if ('fault' in read) return { reason: 'invalidField', member: 'body', why: read.fault }
  const { value: members } = read
  if (typeof members !== 'object' || members === null || Array.isArray(members)) return { members }
  return { members: { ...members, ...named } }
}

interface Identity {
  readonly methods?: unknown
  readonly password?: { readonly user?: unknown }
  readonly token?: { readonly id?: unknown }
}

const identityIn = (members: unknown): Identity =>
  (members as { auth?: { identity?: Identity | null } | null } | null)?.auth?.identity ?? {}

type Method = keyof typeof tokenActions
const methods = Object.keys(tokenActions) as readonly Method[]

const methodOf = ({ methods: asked }: Identity): Method | Denied<IamCode> => {
  if (Array.isArray(asked) && asked.includes('totp')) return new Denied('secondFactor')
  const method = Array.isArray(asked) && asked.length === 1 && methods.find((one) => one === asked[0])
  return method || new Denied('badBody')
}

const whoSigns = (claim: IamOpened['claim']): Claim | Denied<IamCode> =>
  claim instanceof Denied ? fromSignature(claim) : claim

/** By what the body names: a user with a password, or a token; the header has the token where the body does not. */
const whoAsks = (method: Method, identity: Identity, claim: IamOpened['claim']): IamAsking['by'] | Denied<IamCode> => {
  if (method === 'password') {
    const user = passwordUser.safeParse(identity.password?.user)
    return user.success ? user.data : new Denied('badBody')
  }
  const token = method === 'token' ? identity.token?.id : undefined
  return typeof token === 'string' ? { form: 'token', token } : whoSigns(claim)
}

const isPassword = (by: IamAsking['by']): by is PasswordUser => by !== undefined && 'password' in by

const claimed = (by: IamAsking['by']): string => {
  if (by === undefined) return ''
  return isPassword(by) ? claimedBy(by) : claimedOf(by)
}

/** A token is asked for in three ways, which the body tells apart. */
const readTokenCall = (
  members: unknown,
  claim: IamOpened['claim'],
): Pick<IamAsking, 'action' | 'by'> | Denied<IamCode> => {
  const identity = identityIn(members)
  const method = methodOf(identity)
  if (method instanceof Denied) return method
  const by = whoAsks(method, identity, claim)
  return by instanceof Denied ? by : { action: tokenActions[method], by }
}

export const read = ({ call, named, base, claim }: IamOpened, body: Uint8Array): IamAsking | Denied<IamCode> => {
  const { action, status } = call
  const members = parsed(named, body)
  const common = { status, base, members }
  if (action.notice) return { ...common, action, by: undefined, claimed: '' }
  if (action === tokenActions.password) {
    if ('reason' in members) return new Denied('badBody')
    const asked = readTokenCall(members.members, claim)
    return asked instanceof Denied ? asked : { ...common, ...asked, claimed: claimed(asked.by) }
  }
  const by = whoSigns(claim)
  return by instanceof Denied ? by : { ...common, action, by, claimed: claimed(by) }
}

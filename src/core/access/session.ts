/**
 * Temporary credentials. Nothing of a session is stored: its token carries, sealed under the account's domain key, whose
 * session it is, until when, what narrows it, and the revisions of the rows that it was granted on. Where one of these
 * rows has changed since, the session has ended: permissions that changed are never those of an older moment.
 */
import { bytesFromBase64Url, textFromUtf8, textOfBase64Url } from '../base64url.ts'
import { concat, lengthPrefixed, readU32, utf8 } from '../bytes.ts'
import type { House } from '../house.ts'
import { domainKeyOf } from '../material.ts'
import type { Account, DomainKey, Instant, Policy, Principal, RegionId } from '../object.ts'
import { domainKeyId } from '../object.ts'
import type { View } from '../ports.ts'

/** A row that the session was granted on, as it was then. */
export interface Ground {
  readonly kind: 'principal' | 'credential'
  readonly id: string
  readonly revision: number
}

/** `keys`: signed with, under an access key of its own. `bearer`: sent as it is, and whoever sends it is the session. */
export type SessionForm = 'keys' | 'bearer'

export interface SessionFacts {
  /** What a client sends as its access key; of a bearer token its number alone. */
  readonly id: string
  /** Absent for `keys`: the first tokens had no other form. */
  readonly form?: SessionForm
  /** The one region that it is for; absent for all of them, null for none. */
  readonly region?: RegionId | null
  readonly dialect: string
  readonly principal: string
  /** As its maker called it. */
  readonly name: string
  readonly expiresAt: Instant
  /** Absent in the first tokens. */
  readonly issuedAt?: Instant
  /** Until when it is given anew for who shows it; absent for not at all. */
  readonly renewableUntil?: Instant
  readonly grounds: readonly Ground[]
  /** The language of the policy that narrows it, or null where nothing does. */
  readonly language: string | null
}

/** An opened token. What is derived from it hangs off this object. */
export interface Session extends SessionFacts {
  readonly account: string
  /** The session may do what this and its principal's own policies both allow. */
  readonly policy: Policy | undefined
  readonly sealed: Uint8Array
}

export interface NewSession {
  readonly facts: SessionFacts
  readonly account: string
  readonly secret: string
  /** The document of the policy that narrows it; empty where none does. */
  readonly document: string
}

/** The longest document that a token of at most 4,096 characters holds, UTF-8 bytes. */
export const sessionPolicyBytesMax = 2048
export const sessionTokenCharactersMax = 4096

const bindingIn = (account: string) => ({ kind: 'session', account, id: account, version: 1 }) as const

/** The token: the account in clear, which tells the key that opens it, and the rest sealed. */
export const issueSession = async (house: House, view: View, session: NewSession): Promise<string> => {
  const { facts, account, secret, document } = session
  const domain = await domainKeyOf(view, account)
  const secretBytes = utf8(secret)
  const payload = concat(lengthPrefixed(secretBytes), lengthPrefixed(utf8(document)), utf8(JSON.stringify(facts)))
  const token = house.keyring.token(domain, bindingIn(account), payload)
  payload.fill(0)
  secretBytes.fill(0)
  return `${account}.${textOfBase64Url(token)}`
}

const sections = (payload: Uint8Array): { secret: Uint8Array; document: Uint8Array; facts: Uint8Array } => {
  const secretEnd = 4 + readU32(payload, 0)
  const documentEnd = secretEnd + 4 + readU32(payload, secretEnd)
  return {
    secret: payload.subarray(4, secretEnd),
    document: payload.subarray(secretEnd + 4, documentEnd),
    facts: payload.subarray(documentEnd),
  }
}

const policyOf = (account: string, { id, name, language }: SessionFacts, document: string): Policy | undefined =>
  language === null ? undefined : { kind: 'policy', id, account, revision: 1, name, language, document, createdAt: 0 }

/** Opened tokens, by their text; they go with the row of the key that opens them. */
const opened = new WeakMap<DomainKey, Map<string, Session>>()
const openedMax = 1024

const remember = (domain: DomainKey, token: string, session: Session): Session => {
  const known = opened.get(domain) ?? new Map<string, Session>()
  opened.set(domain, known.set(token, session))
  const [oldest] = known.keys()
  if (known.size > openedMax && oldest !== undefined) known.delete(oldest)
  return session
}

const openWith = (house: House, domain: DomainKey, account: string, text: string): Session | undefined => {
  const sealed = bytesFromBase64Url(text)
  const payload = sealed && house.keyring.openToken(domain, bindingIn(account), sealed)
  if (!sealed || !payload) return undefined
  const { document, facts } = sections(payload)
  const known = JSON.parse(textFromUtf8(facts)) as SessionFacts
  const session = { ...known, account, policy: policyOf(account, known, textFromUtf8(document)), sealed }
  payload.fill(0)
  return session
}

/** The session of a token; undefined for what is none of ours. Whether it still stands is for `claimedSession` to say. */
const openSession = async (house: House, view: View, token: string): Promise<Session | undefined> => {
  const dot = token.indexOf('.')
  if (dot < 1 || dot > 64 || token.length > sessionTokenCharactersMax) return undefined
  const account = token.slice(0, dot)
  const domain = await view.get('domainKey', domainKeyId(account, 1))
  if (!domain) return undefined
  const known = opened.get(domain)?.get(token)
  if (known) return known
  const session = openWith(house, domain, account, token.slice(dot + 1))
  return session && remember(domain, token, session)
}

const stands = async (view: View, { kind, id, revision }: Ground): Promise<boolean> => {
  const row = await view.get(kind, id)
  return row?.revision === revision && !row.disabled
}

/** The bytes of the session's secret, which the caller zeroes once it has derived its signing key. */
export const sessionSecret = async (house: House, view: View, { account, sealed }: Session): Promise<Uint8Array> => {
  const payload = house.keyring.openToken(await domainKeyOf(view, account), bindingIn(account), sealed)
  if (!payload) throw new Error('a session token that was opened does not open again')
  // A copy of its own: what is opened may be a Buffer, whose slice is the same memory.
  const secret = new Uint8Array(sections(payload).secret)
  payload.fill(0)
  return secret
}

/**
 * The session behind a token, while it stands: in time, of the dialect and the form, and every row that it was granted on
 * unchanged and in use. `ended`: it was one of ours. A token of keys is none of a bearer's: it is sent without its secret.
 */
export const presentedSession = async (
  house: House,
  view: View,
  token: string,
  { dialect, form }: { readonly dialect: string; readonly form: SessionForm },
): Promise<Present | 'unknown' | 'ended'> => {
  const session = await openSession(house, view, token)
  if (!session || session.dialect !== dialect || (session.form ?? 'keys') !== form) return 'unknown'
  if (session.expiresAt <= house.clock.now()) return 'ended'
  for (const ground of session.grounds) if (!(await stands(view, ground))) return 'ended'
  const principal = await view.get('principal', session.principal)
  const account = await view.get('account', session.account)
  return principal && account && !principal.disabled ? { session, principal, account } : 'ended'
}

export interface Present {
  readonly session: Session
  readonly principal: Principal
  readonly account: Account
}

/** The session of temporary keys behind their token, while it stands. */
export const claimedSession = async (
  house: House,
  view: View,
  token: string,
  dialect: string,
): Promise<Present | undefined> => {
  const found = await presentedSession(house, view, token, { dialect, form: 'keys' })
  return typeof found === 'string' ? undefined : found
}

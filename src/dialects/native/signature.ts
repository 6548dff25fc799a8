/**
 * Who is calling. Over the network a bearer token says it, or the cookie of a console; nothing is signed. On the admin
 * socket whoever sends neither is the operator: only the operating-system user of the server, and root, can open it.
 */
import { Denied, type Head, headerNamed, Unjudged } from '../../contract/serve.ts'
import type { Caller } from '../../core/access/caller.ts'
import { presentedSession } from '../../core/access/session.ts'
import { unlistedCaller } from '../../core/access/unlisted.ts'
import type { House } from '../../core/house.ts'
import type { View } from '../../core/ports.ts'
import type { Code } from './codes.ts'
import { cookieIn } from './cookie.ts'

export const operatorCaller = (user: string, source: string, request: string): Caller =>
  unlistedCaller({
    dialect: 'native',
    id: `os:${user}`,
    name: user,
    source: source === '' ? 'admin.sock' : source, // A socket file has no address.
    request,
  })

/** A session as a request shows it. */
export interface Shown {
  readonly token: string
  readonly cookie: boolean
}

const bearerForm = /^Bearer +([0-9A-Za-z._~+/=-]+)$/i

/** A page of another site cannot send this header along, nor ask whether it may. */
export const isFromConsole = (head: Head): boolean => {
  const site = headerNamed(head, 'sec-fetch-site')
  return headerNamed(head, 'x-keystead-console') === '1' && (site === '' || site === 'same-origin')
}

export const notFromConsole = (): Denied<Code> =>
  new Unjudged(
    'permissionDenied',
    'With a cookie the header X-Keystead-Console: 1 is needed, from a page of this server.',
  )

/** undefined where the request shows nothing. A token goes before a cookie. */
export const shownIn = (head: Head): Shown | undefined | Denied<Code> => {
  const authorization = headerNamed(head, 'authorization')
  if (authorization !== '') {
    const token = bearerForm.exec(authorization)?.[1]
    return token === undefined
      ? new Denied('unauthenticated', 'Authorization must be a bearer token.')
      : { token, cookie: false }
  }
  const token = cookieIn(headerNamed(head, 'cookie'))
  if (token === undefined) return undefined
  return isFromConsole(head) ? { token, cookie: true } : notFromConsole()
}

const form = { dialect: 'native', form: 'bearer' } as const

/** Whoever shows an ended session is no stranger who guesses, and need not wait. */
export const sessionCaller = async (
  { token }: Shown,
  { source }: Head,
  view: View,
  house: House,
  request: string,
): Promise<Caller | Denied<Code>> => {
  const found = await presentedSession(house, view, token, form)
  if (found === 'ended') return new Unjudged('unauthenticated', 'The session has ended: sign in again.')
  if (found === 'unknown') return new Denied('unauthenticated', 'This is no session of this server.')
  return { dialect: 'native', credential: undefined, ...found, source, request, reach: 'policies' }
}

export const isSession = async ({ token }: Shown, view: View, house: House): Promise<boolean> =>
  typeof (await presentedSession(house, view, token, form)) !== 'string'

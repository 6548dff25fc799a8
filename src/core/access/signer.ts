/** Whoever an access key belongs to, and how its secret is had: the key of a row, or a temporary one of a session. */
import { onceAtHand } from '../at-hand.ts'
import type { House } from '../house.ts'
import type { Credential } from '../object.ts'
import type { View } from '../ports.ts'
import { type Caller, claimed } from './caller.ts'
import { secretOf } from './secret.ts'
import { claimedSession, type Session, sessionSecret } from './session.ts'

export interface Signer {
  /** What the access key is of. Keys derived from the secret hang off it, and go when it changed or was forgotten. */
  readonly of: Credential | Session
  /** The bytes of the secret, which the caller zeroes once it has derived its key. */
  secret(): Promise<Uint8Array>
  readonly who: Pick<Caller, 'credential' | 'session' | 'principal' | 'account'>
}

/** undefined where there is no such key in use. */
export const permanentSigner = (
  house: House,
  view: View,
  id: string,
  dialect: string,
): Signer | undefined | Promise<Signer | undefined> =>
  onceAtHand(claimed(view, id, dialect), (rows) =>
    rows ? { of: rows.credential, secret: () => secretOf(house, view, rows.credential), who: rows } : undefined,
  )

/** undefined where the token is of no session that stands, or of another one than the access key. */
export const temporarySigner = async (
  house: House,
  view: View,
  id: string,
  token: string,
  dialect: string,
): Promise<Signer | undefined> => {
  const rows = await claimedSession(house, view, token, dialect)
  if (rows?.session.id !== id) return undefined
  const { session } = rows
  return { of: session, secret: () => sessionSecret(house, view, session), who: { credential: undefined, ...rows } }
}

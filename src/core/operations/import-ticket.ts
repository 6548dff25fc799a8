/** Tickets for bringing a key: a wrapping pair that is handed out, and what comes back under it. */
import { equalInConstantTime } from '../../crypto/compare.ts'
import { concat, hexFromBytes, utf8 } from '../bytes.ts'
import { type Refusal, refuse } from '../failure.ts'
import { domainKeyOf } from '../material.ts'
import type { DomainKey, ImportTicket, Key } from '../object.ts'
import { type Call, change, type Targets } from '../operation.ts'
import type { Effect } from '../ports.ts'
import { dayMs } from './create.ts'
import { keyTarget } from './target.ts'

export type Padding = ImportTicket['padding']

/** Wrong material that often, and the ticket is dead: an unwrapping oracle that answers five times is worth nothing. */
export const importAttemptsMax = 5
const ticketBytes = 16

export const equalText = (a: string, b: string): boolean => equalInConstantTime(utf8(a), utf8(b))

/** Bound to the ticket, so that rows of two tickets of one key cannot be exchanged. */
const privateKeyBinding = (key: Pick<Key, 'id' | 'account'>, ticket: string) =>
  ({ kind: 'importTicket', account: key.account, id: `${key.id}.${ticket}`, version: 1 }) as const
/** Of the account alone: the key is inside, so that a token that was made for another one can be told from a forged one. */
const tokenBinding = ({ account }: Pick<Key, 'account'>) =>
  ({ kind: 'importTicket', account, id: account, version: 1 }) as const

/** What a token holds: the ticket's secret, then the key's id. */
const tokenPayload = (secret: Uint8Array, { id }: Pick<Key, 'id'>): Uint8Array => concat(secret, utf8(id))

export const prepareImport = change({
  name: 'prepareImport',
  summary: 'Hand out a wrapping public key and a ticket for importing material; an older ticket ends.',
  rights: { key: 'prepareImport' },
  targets: ({ keyId }: { keyId: string; padding: Padding }) => ({
    key: keyTarget(keyId, { origin: 'imported' }),
  }),

  async prepare({ at, house, now, view }, { padding }) {
    const { key } = at.key
    const domain = await domainKeyOf(view, key.account)
    const pair = await (padding === 'sm2' ? house.slow.run('generatePair', { algorithm: 'sm2' }) : house.pairs.take())
    const ticketSecret = house.random.bytes(ticketBytes)
    const ticket = hexFromBytes(ticketSecret)
    const row: ImportTicket = {
      kind: 'importTicket',
      id: key.id,
      account: key.account,
      revision: 1,
      ticket,
      padding,
      privateKey: house.keyring.wrap(domain, privateKeyBinding(key, ticket), pair.privateKey),
      expiresAt: now + dayMs,
      failures: 0,
    }
    pair.privateKey.fill(0)
    const token = house.keyring.token(domain, tokenBinding(key), tokenPayload(ticketSecret, key))
    return { row, token, publicKey: pair.publicKey, before: await view.reload('importTicket', key.id) }
  },

  refresh: async ({ view }, { keyId }, made) => ({ ...made, before: await view.reload('importTicket', keyId) }),

  decide(_call, _request, { row, token, publicKey, before }) {
    const effect: Effect = before ? { put: row, over: before } : { add: row }
    return { result: { keyId: row.id, token, publicKey, expiresAt: row.expiresAt }, effects: [effect] }
  },
})

/** While it is in time and has not failed too often. */
export const isAlive = (ticket: ImportTicket, now: number): boolean =>
  ticket.expiresAt > now && ticket.failures < importAttemptsMax

/** The ticket that the token stands for, while it is the key's newest, alive and in time. */
export const ticketOf = async <T extends Targets>(
  { house, now, view }: Call<T>,
  domain: DomainKey,
  key: Key,
  token: Uint8Array,
): Promise<ImportTicket | Refusal> => {
  const payload = house.keyring.openToken(domain, tokenBinding(key), token)
  if (!payload) return refuse({ reason: 'invalidTicket' })
  const secret = payload.subarray(0, ticketBytes)
  if (!equalInConstantTime(tokenPayload(secret, key), payload)) return refuse({ reason: 'ticketOfAnotherKey' })
  const ticket = await view.reload('importTicket', key.id)
  if (!ticket || !isAlive(ticket, now) || !equalText(ticket.ticket, hexFromBytes(secret)))
    return refuse({ reason: 'expiredTicket' })
  return ticket
}

/** What was wrapped under the ticket, by PKCS#1 of exactly `length` bytes; undefined where it does not open. */
export const unwrapArrived = async <T extends Targets>(
  { house }: Call<T>,
  domain: DomainKey,
  key: Key,
  { ticket, padding, privateKey: wrappedKey }: ImportTicket,
  wrapped: Uint8Array,
  length: number,
): Promise<Uint8Array | undefined> => {
  const privateKey = house.keyring.unwrap(domain, privateKeyBinding(key, ticket), wrappedKey)
  if (!privateKey)
    throw new Error(`the import ticket of key ${key.id} does not unwrap: its row was damaged or exchanged`)
  return house.slow.run('unwrap', { privateKey, padding, wrapped, length })
}

/** Bring your own key: a wrapping pair is handed out with a ticket, and material comes back under it. */
import { symmetricAlgorithm } from '../../crypto/algorithms.ts'
import { equalInConstantTime } from '../../crypto/compare.ts'
import { hexFromBytes, utf8 } from '../bytes.ts'
import { type Failure, type Refusal, refuse } from '../failure.ts'
import { domainKeyOf } from '../material.ts'
import { type DomainKey, type ImportTicket, type Key, type KeyVersion, keyVersionId } from '../object.ts'
import { type Call, change, type Targets } from '../operation.ts'
import type { Effect } from '../ports.ts'
import { dayMs } from './create.ts'
import { filledVersion } from './new-version.ts'
import { keyTarget, symmetric } from './target.ts'

export type Padding = ImportTicket['padding']

/** Wrong material that often, and the ticket is dead: an unwrapping oracle that answers five times is worth nothing. */
export const importAttemptsMax = 5
const ticketBytes = 16

const equalText = (a: string, b: string): boolean => equalInConstantTime(utf8(a), utf8(b))

/** Bound to the ticket, so that rows of two tickets of one key cannot be exchanged. */
const privateKeyBinding = (key: Pick<Key, 'id' | 'account'>, ticket: string) =>
  ({ kind: 'importTicket', account: key.account, id: `${key.id}.${ticket}`, version: 1 }) as const
const tokenBinding = (key: Pick<Key, 'id' | 'account'>) =>
  ({ kind: 'importTicket', account: key.account, id: key.id, version: 1 }) as const

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
    const pair = await house.pairs.take()
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
    const token = house.keyring.token(domain, tokenBinding(key), ticketSecret)
    return { row, token, publicKey: pair.publicKey, before: await view.reload('importTicket', key.id) }
  },

  refresh: async ({ view }, { keyId }, made) => ({ ...made, before: await view.reload('importTicket', keyId) }),

  decide(_call, _request, { row, token, publicKey, before }) {
    const effect: Effect = before ? { put: row, over: before } : { add: row }
    return { result: { keyId: row.id, token, publicKey, expiresAt: row.expiresAt }, effects: [effect] }
  },
})

export interface ImportRequest {
  readonly keyId: string
  readonly token: Uint8Array
  readonly wrapped: Uint8Array
  /** null: the material never ends. */
  readonly expiresAt: number | null
}

interface Arrived {
  /** undefined once it was replaced or went with its key. */
  readonly ticket: ImportTicket | undefined
  readonly domain: DomainKey
  readonly before: KeyVersion
  /** Filled, or undefined where the wrapped material did not open. */
  readonly version: KeyVersion | undefined
  readonly digest: string
}

/** While it is in time and has not failed too often. */
const isAlive = (ticket: ImportTicket, now: number): boolean =>
  ticket.expiresAt > now && ticket.failures < importAttemptsMax

/** The ticket that the token stands for, while it is the key's newest, alive and in time. */
const ticketOf = async <T extends Targets>(
  { house, now, view }: Call<T>,
  domain: DomainKey,
  key: Key,
  token: Uint8Array,
): Promise<ImportTicket | Refusal> => {
  const secret = house.keyring.openToken(domain, tokenBinding(key), token)
  if (!secret) return refuse({ reason: 'invalidTicket' })
  const ticket = await view.reload('importTicket', key.id)
  if (!ticket || !isAlive(ticket, now) || !equalText(ticket.ticket, hexFromBytes(secret)))
    return refuse({ reason: 'expiredTicket' })
  return ticket
}

const unwrapArrived = async <T extends Targets>(
  { house }: Call<T>,
  domain: DomainKey,
  key: Key,
  ticket: ImportTicket,
  wrapped: Uint8Array,
): Promise<Uint8Array | undefined> => {
  const privateKey = house.keyring.unwrap(domain, privateKeyBinding(key, ticket.ticket), ticket.privateKey)
  if (!privateKey)
    throw new Error(`the import ticket of key ${key.id} does not unwrap: its row was damaged or exchanged`)
  const { keyBytes } = symmetricAlgorithm(key.algorithm)
  return house.slow.run('rsaUnwrap', { privateKey, padding: ticket.padding, wrapped, length: keyBytes })
}

/** A key remembers its first material for ever: its ciphertexts would be lost with another one. */
const mismatch = (key: Key, digest: string): Failure | undefined =>
  key.materialDigest !== null && !equalText(key.materialDigest, digest) ? { reason: 'materialMismatch' } : undefined

export const importMaterial = change({
  name: 'importMaterial',
  summary: 'Put the material of a key in place, as it came wrapped under the ticket.',
  rights: { key: 'importMaterial' },
  targets: ({ keyId }: ImportRequest) => ({
    key: keyTarget(keyId, { families: symmetric, origin: 'imported', states: ['preActive', 'active'] }),
  }),

  async prepare(call, { token, wrapped }): Promise<Arrived | Refusal> {
    const { key } = call.at.key
    const domain = await domainKeyOf(call.view, key.account)
    const ticket = await ticketOf(call, domain, key, token)
    if (!('ticket' in ticket)) return ticket
    const before = await call.view.reload('keyVersion', keyVersionId(key.id, key.primaryVersion))
    if (!before) throw new Error(`key ${key.id} has no version ${key.primaryVersion}`)
    const material = await unwrapArrived(call, domain, key, ticket, wrapped)
    if (!material) return { ticket, domain, before, version: undefined, digest: '' }
    const digest = call.house.keyring.materialDigest(domain, key.id, material)
    return { ticket, domain, before, version: filledVersion(call.house, domain, key, before, material), digest }
  },

  // Attempts that run side by side are counted one after the other: each sees the count of those before it.
  async refresh({ at, view }, _request, made) {
    const { key } = at.key
    const ticket = await view.reload('importTicket', key.id)
    const before = (await view.reload('keyVersion', made.before.id)) ?? made.before
    return { ...made, before, ticket: ticket?.ticket === made.ticket?.ticket ? ticket : undefined }
  },

  decide({ at, now }, { expiresAt }, { ticket, before, version, digest }) {
    const { key } = at.key
    if (!ticket || !isAlive(ticket, now)) return refuse({ reason: 'expiredTicket' })
    if (!version)
      return {
        refusal: refuse({ reason: 'keyUnwrapFailure' }),
        effects: [{ put: { ...ticket, failures: ticket.failures + 1 }, over: ticket }],
      }
    const wrong = mismatch(key, digest)
    if (wrong) return refuse(wrong)
    const put: Key = {
      ...key,
      suspended: false,
      deactivated: false,
      materialPresent: true,
      // What somebody relies on does not end by itself.
      materialExpiresAt: key.bindings > 0 ? null : expiresAt,
      materialDigest: digest,
    }
    // The ticket is put over itself, so that an attempt beside this one cannot miss it.
    return {
      result: undefined,
      effects: [
        { put, over: key },
        { put: { ...version, canary: before.canary ?? version.canary }, over: before },
        { put: ticket, over: ticket },
      ],
    }
  },
})

/** Both ways in which material goes and the key stays: on request, and when its time has passed. */
const withoutMaterial = (key: Key, version: KeyVersion): Effect[] => [
  { put: { ...key, materialPresent: false, materialExpiresAt: null, suspended: false }, over: key },
  { put: { ...version, wrapped: null }, over: version },
]

const primaryOf = async <T extends Targets>({ view }: Call<T>, key: Key): Promise<KeyVersion> => {
  const version = await view.reload('keyVersion', keyVersionId(key.id, key.primaryVersion))
  if (!version) throw new Error(`key ${key.id} has no version ${key.primaryVersion}`)
  return version
}

export const deleteMaterial = change({
  name: 'deleteMaterial',
  summary: 'Remove imported material; the key waits for the same material again.',
  rights: { key: 'deleteMaterial' },
  targets: ({ keyId }: { keyId: string }) => ({
    key: keyTarget(keyId, {
      origin: 'imported',
      states: ['active', 'suspended'],
      unbound: true,
    }),
  }),
  prepare: (call) => primaryOf(call, call.at.key.key),
  refresh: (call) => primaryOf(call, call.at.key.key),
  decide: ({ at }, _request, version) => ({ result: undefined, effects: withoutMaterial(at.key.key, version) }),
})

/** The system's own: imported material whose time has passed is removed for good, by the rule of `destroy`. */
export const dropMaterial = change({
  name: 'dropMaterial',
  summary: 'Remove imported material whose time has passed.',
  rights: { key: 'dropMaterial' },
  targets: ({ keyId }: { keyId: string }) => ({ key: keyTarget(keyId, { origin: 'imported' }) }),
  prepare: (call) => primaryOf(call, call.at.key.key),
  refresh: (call) => primaryOf(call, call.at.key.key),
  decide({ at, now }, _request, version) {
    const { key, state } = at.key
    const passed = key.materialPresent && key.materialExpiresAt !== null && key.materialExpiresAt <= now
    if (!passed) return refuse({ reason: 'wrongKeyLifecycleState', kind: 'key', state })
    return { result: undefined, effects: withoutMaterial(key, version) }
  },
})

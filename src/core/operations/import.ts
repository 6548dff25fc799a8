/** Bring your own key: material that comes wrapped under a ticket, and goes again on request or when its time is over. */
import { symmetricAlgorithm } from '../../crypto/algorithms.ts'
import { type Failure, type Refusal, refuse } from '../failure.ts'
import { domainKeyOf } from '../material.ts'
import { type DomainKey, type ImportTicket, type Key, type KeyVersion, keyVersionId } from '../object.ts'
import { type Call, change, type Targets } from '../operation.ts'
import type { Effect } from '../ports.ts'
import { equalText, isAlive, ticketOf, unwrapArrived } from './import-ticket.ts'
import { filledVersion, versionOfPair } from './new-version.ts'
import { importable, keyTarget, symmetric } from './target.ts'

export interface ImportRequest {
  readonly keyId: string
  readonly token: Uint8Array
  readonly wrapped: Uint8Array
  /** null: the material never ends. */
  readonly expiresAt: number | null
}

export interface Awaited {
  readonly ticket: ImportTicket
  readonly domain: DomainKey
  readonly before: KeyVersion
}

export interface Arrived {
  /** undefined once it was replaced or went with its key. */
  readonly ticket: ImportTicket | undefined
  readonly before: KeyVersion
  /** Filled, or what is wrong with what arrived. */
  readonly version: KeyVersion | Failure
  /** null for a private key, which is never deleted and so never comes again. */
  readonly digest: string | null
}

const primaryOf = async <T extends Targets>({ view }: Call<T>, key: Key): Promise<KeyVersion> => {
  const version = await view.reload('keyVersion', keyVersionId(key.id, key.primaryVersion))
  if (!version) throw new Error(`key ${key.id} has no version ${key.primaryVersion}`)
  return version
}

export const awaited = async <T extends Targets>(
  call: Call<T>,
  key: Key,
  token: Uint8Array,
): Promise<Awaited | Refusal> => {
  const domain = await domainKeyOf(call.view, key.account)
  const ticket = await ticketOf(call, domain, key, token)
  return 'ticket' in ticket ? { ticket, domain, before: await primaryOf(call, key) } : ticket
}

/** Attempts that run side by side are counted one after the other: each sees the count of those before it. */
export const seenAgain = async <T extends Targets>(call: Call<T>, key: Key, made: Arrived): Promise<Arrived> => {
  const ticket = await call.view.reload('importTicket', key.id)
  const before = (await call.view.reload('keyVersion', made.before.id)) ?? made.before
  return { ...made, before, ticket: ticket?.ticket === made.ticket?.ticket ? ticket : undefined }
}

/** A key remembers its first material for ever: its ciphertexts would be lost with another one. */
const mismatch = (key: Key, digest: string | null): Failure | undefined =>
  digest !== null && key.materialDigest !== null && !equalText(key.materialDigest, digest)
    ? { reason: 'materialMismatch' }
    : undefined

/** Nothing came, and the ticket has one attempt less; the ticket is put over itself otherwise, so none beside misses it. */
export const unlessWrong = (
  now: number,
  { ticket, version }: Arrived,
  effectsOf: (filled: KeyVersion) => Refusal | readonly Effect[],
) => {
  if (!ticket || !isAlive(ticket, now)) return refuse({ reason: 'expiredTicket' })
  if ('reason' in version) {
    const effects: Effect[] = [{ put: { ...ticket, failures: ticket.failures + 1 }, over: ticket }]
    return { refusal: refuse(version), effects }
  }
  const effects = effectsOf(version)
  return 'failures' in effects ? effects : { result: undefined, effects: [...effects, { put: ticket, over: ticket }] }
}

const inPlace = (key: Key, now: number, expiresAt: number | null, made: Arrived) =>
  unlessWrong(now, made, (version) => {
    const { before, digest } = made
    const kept: Effect = { put: { ...version, canary: before.canary ?? version.canary, digest }, over: before }
    // An older version has its material again; the key is put over itself, so that no deletion beside this one misses it.
    if (before.version !== key.primaryVersion) {
      // Where the key was rotated meanwhile, that version may have got other material than this.
      const isSame = digest !== null && before.digest !== null && equalText(before.digest, digest)
      return isSame ? [{ put: key, over: key }, kept] : refuse({ reason: 'materialMismatch' })
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
    return [{ put, over: key }, kept]
  })

/** Every version of the key and the one after them, where there is one: material that waits for its turn. */
export const versionsOf = async ({ view }: Pick<Call<Targets>, 'view'>, key: Key): Promise<readonly KeyVersion[]> => {
  const numbers = Array.from({ length: key.primaryVersion + 1 }, (_, at) => keyVersionId(key.id, at + 1))
  const rows = await Promise.all(numbers.map((id) => view.reload('keyVersion', id)))
  return rows.filter((row) => row !== undefined)
}

/** The version that the material is of: an older one where it is known as that one's, and otherwise the primary one. */
const homeOf = async <T extends Targets>(call: Call<T>, key: Key, primary: KeyVersion, digest: string) => {
  if (key.primaryVersion === 1 || mismatch(key, digest) === undefined) return primary
  const older = (await versionsOf(call, key)).filter(({ version }) => version < key.primaryVersion)
  return older.find((row) => row.digest !== null && equalText(row.digest, digest)) ?? primary
}

export const notOpened: Failure = { reason: 'keyUnwrapFailure' }

type Home = typeof homeOf

/** What came wrapped, in the version that `home` gives for it. */
export const arrivedMaterial = async <T extends Targets>(
  call: Call<T>,
  key: Key,
  { ticket, domain, before }: Awaited,
  wrapped: Uint8Array,
  home: Home,
): Promise<Arrived> => {
  const { keyBytes } = symmetricAlgorithm(key.algorithm)
  const material = await unwrapArrived(call, domain, key, ticket, wrapped, keyBytes)
  if (!material) return { ticket, before, version: notOpened, digest: null }
  if (material.length !== keyBytes) {
    material.fill(0)
    return { ticket, before, version: { reason: 'wrongMaterialLength', of: 'material' }, digest: null }
  }
  const digest = call.house.keyring.materialDigest(domain, key.id, material)
  const empty = await home(call, key, before, digest)
  return { ticket, before: empty, version: filledVersion(call.house, domain, key, empty, material), digest }
}

export const importMaterial = change({
  name: 'importMaterial',
  summary: 'Put the material of a key in place, as it came wrapped under the ticket.',
  rights: { key: 'importMaterial' },
  targets: ({ keyId }: ImportRequest) => ({
    key: keyTarget(keyId, { families: symmetric, origin: 'imported', states: ['preActive', 'active'] }),
  }),

  async prepare(call, { token, wrapped }): Promise<Arrived | Refusal> {
    const { key } = call.at.key
    const opening = await awaited(call, key, token)
    if (!('ticket' in opening)) return opening
    return arrivedMaterial(call, key, opening, wrapped, homeOf)
  },
  refresh: (call, _request, made) => seenAgain(call, call.at.key.key, made),
  decide: ({ at, now }, { expiresAt }, made) => inPlace(at.key.key, now, expiresAt, made),
})

export interface ImportPairRequest extends Omit<ImportRequest, 'expiresAt'> {
  /** The private key, PKCS#8 DER, under the key that `wrapped` brings (RFC 5649). */
  readonly wrappedPrivateKey: Uint8Array
}

/** The lengths of a key that wraps a private key; by PKCS#1, which needs one, that of the suite. */
const wrappingKeyBytes = ({ algorithm }: Key) =>
  algorithm === 'sm2' ? { usual: 16, all: [16] } : { usual: 32, all: [16, 32] }

const arrivedPair = async <T extends Targets>(
  call: Call<T>,
  key: Key,
  { ticket, domain, before }: Awaited,
  { wrapped, wrappedPrivateKey }: ImportPairRequest,
): Promise<KeyVersion | Failure> => {
  const { usual, all } = wrappingKeyBytes(key)
  const wrappingKey = await unwrapArrived(call, domain, key, ticket, wrapped, usual)
  if (!wrappingKey) return notOpened
  const fits = all.includes(wrappingKey.length)
  const asked = { algorithm: key.algorithm, wrappingKey, wrapped: wrappedPrivateKey }
  const pair = fits ? await call.house.slow.run('unwrapPair', asked) : undefined
  wrappingKey.fill(0)
  if (!fits) return { reason: 'wrongMaterialLength', of: 'wrappingKey' }
  return pair ? versionOfPair(call.house, domain, key, before, pair) : { reason: 'invalidPrivateKey' }
}

export const importPrivateKey = change({
  name: 'importPrivateKey',
  summary: 'Put the private key of a key in place, as it came under a key of its own that came under the ticket.',
  rights: { key: 'importMaterial' },
  targets: ({ keyId }: ImportPairRequest) => ({
    key: keyTarget(keyId, { families: importable, origin: 'imported', states: ['preActive'] }),
  }),

  async prepare(call, request): Promise<Arrived | Refusal> {
    const { key } = call.at.key
    const opening = await awaited(call, key, request.token)
    if (!('ticket' in opening)) return opening
    return { ...opening, version: await arrivedPair(call, key, opening, request), digest: null }
  },
  refresh: (call, _request, made) => seenAgain(call, call.at.key.key, made),
  decide: ({ at, now }, _request, made) => inPlace(at.key.key, now, null, made),
})

/** Both ways in which material goes and the key stays: on request, and when its time has passed. */
const withoutMaterial = (key: Key, versions: readonly KeyVersion[]): Effect[] => [
  { put: { ...key, materialPresent: false, materialExpiresAt: null, suspended: false }, over: key },
  ...versions.map((version) => ({
    put: { ...version, wrapped: null, digest: digestOf(key, version) },
    over: version,
  })),
]

/** Rows that were written before each version had a digest of its own rely on the key's. */
export const digestOf = (key: Key, { version, digest }: KeyVersion): string | null =>
  digest ?? (version === key.primaryVersion ? key.materialDigest : null)

export const deleteMaterial = change({
  name: 'deleteMaterial',
  summary: 'Remove imported material; the key waits for the same material again.',
  rights: { key: 'deleteMaterial' },
  targets: ({ keyId }: { keyId: string }) => ({
    key: keyTarget(keyId, {
      families: symmetric,
      origin: 'imported',
      states: ['active', 'suspended'],
      unbound: true,
    }),
  }),
  prepare: (call) => versionsOf(call, call.at.key.key),
  refresh: (call) => versionsOf(call, call.at.key.key),
  decide: ({ at }, _request, versions) => ({ result: undefined, effects: withoutMaterial(at.key.key, versions) }),
})

/** The system's own: imported material whose time has passed is removed for good, by the rule of `destroy`. */
export const dropMaterial = change({
  name: 'dropMaterial',
  summary: 'Remove imported material whose time has passed.',
  rights: { key: 'dropMaterial' },
  targets: ({ keyId }: { keyId: string }) => ({ key: keyTarget(keyId, { origin: 'imported' }) }),
  prepare: (call) => versionsOf(call, call.at.key.key),
  refresh: (call) => versionsOf(call, call.at.key.key),
  decide({ at, now }, _request, versions) {
    const { key, state } = at.key
    const passed = key.materialPresent && key.materialExpiresAt !== null && key.materialExpiresAt <= now
    if (!passed) return refuse({ reason: 'wrongKeyLifecycleState', kind: 'key', state })
    return { result: undefined, effects: withoutMaterial(key, versions) }
  },
})

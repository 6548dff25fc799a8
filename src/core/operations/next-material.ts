/**
 * A new version of a key whose material is imported: its material comes first and waits, and protects from the moment on
 * at which it is asked to.
 */
import { type Refusal, refuse } from '../failure.ts'
import { type Key, type KeyVersion, keyVersionId } from '../object.ts'
import { type Call, change, look, type Targets } from '../operation.ts'
import type { Effect } from '../ports.ts'
import {
  type Arrived,
  arrivedMaterial,
  awaited,
  digestOf,
  type ImportRequest,
  seenAgain,
  unlessWrong,
  versionsOf,
} from './import.ts'
import { emptyVersion } from './new-version.ts'
import { keyTarget, symmetric } from './target.ts'

const active = { families: symmetric, origin: 'imported', states: ['active'] } as const

const waiting = ({ view }: Pick<Call<Targets>, 'view'>, key: Key): Promise<KeyVersion | undefined> =>
  view.reload('keyVersion', keyVersionId(key.id, key.primaryVersion + 1))

interface Next extends Arrived {
  /** Whether there is a row of the version yet. */
  readonly isThere: boolean
}

export const importNextMaterial = change({
  name: 'importNextMaterial',
  summary: 'Bring the material of the next version of a key, which waits until the key is rotated to it.',
  rights: { key: 'importMaterial' },
  targets: ({ keyId }: Omit<ImportRequest, 'expiresAt'>) => ({ key: keyTarget(keyId, active) }),

  async prepare(call, { token, wrapped }): Promise<Next | Refusal> {
    const { key } = call.at.key
    const opening = await awaited(call, key, token)
    if (!('ticket' in opening)) return opening
    const held = await waiting(call, key)
    const empty = held ?? emptyVersion(key, key.primaryVersion + 1, call.now)
    const made = await arrivedMaterial(call, key, opening, wrapped, async () => ({ ...empty, canary: null }))
    return { ...made, before: empty, isThere: held !== undefined }
  },
  async refresh(call, _request, made) {
    const seen = await seenAgain(call, call.at.key.key, made)
    return { ...seen, isThere: (await call.view.reload('keyVersion', made.before.id)) !== undefined }
  },
  decide: ({ at, now }, _request, made) =>
    unlessWrong(now, made, (version) => {
      const { before, digest, isThere } = made
      // The material is bound to its number: where the key was rotated meanwhile, it is of no version.
      if (version.version !== at.key.key.primaryVersion + 1) return refuse({ reason: 'rotationRunning' })
      const row = { ...version, digest, createdAt: now }
      const { key } = at.key
      // The key is put over itself, so that no deletion of its material beside this one misses what comes now.
      const seen: Effect = { put: key, over: key }
      return [seen, isThere ? { put: row, over: before } : { add: row }]
    }),
})

interface Rows {
  readonly primary: KeyVersion | undefined
  readonly next: KeyVersion | undefined
}

const rowsOf = async (call: Pick<Call<Targets>, 'view'>, key: Key): Promise<Rows> => ({
  primary: await call.view.reload('keyVersion', keyVersionId(key.id, key.primaryVersion)),
  next: await waiting(call, key),
})

export const rotateImported = change({
  name: 'rotateImported',
  summary: 'Let the imported material that waits protect from now on; older material only processes.',
  rights: { key: 'rotate' },
  targets: ({ keyId }: { keyId: string }) => ({ key: keyTarget(keyId, active) }),
  prepare: (call) => rowsOf(call, call.at.key.key),
  refresh: (call) => rowsOf(call, call.at.key.key),
  decide({ at, now }, _request, { primary, next }) {
    const { key } = at.key
    if (!primary || !next?.wrapped) return refuse({ reason: 'objectNotFound', kind: 'keyVersion' })
    const rotation = { ...key.rotation, lastAt: now }
    const put = { ...key, primaryVersion: next.version, materialDigest: next.digest, rotation }
    const effects = [
      { put, over: key },
      { put: { ...primary, digest: digestOf(key, primary) }, over: primary },
      { put: next, over: next },
    ]
    return { result: { keyId: key.id, version: next.version }, effects }
  },
})

export interface HeldMaterial {
  readonly version: number
  readonly createdAt: number
  /** When it ends; null for never. */
  readonly expiresAt: number | null
  /** It waits for its turn. */
  readonly waits: boolean
}

export const describeVersions = look({
  name: 'describeVersions',
  summary: 'Read whether a key is given new versions, how often it got one, and what imported material it has.',
  rights: { key: 'describeRotation' },
  targets: ({ keyId }: { keyId: string }) => ({ key: keyTarget(keyId, { families: symmetric }) }),
  async run(call) {
    const { key } = call.at.key
    const rows = key.origin === 'imported' ? await versionsOf(call, key) : []
    const materials = rows
      .filter(({ wrapped }) => wrapped !== null)
      .map(({ version, createdAt }): HeldMaterial => {
        const waits = version > key.primaryVersion
        return { version, createdAt, expiresAt: waits ? null : key.materialExpiresAt, waits }
      })
    return { keyId: key.id, rotation: key.rotation, rotations: key.primaryVersion - 1, origin: key.origin, materials }
  },
})

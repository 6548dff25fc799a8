/** New versions of a key: the primary one protects, all of them process (SP 800-57, section 5.3.6; KMIP Re-key). */
import { symmetricAlgorithm } from '../../crypto/algorithms.ts'
import { refuse } from '../failure.ts'
import { domainKeyOf } from '../material.ts'
import type { KeyVersion } from '../object.ts'
import { change, look } from '../operation.ts'
import { dayMs } from './create.ts'
import { emptyVersion, filledVersion } from './new-version.ts'
import { keyTarget, symmetric } from './target.ts'

interface One {
  readonly keyId: string
}

export const enableRotation = change({
  name: 'enableRotation',
  summary: 'Give a key a new version every so many days.',
  rights: { key: 'enableRotation' },
  targets: ({ keyId }: One & { periodDays: number }) => ({
    key: keyTarget(keyId, {
      usage: 'encryptDecrypt',
      families: symmetric,
      origin: 'generated',
      states: ['active', 'suspended'],
    }),
  }),
  prepare: () => {},
  decide({ at, now }, { periodDays }) {
    const { key } = at.key
    const rotation = { ...key.rotation, enabled: true, periodDays, nextAt: now + periodDays * dayMs }
    return { result: undefined, effects: [{ put: { ...key, rotation }, over: key, only: 'cosmetic' }] }
  },
})

export const disableRotation = change({
  name: 'disableRotation',
  summary: 'Stop giving a key new versions by itself; the versions that it has stay.',
  rights: { key: 'disableRotation' },
  targets: ({ keyId }: One) => ({ key: keyTarget(keyId) }),
  prepare: () => {},
  decide({ at }) {
    const { key } = at.key
    if (!key.rotation.enabled) return { result: undefined, effects: [] }
    const rotation = { ...key.rotation, enabled: false }
    return { result: undefined, effects: [{ put: { ...key, rotation }, over: key, only: 'cosmetic' }] }
  },
})

export const describeRotation = look({
  name: 'describeRotation',
  summary: 'Read whether a key is given new versions by itself.',
  rights: { key: 'describeRotation' },
  targets: ({ keyId }: One) => ({ key: keyTarget(keyId) }),
  run: ({ at }) => at.key.key.rotation,
})

export interface RotateRequest extends One {
  /** Refused unless the key is rotated by itself too. */
  readonly onlyEnabled: boolean
  /** Refused when the last rotation is more recent than this, ms. */
  readonly intervalMinMs: number
}

export const rotate = change({
  name: 'rotate',
  summary: 'Make a new version of a key, which protects from now on.',
  rights: { key: 'rotate' },
  targets: ({ keyId }: RotateRequest) => ({
    key: keyTarget(keyId, {
      usage: 'encryptDecrypt',
      families: symmetric,
      origin: 'generated',
      states: ['active'],
    }),
  }),

  async prepare({ at, house, now, view }): Promise<KeyVersion> {
    const { key } = at.key
    const domain = await domainKeyOf(view, key.account)
    const bytes = house.random.bytes(symmetricAlgorithm(key.algorithm).keyBytes)
    return filledVersion(house, domain, key, emptyVersion(key, key.primaryVersion + 1, now), bytes)
  },

  decide({ at, now }, { onlyEnabled, intervalMinMs }, version) {
    const { key } = at.key
    const { enabled, periodDays, lastAt } = key.rotation
    if (onlyEnabled && !enabled) return refuse({ reason: 'rotationNotEnabled' })
    // The material is bound to its number: where another rotation took that number, this one has nothing to add.
    if (version.version !== key.primaryVersion + 1) return refuse({ reason: 'rotationRunning' })
    if (lastAt !== null && now - lastAt < intervalMinMs) return refuse({ reason: 'rotatedRecently' })
    const rotation = { ...key.rotation, lastAt: now, nextAt: now + periodDays * dayMs }
    const put = { ...key, primaryVersion: version.version, rotation }
    return { result: { keyId: key.id, version: version.version }, effects: [{ add: version }, { put, over: key }] }
  },
})

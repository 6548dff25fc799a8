/** New versions of a key: the primary one protects, all of them process (SP 800-57, section 5.3.6; KMIP Re-key). */
import { symmetricAlgorithm } from '../../crypto/algorithms.ts'
import { isPrimary } from '../copies.ts'
import { type Refusal, refuse } from '../failure.ts'
import { domainKeyOf } from '../material.ts'
import type { Key, KeyVersion } from '../object.ts'
import { change, look } from '../operation.ts'
import type { Effect } from '../ports.ts'
import { putAll, rowsOfCopies, versionsOfCopies } from './copies.ts'
import { dayMs } from './create.ts'
import { emptyVersion, filledVersion } from './new-version.ts'
import { beforeDestruction, keyTarget, symmetric } from './target.ts'

interface One {
  readonly keyId: string
}

/** A key that can be given new versions by itself. */
const rotatable = (keyId: string) =>
  keyTarget(keyId, {
    usage: 'encryptDecrypt',
    families: symmetric,
    origin: 'generated',
    states: ['active', 'suspended'],
  })

/** Copies follow their primary key; material in a key store stays as it is. */
const whyNotRotated = (key: Key): Refusal | undefined => {
  if (key.keyStore !== null) return refuse({ reason: 'unsupportedByKeyStore' })
  return isPrimary(key) ? undefined : refuse({ reason: 'notPrimary' })
}

/** The key with a rotation that begins now. */
const begun = (key: Key, now: number, periodDays: number): Effect => {
  const rotation = { ...key.rotation, enabled: true, periodDays, nextAt: now + periodDays * dayMs }
  return { put: { ...key, rotation }, over: key }
}

export const enableRotation = change({
  name: 'enableRotation',
  summary: 'Give a key a new version every so many days; where it gets some already, the days count anew.',
  rights: { key: 'enableRotation' },
  targets: ({ keyId }: One & { periodDays: number }) => ({ key: rotatable(keyId) }),
  prepare: () => {},
  decide({ at, now }, { periodDays }) {
    const { key } = at.key
    return whyNotRotated(key) ?? { result: undefined, effects: [begun(key, now, periodDays)] }
  },
})

/** As `enableRotation`, and refuses where it is enabled already. */
export const beginRotation = change({
  name: 'beginRotation',
  summary: 'Give a key that is given no new versions one every so many days.',
  rights: { key: 'enableRotation' },
  targets: ({ keyId }: One & { periodDays: number }) => ({ key: rotatable(keyId) }),
  prepare: () => {},
  decide({ at, now }, { periodDays }) {
    const { key } = at.key
    if (key.rotation.enabled) return refuse({ reason: 'rotationEnabled' })
    return whyNotRotated(key) ?? { result: undefined, effects: [begun(key, now, periodDays)] }
  },
})

export const setRotationPeriod = change({
  name: 'setRotationPeriod',
  summary: 'Change how often a key that is given new versions gets one; the period counts from now.',
  rights: { key: 'enableRotation' },
  targets: ({ keyId }: One & { periodDays: number }) => ({
    key: keyTarget(keyId, { origin: 'generated', states: beforeDestruction }),
  }),
  prepare: () => {},
  decide({ at, now }, { periodDays }) {
    const { key } = at.key
    if (!key.rotation.enabled) return refuse({ reason: 'rotationNotEnabled' })
    return { result: undefined, effects: [begun(key, now, periodDays)] }
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
    return { result: undefined, effects: [{ put: { ...key, rotation }, over: key }] }
  },
})

/** As `disableRotation`, and refuses where there is nothing to disable. */
export const endRotation = change({
  name: 'endRotation',
  summary: 'Stop giving a key new versions, where it is given some; the versions that it has stay.',
  rights: { key: 'disableRotation' },
  targets: ({ keyId }: One) => ({ key: keyTarget(keyId, { origin: 'generated', states: beforeDestruction }) }),
  prepare: () => {},
  decide({ at }) {
    const { key } = at.key
    if (!key.rotation.enabled) return refuse({ reason: 'rotationNotEnabled' })
    const rotation = { ...key.rotation, enabled: false }
    return { result: undefined, effects: [{ put: { ...key, rotation }, over: key }] }
  },
})

/** In one word: how often, or never. */
export const setRotation = change({
  name: 'setRotation',
  summary: 'Give a key new versions by itself every so many days from now on, or no more.',
  rights: { enabled: 'enableRotation', disabled: 'disableRotation' },
  targets: ({ keyId, periodDays }: One & { periodDays: number | null }) => ({
    enabled: periodDays === null ? [] : [rotatable(keyId)],
    disabled: periodDays === null ? [keyTarget(keyId)] : [],
  }),
  prepare: () => {},
  decide({ at, now }, { periodDays }) {
    const [enabling, disabling] = [at.enabled[0]?.key, at.disabled[0]?.key]
    if (enabling && periodDays !== null)
      return whyNotRotated(enabling) ?? { result: undefined, effects: [begun(enabling, now, periodDays)] }
    if (!disabling?.rotation.enabled) return { result: undefined, effects: [] }
    const rotation = { ...disabling.rotation, enabled: false }
    return { result: undefined, effects: [{ put: { ...disabling, rotation }, over: disabling }] }
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

interface Rotated {
  readonly version: KeyVersion
  /** The copies in other regions, which get the same version. */
  readonly copies: readonly Key[]
  readonly versions: readonly KeyVersion[]
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

  async prepare({ at, house, now, view }): Promise<Rotated | Refusal> {
    const { key } = at.key
    const refusal = whyNotRotated(key)
    if (refusal) return refusal
    const domain = await domainKeyOf(view, key.account)
    const bytes = house.random.bytes(symmetricAlgorithm(key.algorithm).keyBytes)
    const version = filledVersion(house, domain, key, emptyVersion(key, key.primaryVersion + 1, now), bytes)
    const copies = await rowsOfCopies(view, key)
    return { version, copies, versions: await versionsOfCopies(house, view, key, version, copies) }
  },
  async refresh({ at, house, view }, _request, { version }) {
    const copies = await rowsOfCopies(view, at.key.key)
    return { version, copies, versions: await versionsOfCopies(house, view, at.key.key, version, copies) }
  },

  decide({ at, now }, { onlyEnabled, intervalMinMs }, { version, copies, versions }) {
    const { key } = at.key
    const { enabled, periodDays, lastAt } = key.rotation
    if (onlyEnabled && !enabled) return refuse({ reason: 'rotationNotEnabled' })
    // The material is bound to its number: where another rotation took that number, this one has nothing to add.
    if (version.version !== key.primaryVersion + 1) return refuse({ reason: 'rotationRunning' })
    // A date from a clock that was ahead, and is right again, keeps nobody from rotating until it comes.
    if (lastAt !== null && Math.abs(now - lastAt) < intervalMinMs) return refuse({ reason: 'rotatedRecently' })
    const rotation = { ...key.rotation, lastAt: now, nextAt: now + periodDays * dayMs }
    const put = { ...key, primaryVersion: version.version, rotation }
    const added = [version, ...versions].map((add) => ({ add }))
    const followed = putAll(copies, { primaryVersion: version.version })
    return {
      result: { keyId: key.id, version: version.version },
      effects: [...added, { put, over: key }, ...followed],
    }
  },
})

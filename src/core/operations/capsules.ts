/** Capsules: data keys that are released only to whoever shows that their terms let it. */

import { sameBytes } from '../bytes.ts'
import { type Capsule, type CapsuleTerms, capsuleContext, writeCapsule, writeTerms } from '../capsule.ts'
import { open, seal } from '../ciphertext.ts'
import { Refusal, refuse } from '../failure.ts'
import type { AccessPoint, Instant, Key, ReleaseTerms } from '../object.ts'
import { type Call, type Targets, use } from '../operation.ts'
import { handOver, type Recipient } from '../recipient.ts'
import { keyTarget, symmetric } from './target.ts'

interface CreateCapsule {
  readonly keyId: string
  readonly bytes: number
  readonly terms: CapsuleTerms
  /** Absent: the data key is given in clear. */
  readonly recipient?: Recipient
}

const target = (keyId: string) => keyTarget(keyId, { usage: 'encryptDecrypt', families: symmetric, states: ['active'] })

const refused = () => refuse({ reason: 'attestationRefused' })

const isHere = (row: { account: string; region: string } | undefined, key: Key): boolean =>
  row?.account === key.account && row.region === key.region

type Asking = Pick<Call<Targets>, 'view' | 'house' | 'now'>

/** The terms as they are now; undefined where the policy that has them is gone. */
const termsOf = async (
  { view }: Pick<Asking, 'view'>,
  key: Key,
  terms: CapsuleTerms,
): Promise<ReleaseTerms | undefined> => {
  if ('terms' in terms) return terms.terms
  const policy = await view.get('releasePolicy', terms.policyId)
  return policy && isHere(policy, key) ? policy.terms : undefined
}

export const createCapsule = use({
  name: 'createCapsule',
  summary: 'Make a random data key, in clear and in a capsule with terms of release.',
  rights: { key: 'createCapsule' },
  targets: ({ keyId }: CreateCapsule) => ({ key: target(keyId) }),
  async run({ at, house, view, material }, { bytes, terms, recipient }) {
    const { key } = at.key
    if (!(await termsOf({ view }, key, terms))) return refuse({ reason: 'objectNotFound', kind: 'releasePolicy' })
    const primary = await material(key, key.primaryVersion)
    if (!primary) return refuse({ reason: 'wrongKeyLifecycleState', kind: 'key', state: 'preActive' })
    const dataKey = house.random.bytes(bytes)
    const written = writeTerms(terms)
    const capsule = writeCapsule(written, seal(primary, 'token', capsuleContext(written), dataKey, house))
    const plaintext = await handOver(house, recipient, dataKey)
    return plaintext instanceof Refusal ? plaintext : { keyId: key.id, plaintext, capsule }
  },
})

/** Who asks: a public key, and a signature of its private half over a message that says for what and until when. */
export interface Attestation {
  readonly publicKey: Uint8Array
  readonly signature: Uint8Array
  readonly message: Uint8Array
  readonly expiresAt: Instant
}

interface OpenCapsule {
  readonly keyId: string
  readonly capsule: Capsule
  readonly attestation: Attestation
  readonly recipient?: Recipient
}

/** A signature that holds for longer than this is none: whoever finds it could use it for as long, ms. */
const signatureLifeMsMax = 86_400_000

const isOpenNow = ({ start, end }: ReleaseTerms, now: Instant): boolean =>
  (start === null || start <= now) && (end === null || now < end)

const isFresh = ({ expiresAt }: Attestation, now: Instant): boolean =>
  now < expiresAt && expiresAt <= now + signatureLifeMsMax

/** Of the access points that the terms name, the one whose public key it is. */
const findAccessPoint = async (
  { view }: Pick<Asking, 'view'>,
  key: Key,
  { accessPoints }: ReleaseTerms,
  { publicKey }: Attestation,
): Promise<AccessPoint | undefined> => {
  for (const id of accessPoints) {
    const row = await view.get('accessPoint', id)
    if (row?.publicKey && isHere(row, key) && !row.suspended && sameBytes(row.publicKey, publicKey)) return row
  }
  return undefined
}

/** The access point that the capsule may be opened to now. */
const attested = async (asking: Asking, key: Key, { terms }: Capsule, attestation: Attestation) => {
  const { house, now } = asking
  if (!house.capsuleSignatures || !isFresh(attestation, now)) return undefined
  const known = await termsOf(asking, key, terms)
  if (!known || !isOpenNow(known, now)) return undefined
  const accessPoint = await findAccessPoint(asking, key, known, attestation)
  if (!accessPoint?.publicKey) return undefined
  const { message: bytes, signature } = attestation
  const signed = { type: 'message', bytes } as const
  const { publicKey } = accessPoint
  const right = await house.slow.run('verify', { publicKey, scheme: 'ecdsaSha256', signed, signature })
  return right ? accessPoint : undefined
}

export const openCapsule = use({
  name: 'openCapsule',
  summary: 'Open a capsule to an access point that its terms let.',
  rights: { key: 'openCapsule' },
  targets: ({ keyId }: OpenCapsule) => ({ key: target(keyId) }),
  async run({ at, house, view, now, material }, { capsule, attestation, recipient }) {
    const { key } = at.key
    const { sealed, written } = capsule
    // Opened first: what the capsule says of its terms is true only then.
    const old = sealed.lineage === key.lineage ? await material(key, sealed.version) : undefined
    const dataKey = old && open(old, sealed, capsuleContext(written))
    if (!dataKey) return refuse({ reason: 'cryptographicFailure' })
    const accessPoint = await attested({ house, view, now }, key, capsule, attestation)
    if (!accessPoint) {
      dataKey.fill(0)
      return refused()
    }
    const plaintext = await handOver(house, recipient, dataKey)
    return plaintext instanceof Refusal ? plaintext : { keyId: key.id, accessPoint: accessPoint.id, plaintext }
  },
})

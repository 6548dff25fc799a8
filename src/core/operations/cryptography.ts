/** Protect with the primary version; process with the version that the ciphertext names (SP 800-57, section 5.3.6). */
import { onceAtHand } from '../at-hand.ts'
import { sameBytes } from '../bytes.ts'
import { type Content, open, type Sealed, seal } from '../ciphertext.ts'
import { type Context, encodeContext } from '../context.ts'
import { Refusal, refuse } from '../failure.ts'
import { keyNamed } from '../key-name.ts'
import { use } from '../operation.ts'
import { handOver, type Recipient } from '../recipient.ts'
import type { State } from '../state.ts'
import { keyTarget, symmetric } from './target.ts'

/** SP 800-57: a deactivated key may process what it protected, and protect nothing more. */
const protect: readonly State[] = ['active']
const process: readonly State[] = ['active', 'deactivated']

/** Material that the row says is there and is not: somebody was faster between the two reads, so the caller is told so. */
const gone = () => refuse({ reason: 'wrongKeyLifecycleState', kind: 'key', state: 'preActive' })

/** Wrapped keys and tokens are ours: as a caller's ciphertext they are as wrong as any forgery. */
const isCallers = (sealed: Sealed): boolean => sealed.content === 'data' || sealed.content === 'dataKey'

const sameContext = (a: Context, b: Context): boolean => {
  const [one, other] = [encodeContext(a), encodeContext(b)]
  return one.kind === other.kind && sameBytes(one.bytes, other.bytes)
}

export interface EncryptRequest {
  readonly keyId: string
  readonly plaintext: Uint8Array
  readonly context: Context
}

export const encrypt = use({
  name: 'encrypt',
  summary: 'Protect a plaintext under the primary version of a key.',
  rights: { key: 'encrypt' },
  targets: ({ keyId }: EncryptRequest) => ({
    key: keyTarget(keyId, { usage: 'encryptDecrypt', families: symmetric, states: protect }),
  }),
  requestFacts: ({ context }) => ({ context }),
  run({ at, house, material }, { plaintext, context }) {
    const { key } = at.key
    return onceAtHand(material(key, key.primaryVersion), (primary) =>
      primary ? { keyId: key.id, ciphertext: seal(primary, 'data', context, plaintext, house) } : gone(),
    )
  },
})

export interface GenerateDataKeyRequest {
  readonly keyId: string
  readonly bytes: number
  readonly context: Context
  /** Absent: the data key is given in clear. */
  readonly recipient?: Recipient
}

export const generateDataKey = use({
  name: 'generateDataKey',
  summary: 'Make a random data key, in clear and protected under the primary version of a key.',
  rights: { key: 'generateDataKey' },
  targets: ({ keyId }: GenerateDataKeyRequest) => ({
    key: keyTarget(keyId, { usage: 'encryptDecrypt', families: symmetric, states: protect }),
  }),
  requestFacts: ({ context }) => ({ context }),
  run({ at, house, material }, { bytes, context, recipient }) {
    const { key } = at.key
    return onceAtHand(material(key, key.primaryVersion), (primary) => {
      if (!primary) return gone()
      const dataKey = house.random.bytes(bytes)
      const ciphertext = seal(primary, 'dataKey', context, dataKey, house)
      return onceAtHand(handOver(house, recipient, dataKey), (plaintext) =>
        plaintext instanceof Refusal ? plaintext : { keyId: key.id, plaintext, ciphertext },
      )
    })
  },
})

export interface DecryptRequest {
  readonly sealed: Sealed
  readonly context: Context
  /** What the ciphertext must be of; absent where the caller does not tell data from data keys. */
  readonly content?: Content
  /** The key that the caller says it is of; absent where the ciphertext alone says it. */
  readonly keyId?: string
  /** Absent: the plaintext is given in clear. */
  readonly recipient?: Recipient
}

export const decrypt = use({
  name: 'decrypt',
  summary: 'Recover a plaintext that any version of a key protected.',
  rights: { source: 'decrypt' },
  targets: ({ sealed: { lineage, version }, keyId: id }: DecryptRequest) => ({
    source: {
      ref: id === undefined ? { lineage, version } : { ...keyNamed(id), version },
      usage: 'encryptDecrypt',
      families: symmetric,
      states: process,
    } as const,
  }),
  requestFacts: ({ context }) => ({ context }),
  run({ at, house, material }, { sealed, context, recipient, content = sealed.content }) {
    const { key, version } = at.source
    const isMeant = isCallers(sealed) && sealed.content === content
    return onceAtHand(isMeant ? material(key, version) : undefined, (old) => {
      const opened = old && open(old, sealed, context)
      if (!opened) return refuse({ reason: 'cryptographicFailure' })
      return onceAtHand(handOver(house, recipient, opened), (plaintext) =>
        plaintext instanceof Refusal ? plaintext : { keyId: key.id, plaintext },
      )
    })
  },
})

export interface ReEncryptRequest {
  readonly sealed: Sealed
  readonly sourceContext: Context
  /** Absent: the key that protected the ciphertext. */
  readonly destinationKeyId?: string
  readonly destinationContext: Context
}

export const reEncrypt = use({
  name: 'reEncrypt',
  summary: 'Move a ciphertext to another key, version or context without showing its plaintext.',
  rights: { source: 'reEncryptFrom', destination: 'reEncryptTo' },
  targets: ({ sealed: { lineage, version }, destinationKeyId }: ReEncryptRequest) => ({
    source: { ref: { lineage, version }, usage: 'encryptDecrypt', families: symmetric, states: process } as const,
    // Without a destination it is the key of the ciphertext: in another region than that key's, the copy that is there.
    destination: {
      ref: destinationKeyId === undefined ? { lineage } : { id: destinationKeyId },
      usage: 'encryptDecrypt',
      families: symmetric,
      states: protect,
    } as const,
  }),
  async run({ at, house, material }, { sealed, sourceContext, destinationContext }) {
    const { source, destination } = at
    const old = isCallers(sealed) ? await material(source.key, source.version) : undefined
    const plaintext = old && open(old, sealed, sourceContext)
    if (!plaintext) return refuse({ reason: 'cryptographicFailure' })

    const ids = { keyId: destination.key.id, sourceKeyId: source.key.id }
    const sameVersion = ids.keyId === ids.sourceKeyId && source.version === destination.key.primaryVersion
    if (sameVersion && sameContext(sourceContext, destinationContext)) {
      plaintext.fill(0)
      return { ...ids, ciphertext: sealed.bytes, moved: false }
    }
    const primary = await material(destination.key, destination.key.primaryVersion)
    if (!primary) return gone()
    const ciphertext = seal(primary, sealed.content, destinationContext, plaintext, house)
    plaintext.fill(0)
    return { ...ids, ciphertext, moved: true }
  },
})

/** Encryption to a post-quantum key: a secret is encapsulated for each message, and the message sealed under it. */
import type { Family } from '../../crypto/algorithms.ts'
import type { Sealed } from '../ciphertext.ts'
import { encapsulationIn, isEncapsulated, openEncapsulated, sealEncapsulated } from '../ciphertext-kem.ts'
import type { Context } from '../context.ts'
import { Refusal, refuse } from '../failure.ts'
import { publicKeyOf } from '../material.ts'
import { use } from '../operation.ts'
import { handOver, type Recipient } from '../recipient.ts'
import { keyTarget } from './target.ts'

const families: readonly Family[] = ['mlKem']

export interface EncryptPostQuantumRequest {
  readonly keyId: string
  readonly plaintext: Uint8Array
  readonly context: Context
}

export const encryptPostQuantum = use({
  name: 'encryptPostQuantum',
  summary: 'Protect a plaintext under the public half of a post-quantum key.',
  rights: { key: 'encryptPostQuantum' },
  targets: ({ keyId }: EncryptPostQuantumRequest) => ({
    key: keyTarget(keyId, { usage: 'encryptDecrypt', families, states: ['active'] }),
  }),
  async run({ at, house, view }, { plaintext, context }) {
    const { key } = at.key
    const { lineage, primaryVersion: version } = key
    const publicKey = await publicKeyOf(view, key, version)
    // Somebody destroyed it between the two reads.
    if (!publicKey) return refuse({ reason: 'wrongKeyLifecycleState', kind: 'key', state: 'destroyed' })
    const encapsulated = await house.slow.run('encapsulate', { publicKey })
    const identity = { installation: house.installation, lineage, version }
    return { keyId: key.id, ciphertext: sealEncapsulated(encapsulated, identity, 'data', context, plaintext, house) }
  },
})

export interface DecryptPostQuantumRequest {
  readonly sealed: Sealed
  readonly context: Context
  /** Absent: the plaintext is given in clear. */
  readonly recipient?: Recipient
}

export const decryptPostQuantum = use({
  name: 'decryptPostQuantum',
  summary: 'Recover a plaintext that was protected under a post-quantum key.',
  rights: { source: 'decryptPostQuantum' },
  targets: ({ sealed: { lineage, version } }: DecryptPostQuantumRequest) => ({
    source: {
      ref: { lineage, version },
      usage: 'encryptDecrypt',
      families,
      states: ['active', 'deactivated'],
    } as const,
  }),
  async run({ at, house, privateKey }, { sealed, context, recipient }) {
    const { key, version } = at.source
    const isOurs = isEncapsulated(sealed) && sealed.content === 'data'
    const pair = isOurs ? await privateKey(key, version) : undefined
    if (!pair) return refuse({ reason: 'cryptographicFailure' })
    const secret = await house.slow.run('decapsulate', { key: pair.key, encapsulation: encapsulationIn(sealed) })
    const opened = openEncapsulated(secret, sealed, context)
    if (!opened) return refuse({ reason: 'cryptographicFailure' })
    const plaintext = await handOver(house, recipient, opened)
    return plaintext instanceof Refusal ? plaintext : { keyId: key.id, plaintext }
  },
})

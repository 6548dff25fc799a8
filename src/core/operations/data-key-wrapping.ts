/**
 * Data keys that are made for nobody to see, or that the caller made (NIST SP 800-57 part 1, section 5.1.1: keys that wrap
 * keys). Beside a data key stands its digest, by the hash of its key's suite: SHA-256, or SM3 for SM4.
 */
import { symmetricAlgorithm } from '../../crypto/algorithms.ts'
import { equalInConstantTime } from '../../crypto/compare.ts'
import { suites } from '../../crypto/suites.ts'
import { open, type Sealed, seal } from '../ciphertext.ts'
import type { Context } from '../context.ts'
import { refuse } from '../failure.ts'
import { keyNamed } from '../key-name.ts'
import type { Key } from '../object.ts'
import { type Call, type KeyTarget, use } from '../operation.ts'
import type { State } from '../state.ts'
import { keyTarget, symmetric } from './target.ts'

/** Material that the row says is there and is not: somebody was faster between the two reads, so the caller is told so. */
const gone = () => refuse({ reason: 'wrongKeyLifecycleState', kind: 'key', state: 'preActive' })

const fit = { usage: 'encryptDecrypt', families: symmetric } as const
const protect: readonly State[] = ['active']
const process: readonly State[] = ['active', 'deactivated']

type OneKey = Call<{ readonly key: KeyTarget }>

/** Under the primary version; undefined where its material is gone. */
const wrap = async ({ at, house, material }: OneKey, context: Context, dataKey: Uint8Array) => {
  const { key } = at.key
  const primary = await material(key, key.primaryVersion)
  return primary && seal(primary, 'dataKey', context, dataKey, house)
}

const digestOf = ({ algorithm }: Key, dataKey: Uint8Array): Uint8Array =>
  suites[symmetricAlgorithm(algorithm).suite].digest(dataKey)

export interface GenerateWrappedDataKeyRequest {
  readonly keyId: string
  readonly bytes: number
  readonly context: Context
}

export const generateWrappedDataKey = use({
  name: 'generateWrappedDataKey',
  summary: 'Make a random data key, protected under the primary version of a key and shown to nobody.',
  // Its own right: who may make data keys that nobody sees may not therefore see some.
  rights: { key: 'generateWrappedDataKey' },
  targets: ({ keyId }: GenerateWrappedDataKeyRequest) => ({ key: keyTarget(keyId, { ...fit, states: protect }) }),
  requestFacts: ({ context }) => ({ context }),
  async run(call, { bytes, context }) {
    const dataKey = call.house.random.bytes(bytes)
    const ciphertext = await wrap(call, context, dataKey)
    dataKey.fill(0)
    return ciphertext ? { keyId: call.at.key.key.id, ciphertext } : gone()
  },
})

export interface WrapDataKeyRequest {
  readonly keyId: string
  readonly context: Context
  /** Zeroed. */
  readonly dataKey: Uint8Array
  /** What the caller says the data key's digest is. */
  readonly digest: Uint8Array
}

export const wrapDataKey = use({
  name: 'wrapDataKey',
  summary: 'Protect a data key that the caller made under the primary version of a key.',
  rights: { key: 'encrypt' },
  targets: ({ keyId }: WrapDataKeyRequest) => ({ key: keyTarget(keyId, { ...fit, states: protect }) }),
  requestFacts: ({ context }) => ({ context }),
  async run(call, { context, dataKey, digest }) {
    const { key } = call.at.key
    try {
      if (!equalInConstantTime(digestOf(key, dataKey), digest)) return refuse({ reason: 'cryptographicFailure' })
      const ciphertext = await wrap(call, context, dataKey)
      return ciphertext ? { keyId: key.id, ciphertext, bytes: dataKey.length } : gone()
    } finally {
      dataKey.fill(0)
    }
  },
})

export interface UnwrapDataKeyRequest {
  readonly keyId: string
  readonly sealed: Sealed
  readonly context: Context
  /** How long the data key is, as the caller knows it. */
  readonly bytes: number
}

export const unwrapDataKey = use({
  name: 'unwrapDataKey',
  summary: 'Recover a data key that any version of a key protected.',
  rights: { key: 'decrypt' },
  targets: ({ keyId: id, sealed: { version } }: UnwrapDataKeyRequest) => ({
    key: { ref: { ...keyNamed(id), version }, ...fit, states: process } as KeyTarget,
  }),
  requestFacts: ({ context }) => ({ context }),
  async run({ at, material }, { sealed, context, bytes }) {
    const { key, version } = at.key
    const old = sealed.content === 'dataKey' ? await material(key, version) : undefined
    const dataKey = old && open(old, sealed, context)
    if (!dataKey) return refuse({ reason: 'cryptographicFailure' })
    if (dataKey.length === bytes) return { keyId: key.id, dataKey, digest: digestOf(key, dataKey) }
    dataKey.fill(0)
    return refuse({ reason: 'unsupportedCryptographicParameters' })
  },
})

export interface GenerateDataKeyPairRequest {
  readonly keyId: string
  /** An asymmetric row of `crypto/algorithms.ts`. */
  readonly algorithm: string
  readonly context: Context
  /** Whether the private half is given in clear too. */
  readonly inClear: boolean
}

export const generateDataKeyPair = use({
  name: 'generateDataKeyPair',
  summary: 'Make a pair whose private half, as PKCS#8, is a data key under the primary version of a key.',
  rights: { key: 'generateDataKeyPair' },
  targets: ({ keyId }: GenerateDataKeyPairRequest) => ({ key: keyTarget(keyId, { ...fit, states: protect }) }),
  requestFacts: ({ context }) => ({ context }),
  async run(call, { algorithm, context, inClear }) {
    const { publicKey, privateKey } = await call.house.slow.run('generatePair', { algorithm })
    const ciphertext = await wrap(call, context, privateKey)
    if (!ciphertext || !inClear) privateKey.fill(0)
    if (!ciphertext) return gone()
    const made = { keyId: call.at.key.key.id, publicKey, ciphertext }
    return { ...made, privateKey: inClear ? privateKey : undefined }
  },
})

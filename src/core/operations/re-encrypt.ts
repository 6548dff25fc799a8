/** From a ciphertext of one key to one of another, of whatever kind the two are; nobody sees what is in it. */
import { type EncryptionScheme, encryptionSchemes } from '../../crypto/encryption.ts'
import { type Content, open, type Sealed, seal } from '../ciphertext.ts'
import type { Context } from '../context.ts'
import { Refusal, refuse } from '../failure.ts'
import { publicKeyOf } from '../material.ts'
import { type Call, type KeyTarget, use } from '../operation.ts'
import { keyTarget, symmetric } from './target.ts'

const gone = () => refuse({ reason: 'wrongKeyLifecycleState', kind: 'key', state: 'preActive' })

/** A ciphertext that names its key, or one that was encrypted to the public half of a key. */
export type ReEncryptSource =
  | {
      readonly sealed: Sealed
      readonly context: Context
      /** The key that the caller says it is of. */
      readonly keyId?: string
      /** Of a data key: how long it is, as the caller knows it. */
      readonly bytes?: number
    }
  | { readonly keyId: string; readonly scheme: EncryptionScheme; readonly ciphertext: Uint8Array }

export type ReEncryptDestination =
  | { readonly keyId: string; readonly context: Context }
  | { readonly keyId: string; readonly scheme: EncryptionScheme }

export interface ReEncryptAcrossRequest {
  readonly source: ReEncryptSource
  readonly destination: ReEncryptDestination
  /** What the plaintext is: a ciphertext of the other kind does not open. */
  readonly content: Extract<Content, 'data' | 'dataKey'>
}

const pairTarget = (keyId: string, scheme: EncryptionScheme): KeyTarget =>
  keyTarget(keyId, { usage: 'encryptDecrypt', families: [encryptionSchemes[scheme].family], states: ['active'] })

const sourceTarget = (source: ReEncryptSource): KeyTarget => {
  if ('scheme' in source) return pairTarget(source.keyId, source.scheme)
  const { lineage, version } = source.sealed
  const ref = source.keyId === undefined ? { lineage, version } : { id: source.keyId, version }
  return { ref, usage: 'encryptDecrypt', families: symmetric, states: ['active', 'deactivated'] }
}

const destinationTarget = (destination: ReEncryptDestination): KeyTarget =>
  'scheme' in destination
    ? pairTarget(destination.keyId, destination.scheme)
    : keyTarget(destination.keyId, { usage: 'encryptDecrypt', families: symmetric, states: ['active'] })

type Keys = Call<{ readonly source: KeyTarget; readonly destination: KeyTarget }>

const opened = async (call: Keys, { source, content }: ReEncryptAcrossRequest): Promise<Uint8Array | undefined> => {
  const { key, version } = call.at.source
  if ('scheme' in source) {
    const pair = await call.privateKey(key, key.primaryVersion)
    return pair && call.house.slow.run('decryptWith', { key: pair.key, ...source })
  }
  const { sealed, context } = source
  const material = sealed.content === content ? await call.material(key, version) : undefined
  return material && open(material, sealed, context)
}

const tooLong = () => refuse({ reason: 'unsupportedCryptographicParameters', plaintextTooLong: true })

const encrypted = async (
  call: Keys,
  { destination, content }: ReEncryptAcrossRequest,
  plaintext: Uint8Array,
): Promise<Uint8Array | Refusal> => {
  const { key } = call.at.destination
  if ('scheme' in destination) {
    const publicKey = await publicKeyOf(call.view, key, key.primaryVersion)
    if (!publicKey) return gone()
    const { scheme } = destination
    return (await call.house.slow.run('encryptTo', { publicKey, scheme, plaintext: plaintext.slice() })) ?? tooLong()
  }
  const primary = await call.material(key, key.primaryVersion)
  return primary ? seal(primary, content, destination.context, plaintext, call.house) : gone()
}

export const reEncryptAcross = use({
  name: 'reEncryptAcross',
  summary: 'Turn a ciphertext into one of another key, of any kind, without showing its plaintext.',
  rights: { source: 'reEncryptFrom', destination: 'reEncryptTo' },
  targets: ({ source, destination }: ReEncryptAcrossRequest) => ({
    source: sourceTarget(source),
    destination: destinationTarget(destination),
  }),
  async run(call, request) {
    const { source } = request
    const plaintext = await opened(call, request)
    if (!plaintext) return refuse({ reason: 'cryptographicFailure' })
    try {
      if ('bytes' in source && plaintext.length !== source.bytes)
        return refuse({ reason: 'unsupportedCryptographicParameters' })
      const ciphertext = await encrypted(call, request, plaintext)
      if (ciphertext instanceof Refusal) return ciphertext
      return { keyId: call.at.destination.key.id, sourceKeyId: call.at.source.key.id, ciphertext }
    } finally {
      plaintext.fill(0)
    }
  },
})

/** Keys that agree with others on a secret (SP 800-56A); which key is derived from it is the caller's own matter. */
import { isPeerOf } from '../../crypto/agreement.ts'
import { asymmetricAlgorithm } from '../../crypto/algorithms.ts'
import { refuse } from '../failure.ts'
import { use } from '../operation.ts'
import { keyTarget } from './target.ts'

export interface DeriveSharedSecretRequest {
  readonly keyId: string
  /** The other side's, SubjectPublicKeyInfo DER. */
  readonly publicKey: Uint8Array
}

export const deriveSharedSecret = use({
  name: 'deriveSharedSecret',
  summary: 'Give what the private half of a key shares with a public key on the same curve.',
  rights: { key: 'deriveSharedSecret' },
  targets: ({ keyId }: DeriveSharedSecretRequest) => ({
    key: keyTarget(keyId, { usage: 'keyAgreement', families: ['ec', 'sm2'], states: ['active'] }),
  }),
  async run({ at, house, privateKey }, { publicKey }) {
    const { key } = at.key
    const unsuitable = () => refuse({ reason: 'unsupportedCryptographicParameters' })
    if (!isPeerOf(asymmetricAlgorithm(key.algorithm), publicKey)) return unsuitable()
    const pair = await privateKey(key, key.primaryVersion)
    if (!pair) return refuse({ reason: 'wrongKeyLifecycleState', kind: 'key', state: 'destroyed' })
    const secret = await house.slow.run('agree', { key: pair.key, publicKey })
    return secret ? { keyId: key.id, secret } : unsuitable()
  },
})

/** Message authentication codes (FIPS 198-1) under keys that do nothing else. Quick, and therefore made where they are asked for. */
import { macAlgorithm } from '../../crypto/algorithms.ts'
import { equalInConstantTime } from '../../crypto/compare.ts'
import { hmac } from '../../crypto/digest.ts'
import { refuse } from '../failure.ts'
import { type Call, type KeyTarget, use } from '../operation.ts'
import { misused } from '../resolve.ts'
import { keyTarget } from './target.ts'

const gone = () => refuse({ reason: 'wrongKeyLifecycleState', kind: 'key', state: 'destroyed' })

export interface GenerateMacRequest {
  readonly keyId: string
  /** A MAC row of `crypto/algorithms.ts`: the key's own, or it is refused. */
  readonly algorithm: string
  readonly message: Uint8Array
}

export interface VerifyMacRequest extends GenerateMacRequest {
  readonly mac: Uint8Array
}

const target = (keyId: string): KeyTarget =>
  keyTarget(keyId, { usage: 'generateVerifyMac', families: ['hmac'], states: ['active'] })

const macOf = async (call: Call<{ readonly key: KeyTarget }>, { algorithm, message }: GenerateMacRequest) => {
  const { key } = call.at.key
  if (key.algorithm !== algorithm) return refuse(misused(key))
  const secret = await call.secret(key, key.primaryVersion)
  return secret ? hmac(macAlgorithm(algorithm).digest, secret, message) : gone()
}

export const generateMac = use({
  name: 'generateMac',
  summary: 'Authenticate a message under a key.',
  rights: { key: 'generateMac' },
  targets: ({ keyId }: GenerateMacRequest) => ({ key: target(keyId) }),
  requestFacts: ({ algorithm: mac }) => ({ mac }),
  async run(call, request) {
    const mac = await macOf(call, request)
    return mac instanceof Uint8Array ? { keyId: call.at.key.key.id, mac } : mac
  },
})

export const verifyMac = use({
  name: 'verifyMac',
  summary: 'Tell whether a message was authenticated under a key.',
  rights: { key: 'verifyMac' },
  targets: ({ keyId }: VerifyMacRequest) => ({ key: target(keyId) }),
  requestFacts: ({ algorithm: mac }) => ({ mac }),
  async run(call, request) {
    const mac = await macOf(call, request)
    if (!(mac instanceof Uint8Array)) return mac
    return { keyId: call.at.key.key.id, valid: equalInConstantTime(mac, request.mac) }
  },
})

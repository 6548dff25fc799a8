import { eitherOf } from '../../../contract/action.ts'
import { inferred } from '../../../contract/evidence.ts'
import { base64, choice } from '../../../contract/fields.ts'
import { z } from '../../../contract/schema.ts'
import { type Refusal, refuse } from '../../../core/failure.ts'
import {
  type SignRequest,
  sign,
  signPostQuantum,
  verify,
  verifyPostQuantum,
} from '../../../core/operations/asymmetric.ts'
import { type SignatureScheme, signatureSchemes } from '../../../crypto/signature.ts'
import { action } from '../action.ts'
import { keyRef } from '../key-fields.ts'

const names = Object.keys(signatureSchemes) as [SignatureScheme, ...SignatureScheme[]]
const members = {
  key: keyRef,
  message: base64({ bytesMax: 4096 }).describe('What is signed; or say its digest.').optional(),
  digest: base64({ bytesMax: 64 }).optional(),
  scheme: choice(names),
}
const signature = base64({ bytesMax: 8192 })

interface Asked {
  readonly key: string
  readonly message?: Uint8Array | undefined
  readonly digest?: Uint8Array | undefined
  readonly scheme: SignatureScheme
}

const signingOf = ({ key: keyId, message, digest, scheme }: Asked): SignRequest | Refusal => {
  if (message && digest) return refuse({ reason: 'unknownField', member: 'digest' })
  if (message) return { keyId, scheme, signed: { type: 'message', bytes: message } }
  return digest
    ? { keyId, scheme, signed: { type: 'digest', bytes: digest } }
    : refuse({ reason: 'missingData', member: 'message' })
}

const verifyingOf = ({ signature: given, ...asked }: Asked & { readonly signature: Uint8Array }) => {
  const signing = signingOf(asked)
  return 'failures' in signing ? signing : { ...signing, signature: given }
}

const isPostQuantum = (asked: unknown): boolean => {
  const { scheme } = (asked ?? {}) as { readonly scheme?: unknown }
  return typeof scheme === 'string' && scheme.startsWith('mlDsa')
}

const signing = {
  name: 'sign',
  rights: { key: 'key:sign' },
  summary: 'Sign a message or a digest with the private half of a key.',
  evidence: inferred('ours'),
  request: members,
  response: { signature, keyId: z.string() },
  toCore: signingOf,
  fromCore: (made: { keyId: string; signature: Uint8Array }) => ({ signature: made.signature, keyId: made.keyId }),
}
const verifying = {
  name: 'verify',
  rights: { key: 'key:verify' },
  summary: 'Tell whether a signature is one of a key.',
  evidence: inferred('ours'),
  request: { ...members, signature },
  response: { valid: z.boolean(), keyId: z.string() },
  toCore: verifyingOf,
  fromCore: ({ valid, keyId }: { keyId: string; valid: boolean }) => ({ valid, keyId }),
}

export const Sign = eitherOf(
  action({ ...signing, operation: sign }),
  action({ ...signing, operation: signPostQuantum }),
  isPostQuantum,
)
export const Verify = eitherOf(
  action({ ...verifying, operation: verify }),
  action({ ...verifying, operation: verifyPostQuantum }),
  isPostQuantum,
)

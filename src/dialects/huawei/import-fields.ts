/** What calls that import share: members, and what is answered. */
import { base64 } from '../../contract/fields.ts'
import type { Failure } from '../../core/failure.ts'
import type { Code } from './codes.ts'
import { keyId, sequence } from './fields.ts'

/** What an import is told of a key that does not wait for its material. */
export const notPending = ({ state }: Extract<Failure, { reason: 'wrongKeyLifecycleState' }>): Code =>
  state === 'destructionScheduled' ? 'KMS.0210' : 'KMS.0310'

export const importedMembers = {
  key_id: keyId.describe('The external key that the token was issued for.'),
  import_token: base64({ bytesMin: 1, code: 'KMS.2605' }).describe('The token of get-parameters-for-import.'),
  encrypted_key_material: base64({ bytesMin: 1, sensitive: true, code: 'KMS.0311' }).describe(
    'The material, wrapped; for an asymmetric key the key that wraps its private key.',
  ),
  sequence,
}

export const importing = {
  rights: { key: 'kms:cmk:importMaterial' },
  response: {},
  fromCore: () => ({}),
  errors: {
    wrongKeyLifecycleState: notPending,
    // The material of a symmetric key and a private key come by different members.
    incompatibleCryptographicUsageMask: ({ family }: { family: string }) =>
      family === 'symmetric' ? ('KMS.0308' as const) : ('KMS.2608' as const),
  },
}

import { eitherOf } from '../../../contract/action.ts'
import { documented } from '../../../contract/evidence.ts'
import { base64, decimal } from '../../../contract/fields.ts'
import { refuse } from '../../../core/failure.ts'
import { importMaterial, importPrivateKey } from '../../../core/operations/import.ts'
import { action } from '../action.ts'
import { keyId, sequence } from '../fields.ts'
import { notPending } from '../import-states.ts'

const common = {
  key_id: keyId.describe('The external key that the token was issued for.'),
  import_token: base64({ bytesMin: 1, code: 'KMS.2605' }).describe('The token of get-parameters-for-import.'),
  encrypted_key_material: base64({ bytesMin: 1, sensitive: true, code: 'KMS.0311' }).describe(
    'The material, wrapped; for an asymmetric key the key that wraps its private key.',
  ),
  sequence,
}

const said = {
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

const Material = action({
  name: 'ImportKeyMaterial',
  narrow: { key: ['preActive'] },
  summary: 'Load wrapped material into an external key, which is enabled then.',
  evidence: documented('import-key-material page'),

  request: {
    ...common,
    expiration_time: decimal({ max: 10_000_000_000 })
      .describe('When the material ends, Unix seconds; never when absent.')
      .optional(),
  },

  operation: importMaterial,
  toCore({ key_id, import_token, encrypted_key_material, expiration_time }, { house }) {
    const expiresAt = expiration_time === undefined ? null : expiration_time * 1000
    if (expiresAt !== null && expiresAt <= house.clock.now())
      return refuse({
        reason: 'invalidAttributeValue',
        member: 'expiration_time',
        why: 'must be later than now',
        code: 'KMS.2602',
      })
    return { keyId: key_id, token: import_token, wrapped: encrypted_key_material, expiresAt }
  },
  ...said,
})

const PrivateKey = action({
  name: 'ImportKeyMaterial',
  summary: 'Load a wrapped private key into an external asymmetric key, which is enabled then.',
  evidence: documented('import-key-material page; which wrapping keys are taken for which kind is inferred in part'),

  request: {
    ...common,
    encrypted_privatekey: base64({ bytesMin: 1, bytesMax: 4608, sensitive: true, code: 'KMS.2609' }).describe(
      'The private key, PKCS#8 DER, wrapped by RFC 5649: with SM4 for SM2, and with AES for every other kind.',
    ),
  },

  operation: importPrivateKey,
  toCore: ({ key_id, import_token, encrypted_key_material, encrypted_privatekey }) => ({
    keyId: key_id,
    token: import_token,
    wrapped: encrypted_key_material,
    wrappedPrivateKey: encrypted_privatekey,
  }),
  ...said,
})

const hasPrivateKey = (members: unknown): boolean =>
  typeof members === 'object' && members !== null && 'encrypted_privatekey' in members

export const ImportKeyMaterial = eitherOf(Material, PrivateKey, hasPrivateKey)

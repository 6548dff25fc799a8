import { eitherOf } from '../../../contract/action.ts'
import { documented, inferred } from '../../../contract/evidence.ts'
import { base64, decimal } from '../../../contract/fields.ts'
import { refuse } from '../../../core/failure.ts'
import { importMaterial, importPrivateKey } from '../../../core/operations/import.ts'
import { importNextMaterial } from '../../../core/operations/next-material.ts'
import { action } from '../action.ts'
import { importedMembers, importing } from '../import-fields.ts'
import { importType, isForNext } from '../import-type.ts'

const Material = action({
  name: 'ImportKeyMaterial',
  narrow: { key: ['preActive'] },
  summary: 'Load wrapped material into an external key, which is enabled then.',
  evidence: documented('import-key-material page'),

  request: {
    ...importedMembers,
    import_type: importType,
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
  ...importing,
})

const PrivateKey = action({
  name: 'ImportKeyMaterial',
  summary: 'Load a wrapped private key into an external asymmetric key, which is enabled then.',
  evidence: documented('import-key-material page; which wrapping keys are taken for which kind is inferred in part'),

  request: {
    ...importedMembers,
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
  ...importing,
})

const Next = action({
  name: 'ImportKeyMaterial',
  summary: 'Bring the material that rotate-on-demand will turn to; it ends with the key.',
  evidence: inferred('rotate-on-demand needs a second import, and the page has none'),

  request: { ...importedMembers, import_type: importType },

  operation: importNextMaterial,
  toCore: ({ key_id, import_token, encrypted_key_material }) => ({
    keyId: key_id,
    token: import_token,
    wrapped: encrypted_key_material,
  }),
  ...importing,
})

const hasPrivateKey = (members: unknown): boolean =>
  typeof members === 'object' && members !== null && 'encrypted_privatekey' in members

export const ImportKeyMaterial = eitherOf(
  Material,
  eitherOf(PrivateKey, Next, isForNext),
  (members) => hasPrivateKey(members) || isForNext(members),
)

import { eitherOf } from '../../../contract/action.ts'
import { documented, inferred } from '../../../contract/evidence.ts'
import { base64, choice } from '../../../contract/fields.ts'
import { z } from '../../../contract/schema.ts'
import { type Padding, prepareImport } from '../../../core/operations/import-ticket.ts'
import { action } from '../action.ts'
import { keyId, keyIdMember, sequence } from '../fields.ts'
import { notPending } from '../import-fields.ts'
import { importType, isForNext } from '../import-type.ts'

const paddings = {
  RSAES_OAEP_SHA_256: 'oaepSha256',
  SM2_ENCRYPT: 'sm2',
  RSAES_OAEP_SHA_1: 'oaepSha1',
  RSAES_PKCS1_V1_5: 'pkcs1',
} as const satisfies Record<string, Padding>

interface Prepared {
  readonly keyId: string
  readonly token: Uint8Array
  readonly publicKey: Uint8Array
  readonly expiresAt: number
}

const names = Object.keys(paddings) as [keyof typeof paddings, ...(keyof typeof paddings)[]]

const said = {
  name: 'CreateParametersForImport',
  rights: { key: 'kms:cmk:getMaterial' },
  request: {
    key_id: keyId.describe('The external key.'),
    wrapping_algorithm: choice(names).describe('How the material will be encrypted.'),
    import_type: importType,
    sequence,
  },
  response: {
    key_id: keyIdMember,
    import_token: base64(),
    expiration_time: z.int().describe('Unix seconds, as a number.'),
    public_key: base64().describe('Base64 of the DER SubjectPublicKeyInfo: RSA of 2,048 bits, or SM2.'),
  },
  operation: prepareImport,
  errors: { wrongKeyLifecycleState: notPending },
} as const

const asked = (members: { key_id: string; wrapping_algorithm: keyof typeof paddings }) => ({
  keyId: members.key_id,
  padding: paddings[members.wrapping_algorithm],
})

const answered = ({ keyId: id, token, publicKey, expiresAt }: Prepared) => ({
  key_id: id,
  import_token: token,
  expiration_time: Math.floor(expiresAt / 1000),
  public_key: publicKey,
})

const First = action({
  ...said,
  narrow: { key: ['preActive'] },
  summary: 'Issue a public key that wraps material, and an import token, for a day; an older pair of the key ends.',
  evidence: documented('get-parameters-for-import page; two of the algorithms are of its older editions'),
  toCore: asked,
  fromCore: answered,
})

const Next = action({
  ...said,
  narrow: { key: ['active'] },
  summary: 'The same for material that rotate-on-demand will turn to.',
  evidence: inferred('rotate-on-demand needs a second import, and the page has none'),
  toCore: asked,
  fromCore: answered,
})

export const CreateParametersForImport = eitherOf(First, Next, isForNext)

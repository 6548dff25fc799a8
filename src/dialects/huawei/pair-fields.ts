/** Members of the calls that make pairs whose private half is a data key. */
import { contextBytes } from '../../contract/fields.ts'
import { noted, z } from '../../contract/schema.ts'
import { noContext } from '../../core/context.ts'
import type { GenerateDataKeyPairRequest } from '../../core/operations/data-key-wrapping.ts'
import { pinMembers } from './cipher-fields.ts'
import { hexOut } from './data-key-fields.ts'
import { keyIdMember, keyRef, sequence } from './fields.ts'

export const pairMembers = {
  key_id: keyRef.describe('The symmetric key that protects the private half.'),
  with_plain_text: z
    .boolean('must be a boolean')
    .describe('true (when absent): the private half in clear too.')
    .optional(),
  additional_authenticated_data: contextBytes({ charactersMax: 127 })
    .describe('Text that must be said again to decrypt. Empty is as good as absent.')
    .optional(),
  ...pinMembers,
  sequence,
}

export const pairResponse = {
  key_id: keyIdMember,
  key_spec: z.string().describe('As asked.'),
  public_key: hexOut('SubjectPublicKeyInfo DER.'),
  private_key_cipher_text: hexOut('The private half under the key; decrypt-datakey opens it.'),
  private_key_plain_text: noted(z.string(), { form: 'hexadecimal', sensitive: true })
    .describe('The private half, PKCS#8 DER; absent where with_plain_text is false.')
    .optional(),
}

type Members = z.output<z.ZodObject<typeof pairMembers>>

export const pairAsked = (members: Members, algorithm: string): GenerateDataKeyPairRequest => ({
  keyId: members.key_id,
  algorithm,
  context: members.additional_authenticated_data ?? noContext,
  inClear: members.with_plain_text ?? true,
})

interface Pair {
  readonly keyId: string
  readonly publicKey: Uint8Array
  readonly ciphertext: Uint8Array
  readonly privateKey: Uint8Array | undefined
}

/** The digits of a private half that was given in clear; the bytes are zeroed. */
const digitsOf = (bytes: Uint8Array): string => {
  const digits = Buffer.from(bytes).toString('hex').toUpperCase()
  bytes.fill(0)
  return digits
}

export const pairMade = ({ keyId: id, publicKey, ciphertext, privateKey }: Pair, key_spec: string) => ({
  key_id: id,
  key_spec,
  public_key: publicKey,
  private_key_cipher_text: ciphertext,
  ...(privateKey ? { private_key_plain_text: digitsOf(privateKey) } : {}),
})

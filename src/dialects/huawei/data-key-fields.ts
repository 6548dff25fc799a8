/** Members of the calls about data keys. */
import { choice, decimal, hex } from '../../contract/fields.ts'
import { boundMembers, pinMembers } from './cipher-fields.ts'
import { keyRef, sequence } from './fields.ts'

/** The longest data key, bytes. */
export const dataKeyBytesMax = 1024

/** And of the private half of the largest pair, which opens as a data key. */
export const openedBytesMax = 4096

/** Bits of each kind of data key. */
const kinds = { AES_256: 256, AES_128: 128, SM4: 128, HMAC_256: 256, HMAC_384: 384, HMAC_512: 512, HMAC_SM3: 256 }
type Kind = keyof typeof kinds
const kindNames = Object.keys(kinds) as [Kind, ...Kind[]]

const defaultBits = 256

const bits = decimal({ min: 8, max: 8192, code: 'KMS.1901' }).superRefine((value, context) => {
  if (value % 8 !== 0)
    context.addIssue({ code: 'custom', message: 'must be a multiple of 8', params: { code: 'KMS.1903' } })
})

export const creationMembers = {
  key_id: keyRef.describe('The key that protects it.'),
  key_spec: choice(kindNames, { code: 'KMS.1902' }).describe('The kind of data key.').optional(),
  datakey_length: bits.describe('Bits; says more than key_spec. 256 where both are absent.').optional(),
  ...boundMembers,
  ...pinMembers,
  sequence,
}

interface Asked {
  readonly key_spec?: Kind | undefined
  readonly datakey_length?: number | undefined
}

export const bytesOf = ({ key_spec, datakey_length }: Asked): number =>
  (datakey_length ?? (key_spec === undefined ? defaultBits : kinds[key_spec])) / 8

/** What comes out is in upper case, as the samples have it; what comes in may be in any. */
export const hexOut = (description: string, sensitive = false) =>
  hex({ upperCase: true, sensitive }).describe(description)

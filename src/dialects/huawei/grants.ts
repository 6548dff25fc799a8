/** Grants in this cloud's words: what may be granted, to whom, and the record of a grant. */
import { text } from '../../contract/fields.ts'
import { z } from '../../contract/schema.ts'
import type { Caller } from '../../core/access/caller.ts'
import type { Right } from '../../core/access/right.ts'
import type { Grant, Party } from '../../core/object.ts'
import type { GrantOf } from '../../core/operations/grants.ts'
import { milliseconds } from './fields.ts'

/** Each operation with the word by which policies name the same call. */
const words = {
  'create-datakey': 'kms:cmk:createDataKey',
  'create-datakey-without-plaintext': 'kms:cmk:createDataKeyWithoutPlaintext',
  'encrypt-datakey': 'kms:cmk:encryptDataKey',
  'decrypt-datakey': 'kms:cmk:decryptDataKey',
  'describe-key': 'kms:cmk:get',
  'create-grant': 'kms:cmk:createGrant',
  'retire-grant': 'kms:cmk:retireGrant',
  'encrypt-data': 'kms:cmk:encryptData',
  'decrypt-data': 'kms:cmk:decryptData',
} as const

export type GrantOperation = keyof typeof words
export const grantOperations = Object.keys(words) as [GrantOperation, ...GrantOperation[]]

/** What each right takes: through another API it must not let more than these calls together do. */
const rights: readonly (readonly [Right, readonly GrantOperation[]])[] = [
  ['generateDataKey', ['create-datakey']],
  ['generateWrappedDataKey', ['create-datakey-without-plaintext']],
  ['encrypt', ['encrypt-data', 'encrypt-datakey']],
  ['decrypt', ['decrypt-data', 'decrypt-datakey']],
  ['describe', ['describe-key']],
  ['createGrant', ['create-grant']],
  ['retireGrant', ['retire-grant']],
]

export const allowsOf = (operations: readonly GrantOperation[]): Grant['allows'] => ({
  dialect: 'huawei',
  words: [...new Set(operations.map((operation) => words[operation]))],
  rights: rights.filter(([, takes]) => takes.every((one) => operations.includes(one))).map(([right]) => right),
})

/** User and domain ids are 32 hex digits here; whatever fits the documented rule is taken, and fits nobody. */
export const principalId = text({ pattern: /^[a-zA-Z0-9]{1,64}$/, code: 'KMS.2402' })

export const granteeTypes = ['user', 'domain'] as const
export const userOf = (id: string): Party => ({ of: 'principal', by: 'userId', id })
export const domainOf = (id: string): Party => ({ of: 'account', by: 'domainId', id })
export const callingUser = ({ principal }: Caller): Party => userOf(principal.external.userId ?? '')

export const grantId = text({ pattern: /^[A-Fa-f0-9]{64}$/, code: 'KMS.2501' })

export const grantRecord = z.object({
  key_id: z.string(),
  grant_id: z.string().describe('64 hex digits.'),
  grantee_principal: z.string().describe('The user or account that the grant is to.'),
  grantee_principal_type: z.enum(granteeTypes),
  operations: z.array(z.enum(grantOperations)),
  issuing_principal: z.string().describe('The user who made it.'),
  creation_date: z.string().describe('UTC milliseconds as text.'),
  name: z.string().optional(),
  retiring_principal: z.string().describe('The user who may retire it.').optional(),
})

export const grantRecordOf = ({ key, grant }: GrantOf): z.output<typeof grantRecord> => ({
  key_id: key,
  grant_id: grant.id,
  grantee_principal: grant.grantee.id,
  grantee_principal_type: grant.grantee.of === 'account' ? 'domain' : 'user',
  operations: grantOperations.filter((operation) => grant.allows.words.includes(words[operation])),
  issuing_principal: grant.issuer.id,
  creation_date: milliseconds(grant.createdAt),
  ...(grant.name === '' ? {} : { name: grant.name }),
  ...(grant.retiring ? { retiring_principal: grant.retiring.id } : {}),
})

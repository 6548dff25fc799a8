import { documented } from '../../../contract/evidence.ts'
import { choice, text } from '../../../contract/fields.ts'
import { z } from '../../../contract/schema.ts'
import { refuse } from '../../../core/failure.ts'
import { createGrant } from '../../../core/operations/grants.ts'
import { action } from '../action.ts'
import { keyId, sequence } from '../fields.ts'
import { allowsOf, callingUser, domainOf, granteeTypes, grantOperations, principalId, userOf } from '../grants.ts'

export const CreateGrant = action({
  name: 'CreateGrant',
  rights: { key: 'kms:cmk:createGrant' },
  summary: 'Let a user or an account use a key.',
  evidence: documented(
    'create-grant page; that an equal grant is a new one is inferred, as is the word of identity policies',
  ),

  request: {
    key_id: keyId.describe('The key.'),
    grantee_principal: principalId.describe('The id of the user or of the account (domain).'),
    grantee_principal_type: choice(granteeTypes).describe('`user` when absent.').optional(),
    operations: z
      .array(choice(grantOperations))
      .min(1, 'must name at least one operation')
      .max(10, 'must name at most 10 operations')
      .describe('What is let. `create-grant` alone is not enough.'),
    name: text({ pattern: /^[a-zA-Z0-9:/_-]{1,255}$/ })
      .optional()
      .describe('What the grant is called; need not be unique.'),
    retiring_principal: principalId.describe('The user who may retire the grant.').optional(),
    sequence,
  },
  response: { grant_id: z.string().describe('64 hex digits.') },

  operation: createGrant,
  toCore(asked, { caller }) {
    const { key_id, grantee_principal, grantee_principal_type, operations, name = '', retiring_principal } = asked
    if (operations.every((operation) => operation === 'create-grant'))
      return refuse({
        reason: 'invalidAttributeValue',
        member: 'operations',
        why: 'must not be create-grant alone',
        code: 'KMS.2401',
      })
    return {
      keyId: key_id,
      name,
      grantee: grantee_principal_type === 'domain' ? domainOf(grantee_principal) : userOf(grantee_principal),
      retiring: retiring_principal === undefined ? null : userOf(retiring_principal),
      issuer: callingUser(caller),
      allows: allowsOf(operations),
    }
  },
  fromCore: (id) => ({ grant_id: id }),
})

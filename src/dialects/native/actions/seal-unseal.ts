import { inferred } from '../../../contract/evidence.ts'
import { unsealRootKey } from '../../../core/operations/root-key.ts'
import { action } from '../action.ts'
import { sealMembers, sealShown, secretText } from '../seal-fields.ts'

export const SealUnseal = action({
  name: 'seal-unseal',
  rights: { all: 'seal:unseal' },
  summary: 'Open the root key by its passphrase, or bring one share of those that open it.',
  evidence: inferred('ours'),
  request: { input: secretText.describe('The passphrase, or a share.') },
  response: sealMembers,
  operation: unsealRootKey,
  toCore: ({ input }) => ({ input }),
  fromCore: sealShown,
})

import { documented } from '../../../contract/evidence.ts'
import { base64 } from '../../../contract/fields.ts'
import { Refusal } from '../../../core/failure.ts'
import { readDataKey } from '../../../core/operations/data-keys.ts'
import { action } from '../action.ts'
import type { Code } from '../codes.ts'
import { dataKeyId, plainValue } from '../data-keys.ts'
import { envelopeMembers, envelopeOf } from '../envelope-key.ts'

const ofDataKey: Readonly<Record<string, Code>> = {
  suspended: 'ResourceUnavailable.DataKeyDisabled',
  destructionScheduled: 'ResourceUnavailable.DataKeyPendingDelete',
}
const ofKey: Readonly<Record<string, Code>> = { suspended: 'ResourceUnavailable.CmkDisabled' }

export const GetDataKeyPlaintext = action({
  name: 'GetDataKeyPlaintext',
  rights: { dataKey: 'kms:GetDataKeyPlaintext', key: 'kms:GetDataKeyPlaintext' },
  summary: 'Return a hosted data key in clear, or encrypted to a public key.',
  evidence: documented(
    'GetDataKeyPlaintext page; that the CMK is Enabled or Archived and permitted too, and that no context is asked for again, are inferred',
  ),

  request: { DataKeyId: dataKeyId.describe('The data key.'), ...envelopeMembers },
  response: { Plaintext: base64({ sensitive: true }) },

  operation: readDataKey,
  toCore({ DataKeyId, ...rest }) {
    const recipient = envelopeOf(rest)
    if (recipient instanceof Refusal) return recipient
    return { dataKeyId: DataKeyId, ...(recipient ? { recipient } : {}) }
  },
  fromCore: ({ plaintext }) => ({ Plaintext: plaintext }),

  errors: {
    ...plainValue,
    wrongKeyLifecycleState: ({ kind, state }) =>
      kind === 'key'
        ? (ofKey[state] ?? 'ResourceUnavailable.CmkStateNotSupport')
        : (ofDataKey[state] ?? 'ResourceUnavailable.DataKeyDisabled'),
  },
})

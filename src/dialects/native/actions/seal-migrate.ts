import { inferred } from '../../../contract/evidence.ts'
import { z } from '../../../contract/schema.ts'
import { type Refusal, refuse } from '../../../core/failure.ts'
import { adoptSeal, prepareSeal } from '../../../core/operations/root-key.ts'
import type { NewSeal } from '../../../core/ports.ts'
import { action } from '../action.ts'
import { sealMembers, sealShown, secretText } from '../seal-fields.ts'

const kinds = ['file', 'passphrase', 'shamir', 'pkcs11', 'kms'] as const
const number = z.int('must be a whole number').min(1, 'must be 1 or more').max(255, 'must be 255 or less').optional()

interface Asked {
  readonly to: (typeof kinds)[number]
  readonly passphrase?: string | undefined
  readonly threshold?: number | undefined
  readonly shares?: number | undefined
}

const newSeal = ({ to, passphrase, threshold, shares }: Asked): NewSeal | Refusal => {
  if (to === 'shamir') {
    if (threshold === undefined || shares === undefined)
      return refuse({ reason: 'missingData', member: threshold === undefined ? 'threshold' : 'shares' })
    return { seal: to, threshold, shares }
  }
  if (to !== 'passphrase') return { seal: to }
  return passphrase === undefined ? refuse({ reason: 'missingData', member: 'passphrase' }) : { seal: to, passphrase }
}

export const SealPrepare = action({
  name: 'seal-prepare',
  rights: { all: 'seal:prepare' },
  summary: 'Make another seal for the root key beside the one in use; its shares are answered this once.',
  evidence: inferred('ours'),
  request: {
    to: z.enum(kinds, `must be one of ${kinds.join(', ')}`),
    passphrase: secretText.describe('For passphrase.').optional(),
    threshold: number.describe('For shamir: how many shares open it.'),
    shares: number.describe('For shamir: how many there are.'),
  },
  response: { shares: z.array(z.string()) },
  operation: prepareSeal,
  toCore: newSeal,
  fromCore: ({ shares }) => ({ shares: [...shares] }),
})

export const SealAdopt = action({
  name: 'seal-adopt',
  rights: { all: 'seal:adopt' },
  summary: 'Put the prepared seal in the place of the one in use, once what its operators kept has opened it.',
  evidence: inferred('ours'),
  request: { inputs: z.array(secretText).max(255, 'are too many').describe('The passphrase, or enough shares.') },
  response: sealMembers,
  operation: adoptSeal,
  toCore: ({ inputs }) => ({ inputs }),
  fromCore: sealShown,
})

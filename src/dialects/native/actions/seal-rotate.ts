import { inferred } from '../../../contract/evidence.ts'
import { z } from '../../../contract/schema.ts'
import { addRootGeneration, rewrapDomainKeys, settleRootKey } from '../../../core/operations/root-key.ts'
import { action } from '../action.ts'
import { name } from '../fields.ts'

const behind = z.array(z.string()).describe('Processes that have not loaded the newest generation yet.')

export const SealRotate = action({
  name: 'seal-rotate',
  rights: { all: 'seal:rotate' },
  summary: 'Give the root key another generation, which wraps from now on.',
  evidence: inferred('ours'),
  request: { keyStore: name.describe('Name of the root key of a key store instead.').optional() },
  response: { generation: z.number() },
  operation: addRootGeneration,
  toCore: ({ keyStore }) => ({ backing: keyStore }),
  fromCore: ({ number }) => ({ generation: number }),
})

export const SealRewrap = action({
  name: 'seal-rewrap',
  rights: { all: 'seal:rewrap' },
  summary: 'Wrap a page of the domain keys by the present generation of their root key.',
  evidence: inferred('ours'),
  request: { after: z.string().max(512).describe('What `next` of the page before said.').optional() },
  response: {
    rewrapped: z.number(),
    looked: z.number(),
    behind,
    broken: z.array(z.string()),
    next: z.string().nullable(),
  },
  operation: rewrapDomainKeys,
  toCore: ({ after = '' }) => ({ after }),
  fromCore: (page) => ({ ...page, behind: [...page.behind], broken: [...page.broken], next: page.next ?? null }),
})

export const SealSettle = action({
  name: 'seal-settle',
  rights: { all: 'seal:settle' },
  summary: 'End a rotation of the root key: from then on a root key file without the new generation is refused.',
  evidence: inferred('ours'),
  request: {},
  response: { behind },
  operation: settleRootKey,
  toCore: () => ({}),
  fromCore: (said) => ({ behind: [...said.behind] }),
})

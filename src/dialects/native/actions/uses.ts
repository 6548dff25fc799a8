import { inferred } from '../../../contract/evidence.ts'
import { integer } from '../../../contract/fields.ts'
import { z } from '../../../contract/schema.ts'
import { readImpact, readTotalUses, readUses } from '../../../core/operations/uses.ts'
import { action } from '../action.ts'
import { time } from '../fields.ts'
import { keyRef } from '../key-fields.ts'
import { atOf, user, userShown, windowMembers, windowOf } from '../use-fields.ts'

export const KeyUses = action({
  name: 'key-uses',
  rights: { key: 'key:uses' },
  summary: 'Tell how often a key was used, over time and by whom.',
  evidence: inferred('ours'),
  request: { key: keyRef, ...windowMembers },
  response: { points: z.array(z.object({ at: time, count: z.int() })), by: z.array(user) },
  operation: readUses,
  toCore({ key: keyId, ...asked }) {
    const window = windowOf(asked)
    return 'failures' in window ? window : { keyId, ...window }
  },
  fromCore: ({ points, by }) => ({
    points: points.map(({ minute, count }) => ({ at: atOf(minute), count })),
    by: by.map(userShown),
  }),
})

export const UsesTotal = action({
  name: 'uses-total',
  rights: { keys: 'uses:total' },
  summary:
    'Tell how often the keys of the account in the region were used, over time, through which dialect, and which most.',
  evidence: inferred('ours'),
  request: windowMembers,
  response: {
    points: z.array(z.object({ at: time, dialect: z.string(), count: z.int() })),
    keys: z.array(z.object({ key: z.string(), count: z.int() })),
  },
  operation: readTotalUses,
  toCore(asked, { place }) {
    const window = windowOf(asked)
    return 'failures' in window ? window : { at: place, ...window }
  },
  fromCore: ({ points, keys }) => ({
    points: points.map(({ minute, dialect, count }) => ({ at: atOf(minute), dialect, count })),
    keys: keys.map(({ key, count }) => ({ key, count })),
  }),
})

export const KeyImpact = action({
  name: 'key-impact',
  rights: { key: 'key:impact' },
  summary: 'Tell who used a key lately and from where, and what relies on it: who would notice that it is gone.',
  evidence: inferred('ours'),
  request: { key: keyRef, days: integer({ min: 1, max: 400 }).describe('30 when absent.').optional() },
  response: {
    uses: z.array(user.extend({ lastAt: time.nullable(), sources: z.array(z.string()) })),
    bindings: z.int(),
    aliases: z.int(),
    dataKeys: z.int(),
    grants: z.int(),
  },
  operation: readImpact,
  toCore: ({ key: keyId, days = 30 }) => ({ keyId, days }),
  fromCore: ({ uses, ...rest }) => ({
    uses: uses.map((one) => ({ ...userShown(one), lastAt: one.lastAt ?? null, sources: [...one.sources] })),
    ...rest,
  }),
})

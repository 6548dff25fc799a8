import { inferred } from '../../../contract/evidence.ts'
import { integer } from '../../../contract/fields.ts'
import { z } from '../../../contract/schema.ts'
import { relabel } from '../../../core/operations/attributes.ts'
import { rotationPeriodDays } from '../../../core/operations/create.ts'
import { tagKey, untagKey } from '../../../core/operations/key-tags.ts'
import { rotate, setRotation } from '../../../core/operations/rotation.ts'
import { tagsMax } from '../../../core/operations/tags.ts'
import { action } from '../action.ts'
import { description, keyName, keyRef, tags, tagsOf } from '../key-fields.ts'

const common = { evidence: inferred('ours'), response: {}, fromCore: () => ({}) }

export const KeyChange = action({
  ...common,
  name: 'key-change',
  rights: { named: 'key:rename', described: 'key:describe' },
  summary: 'Give a key another name, or describe it anew.',
  request: { key: keyRef, name: keyName.optional(), description: description.optional() },
  operation: relabel,
  toCore: ({ key: keyId, name, description: said }) => ({
    keyId,
    ...(name === undefined ? {} : { name }),
    ...(said === undefined ? {} : { description: said }),
  }),
})

export const KeyRotate = action({
  ...common,
  name: 'key-rotate',
  rights: { key: 'key:rotate' },
  summary: 'Make a new version of a key, which seals from now on.',
  request: { key: keyRef },
  response: { version: z.int() },
  operation: rotate,
  toCore: ({ key: keyId }) => ({ keyId, onlyEnabled: false, intervalMinMs: 0 }),
  fromCore: ({ version }) => ({ version }),
})

export const KeySetRotation = action({
  ...common,
  name: 'key-set-rotation',
  rights: { enabled: 'key:enable-rotation', disabled: 'key:disable-rotation' },
  summary: 'Give a key new versions by itself every so many days from now on, or no more.',
  request: {
    key: keyRef,
    enabled: z.boolean(),
    periodDays: integer({ min: 7, max: 3650 }).describe('365 when absent.').optional(),
  },
  operation: setRotation,
  toCore: ({ key: keyId, enabled, periodDays = rotationPeriodDays }) => ({
    keyId,
    periodDays: enabled ? periodDays : null,
  }),
})

export const KeyTag = action({
  ...common,
  name: 'key-tag',
  rights: { key: 'key:tag' },
  summary: 'Give a key tags, and those that it has other values.',
  request: { key: keyRef, tags },
  operation: tagKey,
  toCore: ({ key: keyId, tags: written }) => ({ keyId, tags: tagsOf(written), max: tagsMax }),
})

export const KeyUntag = action({
  ...common,
  name: 'key-untag',
  rights: { key: 'key:untag' },
  summary: 'Take tags from a key; those that it has not do not matter.',
  request: { key: keyRef, tagKeys: z.array(z.string().max(128)).max(50) },
  operation: untagKey,
  toCore: ({ key: keyId, tagKeys }) => ({ keyId, tagKeys }),
})

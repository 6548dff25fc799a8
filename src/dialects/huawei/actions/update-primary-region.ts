import { inferred } from '../../../contract/evidence.ts'
import { text } from '../../../contract/fields.ts'
import { z } from '../../../contract/schema.ts'
import { updatePrimary } from '../../../core/operations/copies.ts'
import { action } from '../action.ts'
import { keyId, keyIdMember } from '../fields.ts'

export const UpdatePrimaryRegion = action({
  name: 'UpdatePrimaryRegion',
  rights: { key: 'kms:cmk:updatePrimaryRegion' },
  summary: 'Make the copy in another region the primary one: from then on the key rotates there.',
  evidence: inferred('update-primary-region page; the word and what an unknown region answers are not published'),

  request: {
    key_id: keyId.describe('The key, in its primary region.'),
    primary_region: text({ pattern: /^.{1,255}$/ }).describe('A region with a copy of the key.'),
  },
  response: { key_id: keyIdMember, primary_region: z.string() },

  operation: updatePrimary,
  toCore: ({ key_id, primary_region }, { house }) => ({
    keyId: key_id,
    region: house.regions.find(({ names }) => names.huawei === primary_region)?.id ?? '',
  }),
  fromCore: (_result, _here, { key_id, primary_region }) => ({ key_id, primary_region }),
})

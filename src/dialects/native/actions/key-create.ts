import { inferred } from '../../../contract/evidence.ts'
import { integer } from '../../../contract/fields.ts'
import { z } from '../../../contract/schema.ts'
import { type Refusal, refuse } from '../../../core/failure.ts'
import { type Usage, usages } from '../../../core/object.ts'
import { type CreateRequest, create, rotationPeriodDays } from '../../../core/operations/create.ts'
import { algorithmOf, type Family, namesOf } from '../../../crypto/algorithms.ts'
import { action } from '../action.ts'
import { description, keyName, keyRecord, keyShown, tags, tagsOf } from '../key-fields.ts'

/** What keys of each family are for, the usual use first. */
const uses: Readonly<Record<Family, readonly Usage[]>> = {
  symmetric: ['encryptDecrypt'],
  hmac: ['generateVerifyMac'],
  rsa: ['signVerify', 'encryptDecrypt'],
  ec: ['signVerify', 'keyAgreement'],
  edwards: ['signVerify'],
  sm2: ['signVerify', 'encryptDecrypt', 'keyAgreement'],
  mlKem: ['encryptDecrypt'],
  mlDsa: ['signVerify'],
}
const importable: readonly Family[] = ['symmetric', 'rsa', 'ec', 'sm2']
const algorithms = namesOf(Object.keys(uses) as Family[]) as readonly [string, ...string[]]

const rotation = z.strictObject({
  enabled: z.boolean(),
  periodDays: integer({ min: 7, max: 3650 }).optional(),
})

interface Asked {
  readonly algorithm: string
  readonly usage: Usage
  readonly origin: 'generated' | 'imported'
  readonly rotates: boolean
}

const wrongOf = ({ algorithm, usage, origin, rotates }: Asked): Refusal | undefined => {
  const { family } = algorithmOf(algorithm)
  const wrong = (member: string, why: string) => refuse({ reason: 'invalidAttributeValue', member, why })
  if (!uses[family].includes(usage)) return wrong('usage', `does not go with ${algorithm}`)
  if (origin === 'imported' && !importable.includes(family))
    return wrong('origin', `cannot be imported for ${algorithm}`)
  const rotatable = family === 'symmetric' && origin === 'generated'
  return rotates && !rotatable ? wrong('rotation', 'is for symmetric keys that are generated here') : undefined
}

export const KeyCreate = action({
  name: 'key-create',
  rights: { keys: 'key:create' },
  summary: 'Make a key in the region, or one that waits for imported material.',
  evidence: inferred('ours'),
  request: {
    name: keyName.describe('Name, unique in the account and region.'),
    description: description.optional(),
    usage: z.enum(usages).describe('What it is for; what its algorithm is mostly for when absent.').optional(),
    algorithm: z.enum(algorithms).describe("What it is made of; the region's symmetric one when absent.").optional(),
    origin: z.enum(['generated', 'imported']).describe('generated when absent.').optional(),
    rotation: rotation
      .describe('Whether it gets new versions by itself, and every how many days; 365 when absent.')
      .optional(),
    tags: tags.optional(),
  },
  response: { key: keyRecord },
  operation: create,
  toCore(asked, { place, region }): CreateRequest | Refusal {
    const { algorithm = region.algorithm, origin = 'generated', rotation: turns, tags: labels = [] } = asked
    const usage = asked.usage ?? uses[algorithmOf(algorithm).family][0] ?? 'encryptDecrypt'
    const wrong = wrongOf({ algorithm, usage, origin, rotates: turns?.enabled ?? false })
    const { name, description: said = '' } = asked
    const rotating = turns?.enabled ? { rotationDays: turns.periodDays ?? rotationPeriodDays } : {}
    const made = { at: place, name, description: said, usage, algorithm, origin, tags: tagsOf(labels), ...rotating }
    return wrong ?? made
  },
  fromCore: (key) => ({ key: keyShown({ key, state: key.materialPresent ? 'active' : 'preActive' }) }),
})

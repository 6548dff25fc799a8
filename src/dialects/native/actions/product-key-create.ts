import { inferred } from '../../../contract/evidence.ts'
import { text } from '../../../contract/fields.ts'
import { z } from '../../../contract/schema.ts'
import { Refusal, refuse } from '../../../core/failure.ts'
import { noTags } from '../../../core/object.ts'
import { type CreateRequest, create } from '../../../core/operations/create.ts'
import { defaultPlace } from '../../../core/place.ts'
import { action } from '../action.ts'
import { accountId, accountRef } from '../fields.ts'

/** Keys of products have names that no user may give, in the words of the cloud that has them. */
const productKeyName = text({ pattern: /^kms-[0-9A-Za-z_-]{1,56}$/ })

export const ProductKeyCreate = action({
  name: 'product-key-create',
  rights: { keys: 'product-key:create' },
  summary: 'Make a key that a product owns: users use it, and cannot disable or delete it.',
  evidence: inferred('ours'),

  request: {
    name: productKeyName.describe('Name of the key, which begins with kms-.'),
    product: text({ pattern: /^[0-9a-z][0-9a-z-]{0,63}$/ }).describe('Name of the product, such as cbs.'),
    region: text({ charactersMax: 64 }).describe('Region, by the name that any dialect has for it.'),
    account: accountRef,
  },
  response: { id: z.string(), name: z.string(), product: z.string() },

  operation: create,
  async toCore({ name, product, region: asked, account }, here): Promise<CreateRequest | Refusal> {
    if (product === 'user')
      return refuse({ reason: 'invalidAttributeValue', member: 'product', why: 'must not be user' })
    const region = here.house.regions.find(({ id, names }) => id === asked || Object.values(names).includes(asked))
    if (!region) return refuse({ reason: 'unknownRegion' })
    const id = await accountId(here, account)
    if (id instanceof Refusal) return id
    return {
      at: defaultPlace(id, region.id),
      name,
      description: '',
      usage: 'encryptDecrypt',
      algorithm: region.algorithm,
      origin: 'generated',
      tags: noTags,
      owner: product,
    }
  },
  fromCore: ({ id, name, owner }) => ({ id, name, product: owner }),
})

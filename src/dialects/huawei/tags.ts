/** Tags as the calls of this cloud write them, each fault with its own code, and as they are shown. */
import { noted, z } from '../../contract/schema.ts'
import type { Tags } from '../../core/object.ts'
import type { Code } from './codes.ts'

/** The most tags of a key, and of one request. */
export const tagsOfKeyMax = 20

/** UTF-16 code units. */
export const keyCharactersMax = 128
export const valueCharactersMax = 255

/** Control characters, and what the pages forbid. */
const forbidden = /[\p{Cc}*<>\\=]/u

type Fault = readonly [code: Code, why: string]

const keyFault = (key: string): Fault | undefined => {
  if (key === '') return ['KMS.0406', 'has an empty key']
  if (key.length > keyCharactersMax) return ['KMS.0411', `has a key of more than ${keyCharactersMax} characters`]
  return forbidden.test(key) ? ['KMS.0406', 'has a key with a character that is not allowed'] : undefined
}

const valueFault = (value: string): Fault | undefined => {
  if (value.length > valueCharactersMax)
    return ['KMS.0410', `has a value of more than ${valueCharactersMax} characters`]
  return forbidden.test(value) ? ['KMS.0405', 'has a value with a character that is not allowed'] : undefined
}

interface Adding {
  addIssue(issue: { code: 'custom'; message: string; params: { code: Code } }): void
}

export const addFault = (context: Adding, fault: Fault | undefined): void => {
  if (fault) context.addIssue({ code: 'custom', message: fault[1], params: { code: fault[0] } })
}

const written = z.strictObject({
  key: z.string().describe('Its key.'),
  value: z.string().describe('Its value, which may be empty.').optional(),
})
type Written = z.output<typeof written>

const limit = `keys of 1 to ${keyCharactersMax} characters, values of at most ${valueCharactersMax}, none of them a control character or one of \`*<>\\=\``

export const tag = noted(
  written.superRefine(({ key, value = '' }, context) => addFault(context, keyFault(key) ?? valueFault(value))),
  { limit },
)

const listFault = (tags: readonly Written[]): Fault | undefined => {
  if (tags.length === 0) return ['KMS.0401', 'must not be empty']
  if (tags.length > tagsOfKeyMax) return ['KMS.0407', `must be at most ${tagsOfKeyMax} tags`]
  if (new Set(tags.map(({ key }) => key)).size < tags.length) return ['KMS.0412', 'must not have a key twice']
  return tags.map(({ key, value = '' }) => keyFault(key) ?? valueFault(value)).find((fault) => fault !== undefined)
}

export const tagList = noted(
  z.array(written).superRefine((tags, context) => addFault(context, listFault(tags))),
  { limit: `1 to ${tagsOfKeyMax} tags, ${limit}` },
)

export const tagsOf = (tags: readonly Written[]): Tags => new Map(tags.map(({ key, value = '' }) => [key, value]))

/** Tags as they are shown. */
export const shownTag = z.object({ key: z.string(), value: z.string() })
export const shown = (tags: Tags) => [...tags].map(([key, value]) => ({ key, value }))

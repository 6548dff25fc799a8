/** Tags as the services of this cloud write them: at creation, and as filters of lists. */
import { noted, z } from '../../contract/schema.ts'
import type { Tags } from '../../core/object.ts'
import { tagsMax } from '../../core/operations/tags.ts'
import type { TagCondition } from '../../core/pages.ts'
import type { Code } from './codes.ts'

/** UTF-16 code units. */
const keyCharactersMax = 127
const valueCharactersMax = 255

const printable = /^[^\p{Cc}\p{Cs}]*$/u
/** Keys of the cloud's own. */
const reserved = /^(?:qcloud|tencent|project)/i

/** What can be wrong with a tag, each with a code of its own in the tag service. */
export type TagFault =
  | 'keyEmpty'
  | 'keyTooLong'
  | 'keyCharacters'
  | 'keyReserved'
  | 'valueEmpty'
  | 'valueTooLong'
  | 'valueCharacters'

const words: Readonly<Record<TagFault, string>> = {
  keyEmpty: 'has an empty key',
  keyTooLong: `has a key of more than ${keyCharactersMax} characters`,
  keyCharacters: 'has a key with control characters',
  keyReserved: 'has a key that begins like those of the cloud: qcloud, tencent, project',
  valueEmpty: 'has an empty value',
  valueTooLong: `has a value of more than ${valueCharactersMax} characters`,
  valueCharacters: 'has a value with control characters',
}

export const keyFault = (key: string): TagFault | undefined => {
  if (key === '') return 'keyEmpty'
  if (key.length > keyCharactersMax) return 'keyTooLong'
  if (!printable.test(key)) return 'keyCharacters'
  return reserved.test(key) ? 'keyReserved' : undefined
}

const valueFault = (value: string): TagFault | undefined => {
  if (value === '') return 'valueEmpty'
  if (value.length > valueCharactersMax) return 'valueTooLong'
  return printable.test(value) ? undefined : 'valueCharacters'
}

export interface WrittenTag {
  readonly TagKey: string
  readonly TagValue: string
}

export const tagFault = ({ TagKey, TagValue }: WrittenTag): TagFault | undefined =>
  keyFault(TagKey) ?? valueFault(TagValue)

/** The codes of a place where tags are written: of each fault, of a repeated key, and of more tags than there may be. */
export interface TagCodes {
  readonly fault: (fault: TagFault) => Code
  readonly repeated: Code
  readonly tooMany: Code
}

const tag = z.strictObject({ TagKey: z.string(), TagValue: z.string() })

type Wrong = (code: Code, message: string) => void

/** A list whose entries are judged together, by codes of the place where it is. */
export const listed = <S extends z.ZodType>(entry: S, check: (entries: z.output<S>[], wrong: Wrong) => void) =>
  z.array(entry).superRefine((entries, context) => {
    check(entries, (code, message) => context.addIssue({ code: 'custom', message, params: { code } }))
  })

export const distinctKeys = (keys: readonly string[]): boolean => new Set(keys).size === keys.length

export const tagList = ({ fault, repeated, tooMany }: TagCodes) =>
  listed(tag, (tags, wrong) => {
    if (tags.length > tagsMax) return wrong(tooMany, `must be at most ${tagsMax} tags`)
    const [found] = tags.flatMap((one) => tagFault(one) ?? [])
    if (found) return wrong(fault(found), words[found])
    if (!distinctKeys(tags.map(({ TagKey }) => TagKey))) wrong(repeated, 'must not repeat a key')
  })

export const tagKeyList = ({ fault, tooMany }: Omit<TagCodes, 'repeated'>) =>
  listed(z.strictObject({ TagKey: z.string() }), (keys, wrong) => {
    if (keys.length > tagsMax) return wrong(tooMany, `must be at most ${tagsMax} keys`)
    const [found] = keys.flatMap(({ TagKey }) => keyFault(TagKey) ?? [])
    if (found) wrong(fault(found), words[found])
  })

export const tagsOf = (written: readonly WrittenTag[] = []): Tags =>
  new Map(written.map(({ TagKey, TagValue }) => [TagKey, TagValue]))

/** In words, for the reference. */
export const tagLimit = `at most ${tagsMax} tags, keys of 1 to ${keyCharactersMax} characters, values of 1 to ${valueCharactersMax}`

/** `Tags` of an action that creates something, with its code for tags that cannot be attached. */
export const creationTagsOr = (code: Code) =>
  noted(
    tagList({ fault: () => code, repeated: 'InvalidParameterValue.TagKeysDuplicated', tooMany: code })
      .describe('Tags to attach.')
      .optional(),
    { limit: tagLimit },
  )

export const creationTags = creationTagsOr('FailedOperation.TaggingError')

/** What every action that creates something says of the tags. */
export const tagMembers = { TagCode: z.int().describe('0: the tags were attached.'), TagMsg: z.string() }
export const tagged = (tags: Tags) => ({ TagCode: 0, TagMsg: tags.size > 0 ? 'ok' : '' })

const filtersMax = 50
const tagFilter = z.strictObject({
  TagKey: z.string().max(keyCharactersMax),
  TagValue: z.array(z.string().max(valueCharactersMax)).max(filtersMax).optional(),
})

/** `TagFilters` of every list. */
export const tagFilters = z
  .array(tagFilter)
  .max(filtersMax)
  .describe('Tags that they have: every key, with one of its values or any.')
  .optional()

/** The same in the tag service, which has bounds of its own. */
export const serviceFilters = listed(
  z.strictObject({ TagKey: z.string(), TagValue: z.array(z.string()).optional() }),
  (filters, wrong) => {
    if (filters.length > 5) wrong('InvalidParameterValue.TagFiltersLengthExceeded', 'must be at most 5 filters')
    const sound = filters.every(({ TagKey, TagValue = [] }) => keyFault(TagKey) === undefined && TagValue.length <= 10)
    if (!sound) wrong('InvalidParameterValue.TagFilters', 'must each have a key, and at most 10 values')
  },
)
  .describe('Tags that they have: every key, with one of its values or any.')
  .optional()

type TagFilters = z.output<typeof tagFilters>

export const conditionsOf = (filters: TagFilters): readonly TagCondition[] =>
  (filters ?? []).map(({ TagKey, TagValue = [] }) => ({ key: TagKey, values: TagValue }))

/** Commands that are values say what the API understands, and show what it answers. */
import { describe, expect, test } from 'vitest'
import { widthOf } from '../../src/cli/table.ts'
import { aroundVerbs } from '../../src/cli/verbs/around-keys.ts'
import { keyVerbs } from '../../src/cli/verbs/keys.ts'
import { serviceVerbs } from '../../src/cli/verbs/service.ts'
import { commandOf, type Verb } from '../../src/cli/verbs.ts'
import { z } from '../../src/contract/schema.ts'
import { actions } from '../../src/dialects/native/actions.ts'

const verbs: readonly Verb[] = [...keyVerbs, ...aroundVerbs, ...serviceVerbs]

const actionOf = ({ action }: Verb) => {
  const found = actions.find(({ name }) => name === action)
  if (!found) throw new Error(`there is no action ${action}`)
  return found
}

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>
  readonly items?: Schema
}

const schemaOf = (shape: z.ZodRawShape): Schema =>
  z.toJSONSchema(z.object(shape), { io: 'input', unrepresentable: 'any' }) as Schema

const has = (schema: Schema | undefined, path: string): boolean =>
  path.split('.').reduce<Schema | undefined>((inside, name) => inside?.properties?.[name], schema) !== undefined

describe.each(verbs.map((verb) => [verb.words, verb] as const))('%s', (_words, verb) => {
  const { request, response } = actionOf(verb)

  test('gives members that the action has', () => {
    const members = (verb.takes ?? []).map(({ flags, member }) => member ?? /[a-z][a-z-]*/.exec(flags)?.[0] ?? '')
    const camel = members.map((name) => name.replace(/-(.)/g, (_dash, letter: string) => letter.toUpperCase()))
    const known = verb.asks ? camel.filter((name) => Object.hasOwn(request, name)) : camel
    const made = Object.keys(verb.asks?.({}) ?? {})
    expect(Object.keys(request)).toEqual(expect.arrayContaining([...known, ...made]))
    expect(Object.hasOwn(request, 'cursor')).toBe(verb.pages ?? false)
  })

  test('shows what the answer has', () => {
    const { shows } = verb
    const answered = schemaOf(response)
    if ('list' in shows) {
      const row = answered.properties?.[shows.list]?.items
      expect(shows.columns.filter(([, path]) => !has(row, path))).toEqual([])
    }
    if ('record' in shows && shows.record !== '') expect(has(answered, shows.record)).toBe(true)
  })

  test('has an example, and its words in its help', () => {
    expect(commandOf(verb).name()).toBe(verb.words.split(' ').at(-1))
    expect(verb.says).toMatch(/^[a-z].*[a-z)]$/i)
  })
})

test('characters of any writing take the columns that a terminal gives them', () => {
  expect([widthOf('orders'), widthOf('订单'), widthOf('e\u0301'), widthOf('ｋ')]).toEqual([6, 4, 1, 2])
})

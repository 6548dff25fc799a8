/** Commands that are values say what the API understands, and show what it answers. */
import type { Command } from 'commander'
import { describe, expect, test } from 'vitest'
import { program, verbs } from '../../src/cli/commands.ts'
import { widthOf } from '../../src/cli/table.ts'
import { commandOf, type Verb } from '../../src/cli/verbs.ts'
import { z } from '../../src/contract/schema.ts'
import { actions } from '../../src/dialects/native/actions.ts'

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

/** What they make, or hand out a ticket for, has no revision yet. */
const revisionless: ReadonlySet<string> = new Set([
  'key create',
  'key import-prepare',
  'data-key create',
  'data-key import',
  'white-box create',
])

/** Commands that are functions, by the actions that they ask. */
const functions: Readonly<Record<string, string>> = {
  'access-key-disable': 'access-key disable',
  'access-key-enable': 'access-key enable',
  'access-key-delete': 'access-key delete',
  'access-key-create': 'access-key create',
  'access-key-list': 'access-key list',
  'account-administrator': 'account administrator',
  'account-create': 'account create',
  'account-list': 'account list',
  'audit-search': 'audit search',
  'audit-tail': 'audit tail',
  'audit-lines': 'audit search',
  backup: 'backup',
  'restore-status': 'restore status',
  'restore-accept': 'restore accept',
  status: 'status',
  doctor: 'doctor',
  'policy-attach': 'policy attach',
  'policy-check': 'policy check',
  'policy-detach': 'policy detach',
  'policy-list': 'policy list',
  'product-key-create': 'product-key create',
  'role-create': 'role create',
  'role-delete': 'role delete',
  'role-list': 'role list',
  'seal-prepare': 'seal migrate',
  'seal-adopt': 'seal migrate',
  'seal-rotate': 'seal rotate-root',
  'seal-rewrap': 'seal rotate-root',
  'seal-settle': 'seal rotate-root',
  'seal-status': 'seal status',
  'seal-unseal': 'seal unseal',
  'session-create': 'login',
  'session-show': 'whoami',
  'upgrade-status': 'upgrade',
  'upgrade-finish': 'upgrade',
  'user-create': 'user create',
  'user-list': 'user list',
  'user-password': 'user password',
}

/** Actions that no command of its own asks, and why. */
const reasons: Readonly<Record<string, string>> = {
  'session-renew': 'every command renews the session that it uses',
  'session-end': 'it takes the cookie of a console away, and a command has none',
  'batch-encrypt': 'many at once are for programs',
  'batch-decrypt': 'many at once are for programs',
  'batch-re-encrypt': 'many at once are for programs',
}

test('every native action has a command, or a reason to have none', () => {
  const asked = [...verbs.map(({ action }) => action), ...Object.keys(functions), ...Object.keys(reasons)]
  expect(actions.map(({ name }) => name).filter((name) => !asked.includes(name))).toEqual([])
  expect(asked.filter((name) => !actions.some((action) => action.name === name))).toEqual([])
  const found = (words: string) =>
    words.split(' ').reduce<Command | undefined>((at, word) => at?.commands.find((one) => one.name() === word), program)
  expect(Object.values(functions).filter((words) => !found(words))).toEqual([])
})

describe.each(verbs.map((verb) => [verb.words, verb] as const))('%s', (_words, verb) => {
  const { request, response, operation } = actionOf(verb)

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

  test('says a revision where it changes something that is shown with one, and ends with 1 by a member that there is', () => {
    const without = verb.words.startsWith('alias ') || verb.words.startsWith('grant ') || revisionless.has(verb.words)
    expect(verb.revised ?? false).toBe(operation.mode === 'change' && !without)
    if (verb.holds !== undefined) expect(has(schemaOf(response), verb.holds)).toBe(true)
  })

  test('has an example, and its words in its help', () => {
    expect(commandOf(verb).name()).toBe(verb.words.split(' ').at(-1))
    expect(verb.says).toMatch(/^[a-z].*[a-z)]$/i)
  })
})

test('characters of any writing take the columns that a terminal gives them', () => {
  expect([widthOf('orders'), widthOf('订单'), widthOf('e\u0301'), widthOf('ｋ')]).toEqual([6, 4, 1, 2])
})

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Command } from 'commander'
import { describe, expect, it } from 'vitest'
import { clientTypes, typeOf } from '../scripts/reference/client-types.ts'
import type { ReferenceDialect } from '../scripts/reference/dialect.ts'
import { huawei } from '../scripts/reference/huawei.ts'
import { kebab } from '../scripts/reference/markdown.ts'
import { membersOf } from '../scripts/reference/members.ts'
import { openApiText } from '../scripts/reference/native.ts'
import { asDialect, neighbours } from '../scripts/reference/neighbours.ts'
import { referencePages } from '../scripts/reference/pages.ts'
import { codesOf, refusals } from '../scripts/reference/reachable.ts'
import { tencent } from '../scripts/reference/tencent.ts'
import { whyUnreached } from '../scripts/reference/unreached.ts'
import { addServeOptions } from '../src/config.ts'
import { base64, contextText, text } from '../src/contract/fields.ts'
import { z } from '../src/contract/schema.ts'
import { root, sourcesBelow, textsBelow } from './house/sources.ts'

const written = new Map(
  textsBelow('docs/reference', '.md').map((page) => [page.path.replace('docs/reference/', ''), page.text]),
)
const dialects: readonly ReferenceDialect[] = [tencent, huawei]
const counts: Readonly<Record<string, number>> = { tencent: 69, huawei: 75 }

const documentedFor = ({ vendorActions }: ReferenceDialect, name: string): readonly string[] =>
  vendorActions.find((vendor) => vendor.name === name)?.errors ?? []
const reachableIn = ({ actions, errors, memberRefusals }: ReferenceDialect) =>
  actions.map((action) => ({ name: action.name, codes: codesOf(action, errors, memberRefusals) }))

describe('the reference', () => {
  it('is what the declarations say today (npm run reference)', () => {
    const pages = referencePages()
    expect([...written.keys()].sort()).toEqual([...pages.keys()].sort())
    for (const [path, text] of pages) expect(written.get(path), path).toBe(text)
  })

  it.each(dialects)('of $name counts every action of the vendor once, and offers none that it does not have', (one) => {
    const names = one.vendorActions.map(({ name }) => name)
    expect(names).toHaveLength(counts[one.name] ?? 0)
    expect(new Set(names).size).toBe(names.length)
    expect(one.actions.filter(({ name }) => !names.includes(name))).toEqual([])
    expect(one.vendorActions.filter(({ group }) => !(group in one.groups))).toEqual([])
    for (const name of names) expect(written.get('README.md'), name).toMatch(new RegExp(`[ []${name}[,\\] ]`))
  })

  it.each(dialects)('of $name says of every member of every action what it is', ({ name: dialect, actions }) => {
    for (const action of actions)
      for (const member of Object.keys(action.request))
        expect(written.get(`${dialect}/${kebab(action.name)}.md`), `${action.name}.${member}`).toContain(
          `| \`${member}\` |`,
        )
  })
})

describe('every code that an action can answer', () => {
  it.each(dialects)('in $name is documented for the action, is a common code, or is a stated difference', (one) => {
    const undocumented = reachableIn(one).flatMap(({ name, codes }) =>
      [...codes.keys()]
        .filter((code) => !documentedFor(one, name).includes(code) && !one.commonErrors.includes(code))
        .map((code) => `${name} ${code}`),
    )
    expect(undocumented.sort()).toEqual(Object.keys(one.statedDifferences).sort())
  })

  it.each(dialects)('in $name that the vendor documents is answered, or there is a reason why not', (one) => {
    const unnamed = reachableIn(one).flatMap(({ name, codes }) =>
      documentedFor(one, name)
        .filter((code) => !codes.has(code) && code !== 'InternalError' && whyUnreached(name, code) === undefined)
        .map((code) => `${name} ${code}`),
    )
    expect(unnamed).toEqual([])
  })

  it('of a service beside it is one of that service, or a common one', () => {
    const undocumented = neighbours.flatMap((neighbour) =>
      neighbour.offered.flatMap((action) => {
        const { errors, memberRefusals, commonErrors } = asDialect(neighbour)
        const documented = [...neighbour.errors, ...commonErrors]
        return [...codesOf(action, errors, memberRefusals).keys()].filter((code) => !documented.includes(code))
      }),
    )
    expect(undocumented).toEqual([])
    expect(neighbours.flatMap(({ offered, actions }) => offered.filter(({ name }) => !actions.includes(name)))).toEqual(
      [],
    )
  })

  it('has a text', () => {
    for (const dialect of dialects)
      for (const { codes } of reachableIn(dialect))
        for (const code of codes.keys()) expect(dialect.texts).toHaveProperty([code])
  })
})

describe('what the reference works out', () => {
  it('knows every refusal that an operation makes by itself', () => {
    // Refusals by targets, and of the system's own steps, are not an action's to answer.
    const byTargets = ['wrongKeyLifecycleState', 'keyStoreUnavailable']
    const files = sourcesBelow('src/core/operations')
    const made = files.flatMap(({ text }) => [...text.matchAll(/reason: '(\w+)'/g)].map(([, reason]) => reason))
    const known = new Set<string>([
      ...Object.values(refusals)
        .flat()
        .map((one) => (typeof one === 'string' ? one : one.reason)),
      ...byTargets,
    ])
    expect(made.filter((reason) => !known.has(reason ?? ''))).toEqual([])
    expect(made.length).toBeGreaterThan(8)
  })

  it('names operations that there are', () => {
    const names = new Set(
      sourcesBelow('src/core/operations').flatMap(({ text }) =>
        [...text.matchAll(/name: '(\w+)'/g)].map(([, name]) => name),
      ),
    )
    expect(Object.keys(refusals).filter((name) => !names.has(name))).toEqual([])
  })

  it('tells the bounds of a member, also those that JSON Schema does not carry', () => {
    const members = membersOf({
      A: text({ bytesMax: 10 }).describe('A.').optional(),
      B: base64({ bytesMin: 1, bytesMax: 20, sensitive: true }),
      C: contextText({ charactersMax: 30 }),
      D: z.array(z.strictObject({ E: z.int().min(2).max(4) })).max(5),
    })
    expect(
      members.map(({ name, type, required, bounds, sensitive }) => [name, type, required, bounds, sensitive]),
    ).toEqual([
      ['A', 'string', false, 'at most 10 bytes', false],
      ['B', 'Base64', true, '1 to 20 bytes', true],
      ['C', 'JSON text', true, 'at most 30 characters', false],
      ['D', 'list of object', true, '0 to 5 entries', false],
      ['D[].E', 'integer', true, '2 to 4', false],
    ])
  })
})

describe('the types of the console', () => {
  it('are those of the API’s document (npm run reference)', () => {
    const types = clientTypes(JSON.parse(openApiText()))
    expect(readFileSync(join(root, 'console/src/api/openapi.ts'), 'utf8')).toBe(types)
  })

  it('say of each schema what TypeScript can', () => {
    const schema = {
      type: 'object',
      required: ['a', 'b-c'],
      properties: {
        a: { type: 'array', items: { type: ['string', 'null'] } },
        'b-c': { enum: ['x', 1] },
        d: { anyOf: [{ type: 'integer' }, { const: true }] },
        e: { type: 'object', additionalProperties: { type: 'boolean' } },
        f: {},
      },
    }
    expect(typeOf(schema)).toBe(
      '{ a: (string | null)[]; "b-c": "x" | 1; d?: number | true; e?: Record<string, boolean>; f?: unknown }',
    )
  })
})

describe('the guide to running it', () => {
  const guide = readFileSync(join(root, 'docs/guides/run.md'), 'utf8')

  it('has every flag of serve with its variable in the environment', () => {
    const { options } = addServeOptions(new Command())
    expect(options.length).toBeGreaterThan(10)
    for (const { flags, envVar = '' } of options)
      expect(guide).toContain(envVar === '' ? `| \`${flags}\` | |` : `| \`${flags}\` | \`${envVar}\` |`)
  })
})

describe('the evidence page', () => {
  it('is linked from the reference', () => {
    for (const { name } of dialects) {
      expect(written.get('README.md')).toContain(`src/dialects/${name}/evidence.md`)
      expect(readFileSync(join(root, `src/dialects/${name}/evidence.md`), 'utf8')).toContain('## Known differences')
    }
  })
})

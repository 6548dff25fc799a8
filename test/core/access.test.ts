import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { claimed } from '../../src/core/access/caller.ts'
import { rightsLanguage } from '../../src/core/access/language.ts'
import { PolicyFault, permits, type Resource } from '../../src/core/access/policy.ts'
import { type Right, rights } from '../../src/core/access/right.ts'
import type { Policy, Principal } from '../../src/core/object.ts'
import { account, openHouse, statement } from './house.ts'

const languages = new Map([['rights', rightsLanguage]])

// Few values each, so that patterns and resources meet often.
const kind = fc.constantFrom('key', 'service')
const region = fc.constantFrom('r1', 'r2')
const creator = fc.constantFrom('', 'alice', 'bob')
const id = fc.constantFrom('k1', 'k2', '*')
const orAny = (values: fc.Arbitrary<string>) => fc.oneof(values, fc.constant('*'))
const right = fc.constantFrom<Right>('encrypt', 'decrypt', 'create')

const pattern = fc.record({ kind: orAny(kind), region: orAny(region), creator: orAny(creator), id: orAny(id) })
const anyStatement = fc.record({
  effect: fc.constantFrom('allow', 'deny'),
  rights: fc.array(right, { maxLength: 3 }),
  resources: fc.array(pattern, { maxLength: 3 }),
})
const document = fc.record({ statements: fc.array(anyStatement, { maxLength: 4 }) })
type Document = typeof document extends fc.Arbitrary<infer D> ? D : never

const policyOf = (text: string): Policy => ({
  kind: 'policy',
  id: 'p',
  account,
  revision: 1,
  name: 'p',
  language: 'rights',
  document: text,
  createdAt: 0,
})
const principalOf = (over: Partial<Principal> = {}): Principal => ({
  kind: 'principal',
  id: 'alice',
  account,
  revision: 1,
  name: 'alice',
  root: false,
  disabled: false,
  external: {},
  policies: ['p'],
  passwordRecord: null,
  role: null,
  createdAt: 0,
  ...over,
})

describe('the language of rights', () => {
  test('reads every document of its form, and reads it as it is written', () => {
    fc.assert(
      fc.property(document, (written) => {
        const read = rightsLanguage(JSON.stringify(written))
        expect(read).toEqual(written.statements.map((one) => ({ ...one, rights: new Set(one.rights) })))
      }),
    )
  })

  /** Every object of a document, by the path that leads to it. */
  const objectsIn = (value: unknown): Record<string, unknown>[] => {
    if (typeof value !== 'object' || value === null) return []
    const inner = Object.values(value).flatMap(objectsIn)
    return Array.isArray(value) ? inner : [value as Record<string, unknown>, ...inner]
  }
  const changed = (written: Document, at: number, change: (object: Record<string, unknown>) => void) => {
    const copy = structuredClone(written)
    const objects = objectsIn(copy)
    change(objects[at % objects.length]!)
    return rightsLanguage(JSON.stringify(copy))
  }

  test('refuses an unknown member anywhere', () => {
    const member = fc.oneof(fc.string(), fc.constantFrom('Effect', 'condition', 'toString'))
    fc.assert(
      fc.property(document, fc.nat(), member, fc.jsonValue(), (written, at, name, value) => {
        let known = false
        const read = changed(written, at, (object) => {
          known = Object.hasOwn(object, name)
          Object.defineProperty(object, name, { value, enumerable: true, configurable: true, writable: true })
        })
        fc.pre(!known)
        expect(read).toBeInstanceOf(PolicyFault)
      }),
    )
  })

  test('refuses a missing member anywhere', () => {
    fc.assert(
      fc.property(document, fc.nat(), fc.nat(), (written, at, which) => {
        const read = changed(written, at, (object) => {
          const names = Object.keys(object)
          delete object[names[which % names.length]!]
        })
        expect(read).toBeInstanceOf(PolicyFault)
      }),
    )
  })

  test('refuses every other JSON value, and what is no JSON', () => {
    const texts = fc.oneof(fc.json(), fc.string())
    const isForm = (text: string) => text.includes('"statements"')
    fc.assert(
      fc.property(
        texts.filter((text) => !isForm(text)),
        (text) => rightsLanguage(text) instanceof PolicyFault,
      ),
    )
  })

  test('refuses a member that stands twice, since readers differ on which one counts', () => {
    const written = JSON.stringify(statement('allow', ['encrypt']))
    const twice = written.replace('"effect":"allow"', '"effect":"deny","effect":"allow"')
    expect(twice).not.toBe(written)
    expect(rightsLanguage(twice)).toEqual(new PolicyFault('the member "effect" is there twice'))
  })

  test('counts statements from 1 in a fault, as every language and the command line do', () => {
    const written = { statements: [...statement('allow', ['encrypt']).statements, {}] }
    const read = rightsLanguage(JSON.stringify(written))
    expect(read instanceof PolicyFault && read.fault).toMatch(/^statement 2 must have/)
  })

  const wrong: [string, object][] = [
    ['a right that does not exist', statement('allow', ['encrpyt'])],
    ['a right that every object has by its prototype', statement('allow', ['constructor'])],
    ['any right at all', statement('allow', ['*'])],
    ['an effect in capitals', statement('Deny' as 'deny', ['encrypt'])],
    ['a pattern that is no text', statement('allow', ['encrypt'], { id: ['k1'] })],
    ['rights as one text', { statements: [{ effect: 'allow', rights: 'encrypt', resources: [] }] }],
    ['resources as one pattern', { statements: [{ effect: 'allow', rights: [], resources: {} }] }],
    ['statements as an object', { statements: {} }],
    ['a statement that is an array', { statements: [['allow', ['encrypt'], []]] }],
    ['one good statement beside a bad one', { statements: [...statement('allow', ['encrypt']).statements, {}] }],
  ]
  test.each(wrong)('refuses %s', (_name, written) =>
    expect(rightsLanguage(JSON.stringify(written))).toBeInstanceOf(PolicyFault),
  )

  test('knows every right', () => {
    const read = rightsLanguage(JSON.stringify(statement('allow', rights)))
    expect(read instanceof PolicyFault ? read.fault : read[0]?.rights.size).toBe(rights.length)
  })
})

/** The question as a caller of some dialect asks it. */
const allows = (
  principal: Principal,
  policies: readonly Policy[],
  known: typeof languages,
  asked: Right,
  on: Resource,
): boolean => {
  const owner = {
    kind: 'account',
    id: account,
    account,
    revision: 1,
    name: 'first',
    external: {},
    administrator: null,
    createdAt: 0,
  } as const
  const caller = { dialect: 'tencent', principal, account: owner, source: '192.0.2.1' }
  return permits({ caller, right: asked, word: '', resource: on, now: 0 }, policies, known)
}

describe('the decision', () => {
  const resource = fc.record({ kind, account: fc.constant(account), region, creator, id })

  /** As the sentence says it: some statement allows it, and no statement denies it. */
  const naive = (documents: readonly Document[], asked: Right, on: Resource): boolean => {
    const said = documents.flatMap(({ statements }) =>
      statements.filter(
        (one) =>
          one.rights.includes(asked) &&
          one.resources.some((each) =>
            (['kind', 'region', 'creator', 'id'] as const).every((part) => [on[part], '*'].includes(each[part])),
          ),
      ),
    )
    return said.length > 0 && said.every(({ effect }) => effect === 'allow')
  }

  test('is that of a reader of the same documents, for every resource', () => {
    let allowed = 0
    fc.assert(
      fc.property(fc.array(document, { maxLength: 3 }), right, resource, (documents, asked, on) => {
        const policies = documents.map((written) => policyOf(JSON.stringify(written)))
        const expected = naive(documents, asked, on)
        allowed += expected ? 1 : 0
        expect(allows(principalOf(), policies, languages, asked, on)).toBe(expected)
        // What was compiled once is not another thing the second time.
        expect(allows(principalOf(), policies, languages, asked, on)).toBe(expected)
      }),
      { numRuns: 2000 },
    )
    expect(allowed).toBeGreaterThan(20)
  })

  const all = [policyOf(JSON.stringify(statement('allow', rights)))]
  const key: Resource = { kind: 'key', account, region: 'r1', creator: 'bob', id: 'k1' }

  test('never crosses the border of an account, not for a root principal either', () => {
    const foreign = { ...key, account: '2' }
    for (const root of [true, false])
      expect(allows(principalOf({ root }), all, languages, 'encrypt', foreign)).toBe(false)
    expect(allows(principalOf(), all, languages, 'encrypt', key)).toBe(true)
  })

  test('is no for a disabled principal and yes for a root one, whatever policies say', () => {
    const deny = [policyOf(JSON.stringify(statement('deny', rights)))]
    expect(allows(principalOf({ disabled: true }), all, languages, 'encrypt', key)).toBe(false)
    expect(allows(principalOf({ disabled: true, root: true }), all, languages, 'encrypt', key)).toBe(false)
    expect(allows(principalOf({ root: true }), deny, languages, 'encrypt', key)).toBe(true)
  })

  test('is no where any policy cannot be read, before or after the one that allows', () => {
    const unreadable = policyOf('{"statements":"deny"}')
    for (const policies of [
      [unreadable, ...all],
      [...all, unreadable],
    ])
      expect(allows(principalOf(), policies, languages, 'encrypt', key)).toBe(false)
  })
})

describe('an access key', () => {
  const start = () => {
    const house = openHouse()
    const view = house.coherence.view()
    const credential = house.store.get('credential', 'AKIDroot')!
    return { house, view, credential }
  }

  test('leads to its principal and account', async () => {
    const { view, credential } = start()
    expect(await claimed(view, 'AKIDroot', 'tencent')).toMatchObject({
      credential,
      principal: { id: account, root: true },
      account: { id: account },
    })
  })

  test('that is unknown, disabled, or of another dialect leads nowhere', async () => {
    const { house, view, credential } = start()
    expect(await claimed(view, 'AKIDother', 'tencent')).toBeUndefined()
    expect(await claimed(view, 'AKIDroot', 'huawei')).toBeUndefined()
    house.store.set({ ...credential, disabled: true })
    expect(await claimed(view, 'AKIDroot', 'tencent')).toBeUndefined()
  })

  test('of a principal that is disabled or gone, or of an account that is gone, leads nowhere', async () => {
    const { house, view, credential } = start()
    const principal = house.store.get('principal', account)!
    house.store.set({ ...principal, disabled: true })
    expect(await claimed(view, 'AKIDroot', 'tencent')).toBeUndefined()
    house.store.set(principal)
    for (const over of [{ principal: 'gone' }, { account: 'gone' }]) {
      house.store.set({ ...credential, ...over })
      expect(await claimed(view, 'AKIDroot', 'tencent')).toBeUndefined()
    }
  })
})

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readParameters, unflatten } from '../../src/dialects/tencent/parameters.ts'

type Tree = string | readonly Tree[] | { readonly [name: string]: Tree }

/** As the SDKs flatten: arrays by number, members by name, joined by dots. */
const flatten = (tree: Tree, numbered: (at: number) => number, prefix = ''): [string, string][] => {
  if (typeof tree === 'string') return [[prefix, tree]]
  const named = Array.isArray(tree)
    ? tree.map((child, at): [string, Tree] => [String(numbered(at)), child])
    : Object.entries(tree)
  return named.flatMap(([name, child]) => flatten(child, numbered, prefix === '' ? name : `${prefix}.${name}`))
}

/** One text for equal trees, whatever the order of their members. */
const canonical = (tree: Tree): string => {
  if (typeof tree === 'string') return JSON.stringify(tree)
  if (Array.isArray(tree)) return `[${tree.map(canonical).join()}]`
  const entries = Object.entries(tree).map(([name, child]) => `${JSON.stringify(name)}:${canonical(child)}`)
  return `{${entries.sort().join()}}`
}

const none = new Set<string>()
const read = (entries: readonly (readonly [string, string])[], common: ReadonlySet<string> = none) =>
  unflatten(new Map(entries), common)

/** Names that are no number: those are what members of an array look like. */
const hostile = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', '', ' ', 'a=b', '😀']
const name = fc.oneof(fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_]{0,8}$/), fc.constantFrom(...hostile.filter(Boolean)))
const { tree } = fc.letrec<{ tree: Tree; leaf: string; list: readonly Tree[]; record: Record<string, Tree> }>(
  (tie) => ({
    tree: fc.oneof({ maxDepth: 4, withCrossShrink: true }, tie('leaf'), tie('list'), tie('record')),
    leaf: fc.string(),
    list: fc.array(tie('tree'), { minLength: 1, maxLength: 4 }),
    record: fc.dictionary(name, tie('tree'), { minKeys: 1, maxKeys: 4 }),
  }),
)
const members = fc.dictionary(name, tree, { maxKeys: 4 })
/** Where numbering begins and how far apart the numbers are: from 0 or 1, with gaps. */
const numbering = fc.record({ base: fc.constantFrom(0, 1, 7), step: fc.constantFrom(1, 3) }).map(
  ({ base, step }) =>
    (at: number) =>
      base + at * step,
)

describe('flattened names', () => {
  test('spell the members that were flattened, from whatever number they start and in whatever order they come', () => {
    const shuffled = fc.tuple(members, numbering).chain(([made, numbered]) => {
      const entries = flatten(made, numbered)
      return fc.tuple(fc.constant(made), fc.shuffledSubarray(entries, { minLength: entries.length }))
    })
    fc.assert(
      fc.property(shuffled, ([made, entries]) => {
        fc.pre(entries.every(([path]) => path.split('.').length <= 6))
        expect(canonical(read(entries) as Tree)).toBe(canonical(made))
      }),
      { numRuns: 400 },
    )
  })

  test('make an array in the order of their numbers, with gaps closed', () => {
    const spelled = [
      ['KeyIds.10', 'ten'],
      ['KeyIds.2', 'two'],
      ['KeyIds.1', 'one'],
      ['Tags.1.TagKey', 'b'],
      ['Tags.0.TagValue', 'A'],
      ['Tags.0.TagKey', 'a'],
    ] as const
    expect(read(spelled)).toEqual({
      KeyIds: ['one', 'two', 'ten'],
      Tags: [{ TagKey: 'a', TagValue: 'A' }, { TagKey: 'b' }],
    })
  })

  test('that are not all numbers make no array', () => {
    expect(
      read([
        ['A.0', 'x'],
        ['A.b', 'y'],
      ]),
    ).toEqual({ A: { 0: 'x', b: 'y' } })
    expect(read([['A.-1', 'x']])).toEqual({ A: { '-1': 'x' } })
    expect(read([['A.1e3', 'x']])).toEqual({ A: { '1e3': 'x' } })
    expect(read([['A.1234567', 'x']])).toEqual({ A: { 1234567: 'x' } })
  })

  test('a number as large as may be makes an array of one, and no hole', () => {
    expect(read([['A.999999', 'x']])).toEqual({ A: ['x'] })
  })

  test('the parameters common to all actions are left out, by their whole name only', () => {
    const entries = [
      ['Action', 'Encrypt'],
      ['Nonce', '1'],
      ['KeyId', 'k'],
      ['Nonce.0', 'x'],
    ] as const
    expect(read(entries, new Set(['Action', 'Nonce']))).toEqual({ KeyId: 'k', Nonce: ['x'] })
  })
})

describe('names that contradict each other', () => {
  test.each([
    [
      ['A', 'x'],
      ['A.0', 'y'],
    ],
    [
      ['A.0', 'x'],
      ['A', 'y'],
    ],
    [
      ['A.0', 'x'],
      ['A.0.B', 'y'],
    ],
    [
      ['A.B.C', 'x'],
      ['A.B', 'y'],
    ],
  ] as const)('are refused: %o and %o', (one, other) => {
    expect(read([one, other])).toBeUndefined()
  })

  test('are refused wherever a value stands where another name goes on', () => {
    fc.assert(
      fc.property(fc.array(name, { minLength: 1, maxLength: 4 }), name, fc.boolean(), (path, more, first) => {
        const [short, long] = [path.join('.'), [...path, more].join('.')]
        const entries: [string, string][] = [
          [short, 'x'],
          [long, 'y'],
        ]
        expect(read(first ? entries : entries.toReversed())).toBeUndefined()
      }),
    )
  })

  test('are refused where one name stands twice', () => {
    expect(readParameters('KeyId=a&KeyId=b')).toBeUndefined()
    expect(readParameters('KeyId=a&%4BeyId=a')).toBeUndefined()
  })
})

describe('hostile names', () => {
  test.each(hostile)('%j is an own member like any other, and nobody’s prototype', (hostileName) => {
    const built = read([
      [`A.${hostileName}.x`, '1'],
      [`B.${hostileName}`, '2'],
    ])!
    expect(Object.keys(built)).toEqual(['A', 'B'])
    for (const member of Object.values(built) as object[]) {
      expect(Object.keys(member)).toEqual([hostileName])
      expect(Object.getPrototypeOf(member)).toBe(Object.prototype)
    }
    const top = read([[hostileName, '1']])!
    expect(Object.keys(top)).toEqual([hostileName])
    expect(Object.getPrototypeOf(top)).toBe(Object.prototype)
  })

  test('leave every prototype as it was', () => {
    read([
      ['__proto__.polluted', 'x'],
      ['constructor.prototype.polluted', 'x'],
      ['A.__proto__.polluted', 'x'],
    ])
    expect('polluted' in {}).toBe(false)
    expect('polluted' in Object).toBe(false)
  })

  test('deeper than any action has are refused', () => {
    const deep = (levels: number) => Array.from({ length: levels }, () => 'a').join('.')
    expect(read([[deep(6), 'x']])).toBeDefined()
    expect(read([[deep(7), 'x']])).toBeUndefined()
    expect(read([[deep(100_000), 'x']])).toBeUndefined()
    expect(read([['.'.repeat(10_000), 'x']])).toBeUndefined()
  })

  test('are never a fault, whatever they are', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.string({ unit: fc.constantFrom('.', '0', '1', 'a', '_', '%') }), fc.string())),
        (all) => {
          const built = read(all)
          expect(built === undefined || typeof built === 'object').toBe(true)
        },
      ),
      { numRuns: 500 },
    )
  })
})

describe('encoded parameters', () => {
  test('are decoded once: a plus and %20 are both a space, %2B is a plus', () => {
    expect(readParameters('a=1+2&b=1%202&c=1%2B2&d=%252B&e=%E6%B1%89&f&=g')).toEqual(
      new Map([
        ['a', '1 2'],
        ['b', '1 2'],
        ['c', '1+2'],
        ['d', '%2B'],
        ['e', '汉'],
        ['f', ''],
        ['', 'g'],
      ]),
    )
  })

  test('of 1,024 names are read, of one more refused', () => {
    const encoded = (count: number) => Array.from({ length: count }, (_, n) => `KeyIds.${n}=x`).join('&')
    expect(readParameters(encoded(1024))?.size).toBe(1024)
    expect(readParameters(encoded(1025))).toBeUndefined()
  })

  test('as many as fit in a body cost little, refused or read', () => {
    const many = Array.from({ length: 10_000 }, (_, n) => `A.${n}=`).join('&')
    const begun = performance.now()
    for (let n = 0; n < 20; n++) expect(readParameters(many)).toBeUndefined()
    const wide = readParameters(Array.from({ length: 1024 }, (_, n) => `a.b.c.d.e.${n}=x`).join('&'))!
    for (let n = 0; n < 20; n++) expect(unflatten(wide, none)).toBeDefined()
    expect((performance.now() - begun) / 40).toBeLessThan(25)
  })

  test('of any members come back as they were', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.tuple(fc.string(), fc.string()), { selector: ([key]) => key, maxLength: 20 }),
        (all) => {
          const wellFormed = all.filter(([key, value]) => key.isWellFormed() && value.isWellFormed())
          expect(readParameters(new URLSearchParams(wellFormed).toString())).toEqual(new Map(wellFormed))
        },
      ),
    )
  })
})

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type Context,
  type ContextValue,
  contextFromBytes,
  contextFromObject,
  contextFromText,
  encodeContext,
  noContext,
} from '../../src/core/context.ts'
import { text, toHex } from '../spec/fixed.ts'

const encoded = (context: Context): string => {
  const { kind, bytes } = encodeContext(context)
  return `${kind} ${toHex(bytes)}`
}
const ofObject = (value: unknown): string => {
  const context = contextFromObject(value)
  if (!context) throw new Error('refused')
  return encoded(context)
}

const names = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 6 }),
  fc.constantFrom('__proto__', '', 'constructor', 'é', 'e\u0301'),
)
const values: fc.Arbitrary<ContextValue> = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 6 }),
  fc.constantFrom('1', 'true', 'null', '0', ''),
  fc.maxSafeInteger(),
  fc.double({ noNaN: true, noDefaultInfinity: true }).filter((n) => !Number.isInteger(n) || Number.isSafeInteger(n)),
  fc.boolean(),
  fc.constant(null),
)
const memberLists = fc.uniqueArray(fc.tuple(names, values), { selector: ([name]) => name, maxLength: 6 })

/** What two lists of members must share to be one context; `JSON.stringify` tells 1 from "1" and takes -0 for 0. */
const meaning = (members: readonly (readonly [string, ContextValue])[]): string =>
  JSON.stringify([...members].sort(([a], [b]) => (a < b ? -1 : 1)))

test('the order of members says nothing', () => {
  fc.assert(
    fc.property(
      memberLists.chain((list) => fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length }))),
      ([list, shuffled]) => {
        expect(ofObject(Object.fromEntries(list))).toBe(ofObject(Object.fromEntries(shuffled)))
      },
    ),
  )
})

test('two maps have one encoding exactly when they are equal', () => {
  fc.assert(
    fc.property(memberLists, memberLists, (a, b) => {
      const same = ofObject(JSON.parse(jsonOf(a))) === ofObject(JSON.parse(jsonOf(b)))
      expect(same).toBe(meaning(a) === meaning(b))
    }),
    { numRuns: 2000 },
  )
})

test('a map that differs in one name, one value, one type or one member more has another encoding', () => {
  fc.assert(
    fc.property(
      memberLists.filter((list) => list.length > 0),
      names,
      values,
      (list, name, value) => {
        const [[firstName, firstValue], ...rest] = list as [[string, ContextValue], ...[string, ContextValue][]]
        const variants = [
          [[name, firstValue], ...rest],
          [[firstName, value], ...rest],
          [[firstName, String(firstValue)], ...rest],
          [...list, [name, value]],
          rest,
        ] as [string, ContextValue][][]
        for (const variant of variants) {
          const unique = [...new Map(variant)]
          expect(ofObject(Object.fromEntries(unique)) === ofObject(Object.fromEntries(list))).toBe(
            meaning(unique) === meaning(list),
          )
        }
      },
    ),
    { numRuns: 500 },
  )
})

/** JSON text by hand, because an object literal takes `__proto__` for its prototype. */
const jsonOf = (members: readonly (readonly [string, ContextValue])[]): string =>
  `{${members.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`).join(',')}}`

test('bytes have one encoding exactly when they are equal', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 8 }), fc.uint8Array({ maxLength: 8 }), (a, b) => {
      expect(encoded(contextFromBytes(a)) === encoded(contextFromBytes(b))).toBe(toHex(a) === toHex(b))
    }),
  )
})

test('bytes, a map and nothing are never one context', () => {
  fc.assert(
    fc.property(
      memberLists.filter((list) => list.length > 0),
      (list) => {
        const map = contextFromObject(Object.fromEntries(list)) as Context
        const { kind, bytes } = encodeContext(map)
        expect(kind).toBe(1)
        expect(encoded(contextFromBytes(bytes)).startsWith('2 ')).toBe(true)
        expect(encoded(contextFromText(jsonOf(list)) as Context).startsWith('2 ')).toBe(true)
      },
    ),
  )
  expect(encoded(noContext)).toBe('0 ')
})

describe('no context is', () => {
  test.each([
    ['an empty object', contextFromObject({})],
    ['an empty text', contextFromText('')],
    ['no bytes', contextFromBytes(new Uint8Array(0))],
    ['an empty map', { kind: 'map', members: new Map() } satisfies Context],
    ['empty bytes', { kind: 'bytes', bytes: new Uint8Array(0) } satisfies Context],
  ])('%s', (_, context) => {
    expect(encoded(context as Context)).toBe('0 ')
  })
})

describe('refused as a context is', () => {
  test.each([
    ['a text', 'a'],
    ['null', null],
    ['nothing', undefined],
    ['a list', []],
    ['a number', 1],
    ['a nested object', { a: {} }],
    ['a nested list', { a: [] }],
    ['a missing value', { a: undefined }],
    ['a lone surrogate as a value', { a: '\ud800' }],
    ['another lone surrogate as a value', { a: '\udfff' }],
    ['a lone surrogate in a name', { 'a\ud801': '1' }],
    ['an integer beyond 2^53-1', JSON.parse('{"a":9007199254740993}')],
    ['2^53', { a: 2 ** 53 }],
    ['-2^53', { a: -(2 ** 53) }],
    ['1e300', { a: 1e300 }],
    ['an infinite number', JSON.parse('{"a":1e400}')],
    ['no number', { a: Number.NaN }],
  ])('%s', (_, value) => {
    expect(contextFromObject(value)).toBeUndefined()
  })

  test('a text that is not well-formed', () => {
    expect(contextFromText('a\ud800')).toBeUndefined()
  })
})

test('a map that goes round the refusals does not encode', () => {
  const members: [string, ContextValue][] = [
    ['\ud800', 1],
    ['a', '\ud800'],
    ['a', 2 ** 53],
  ]
  for (const member of members)
    expect(() => encodeContext({ kind: 'map', members: new Map([member]) })).toThrow(TypeError)
})

test('__proto__ is a name like any other', () => {
  const one = ofObject(JSON.parse('{"__proto__":"1"}'))
  expect(one).not.toBe(ofObject(JSON.parse('{"__proto__":"2"}')))
  expect(one).toBe(`1 00000001${'00000009'}${toHex(text('__proto__'))}00${'00000001'}31`)
})

test('members are sorted by UTF-8 and not by UTF-16', () => {
  const { bytes } = encodeContext(contextFromObject({ '\u{10000}': '', '\uffff': '' }) as Context)
  expect(toHex(bytes)).toBe(`00000002${'00000003efbfbf'}0000000000${'00000004f0908080'}0000000000`)
})

test('numbers have their RFC 8785 form', () => {
  // RFC 8785, appendix B, as far as a context takes the number.
  const forms: [number, string][] = [
    [-0, '0'],
    [5e-324, '5e-324'],
    [-5e-324, '-5e-324'],
    [9007199254740991, '9007199254740991'],
    [333333333.3333332, '333333333.3333332'],
    [0.000001, '0.000001'],
    [1e-7, '1e-7'],
  ]
  for (const [number, form] of forms) {
    const { bytes } = encodeContext(contextFromObject({ n: number }) as Context)
    expect(Buffer.from(bytes.subarray(14)).toString()).toBe(form)
  }
})

test('of a duplicate member the last is taken', () => {
  expect(ofObject(JSON.parse('{"a":"1","a":"2"}'))).toBe(ofObject({ a: '2' }))
})

test('text is not normalised', () => {
  expect(ofObject({ a: 'é' })).not.toBe(ofObject({ a: 'e\u0301' }))
})

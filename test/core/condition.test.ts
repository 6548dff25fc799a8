import { BlockList } from 'node:net'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  absenceOf,
  allHold,
  type Comparison,
  type ConditionForm,
  comparisons,
  conditionOf,
  type Told,
} from '../../src/core/access/condition.ts'
import { readDocument } from '../../src/core/access/document.ts'
import { isWithin, readAddress, readNetwork } from '../../src/core/access/network.ts'
import type { Question } from '../../src/core/access/policy.ts'
import { openHouse } from './house.ts'

const { principal, account } = openHouse().caller()
const question: Question = {
  caller: { dialect: 'x', principal, account: { ...account, external: { number: '7' } }, source: '192.0.2.1' },
  right: 'encrypt',
  word: '',
  resource: { kind: 'key', account: account.id, region: 'r1', creator: 'alice', id: 'k1' },
  now: 0,
}

const told = (comparison: Comparison, actual: readonly string[] | undefined, over: Partial<ConditionForm>): Told => {
  const form = { comparison, written: [], negated: false, quantifier: 'any', ifAbsent: false, ...over } as const
  const condition = conditionOf({ attribute: () => actual, ...form })
  if ('unreadable' in condition) throw new Error(condition.unreadable)
  return condition(question)
}

describe('a comparison', () => {
  test.each<[keyof typeof comparisons, string, string, Told]>([
    ['textEqual', 'a', 'a', true],
    ['textEqual', 'a', 'A', false],
    ['textEqualIgnoringCase', 'aB', 'Ab', true],
    ['textEqualIgnoringCase', 'aB', 'Ac', false],
    ['textLike', 'abc', 'a*', true],
    ['textLike', 'abc', '*c', true],
    ['textLike', 'abc', 'b*', false],
    ['numberEqual', '10', '10.0', true],
    ['numberEqual', '10', '11', false],
    ['numberLess', '9', '10', true],
    ['numberLess', '10', '10', false],
    ['numberAtMost', '10', '10', true],
    ['numberAtMost', '11', '10', false],
    ['numberMore', '-1', '-2', true],
    ['numberMore', '-2', '-2', false],
    ['numberAtLeast', '10', '10', true],
    ['numberAtLeast', '9', '10', false],
    ['instantEqual', '2026-01-01T00:00:00.000Z', '2026-01-01T00:00:00Z', true],
    ['instantEqual', '2026-01-01T00:00:00.001Z', '2026-01-01T00:00:00Z', false],
    ['instantLess', '2025-12-31T23:59:59Z', '2026-01-01T00:00:00Z', true],
    ['instantLess', '2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z', false],
    ['instantAtMost', '2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z', true],
    ['instantAtMost', '2026-01-01T00:00:00.001Z', '2026-01-01T00:00:00Z', false],
    ['instantMore', '2026-01-01T00:00:00.001Z', '2026-01-01T00:00:00Z', true],
    ['instantMore', '2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z', false],
    ['instantAtLeast', '2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z', true],
    ['instantAtLeast', '2025-12-31T23:59:59.999Z', '2026-01-01T00:00:00Z', false],
    ['booleanEqual', 'true', 'true', true],
    ['booleanEqual', 'false', 'true', false],
    ['addressWithin', '10.1.2.3', '10.0.0.0/8', true],
    ['addressWithin', '11.1.2.3', '10.0.0.0/8', false],
  ])('%s of %s with %s tells %s', (name, actual, written, expected) => {
    expect(told(comparisons[name], [actual], { written: [written] })).toBe(expected)
    expect(told(comparisons[name], [actual], { written: [written], negated: true })).toBe(!expected)
  })

  test.each<[keyof typeof comparisons, string[]]>([
    ['numberEqual', ['', ' 1', '1e3', '0x1', '.5', '1.', 'NaN', '9007199254740993', '1'.repeat(400)]],
    ['instantEqual', ['', '2026-01-01', '2026-01-01T00:00:00', '2026-01-01T00:00:00+08:00', '2026-02-30T00:00:00Z']],
    ['instantEqual', ['2026-13-01T00:00:00Z', '2026-01-01T24:00:00Z', '2026-01-01T00:00:60Z', '1767225600']],
    ['booleanEqual', ['', 'True', 'yes', '1']],
    ['addressWithin', ['', '10', '10.0.0.0/', '10.0.0.0/33', '10.0.0.0/8/8', '::/129', '10.0.0.256', '*']],
  ])('%s does not read %j', (name, values) => {
    for (const value of values) expect(comparisons[name](value)).toBeUndefined()
  })

  test('of an actual value that has not its form cannot be told, negated or not', () => {
    for (const negated of [true, false]) {
      expect(told(comparisons.numberEqual, ['alice'], { written: ['1'], negated })).toBeUndefined()
      expect(told(comparisons.addressWithin, ['/run/socket'], { written: ['10.0.0.0/8'], negated })).toBeUndefined()
    }
  })
})

describe('a condition', () => {
  const { textEqual, numberEqual } = comparisons

  test('needs one of the written values, or none of them where it is negated', () => {
    const written = ['a', 'b']
    expect(told(textEqual, ['b'], { written })).toBe(true)
    expect(told(textEqual, ['c'], { written })).toBe(false)
    expect(told(textEqual, ['b'], { written, negated: true })).toBe(false)
    expect(told(textEqual, ['c'], { written, negated: true })).toBe(true)
  })

  test('needs one actual value, or all of them', () => {
    const written = ['a', 'b']
    for (const [actual, any, all] of [
      [['a', 'b'], true, true],
      [['a', 'c'], true, false],
      [['c', 'd'], false, false],
    ] as const) {
      expect(told(textEqual, actual, { written, quantifier: 'any' })).toBe(any)
      expect(told(textEqual, actual, { written, quantifier: 'all' })).toBe(all)
      expect(told(textEqual, actual, { written, quantifier: 'any', negated: true })).toBe(!all)
      expect(told(textEqual, actual, { written, quantifier: 'all', negated: true })).toBe(!any)
    }
  })

  test('of an absent attribute says what it was told to say then', () => {
    for (const actual of [undefined, []])
      for (const ifAbsent of [true, false])
        for (const negated of [true, false])
          for (const quantifier of ['any', 'all'] as const)
            expect(told(textEqual, actual, { written: ['a'], ifAbsent, negated, quantifier })).toBe(ifAbsent)
  })

  test('is told by the values that can be told where they are enough', () => {
    const [written, quantifier] = [['1'], 'all'] as const
    expect(told(numberEqual, ['x', '1'], { written })).toBe(true)
    expect(told(numberEqual, ['x', '2'], { written })).toBeUndefined()
    expect(told(numberEqual, ['x', '2'], { written, quantifier })).toBe(false)
    expect(told(numberEqual, ['x', '1'], { written, quantifier })).toBeUndefined()
  })

  test('takes variables from the caller, and cannot be told where the caller has none', () => {
    expect(told(textEqual, [principal.id], { written: ['$' + '{principal}'] })).toBe(true)
    expect(told(numberEqual, ['7'], { written: ['$' + '{number}'] })).toBe(true)
    expect(told(textEqual, ['8'], { written: ['$' + '{number}'] })).toBe(false)
    for (const negated of [true, false]) {
      expect(told(textEqual, ['7'], { written: ['$' + '{other}'], negated })).toBeUndefined()
      expect(told(numberEqual, ['7'], { written: ['$' + '{principal}x'], negated })).toBeUndefined()
    }
  })

  test('names the written value that it cannot read', () => {
    const form = { negated: false, quantifier: 'any', ifAbsent: false } as const
    const attribute = () => ['1']
    expect(conditionOf({ ...form, attribute, comparison: numberEqual, written: ['1', 'one'] })).toEqual({
      unreadable: 'one',
    })
  })

  test('that cannot be told closes an allow and leaves a deny', () => {
    const unknown = () => undefined
    const yes = () => true
    const no = () => false
    expect(allHold([yes, unknown], 'allow')(question)).toBe(false)
    expect(allHold([yes, unknown], 'deny')(question)).toBe(true)
    expect(allHold([no, unknown], 'deny')(question)).toBe(false)
    expect(allHold([yes, yes], 'allow')(question)).toBe(true)
  })

  test('of absence holds for what is absent or only empty', () => {
    const absent = (actual: readonly string[] | undefined) => absenceOf(() => actual)(question)
    expect([undefined, [], [''], ['', '']].map(absent)).toEqual([true, true, true, true])
    expect([['a'], ['', 'a']].map(absent)).toEqual([false, false])
  })
})

describe('a network', () => {
  const within = (address: string, network: string): boolean => {
    const [read, of] = [readAddress(address), readNetwork(network)]
    if (!read || !of) throw new Error(`${address} or ${network} cannot be read`)
    return isWithin(read, of)
  }
  const address = fc.oneof({ arbitrary: fc.ipV4(), weight: 1 }, { arbitrary: fc.ipV6(), weight: 1 })
  const isIpv4 = (text: string): boolean => !text.includes(':')

  test('holds the addresses that another reader finds in it', () => {
    let inside = 0
    fc.assert(
      fc.property(address, address, fc.nat(128), fc.boolean(), (written, other, bits, near) => {
        const family = isIpv4(written) ? 'ipv4' : 'ipv6'
        const prefix = family === 'ipv4' ? bits % 33 : bits
        const asked = near ? written : other
        // An IPv4-mapped address counts as the IPv4 one here, whatever it is to the other reader.
        fc.pre(![written, asked].some((each) => /^(?:0*:)*:?ffff:/i.test(each)))
        const list = new BlockList()
        list.addSubnet(written, prefix, family)
        const expected = isIpv4(written) === isIpv4(asked) && list.check(asked, isIpv4(asked) ? 'ipv4' : 'ipv6')
        inside += expected ? 1 : 0
        expect(within(asked, `${written}/${prefix}`)).toBe(expected)
      }),
      { numRuns: 3000 },
    )
    expect(inside).toBeGreaterThan(500)
  })

  test.each<[string, string, boolean]>([
    ['10.0.0.255', '10.0.0.0/24', true],
    ['10.0.1.0', '10.0.0.0/24', false],
    ['10.0.0.9', '10.0.0.1/24', true],
    ['10.0.0.1', '10.0.0.1', true],
    ['10.0.0.2', '10.0.0.1', false],
    ['10.0.0.1', '0.0.0.0/0', true],
    ['10.0.0.1', '::/0', false],
    ['2001:db8::1', '0.0.0.0/0', false],
    ['2001:db8::1', '2001:db8::/32', true],
    ['2001:DB8:0:0:0:0:0:1', '2001:db8::1', true],
    ['2001:db9::1', '2001:db8::/32', false],
    ['::ffff:10.0.0.1', '10.0.0.0/8', true],
    ['10.0.0.1', '::ffff:10.0.0.0/104', true],
    ['11.0.0.1', '::ffff:10.0.0.0/104', false],
    ['10.0.0.1', '::ffff:0:0/95', false],
    ['10.0.0.1', '::ffff:0:0/96', true],
    ['fe80::1%eth0', 'fe80::/10', true],
  ])('with %s asked of %s says %s', (asked, network, expected) => {
    expect(within(asked, network)).toBe(expected)
  })

  test.each([
    '010.0.0.1',
    '10.0.0',
    '10.0.0.1.2',
    '10.0.0.-1',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '1::2::3',
    '1:2:3:4::5:6:7:8',
    ':::',
    ':1',
    '12345::',
    '::g',
    '::1.2.3',
    '::1.2.3.256',
    '10.0.0.0/08',
    '10.0.0.0/-1',
    ' 10.0.0.0/8',
    'fe80::1%eth0',
  ])('is not %j', (text) => expect(readNetwork(text)).toBeUndefined())
})

describe('a document', () => {
  test('that is JSON is read as JSON', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(readDocument(JSON.stringify(value))).toEqual({ value: JSON.parse(JSON.stringify(value)) })
      }),
    )
  })

  test.each([
    ['{"a":1,"a":2}', 'a'],
    ['{"a":1,"\\u0061":2}', 'a'],
    ['{"b":[{"a":{"c":1}},{"a":1,"b":2,"a":{}}]}', 'a'],
    ['{"a\\"":1,"x":"a","a\\"":2}', 'a\\"'],
    ['{"__proto__":1,"__proto__":2}', '__proto__'],
  ])('%s is refused, for a member that is there twice', (text, name) => {
    expect(readDocument(text)).toEqual({ fault: `the member "${name}" is there twice` })
  })

  test('may have the same member name in different objects, and as a value', () => {
    expect(readDocument('{"a":"a","b":{"a":["a","a",{"a":":"}]}}')).toHaveProperty('value')
  })

  test.each(['', '{', "{'a':1}", '{"a":1,}'])('%j is not one', (text) => {
    expect(readDocument(text)).toEqual({ fault: 'the document is not JSON' })
  })
})

import { describe, expect, test } from 'vitest'
import { type Asked, allows, appId, documentOf, faultOf, root, uin } from './policy-question.ts'

const dollar = '$'
type Condition = Readonly<Record<string, unknown>>

/** Both ways: what an allow with the condition opens, a deny with it closes. */
const holds = (condition: Condition, asked: Asked = {}): boolean => {
  const allowed = allows({ condition }, asked)
  expect(allows([{}, { effect: 'deny', condition }], asked)).toBe(!allowed)
  return allowed
}

const noon = '2026-06-15T12:00:00Z'
const second = '2026-06-15T12:00:01Z'
const before = '2026-06-15T11:59:59Z'

/** Operator, key, written value; a question that meets it and one that does not. */
const operators: readonly [string, string, unknown, Asked, Asked][] = [
  ['string_equal', 'qcs:uin', '7', { principal: '7' }, { principal: '8' }],
  ['string_equal', 'qcs:uin', ['6', '7'], { principal: '7' }, { principal: '8' }],
  ['string_not_equal', 'qcs:uin', '7', { principal: '8' }, { principal: '7' }],
  ['string_not_equal', 'qcs:uin', ['6', '7'], { principal: '8' }, { principal: '7' }],
  ['string_equal_ignore_case', 'qcs:tag/team', 'Blue', { tags: { team: 'bLUE' } }, { tags: { team: 'red' } }],
  ['string_not_equal_ignore_case', 'qcs:tag/team', 'Blue', { tags: { team: 'red' } }, { tags: { team: 'bLUE' } }],
  ['string_like', 'qcs:tag/team', 'blue*', { tags: { team: 'blue-1' } }, { tags: { team: 'a-blue' } }],
  ['string_like', 'qcs:tag/team', '*blue', { tags: { team: 'a-blue' } }, { tags: { team: 'blue-1' } }],
  ['string_like', 'qcs:tag/team', '*blue*', { tags: { team: 'a-blue-1' } }, { tags: { team: 'red' } }],
  ['string_like', 'qcs:tag/team', 'blue', { tags: { team: 'blue' } }, { tags: { team: 'blue-1' } }],
  ['binary_equal', 'qcs:tag/team', 'Ymx1ZQ==', { tags: { team: 'Ymx1ZQ==' } }, { tags: { team: 'blue' } }],
  ['numeric_equal', 'qcs:uin', 7, { principal: '7' }, { principal: '8' }],
  ['numeric_equal', 'qcs:uin', '7', { principal: '7' }, { principal: '8' }],
  ['numeric_not_equal', 'qcs:uin', [6, 7], { principal: '8' }, { principal: '7' }],
  ['numeric_less_than', 'qcs:uin', 7, { principal: '6' }, { principal: '7' }],
  ['numeric_less_than_equal', 'qcs:uin', 7, { principal: '7' }, { principal: '8' }],
  ['numeric_greater_than', 'qcs:uin', 7, { principal: '10' }, { principal: '7' }],
  ['numeric_greater_than_equal', 'qcs:uin', 7, { principal: '7' }, { principal: '6' }],
  ['date_equal', 'qcs:current_time', noon, { now: noon }, { now: second }],
  ['date_not_equal', 'qcs:current_time', noon, { now: second }, { now: noon }],
  ['date_less_than', 'qcs:current_time', noon, { now: before }, { now: noon }],
  ['date_less_than_equal', 'qcs:current_time', noon, { now: noon }, { now: second }],
  ['date_greater_than', 'qcs:current_time', noon, { now: second }, { now: noon }],
  ['date_greater_than_equal', 'qcs:current_time', noon, { now: noon }, { now: before }],
  ['ip_equal', 'qcs:ip', '10.0.0.0/8', { source: '10.1.2.3' }, { source: '11.1.2.3' }],
  ['ip_equal', 'qcs:ip', ['192.0.2.7', '2001:db8::/32'], { source: '2001:db8::7' }, { source: '2001:db9::7' }],
  [
    'ip_equal',
    'qcs:ip',
    ['10.217.182.3/24', '111.21.33.72/24'],
    { source: '10.217.182.9' },
    { source: '10.217.183.3' },
  ],
  ['ip_not_equal', 'qcs:ip', '10.0.0.0/8', { source: '11.1.2.3' }, { source: '10.1.2.3' }],
  ['ip_not_equal', 'qcs:ip', ['10.0.0.0/8', '11.0.0.0/8'], { source: '12.1.2.3' }, { source: '11.1.2.3' }],
]

describe('the operator', () => {
  test.each(operators)('%s of %s with %j is met and not met', (operator, key, written, met, unmet) => {
    for (const name of [operator, `${operator}_if_exist`, `for_any_value:${operator}`, `for_all_value:${operator}`]) {
      expect(holds({ [name]: { [key]: written } }, met), name).toBe(true)
      expect(holds({ [name]: { [key]: written } }, unmet), name).toBe(false)
    }
  })

  test('bool_equal compares with what is true of every caller: there is no second factor', () => {
    for (const written of [false, 'false', [true, false]])
      expect(holds({ bool_equal: { 'qcs:mfa': written } }), String(written)).toBe(true)
    for (const name of ['bool_equal', 'bool_equal_if_exist'])
      for (const written of [true, 'true']) expect(holds({ [name]: { 'qcs:mfa': written } }), name).toBe(false)
  })

  const absent: Asked = { source: '', key: undefined }
  test.each(['string_equal', 'string_not_equal', 'string_equal_ignore_case', 'string_not_equal_ignore_case'])(
    '%s is not met by an absent key, unless it ends in _if_exist',
    (operator) => {
      for (const key of ['qcs:tag/team', 'qcs:create_uin'])
        for (const prefix of ['', 'for_any_value:', 'for_all_value:']) {
          expect(holds({ [`${prefix}${operator}`]: { [key]: 'x' } }, absent)).toBe(false)
          expect(holds({ [`${prefix}${operator}_if_exist`]: { [key]: 'x' } }, absent)).toBe(true)
        }
    },
  )

  test.each<[string, string, unknown]>([
    ['string_like', 'qcs:tag/team', '*'],
    ['binary_equal', 'qcs:tag/team', 'x'],
    ['numeric_equal', 'qcs:create_uin', 1],
    ['numeric_not_equal', 'qcs:create_uin', 1],
    ['numeric_less_than', 'qcs:create_uin', 1],
    ['numeric_less_than_equal', 'qcs:create_uin', 1],
    ['numeric_greater_than', 'qcs:create_uin', 1],
    ['numeric_greater_than_equal', 'qcs:create_uin', 1],
    ['ip_equal', 'qcs:ip', '0.0.0.0/0'],
    ['ip_not_equal', 'qcs:ip', '10.0.0.0/8'],
    ['string_equal', 'qcs:resource_tag', 'a&b'],
    ['string_equal', 'qcs:request_tag', 'a&b'],
  ])('%s is not met by an absent %s, unless it ends in _if_exist', (operator, key, written) => {
    for (const asked of [absent, { ...absent, tags: {}, requestTags: {} }]) {
      expect(holds({ [operator]: { [key]: written } }, asked)).toBe(false)
      expect(holds({ [`${operator}_if_exist`]: { [key]: written } }, asked)).toBe(true)
    }
  })

  test('null_equal asks whether the key is absent or empty', () => {
    const isNull = (written: unknown, asked: Asked) => holds({ null_equal: { 'qcs:tag/team': written } }, asked)
    for (const asked of [{}, { tags: {} }, { tags: { other: 'x' } }, { tags: { team: '' } }]) {
      expect(isNull(true, asked)).toBe(true)
      expect(isNull('true', asked)).toBe(true)
      expect(isNull(false, asked)).toBe(false)
    }
    expect(isNull(true, { tags: { team: 'x' } })).toBe(false)
    expect(isNull(['false'], { tags: { team: 'x' } })).toBe(true)
    expect(isNull([true, false], {})).toBe(true)
  })
})

describe('the key', () => {
  const equal = (key: string, written: unknown, asked: Asked = {}) => holds({ string_equal: { [key]: written } }, asked)

  test('qcs:uin is the caller, qcs:owner_uin its root, qcs:create_uin the creator of the key', () => {
    const key = { creator: '42', id: 'k' }
    expect(equal('qcs:uin', uin, { key })).toBe(true)
    expect(equal('qcs:owner_uin', root, { key })).toBe(true)
    expect(equal('qcs:create_uin', '42', { key })).toBe(true)
    expect(equal('qcs:create_uin', uin, { key })).toBe(false)
    expect(equal('qcs:uin', root, { key })).toBe(false)
    expect(equal('qcs:owner_uin', uin, { key })).toBe(false)
  })

  test('takes variables in what it is compared with', () => {
    expect(equal('qcs:create_uin', `${dollar}{uin}`, { key: { creator: uin, id: 'k' } })).toBe(true)
    expect(equal('qcs:create_uin', `${dollar}{uin}`, { key: { creator: root, id: 'k' } })).toBe(false)
    expect(equal('qcs:create_uin', `${dollar}{owner_uin}`, { key: { creator: root, id: 'k' } })).toBe(true)
    expect(equal('qcs:tag/app', `app-${dollar}{app_id}`, { tags: { app: `app-${appId}` } })).toBe(true)
    expect(holds({ numeric_equal: { 'qcs:uin': `${dollar}{uin}` } })).toBe(true)
  })

  test('compared with a variable that has no value opens no allow and leaves a deny', () => {
    for (const operator of ['string_equal', 'string_not_equal']) {
      const condition = { [operator]: { 'qcs:uin': `${dollar}{app_id}` } }
      expect(allows({ condition }, { external: {} })).toBe(false)
      expect(allows([{}, { effect: 'deny', condition }], { external: {} })).toBe(false)
    }
  })

  test('qcs:ip of a caller that has no address opens no allow and leaves a deny', () => {
    for (const operator of ['ip_equal', 'ip_not_equal']) {
      const condition = { [operator]: { 'qcs:ip': '10.0.0.0/8' } }
      expect(allows({ condition }, { source: '/run/admin.sock' })).toBe(false)
      expect(allows([{}, { effect: 'deny', condition }], { source: '/run/admin.sock' })).toBe(false)
    }
  })

  test('qcs:ip takes an IPv4 address in IPv6 for itself', () => {
    expect(holds({ ip_equal: { 'qcs:ip': '10.0.0.0/8' } }, { source: '::ffff:10.0.0.1' })).toBe(true)
  })

  test('qcs:resource_tag and qcs:request_tag have a value for each tag', () => {
    const tags = { team: 'blue', stage: 'test' }
    for (const [key, asked] of [
      ['qcs:resource_tag', { tags }],
      ['qcs:request_tag', { requestTags: tags }],
    ] as const) {
      const among = (operator: string, written: unknown) => holds({ [operator]: { [key]: written } }, asked)
      expect(among('for_any_value:string_equal', ['team&blue', 'team&red'])).toBe(true)
      expect(among('for_any_value:string_equal', 'team&red')).toBe(false)
      expect(among('for_all_value:string_equal', ['team&blue', 'team&red'])).toBe(false)
      expect(among('for_all_value:string_equal', ['team&blue', 'stage&test'])).toBe(true)
      expect(among('for_any_value:string_not_equal', 'team&blue')).toBe(true)
      expect(among('for_all_value:string_not_equal', 'team&blue')).toBe(false)
      expect(among('for_all_value:string_not_equal', 'team&red')).toBe(true)
      expect(among('for_any_value:string_like', 'team*')).toBe(true)
    }
  })

  test('with several values and no word on how many means all of them in an allow, and one of them in a deny', () => {
    const asked = { tags: { team: 'blue', stage: 'test' } }
    const condition = { string_equal: { 'qcs:resource_tag': 'team&blue' } }
    expect(allows({ condition }, asked)).toBe(false)
    expect(allows([{}, { effect: 'deny', condition }], asked)).toBe(false)
    expect(holds(condition, { tags: { team: 'blue' } })).toBe(true)
  })

  test('qcs:tag/<key> is the value of one tag of the resource, whatever it is called', () => {
    expect(equal('qcs:tag/team', 'blue', { tags: { team: 'blue' } })).toBe(true)
    expect(equal('qcs:tag/__proto__', 'x', { tags: { team: 'blue' } })).toBe(false)
    expect(equal('qcs:tag/Team', 'blue', { tags: { team: 'blue' } })).toBe(false)
    expect(equal('qcs:tag/team', 'blue', { requestTags: { team: 'blue' } })).toBe(false)
  })
})

describe('conditions', () => {
  const ip = (source: string) => ({ source, principal: '7' })

  test('are all needed: every operator, and every key of one', () => {
    const condition = {
      ip_equal: { 'qcs:ip': '10.0.0.0/8' },
      string_equal: { 'qcs:uin': '7', 'qcs:owner_uin': root },
    }
    expect(holds(condition, ip('10.0.0.1'))).toBe(true)
    expect(holds(condition, ip('11.0.0.1'))).toBe(false)
    expect(holds(condition, { ...ip('10.0.0.1'), principal: '8' })).toBe(false)
    expect(holds({ ...condition, string_equal: { 'qcs:uin': '7', 'qcs:owner_uin': '9' } }, ip('10.0.0.1'))).toBe(false)
  })

  test('on the source address do not apply to BindCloudResource, whatever the statement says', () => {
    const asked: Asked = { action: 'BindCloudResource', source: '192.0.2.1' }
    for (const operator of ['ip_equal', 'ip_not_equal', 'ip_equal_if_exist'])
      for (const network of ['10.0.0.0/8', '192.0.2.0/24'])
        expect(holds({ [operator]: { 'qcs:ip': network } }, asked)).toBe(true)
    expect(holds({ null_equal: { 'qcs:ip': true } }, asked)).toBe(true)
    const both = { ip_equal: { 'qcs:ip': '10.0.0.0/8' }, string_equal: { 'qcs:uin': '7' } }
    expect(holds(both, asked)).toBe(false)
    expect(holds(both, { ...asked, principal: '7' })).toBe(true)
    expect(holds(both, { ...asked, principal: '7', action: 'UnbindCloudResource' })).toBe(false)
  })

  test.each<[string, unknown]>([
    [': must be an object that is not empty', {}],
    [': must be an object that is not empty', []],
    [': must be an object that is not empty', null],
    [' string_equal: must be an object that is not empty', { string_equal: {} }],
    [' string_equal: must be an object that is not empty', { string_equal: ['qcs:uin'] }],
    [' string_eqaul: unknown operator', { string_eqaul: { 'qcs:uin': '7' } }],
    [' String_equal: unknown operator', { String_equal: { 'qcs:uin': '7' } }],
    [' constructor: unknown operator', { constructor: { 'qcs:uin': '7' } }],
    [' string_equal_if_exists: unknown operator', { string_equal_if_exists: { 'qcs:uin': '7' } }],
    [' null_equal_if_exist: unknown operator', { null_equal_if_exist: { 'qcs:uin': true } }],
    [' for_any_value:null_equal: unknown operator', { 'for_any_value:null_equal': { 'qcs:uin': true } }],
    [' for_some_value:string_equal: unknown operator', { 'for_some_value:string_equal': { 'qcs:uin': '7' } }],
    [' for_any_value:: unknown operator', { 'for_any_value:': { 'qcs:uin': '7' } }],
    [' ip_equal: qcs:IP: unknown key', { ip_equal: { 'qcs:IP': '10.0.0.0/8' } }],
    [' ip_equal: ip: unknown key', { ip_equal: { ip: '10.0.0.0/8' } }],
    [' string_equal: qcs:tag/: unknown key', { string_equal: { 'qcs:tag/': 'x' } }],
    [' string_equal: toString: unknown key', { string_equal: { toString: 'x' } }],
    [' string_equal: qcs:uin: the list is empty', { string_equal: { 'qcs:uin': [] } }],
    [' null_equal: qcs:uin: the list is empty', { null_equal: { 'qcs:uin': [] } }],
    [' string_equal: qcs:uin: must be a string', { string_equal: { 'qcs:uin': 7 } }],
    [' string_equal: qcs:uin: must be a string', { string_equal: { 'qcs:uin': ['7', null] } }],
    [' string_equal: qcs:uin: must be a string', { string_equal: { 'qcs:uin': [['7']] } }],
    [' string_equal: qcs:ip: is not a string', { string_equal: { 'qcs:ip': '10.0.0.1' } }],
    [' ip_equal: qcs:uin: is not an address or a network in CIDR notation', { ip_equal: { 'qcs:uin': '::' } }],
    [
      ' ip_equal: qcs:ip 10.0.0: must be an address or a network in CIDR notation',
      { ip_equal: { 'qcs:ip': '10.0.0' } },
    ],
    [' ip_equal: qcs:ip: must be an address or a network in CIDR notation', { ip_equal: { 'qcs:ip': 10 } }],
    [' numeric_equal: qcs:uin x: must be a number', { numeric_equal: { 'qcs:uin': [7, 'x'] } }],
    [' numeric_equal: qcs:uin: must be a number', { numeric_equal: { 'qcs:uin': true } }],
    [
      ' date_equal: qcs:current_time 2026-01-01: must be a time in ISO 8601 and UTC',
      { date_equal: { 'qcs:current_time': '2026-01-01' } },
    ],
    [
      ' date_equal: qcs:current_time: must be a time in ISO 8601 and UTC',
      { date_equal: { 'qcs:current_time': 1767225600 } },
    ],
    [' bool_equal: qcs:mfa True: must be true or false', { bool_equal: { 'qcs:mfa': 'True' } }],
    [' bool_equal: qcs:mfa: must be true or false', { bool_equal: { 'qcs:mfa': 1 } }],
    [' null_equal: qcs:mfa: must be true or false', { null_equal: { 'qcs:mfa': 'yes' } }],
    [' string_like: qcs:uin 1*2: `*` may only be at the start and at the end', { string_like: { 'qcs:uin': '1*2' } }],
    [
      ' string_equal: qcs:resource_tag team: must be <key>&<value>',
      { string_equal: { 'qcs:resource_tag': ['a&b', 'team'] } },
    ],
    [` string_equal: qcs:uin: ${dollar}{user}: unknown variable`, { string_equal: { 'qcs:uin': `${dollar}{user}` } }],
  ])('are refused with: condition%s', (fault, condition) => {
    expect(faultOf(documentOf({ condition }))).toBe(`statement 1: condition${fault}`)
  })
})

/** The decision against a second reader of the same documents, written from the vendor's words with other means. */
import { BlockList, isIPv6 } from 'node:net'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Question } from '../../../src/core/access/policy.ts'
import { actions } from '../../../src/dialects/tencent/actions.ts'
import { type Asked, appId, decide, documentOf, questionOf, root, type Statement } from './policy-question.ts'

const asList = (value: unknown): unknown[] => (Array.isArray(value) ? value : [value])

/** Any `*` stands for any run of characters. */
const wild = (pattern: string, text: string): boolean => {
  const parts = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
  return new RegExp(`^${parts.join('.*')}$`, 's').test(text)
}

const filled = (text: string, { caller }: Question): string =>
  text
    .replaceAll('$' + '{uin}', caller.principal.id)
    .replaceAll('$' + '{owner_uin}', caller.account.id)
    .replaceAll('$' + '{app_id}', caller.account.external.appId ?? '')

const names = (action: string, word: string): boolean => {
  const plain = action.replace(/^name\//, '')
  return wild(plain === '*' ? '*:*' : plain, word)
}

/** In its own dialect the word; in another one any declared action whose word is named and that needs this right. */
const isAbout = (action: string, { caller, word, right }: Question): boolean =>
  caller.dialect === 'tencent'
    ? names(action, word)
    : actions.some(({ rights, operation }) =>
        Object.keys(rights).some((target) => operation.rights[target] === right && names(action, rights[target]!)),
      )

const regionNames: Readonly<Record<string, string>> = { guangzhou: 'ap-guangzhou', shanghai: 'ap-shanghai' }

const covers = (written: string, question: Question): boolean => {
  if (written === '*') return true
  const [, , service, region, account, ...rest] = written.split(':')
  const { resource } = question
  if (!['', '*', 'kms'].includes(service!)) return false
  if (!['', '*', regionNames[resource.region]].includes(region!)) return false
  if (!['', `uin/${resource.account}`].includes(account!)) return false
  const name = resource.id === '*' ? 'key/*' : `key/creatorUin/${resource.creator}/${resource.id}`
  const pattern = filled(rest.join(':'), question)
  return pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : pattern === name
}

const valuesOf = (key: string, { caller, resource, requestTags, now }: Question): string[] => {
  const pairs = (tags = new Map() as ReadonlyMap<string, string>) => [...tags].map((pair) => pair.join('&'))
  if (key.startsWith('qcs:tag/')) return [resource.tags?.get(key.slice(8)) ?? []].flat()
  if (key === 'qcs:resource_tag') return pairs(resource.tags)
  if (key === 'qcs:request_tag') return pairs(requestTags)
  const single: Readonly<Record<string, string>> = {
    'qcs:ip': caller.source,
    'qcs:current_time': String(now),
    'qcs:uin': caller.principal.id,
    'qcs:owner_uin': caller.account.id,
    'qcs:create_uin': resource.creator,
    'qcs:mfa': 'false',
  }
  return single[key] ? [single[key]!] : []
}

const inNetwork = (address: string, network: string): boolean => {
  const [base, bits] = network.split('/')
  if (isIPv6(base!) !== isIPv6(address)) return false
  const family = isIPv6(address) ? 'ipv6' : 'ipv4'
  const list = new BlockList()
  list.addSubnet(base!, Number(bits ?? (family === 'ipv6' ? 128 : 32)), family)
  return list.check(address, family)
}

/** What a base operator says of one actual and one written value. */
const compare = (operator: string, actual: string, written: string): boolean => {
  if (operator.startsWith('ip')) return inNetwork(actual, written)
  if (operator === 'string_like') return wild(written, actual)
  if (operator.includes('ignore_case')) return actual.toUpperCase() === written.toUpperCase()
  if (/^(?:string|binary|bool)/.test(operator)) return actual === written
  const [a, b] = operator.startsWith('date') ? [Number(actual), Date.parse(written)] : [Number(actual), Number(written)]
  const order = operator.replace(/^(?:date|numeric)_/, '')
  if (order === 'less_than') return a < b
  if (order === 'less_than_equal') return a <= b
  if (order === 'greater_than') return a > b
  if (order === 'greater_than_equal') return a >= b
  return a === b
}

const meets = (operator: string, key: string, written: unknown, effect: string, question: Question): boolean => {
  if (key === 'qcs:ip' && question.word === 'kms:BindCloudResource') return true
  const actual = valuesOf(key, question)
  const texts = asList(written).map((each) => filled(String(each), question))
  if (operator === 'null_equal') return texts.includes(String(actual.filter((each) => each !== '').length === 0))
  if (actual.length === 0) return operator.endsWith('_if_exist')
  const base = operator.replace(/^for_..._value:/, '').replace(/_if_exist$/, '')
  const one = (value: string): boolean =>
    base.includes('_not_')
      ? !texts.some((each) => compare(base.replace('_not', ''), value, each))
      : texts.some((each) => compare(base, value, each))
  const isAny = operator.startsWith('for_any') || (!operator.startsWith('for_all') && effect === 'deny')
  return isAny ? actual.some(one) : actual.every(one)
}

const applies = (statement: Required<Statement>, question: Question): boolean =>
  asList(statement.action).some((action) => isAbout(String(action), question)) &&
  asList(statement.resource).some((resource) => covers(String(resource), question)) &&
  Object.entries(statement.condition ?? {}).every(([operator, keys]) =>
    Object.entries(keys as object).every(([key, written]) => meets(operator, key, written, statement.effect, question)),
  )

const naive = (text: string, question: Question): boolean => {
  if (question.resource.account !== root) return false
  const { statement } = JSON.parse(text) as { statement: Required<Statement>[] }
  const applying = statement.filter((each) => applies(each, question)).map(({ effect }) => effect)
  return applying.includes('allow') && !applying.includes('deny')
}

// Few values each, so that documents and questions meet often.
const dollar = '$'
const uins = ['200000000001', '200000000002', root]
const oneOrList = <T>(value: fc.Arbitrary<T>) => fc.oneof(value, fc.array(value, { minLength: 1, maxLength: 3 }))
const action = fc.constantFrom(
  ...['*', '*:*', 'kms:*', 'name/kms:*', 'kms:*Key*', 'kms:*ncrypt', 'kms:Enable*', 'kms:Encrypt', 'name/kms:Decrypt'],
  ...['kms:ReEncrypt', 'kms:ListKeys', 'kms:CreateKey', 'k*:BindCloudResource', 'cos:*', 'kms:*e*e*', 'kms:EnableKeys'],
)
const part = fc.constantFrom(
  ...[
    '*',
    'key/*',
    'k*',
    'key/creatorUin/*',
    `key/creatorUin/${dollar}{uin}/*`,
    `key/creatorUin/${dollar}{owner_uin}/k*`,
  ],
  ...uins.flatMap((uin) => [
    `key/creatorUin/${uin}/*`,
    `key/creatorUin/${uin}/k1`,
    `key/creatorUin/${uin.slice(0, 2)}*`,
  ]),
)
const account = fc.constantFrom('', '', `uin/${root}`, 'uin/100000000009')
const region = fc.constantFrom('', '*', 'ap-guangzhou', 'ap-shanghai', 'ap-nowhere')
const service = fc.constantFrom('kms', 'kms', '', '*', 'cos')
const named = fc.tuple(service, region, account, part).map((parts) => `qcs::${parts.join(':')}`)
const resource = fc.oneof(fc.constant('*'), named, named)

const text = ['string_equal', 'string_not_equal', 'string_equal_ignore_case', 'string_not_equal_ignore_case']
const order = ['equal', 'not_equal', 'less_than', 'less_than_equal', 'greater_than', 'greater_than_equal']
const dates = ['2026-06-15T11:59:59Z', '2026-06-15T12:00:00Z', '2026-06-15T12:00:01Z', '2026-06-15T12:00:00.500Z']
const networks = ['10.0.0.0/8', '10.0.0.1', '192.0.2.77/24', '0.0.0.0/0', '2001:db8::/32', '::/0', '2001:db8::1']
const pairs = ['team&blue', 'team&red', 'stage&test', 'stage&live']
const teams = ['blue', 'Blue', 'red']
const uinValues = [...uins, `${dollar}{uin}`, `${dollar}{owner_uin}`]
/** Operators, the keys that they go with, and what is written. */
const kinds: readonly (readonly [readonly string[], readonly string[], readonly unknown[]])[] = [
  [[...text, 'binary_equal'], ['qcs:uin', 'qcs:owner_uin', 'qcs:create_uin'], uinValues],
  [[...text, 'binary_equal'], ['qcs:resource_tag', 'qcs:request_tag'], pairs],
  [
    [...text, 'binary_equal'],
    ['qcs:tag/team', 'qcs:tag/stage'],
    [...teams, `${dollar}{app_id}`],
  ],
  [['string_like'], ['qcs:resource_tag', 'qcs:request_tag'], ['team*', '*test', '*&*', '*', 'team&red']],
  [['string_like'], ['qcs:uin', 'qcs:tag/team'], ['200*', '*1', '*lu*', 'red']],
  [order.map((each) => `numeric_${each}`), ['qcs:uin', 'qcs:create_uin'], [...uinValues, 200000000001]],
  [order.map((each) => `date_${each}`), ['qcs:current_time'], dates],
  [['bool_equal'], ['qcs:mfa'], [true, false, 'true', 'false']],
  [['ip_equal', 'ip_not_equal'], ['qcs:ip'], networks],
]
const compared = fc.constantFrom(...kinds).chain(([operators, keys, values]) =>
  fc.record({
    prefix: fc.constantFrom('', '', 'for_any_value:', 'for_all_value:'),
    operator: fc.constantFrom(...operators),
    suffix: fc.constantFrom('', '', '_if_exist'),
    written: fc.dictionary(fc.constantFrom(...keys), oneOrList(fc.constantFrom(...values)), { minKeys: 1, maxKeys: 2 }),
  }),
)
const absence = fc.record({
  prefix: fc.constant(''),
  operator: fc.constant('null_equal'),
  suffix: fc.constant(''),
  written: fc.dictionary(
    fc.constantFrom('qcs:resource_tag', 'qcs:tag/team', 'qcs:create_uin', 'qcs:ip'),
    oneOrList(fc.constantFrom(true, false, 'true', 'false')),
    { minKeys: 1, maxKeys: 2 },
  ),
})
const condition = fc
  .array(fc.oneof({ arbitrary: compared, weight: 6 }, { arbitrary: absence, weight: 1 }), {
    minLength: 1,
    maxLength: 2,
  })
  .map((all) =>
    Object.fromEntries(all.map(({ prefix, operator, suffix, written }) => [`${prefix}${operator}${suffix}`, written])),
  )
const statement = fc
  .record({
    effect: fc.constantFrom('allow', 'allow', 'allow', 'deny'),
    action: oneOrList(action),
    resource: oneOrList(resource),
    condition: fc.option(condition, { nil: undefined }),
  })
  .map(({ condition: written, ...rest }) => (written ? { ...rest, condition: written } : rest))
const documents = fc.array(statement, { minLength: 1, maxLength: 4 })

const tags = fc.option(
  fc.dictionary(fc.constantFrom('team', 'stage'), fc.constantFrom(...teams, 'test', 'live', appId, '')),
  { nil: undefined },
)
const onKeys = ['Encrypt', 'Decrypt', 'ReEncrypt', 'EnableKey', 'EnableKeys', 'DescribeKey', 'BindCloudResource']
const key = fc.record({ creator: fc.constantFrom(...uins), id: fc.constantFrom('k1', 'k2', 'x1') })
const asked = fc
  .record({
    keyed: fc.boolean(),
    onKey: fc.constantFrom(...onKeys),
    onNone: fc.constantFrom('ListKeys', 'CreateKey', 'GenerateRandom'),
    key,
    tags,
    requestTags: tags,
    dialect: fc.constantFrom('tencent', 'tencent', 'tencent', 'huawei'),
    principal: fc.constantFrom(...uins),
    source: fc.constantFrom('10.0.0.1', '10.9.9.9', '192.0.2.1', '2001:db8::1', '2001:db9::1', ''),
    now: fc.constantFrom(...dates),
    region: fc.constantFrom('guangzhou', 'guangzhou', 'shanghai', 'beijing-7'),
    account: fc.constantFrom(root, root, root, root, '100000000009'),
  })
  .map(({ keyed, onKey, onNone, key: object, tags: own, requestTags, ...rest }): Asked => {
    const common = { ...rest, ...(requestTags ? { requestTags } : {}) }
    if (!keyed)
      return { ...common, action: onNone, key: undefined, kind: onNone === 'GenerateRandom' ? 'service' : 'key' }
    return { ...common, action: onKey, key: object, ...(own ? { tags: own } : {}) }
  })

test('the decision is that of another reader of the same documents, for every question', () => {
  const answers = { yes: 0, no: 0, denied: 0, conditioned: 0 }
  fc.assert(
    fc.property(documents, fc.array(asked, { minLength: 4, maxLength: 4 }), (statements, questions) => {
      const text = JSON.stringify(documentOf(...statements))
      for (const each of questions) {
        const expected = naive(text, questionOf(each))
        const { allowed, by } = decide(text, each)
        expect(by.rule).not.toBe('unreadable')
        expect(allowed, JSON.stringify(each)).toBe(expected)
        answers[expected ? 'yes' : 'no'] += 1
        if (by.rule !== 'statement') continue
        if (!allowed) answers.denied += 1
        if ('condition' in statements[by.index]!) answers.conditioned += 1
      }
    }),
    { numRuns: 5000 },
  )
  // Of 20,000 answers: enough of each, or the documents and the questions passed each other by.
  expect(answers.yes).toBeGreaterThan(2000)
  expect(answers.no).toBeGreaterThan(2000)
  expect(answers.denied).toBeGreaterThan(500)
  expect(answers.conditioned).toBeGreaterThan(500)
})

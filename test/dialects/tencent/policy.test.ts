import { describe, expect, test } from 'vitest'
import { codeOf } from '../../../src/contract/errors.ts'
import { wordRights } from '../../../src/contract/word-rights.ts'
import { PolicyFault } from '../../../src/core/access/policy.ts'
import { keyRights, rights } from '../../../src/core/access/right.ts'
import { actions } from '../../../src/dialects/tencent/actions.ts'
import { errors } from '../../../src/dialects/tencent/errors.ts'
import { vendorActions } from '../../../src/dialects/tencent/vendor.ts'
import {
  type Asked,
  allows,
  decide,
  documentOf,
  faultOf,
  language,
  root,
  type Statement,
  uin,
} from './policy-question.ts'

const dollar = '$'
/** A document of so many characters: actions of a service that is none of ours, as many as it takes. */
const sized = (characters: number): string => {
  const text = (names: string[]) => JSON.stringify(documentOf({ action: ['kms:*', ...names] }))
  const many = Array.from({ length: 800 }, () => 'a:b')
  return text([...many, `a:b${'c'.repeat(characters - text([...many, 'a:b']).length)}`])
}
const resource = (part: string, { region = '', account = '' } = {}) => `qcs::kms:${region}:${account}:${part}`

describe('a document', () => {
  test.each<[string, unknown]>([
    [
      'the printed example',
      {
        version: '2.0',
        statement: [
          {
            effect: 'allow',
            action: ['name/kms:Encrypt'],
            resource: ['qcs::kms:ap-guangzhou:uin/1001:key/creatorUin/1001/*'],
            condition: { ip_equal: { 'qcs:ip': ['10.0.0.0/8'] } },
          },
        ],
      },
    ],
    [
      'texts in the place of lists, in another order',
      '{"statement":[{"resource":"*","action":"*","effect":"deny"}],"version":"2.0"}',
    ],
    ['actions of every form', documentOf({ action: ['*', '*:*', 'kms:*', 'kms:Encrypt', 'name/kms:*Key*', 'name/*'] })],
    ['actions of other services', documentOf({ action: ['cos:GetObject', 'name/cvm:*', 'actionName/cos:Read'] })],
    ['actions that are not offered here', documentOf({ action: ['kms:CreateWhiteBoxKey', 'kms:SignByAsymmetricKey'] })],
    [
      'names of the API before',
      documentOf({ action: ['kms:ListKey', 'kms:GetKeyAttributes', 'kms:SetKeyAttributes'] }),
    ],
    ['a feature set', documentOf({ action: 'actionName/kms:Everything' })],
    [
      'resources of other services',
      documentOf({ resource: ['qcs:id/0:cos::uid/1:prefix//1/*/a:b', 'qcs::cvm:::instance/*'] }),
    ],
    ['a region that is not here', documentOf({ resource: resource('*', { region: 'ap-nowhere' }) })],
    ['6144 characters without spaces, and others', `${' \n'.repeat(9000)}${sized(6144)}`],
  ])('is read with %s', (_name, document) => expect(faultOf(document)).toBeUndefined())

  const one = (over: object) => ({ ...documentOf({}), ...over })
  const list = 'the list is empty'
  const form = 'must be *, or <service>:<name>'
  const strings = 'must be a string or a list of strings'
  test.each<[string, unknown]>([
    ['the document is not JSON', '{"version":"2.0"'],
    [
      'the member "effect" is there twice',
      JSON.stringify(documentOf({ effect: 'deny' })).replace('"effect"', '"effect":"allow","effect"'),
    ],
    ['the document: must be an object', []],
    ['the document: must be an object', '"2.0"'],
    ['the document: must be an object', 'null'],
    ['the document: version is missing', { statement: [] }],
    ['the document: statement is missing', { version: '2.0' }],
    ['the document: Statement: unknown element', one({ Statement: [] })],
    ['the document: __proto__: unknown element', '{"version":"2.0","statement":[],"__proto__":{}}'],
    ['the document: principal is only for the trust policies of roles', one({ principal: { qcs: ['*'] } })],
    ['the document: version must be "2.0"', one({ version: '1.0' })],
    ['the document: version must be "2.0"', one({ version: 2 })],
    ['the document: statement must be a list that is not empty', one({ statement: [] })],
    ['the document: statement must be a list that is not empty', one({ statement: { effect: 'allow' } })],
    ['the document: at most 6144 characters without spaces', sized(6145)],
    ['the document: at most 6144 characters without spaces', `${JSON.stringify(documentOf({}))}${' '.repeat(70_000)}`],
    ['statement 1: must be an object', one({ statement: ['allow'] })],
    ['statement 2: must be an object', one({ statement: [...documentOf({}).statement, []] })],
    ['statement 1: effect is missing', one({ statement: [{ action: '*', resource: '*' }] })],
    ['statement 1: action is missing', one({ statement: [{ effect: 'allow', resource: '*' }] })],
    ['statement 1: resource is missing', one({ statement: [{ effect: 'allow', action: '*' }] })],
    ['statement 1: sid: unknown element', documentOf({ sid: 'x' } as Statement)],
    ['statement 1: Condition: unknown element', documentOf({ Condition: {} } as Statement)],
    ['statement 1: principal is only for the trust policies of roles', documentOf({ principal: '*' } as Statement)],
    ['statement 1: effect must be allow or deny', documentOf({ effect: 'Deny' })],
    ['statement 2: effect must be allow or deny', documentOf({}, { effect: '' })],
    [`statement 1: action: ${list}`, documentOf({ action: [] })],
    [`statement 1: action: ${strings}`, documentOf({ action: ['*', 1] })],
    [`statement 1: action: ${strings}`, documentOf({ action: { name: '*' } })],
    [`statement 1: action : ${form}`, documentOf({ action: '' })],
    [`statement 1: action Encrypt: ${form}`, documentOf({ action: 'Encrypt' })],
    [`statement 1: action Name/kms:Encrypt: ${form}`, documentOf({ action: 'Name/kms:Encrypt' })],
    [`statement 1: action KMS:Encrypt: ${form}`, documentOf({ action: 'KMS:Encrypt' })],
    [`statement 1: action kms:a:b: ${form}`, documentOf({ action: 'kms:a:b' })],
    [`statement 1: action kms:?: ${form}`, documentOf({ action: 'kms:\n' })],
    ['statement 1: action kms:Encrpyt: unknown action', documentOf({ action: ['kms:Decrypt', 'kms:Encrpyt'] })],
    ['statement 1: action kms:encrypt: unknown action', documentOf({ action: 'kms:encrypt' })],
    ['statement 1: action kms:Crypt*: unknown action', documentOf({ effect: 'deny', action: 'kms:Crypt*' })],
    [`statement 1: resource: ${list}`, documentOf({ resource: [] })],
    [`statement 1: resource: ${strings}`, documentOf({ resource: null })],
    ...[
      ['key/*', 'must be * or qcs:<project>:<service>:<region>:<account>:<resource>'],
      ['qcs::kms::key/*', 'must be * or qcs:<project>:<service>:<region>:<account>:<resource>'],
      ['acs::kms:::key/*', 'must be * or qcs:<project>:<service>:<region>:<account>:<resource>'],
      ['qcs::KMS:::key/*', 'the service must be a name in lower case, `*` or empty'],
      ['qcs::k*:::key/*', 'the service must be a name in lower case, `*` or empty'],
      ['qcs:p:kms:::key/*', 'the project must be empty'],
      ['qcs::kms:ap-*::key/*', 'the region must be a name, `*` or empty'],
      ['qcs::kms::uin/x:key/*', 'the account must be uin/<root uin> or empty'],
      ['qcs::kms::1001:key/*', 'the account must be uin/<root uin> or empty'],
      ['qcs::kms::*:key/*', 'the account must be uin/<root uin> or empty'],
      ['qcs::kms:::key/creatorUin/*/k1', '`*` may only be at the end'],
      [`qcs::kms:::key/creatorUin/${dollar}{user}/*`, `${dollar}{user}: unknown variable`],
      [`qcs::kms:::key/creatorUin/${dollar}{principal}/*`, `${dollar}{principal}: unknown variable`],
      [`qcs::kms:::key/creatorUin/${dollar}{uin/*`, `${dollar}{uin/*: unknown variable`],
      ...[
        'key/k1',
        'key',
        'key/CreatorUin/1/*',
        'key/creatorUin/1',
        'key/creatorUin//k1',
        'key/creatorUin//*',
        'key/creatorUin/1/k1/*',
        'key/creatorUin/1/k1/v1',
        'Key/*',
        '',
      ].map((part) => [`qcs::kms:::${part}`, 'must be key/*, key/creatorUin/<uin>/* or key/creatorUin/<uin>/<key id>']),
    ].map(([name, why]): [string, unknown] => [
      `statement 1: resource ${name}: ${why}`,
      documentOf({ resource: name }),
    ]),
  ])('is refused with: %s', (fault, document) => expect(faultOf(document)).toBe(fault))

  test('that is refused denies everything, and the reason says so', () => {
    const document = documentOf({}, { action: 'kms:Encrpyt', effect: 'deny' })
    const { allowed, by } = decide(document, { action: 'ListKeys', key: undefined })
    expect(allowed).toBe(false)
    expect(by).toMatchObject({ rule: 'unreadable', fault: 'statement 2: action kms:Encrpyt: unknown action' })
  })
})

describe('an action', () => {
  const may = (action: unknown, asked: string, effect = 'allow') =>
    allows([{}, { effect, action }].slice(effect === 'allow' ? 1 : 0), { action: asked })

  test.each<[string, string, boolean]>([
    ['*', 'Encrypt', true],
    ['*:*', 'Encrypt', true],
    ['kms:*', 'Encrypt', true],
    ['k*s:Encrypt', 'Encrypt', true],
    ['*:Encrypt', 'Encrypt', true],
    ['name/*', 'Encrypt', true],
    ['name/kms:Encrypt', 'Encrypt', true],
    ['kms:Encrypt', 'Encrypt', true],
    ['kms:Encrypt', 'ReEncrypt', false],
    ['kms:*ncrypt', 'ReEncrypt', true],
    ['kms:*Key*', 'DisableKeyRotation', true],
    ['kms:*Key*', 'Encrypt', false],
    ['kms:*Key', 'EnableKeys', false],
    ['kms:Enable*', 'EnableKeys', true],
    ['kms:En*Key', 'EnableKey', true],
    ['kms:En*Key', 'EnableKeys', false],
    ['kms:EnableKey', 'EnableKeys', false],
    ['cos:*', 'Encrypt', false],
    ['cos:Encrypt', 'Encrypt', false],
    ['kms:ListKey', 'ListKeys', true],
    ['kms:GetKeyAttributes', 'DescribeKey', true],
    ['kms:SetKeyAttributes', 'UpdateAlias', true],
    ['name/kms:SetKeyAttributes', 'UpdateAlias', true],
    ['kms:SetKeyAttributes', 'EnableKey', false],
  ])('%s names %s: %s', (action, asked, expected) => {
    expect(may(action, asked)).toBe(expected)
    expect(may(action, asked, 'deny')).toBe(!expected)
  })

  test.each([
    ['kms:ListKey', 'ListKeyDetail'],
    ['kms:GetKeyAttributes', 'DescribeKeys'],
    ['kms:SetKeyAttributes', 'UpdateKeyDescription'],
    ['actionName/kms:Everything', 'Encrypt'],
    ['actionName/*', 'Encrypt'],
  ])('%s, told apart less finely, is no allow of %s but a deny of it', (action, asked) => {
    expect(may(action, asked)).toBe(false)
    expect(may(action, asked, 'deny')).toBe(false)
  })

  test('reaches through another dialect the rights that its word reaches', () => {
    const through = { dialect: 'huawei' }
    expect(allows({ action: 'kms:DisableKeys' }, { action: 'DisableKey', ...through })).toBe(true)
    expect(allows({ action: 'kms:DisableKeys' }, { action: 'DisableKey' })).toBe(false)
    expect(allows({ action: 'kms:DisableKeys' }, { action: 'EnableKey', ...through })).toBe(false)
    const denied = [{}, { effect: 'deny', action: 'kms:DisableKeys' }]
    expect(allows(denied, { action: 'DisableKey', ...through })).toBe(false)
    expect(allows(denied, { action: 'DisableKey' })).toBe(true)
  })

  test('that is a deny of every action is one of every right, also of those that this cloud has no word for', () => {
    const reached = (effect: string, action: unknown) => {
      const read = language(JSON.stringify(documentOf({ effect, action })))
      return read instanceof PolicyFault ? read.fault : read[0]?.rights
    }
    expect(reached('deny', '*')).toEqual(new Set(rights))
    for (const action of ['kms:*', ['kms:*y*', 'kms:*']]) expect(reached('deny', action)).toEqual(new Set(keyRights))
    const worded = new Set([...wordRights(actions).values()].flatMap((each) => [...each]))
    expect(reached('allow', '*')).toEqual(worded)
    expect(worded.has('administer')).toBe(false)
  })

  test('of two targets reaches both', () => {
    for (const target of ['source', 'destination'])
      for (const dialect of ['tencent', 'huawei'])
        expect(allows({ action: 'kms:ReEncrypt' }, { action: 'ReEncrypt', target, dialect })).toBe(true)
  })

  test('has the rights of the targets that its declaration names', () => {
    const reached = wordRights(actions)
    expect(reached.get('kms:ReEncrypt')).toEqual(new Set(['reEncryptFrom', 'reEncryptTo']))
    expect(reached.get('kms:Decrypt')).toEqual(new Set(['decrypt']))
    expect([...reached.values()].every((rights) => rights.size > 0)).toBe(true)
    expect(new Set(reached.keys())).toEqual(new Set(actions.flatMap(({ rights }) => Object.values(rights))))
  })
})

describe('a resource', () => {
  const own = { creator: uin, id: 'k1' }
  const other = { creator: root, id: 'k2' }
  const guangzhou = { region: 'ap-guangzhou' }
  const mine = { account: `uin/${root}` }

  test.each<[string, Asked, boolean]>([
    ['*', { key: undefined }, true],
    ['*', { key: own }, true],
    [resource('*'), { key: undefined }, true],
    [resource('key/*'), { key: undefined }, true],
    [resource('key/*'), { key: undefined, kind: 'service' }, true],
    [resource('ke*'), { key: undefined }, true],
    [resource('key/*'), { key: own }, true],
    [resource('key/creatorUin/*'), { key: own }, true],
    [resource('key/creatorUin/*'), { key: undefined }, false],
    [resource('key/creatorUin/*'), { key: undefined, kind: 'service' }, false],
    [resource('key/creator*'), { key: undefined }, false],
    [resource(`key/creatorUin/${uin}/*`), { key: own }, true],
    [resource(`key/creatorUin/${uin}/*`), { key: other }, false],
    [resource(`key/creatorUin/${uin}/*`), { key: undefined }, false],
    [resource(`key/creatorUin/${uin.slice(0, 3)}*`), { key: own }, true],
    [resource(`key/creatorUin/${uin.slice(0, 3)}*`), { key: other }, false],
    [resource(`key/creatorUin/${uin.slice(0, 3)}/*`), { key: own }, false],
    [resource(`key/creatorUin/${uin}/k1`), { key: own }, true],
    [resource(`key/creatorUin/${uin}/k`), { key: own }, false],
    [resource(`key/creatorUin/${uin}/k*`), { key: own }, true],
    [resource(`key/creatorUin/${uin}/K1`), { key: own }, false],
    [resource(`key/creatorUin/${root}/k1`), { key: own }, false],
    [resource(`key/creatorUin/${uin}/k1`), { key: undefined }, false],
    [resource(`key/creatorUin/${dollar}{uin}/*`), { key: own }, true],
    [resource(`key/creatorUin/${dollar}{uin}/*`), { key: other }, false],
    [resource(`key/creatorUin/${dollar}{owner_uin}/*`), { key: other }, true],
    [resource(`key/creatorUin/${dollar}{owner_uin}/*`), { key: own }, false],
    [resource(`key/creatorUin/${uin}/${dollar}{app_id}`), { key: { creator: uin, id: '1250000001' } }, true],
    [resource(`key/creatorUin/${uin}/${dollar}{app_id}`), { key: own }, false],
    [resource('key/*', guangzhou), { region: 'guangzhou' }, true],
    [resource('key/*', guangzhou), { region: 'shanghai' }, false],
    [resource('key/*', { region: '*' }), { region: 'shanghai' }, true],
    // The core's id of a region and another cloud's name for it are no names of this cloud.
    [resource('key/*', { region: 'guangzhou' }), { region: 'guangzhou' }, false],
    [resource('key/*', { region: 'cn-south-1' }), { region: 'guangzhou' }, false],
    [resource('key/*', { region: 'ap-nowhere' }), { region: 'guangzhou' }, false],
    [resource('key/*', mine), { key: own }, true],
    [resource('key/*', { account: 'uin/' }), { key: own }, true],
    [resource('key/*', { account: `uin/${root}1` }), { key: own }, false],
    ['qcs:::::key/*', { key: own }, true],
    ['qcs::*:*::key/*', { key: own }, true],
    ['qcs::cos:::*', { key: own }, false],
    ['qcs::cos:::key/*', { key: own }, false],
  ])('%s covers %j: %s', (name, asked, expected) => {
    expect(allows({ resource: name }, asked)).toBe(expected)
    expect(allows({ resource: ['qcs::cos:::x', name] }, asked)).toBe(expected)
    expect(allows([{}, { effect: 'deny', resource: name }], asked)).toBe(!expected)
  })

  test('of another account is never reached, by a policy of either', () => {
    expect(allows({}, { account: '100000000002' })).toBe(false)
    expect(decide(documentOf({}), {}, '100000000002').allowed).toBe(false)
    expect(decide(documentOf({ resource: resource('key/*', { account: 'uin/100000000002' }) })).allowed).toBe(false)
  })

  test('with a variable that the caller has no value for is no allow, and denies', () => {
    const name = resource(`key/creatorUin/${uin}/${dollar}{app_id}`)
    expect(allows({ resource: name }, { external: {} })).toBe(false)
    expect(allows([{}, { effect: 'deny', resource: name }], { external: {} })).toBe(false)
  })

  test('for one key opens no action that acts on none', () => {
    const one = { action: '*', resource: resource(`key/creatorUin/${uin}/k1`) }
    for (const action of ['CreateKey', 'ListKeys', 'ListKeyDetail'])
      expect(allows(one, { action, key: undefined })).toBe(false)
    for (const action of ['GetServiceStatus', 'GetRegions', 'ListAlgorithms', 'GenerateRandom']) {
      expect(allows(one, { action, key: undefined, kind: 'service' })).toBe(false)
      expect(allows({ resource: resource('key/*') }, { action, key: undefined, kind: 'service' })).toBe(true)
    }
    expect(allows(one, { action: 'Encrypt' })).toBe(true)
  })
})

test('a refusal has the bare code where the action lists it, and the other one where it does not', () => {
  for (const action of actions) {
    const listed = vendorActions.find(({ name }) => name === action.name)?.errors.includes('UnauthorizedOperation')
    const expected = listed ? 'UnauthorizedOperation' : 'AuthFailure.UnauthorizedOperation'
    expect(codeOf(errors, action.errors, { reason: 'permissionDenied' }), action.name).toBe(expected)
  }
})

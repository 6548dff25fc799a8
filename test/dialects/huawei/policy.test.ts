import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { wordRights } from '../../../src/contract/word-rights.ts'
import { judge, type KeyFacts, PolicyFault, type Question } from '../../../src/core/access/policy.ts'
import { keyRights, rights } from '../../../src/core/access/right.ts'
import { contextFromObject, contextFromText } from '../../../src/core/context.ts'
import type { Account, Policy, Principal } from '../../../src/core/object.ts'
import { actions } from '../../../src/dialects/huawei/actions.ts'
import { iamActions } from '../../../src/dialects/huawei/iam/calls.ts'
import { presets } from '../../../src/dialects/huawei/policy/presets.ts'
import { huaweiLanguage } from '../../../src/dialects/huawei/policy.ts'
import { vendorActions } from '../../../src/dialects/huawei/vendor.ts'

const every = [...actions, ...iamActions]
const words = wordRights(every)
const regions = [
  { id: 'beijing', algorithm: 'aes-256', names: { huawei: 'cn-north-4', tencent: 'ap-beijing' } },
  { id: 'shanghai', algorithm: 'aes-256', names: { huawei: 'cn-east-3' } },
]
const language = huaweiLanguage(every, words, regions)
const languages = new Map([['huawei', language]])

interface Written {
  readonly Version?: string
  readonly Effect?: string
  readonly Action?: unknown
  readonly Resource?: unknown
  readonly Condition?: unknown
}

const documentOf = (...statements: readonly Written[]): string => {
  const Version = statements[0]?.Version ?? '5.0'
  const whole = statements.map(({ Version: _version, ...rest }) => ({ Effect: 'Allow', Action: '*', ...rest }))
  return JSON.stringify({ Version, Statement: whole })
}

const faultOf = (document: string): string => {
  const read = language(document)
  return read instanceof PolicyFault ? read.fault : 'none'
}

const common = { account: '100', revision: 1, createdAt: 0 }
const principal: Principal = {
  ...common,
  kind: 'principal',
  id: '200',
  name: 'alice',
  root: false,
  disabled: false,
  external: { userId: 'u1' },
  policies: ['p'],
  passwordRecord: null,
  role: null,
}
const account: Account = {
  ...common,
  kind: 'account',
  id: '100',
  name: 'first',
  external: { domainId: 'd1', domainName: 'first' },
  administrator: null,
}

interface Asked {
  readonly word?: string
  readonly dialect?: string
  readonly right?: Question['right']
  readonly key?: Partial<KeyFacts> | null
  readonly id?: string
  readonly region?: string
  readonly kind?: string
  readonly tags?: Readonly<Record<string, string>>
  readonly requestTags?: Readonly<Record<string, string>>
  readonly request?: Question['request']
  readonly source?: string
  readonly now?: number
}

const facts: KeyFacts = { origin: 'generated', algorithm: 'aes-256', usage: 'encryptDecrypt' }

const questionOf = (asked: Asked): Question => {
  const { word = 'kms:cmk:encryptData', dialect = 'huawei', id = 'k1', region = 'beijing', kind = 'key' } = asked
  const [right = 'encrypt'] = words.get(word) ?? []
  const tags = asked.tags ? { tags: new Map(Object.entries(asked.tags)) } : {}
  const key = asked.key === null ? {} : { key: { ...facts, ...asked.key } }
  return {
    caller: { dialect, principal, account, source: asked.source ?? '192.0.2.1' },
    right: asked.right ?? right,
    word,
    resource: { kind, account: '100', region, creator: '200', id, ...tags, ...key },
    now: asked.now ?? Date.parse('2026-01-02T03:04:05Z'),
    ...(asked.requestTags ? { requestTags: new Map(Object.entries(asked.requestTags)) } : {}),
    ...(asked.request ? { request: asked.request } : {}),
  }
}

const allows = (document: string, asked: Asked = {}): boolean => {
  const policy: Policy = { ...common, kind: 'policy', id: 'p', name: 'p', language: 'huawei', document }
  return judge(questionOf(asked), [policy], languages).allowed
}

describe('an identity policy', () => {
  it('gives exactly the words that it names, also by a pattern', () => {
    const encrypting = documentOf({ Action: ['kms:cmk:encryptData', 'kms:cmk:get*'] })
    expect(allows(encrypting)).toBe(true)
    expect(allows(encrypting, { word: 'kms:cmk:getPublicKey' })).toBe(true)
    expect(allows(encrypting, { word: 'kms:cmk:decryptData' })).toBe(false)
    expect(allows(documentOf({ Action: 'kms:*' }), { word: 'kms::generateRandom', kind: 'service', id: '*' })).toBe(
      true,
    )
    expect(allows(documentOf({ Action: 'obs:*:*' }))).toBe(false)
  })

  it('is not read by the words of role policies', () => {
    expect(faultOf(documentOf({ Action: 'kms:cmk:crypto' }))).toBe('statement 1: Action kms:cmk:crypto: unknown action')
  })

  it('denies over an allow, whatever their order', () => {
    const deny: Written = { Effect: 'Deny', Action: 'kms:cmk:encryptData' }
    for (const statements of [
      [{}, deny],
      [deny, {}],
    ]) {
      expect(allows(documentOf(...statements))).toBe(false)
      expect(allows(documentOf(...statements), { word: 'kms:cmk:decryptData' })).toBe(true)
    }
  })
})

describe('a role policy', () => {
  const role = (Action: unknown, rest: Written = {}) => documentOf({ Version: '1.1', Action, ...rest })

  it.each(vendorActions.filter(({ name, roleWord }) => roleWord && actions.some((action) => action.name === name)))(
    'names $name as $roleWord',
    ({ name, roleWord }) => {
      const { rights: declared } = actions.find((action) => action.name === name) ?? { rights: {} }
      for (const word of Object.values<string>(declared)) expect(allows(role(roleWord), { word })).toBe(true)
    },
  )

  it('names several calls by one word, and the older words still mean one', () => {
    for (const word of ['kms:cmk:scheduleKeyDeletion', 'kms:cmk:updateKeyAlias', 'kms:cmk:cancelKeyDeletion'])
      expect(allows(role('kms:cmk:update'), { word })).toBe(true)
    expect(allows(role('kms:cmk:update'), { word: 'kms:cmk:disable' })).toBe(false)
    expect(allows(role('kms:dek:decrypt'), { word: 'kms:cmk:decryptDataKey' })).toBe(true)
    expect(allows(role('kms:dek:decrypt'), { word: 'kms:cmk:encryptDataKey' })).toBe(false)
  })

  it('names calls that have no published word as identity policies do', () => {
    expect(allows(role('kms:cmk:generateMac'), { word: 'kms:cmk:generateMac' })).toBe(true)
  })

  it('without a resource speaks of everything', () => {
    expect(allows(role(['kms:*:*']))).toBe(true)
  })
})

describe('the system’s own policies', () => {
  const can = (name: string, word: string) => allows(presets.get(name) ?? '', { word })

  it('are three, and give what their names say', () => {
    expect([...presets.keys()]).toEqual(['KMS Administrator', 'KMS CMKFullAccess', 'KMS CMKReadOnlyAccess'])
    for (const word of words.keys())
      if (word.startsWith('kms:')) expect([word, can('KMS Administrator', word)]).toEqual([word, true])
    expect(can('KMS Administrator', 'iam:credentials:createCredential')).toBe(false)
    expect(can('KMS CMKFullAccess', 'kms:cmk:createGrant')).toBe(true)
    expect(can('KMS CMKFullAccess', 'kms:keystore:create')).toBe(false)
    const read = [...words.keys()].filter((word) => can('KMS CMKReadOnlyAccess', word))
    expect(read).toEqual(
      expect.arrayContaining(['kms:cmk:get', 'kms:cmk:list', 'kms:cmk:getRotation', 'kms:cmk:listGrants']),
    )
    expect(read.filter((word) => !/:(?:get|list)/.test(word))).toEqual([])
    expect(read).not.toContain('kms:cmk:getMaterial')
  })
})

describe('a resource', () => {
  const on = (Resource: unknown, asked: Asked = {}, rest: Written = {}) =>
    allows(documentOf({ Resource, ...rest }), asked)

  it('is a key by its id, and then no other key and no collection', () => {
    const one = 'kms:*:*:KeyId:k1'
    expect([on(one), on(one, { id: 'k2' }), on(one, { id: '*' }), on('KMS:::KeyId:k*')]).toEqual([
      true,
      false,
      false,
      true,
    ])
  })

  it('is every key, and what acts on none', () => {
    const all = 'kms:*:*:KeyId:*'
    expect([on(all), on(all, { id: '*' }), on(all, { kind: 'service', id: '*' })]).toEqual([true, true, true])
    expect(on('kms:*:*:*:*', { kind: 'keyStore' })).toBe(true)
  })

  it('is of a region by this cloud’s name, and of an account by its id', () => {
    expect(on('kms:cn-north-4:*:KeyId:*')).toBe(true)
    expect(on('kms:cn-north-4:*:KeyId:*', { region: 'shanghai' })).toBe(false)
    expect(on('kms:no-such-region:*:KeyId:*')).toBe(false)
    expect([on('kms:*:d1:KeyId:*'), on('kms:*:d2:KeyId:*'), on(['kms:*:d2:KeyId:*', 'kms:*:d1:KeyId:k1'])]).toEqual([
      true,
      false,
      true,
    ])
    const deny: Written = { Effect: 'Deny', Resource: 'kms:*:d1:KeyId:k1' }
    expect([allows(documentOf({}, deny)), allows(documentOf({}, deny), { id: 'k2' })]).toEqual([false, true])
  })

  it('of another service is none of ours', () => {
    expect(on('obs:*:*:bucket:photos')).toBe(false)
  })
})

describe('a condition', () => {
  const when = (Condition: unknown, asked: Asked = {}, Effect = 'Allow') =>
    Effect === 'Allow' ? allows(documentOf({ Condition }), asked) : allows(documentOf({}, { Effect, Condition }), asked)
  const denies = (Condition: unknown, asked: Asked = {}) => !when(Condition, asked, 'Deny')

  it.each<[string, object, Asked, boolean]>([
    ['StringEquals', { 'g:UserName': ['bob', 'alice'] }, {}, true],
    ['StringNotEquals', { 'g:UserName': 'alice' }, {}, false],
    ['StringEqualsIgnoreCase', { 'g:UserName': 'ALICE' }, {}, true],
    ['StringMatch', { 'g:DomainName': 'f*t' }, {}, true],
    ['StringNotMatch', { 'g:DomainName': 'f*t' }, {}, false],
    ['StringStartWith', { 'g:UserId': 'u' }, {}, true],
    ['StringEndWith', { 'g:UserId': 'u' }, {}, false],
    ['DateLessThan', { 'g:CurrentTime': '2026-01-02T03:04:06Z' }, {}, true],
    ['DateGreaterThan', { 'g:CurrentTime': '2026-01-02T03:04:06Z' }, {}, false],
    ['Bool', { 'g:MFAPresent': 'true' }, {}, false],
    ['Bool', { 'g:PrincipalIsRootUser': false }, {}, true],
    ['IpAddress', { 'g:SourceIp': ['10.0.0.0/8', '192.0.2.0/24'] }, {}, true],
    ['NotIpAddress', { 'g:SourceIp': '192.0.2.0/24' }, {}, false],
    ['StringEquals', { 'kms:KeySpec': 'AES_256', 'kms:KeyOrigin': 'kms', 'kms:KeyUsage': 'ENCRYPT_DECRYPT' }, {}, true],
    ['StringEquals', { 'kms:KeySpec': 'SM4' }, {}, false],
    ['StringEquals', { 'kms:KeyOrigin': 'external' }, { key: { origin: 'imported' } }, true],
    ['StringEquals', { 'kms:KeySpec': 'SM4' }, { key: null, request: { key: { ...facts, algorithm: 'sm4' } } }, true],
    ['StringEquals', { 'kms:MacAlgorithm': 'HMAC_SM3' }, { request: { mac: 'hmac-sm3' } }, true],
    ['StringEquals', { 'g:EnterpriseProjectId': '0' }, {}, true],
    ['StringEquals', { 'g:EnterpriseProjectId': 'e1' }, { key: { group: 'e1' } }, true],
    ['StringEquals', { 'kms:RequestAlias': 'alias/x' }, { request: { aliases: ['x'] } }, true],
    ['StringEquals', { 'kms:RequestAlias': 'alias/x' }, {}, false],
    ['ForAnyValue:StringEquals', { 'kms:ResourceAliases': 'alias/b' }, { key: { aliases: ['a', 'b'] } }, true],
    ['ForAnyValue:StringEquals', { 'kms:ResourceAliases': 'alias/b' }, { key: { aliases: [] } }, false],
    ['StringEquals', { 'g:ResourceTag/team': 'blue' }, { tags: { team: 'blue' } }, true],
    ['StringEquals', { 'g:ResourceTag/team': 'blue' }, { tags: { team: 'red' } }, false],
    ['StringEquals', { 'g:RequestTag/team': 'blue' }, { requestTags: { team: 'blue' } }, true],
    ['ForAllValues:StringEquals', { 'g:TagKeys': ['a', 'b'] }, { requestTags: { a: '1', c: '2' } }, false],
    ['ForAnyValue:StringEquals', { 'g:TagKeys': ['a', 'b'] }, { requestTags: { a: '1', c: '2' } }, true],
    ['StringEqualsIfExists', { 'g:ResourceTag/team': 'blue' }, {}, true],
    ['Null', { 'g:ResourceTag/team': true }, {}, true],
    ['Null', { 'g:ResourceTag/team': 'true' }, { tags: { team: 'blue' } }, false],
  ])('%s %j of %j is %s', (operator, keys, asked, holds) => {
    expect(when({ [operator]: keys }, asked)).toBe(holds)
    expect(denies({ [operator]: keys }, asked)).toBe(holds)
  })

  it('on the context of a plaintext reads a member of it', () => {
    const condition = { StringEquals: { 'kms:EncryptionContext/app': 'shop' } }
    const context = (value: object) => ({ request: { context: contextFromObject(value)! } })
    expect([
      when(condition, context({ app: 'shop' })),
      when(condition, context({ app: 'x' })),
      when(condition, context({})),
    ]).toEqual([true, false, false])
  })

  it.each<[string, object, Asked]>([
    ['what a request says of no key', { 'kms:KeySpec': 'AES_256' }, { key: null }],
    ['the algorithm of a call that makes no MAC', { 'kms:MacAlgorithm': 'HMAC_SM3' }, {}],
    [
      'a context that is a text',
      { 'kms:EncryptionContext/app': 'x' },
      { request: { context: contextFromText('app')! } },
    ],
    ['a context of an operation that has none', { 'kms:EncryptionContext/app': 'x' }, {}],
    ['an attestation', { 'kms:RecipientAttestation/PCR0': 'x' }, {}],
  ])('on %s, which cannot be told, speaks against the caller', (_what, keys, asked) => {
    expect(when({ StringEquals: keys }, asked)).toBe(false)
    expect(denies({ StringEquals: keys }, asked)).toBe(true)
    expect(denies({ StringNotEquals: keys }, asked)).toBe(true)
  })

  it('that denies all but one value denies what has none', () => {
    expect(denies({ StringNotEquals: { 'g:ResourceTag/team': 'blue' } })).toBe(true)
    expect(when({ StringNotEquals: { 'g:ResourceTag/team': 'blue' } })).toBe(false)
  })
})

describe('a document', () => {
  it.each([
    ['the document is not JSON', '{'],
    ['the member "Version" is there twice', '{"Version":"5.0","Version":"1.1","Statement":[]}'],
    ['the document: Version is missing', '{"Statement":[]}'],
    ['the document: Version must be "1.1" or "5.0"', '{"Version":"2.0","Statement":[]}'],
    ['the document: Version must be "1.1" or "5.0"', '{"Version":{"toString":""},"Statement":[]}'],
    ['the document: Statement must be a list that is not empty', '{"Version":"5.0","Statement":[]}'],
    ['the document: Depends: unknown element', '{"Version":"1.1","Statement":[],"Depends":[]}'],
    ['statement 1: Effect must be Allow or Deny', documentOf({ Effect: 'deny' })],
    ['statement 1: NotAction: unknown element', documentOf({ NotAction: '*' } as Written)],
    ['statement 2: Action kms:cmk:encrypted: unknown action', documentOf({}, { Action: 'kms:cmk:encrypted' })],
    ['statement 1: Action encrypt: must be *, or <service>:<type>:<name>', documentOf({ Action: 'encrypt' })],
    ['statement 1: Action: the list is empty', documentOf({ Action: [] })],
    [
      'statement 1: Resource kms:KeyId:x: must be * or <service>:<region>:<account>:<type>:<path>',
      documentOf({ Resource: 'kms:KeyId:x' }),
    ],
    ['statement 1: Resource kms:*:*:Secret:x: unknown resource', documentOf({ Resource: 'kms:*:*:Secret:x' })],
    ['statement 1: Resource iam:*:*:user:bob: unknown resource', documentOf({ Resource: 'iam:*:*:user:bob' })],
    ['statement 1: Condition: must be an object that is not empty', documentOf({ Condition: {} })],
    [
      'statement 1: Condition StringLike: unknown operator',
      documentOf({ Condition: { StringLike: { 'g:UserName': 'a' } } }),
    ],
    [
      'statement 1: Condition StringEquals: g:Colour: unknown key',
      documentOf({ Condition: { StringEquals: { 'g:Colour': 'a' } } }),
    ],
    [
      'statement 1: Condition Bool: g:UserName: is not true or false',
      documentOf({ Condition: { Bool: { 'g:UserName': 'true' } } }),
    ],
    [
      'statement 1: Condition StringMatch: g:UserName: `?` is not offered',
      documentOf({ Condition: { StringMatch: { 'g:UserName': 'a?' } } }),
    ],
    [
      'statement 1: Condition IpAddress: g:SourceIp 300.1.1.1: must be an address or a network in CIDR notation',
      documentOf({ Condition: { IpAddress: { 'g:SourceIp': '300.1.1.1' } } }),
    ],
    ['the document: at most 6144 characters without spaces', documentOf({ Resource: 'x'.repeat(6200) })],
  ])('is refused with: %s', (fault, document) => expect(faultOf(document)).toBe(fault))

  it('that denies everything denies every right, and every word of keys every right of keys', () => {
    const reached = (Action: unknown, Version: string) => {
      const read = language(documentOf({ Version, Effect: 'Deny', Action }))
      return read instanceof PolicyFault ? read.fault : read[0]?.rights
    }
    for (const version of ['1.1', '5.0']) {
      expect(reached('*', version)).toEqual(new Set(rights))
      expect(reached('kms:*', version)).toEqual(new Set(keyRights))
    }
  })

  it('of any form is read or refused, and never throws', () => {
    const part = fc.constantFrom(
      '*',
      'kms',
      'kms:*',
      'kms:cmk:get',
      'KeyId',
      'a',
      '',
      ':',
      'kms:*:*:KeyId:*',
      '1.1',
      '5.0',
    )
    const value = fc.oneof(part, fc.array(part, { maxLength: 2 }), fc.jsonValue({ maxDepth: 2 }))
    const statement = fc.record(
      { Effect: fc.constantFrom('Allow', 'Deny', 'x'), Action: value, Resource: value, Condition: fc.jsonValue() },
      { requiredKeys: ['Effect', 'Action'] },
    )
    const document = fc.record({ Version: fc.constantFrom('1.1', '5.0', 'x'), Statement: fc.array(statement) })
    fc.assert(
      fc.property(fc.oneof(document, fc.jsonValue()), (written) => {
        const read = language(JSON.stringify(written))
        expect(read instanceof PolicyFault || Array.isArray(read)).toBe(true)
      }),
    )
  })
})

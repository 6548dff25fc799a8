/** Questions to policies in Tencent's language, asked without a server. */

import { wordRights } from '../../../src/contract/word-rights.ts'
import { type Judgement, judge, PolicyFault, type Question } from '../../../src/core/access/policy.ts'
import type { Right } from '../../../src/core/access/right.ts'
import type { Policy, Principal } from '../../../src/core/object.ts'
import { actions } from '../../../src/dialects/tencent/actions.ts'
import { camLanguage } from '../../../src/dialects/tencent/policy.ts'

export const root = '100000000001'
export const uin = '200000000001'
export const appId = '1250000001'
export const regions = [
  { id: 'guangzhou', algorithm: 'aes-256', names: { tencent: 'ap-guangzhou', huawei: 'cn-south-1' } },
  { id: 'shanghai', algorithm: 'aes-256', names: { tencent: 'ap-shanghai' } },
  { id: 'beijing-7', algorithm: 'aes-256', names: { huawei: 'cn-north-7' } },
]

export const language = camLanguage(wordRights(actions), regions)
const languages = new Map([['tencent', language]])

export interface Asked {
  readonly action?: string
  /** The target of the action's operation; the first where none is named. */
  readonly target?: string
  readonly dialect?: string
  readonly principal?: string
  readonly external?: Readonly<Record<string, string>>
  readonly source?: string
  readonly now?: string
  readonly region?: string
  readonly account?: string
  /** Absent for the collection. */
  readonly key?: { readonly creator: string; readonly id: string } | undefined
  readonly kind?: string
  readonly tags?: Readonly<Record<string, string>>
  readonly requestTags?: Readonly<Record<string, string>>
}

export const someKey = { creator: uin, id: 'k1' }

/** Encrypt with a key of the caller's own, unless something else is asked. */
export const questionOf = (asked: Asked): Question => {
  const { action = 'Encrypt', key = someKey, kind = 'key', account = root, region = 'guangzhou' } = asked
  const { operation, rights: words } = actions.find(({ name }) => name === action)!
  const target = asked.target ?? Object.keys(words)[0]!
  const common = { account: root, revision: 1, createdAt: 0 }
  const principal: Principal = {
    ...common,
    kind: 'principal',
    id: asked.principal ?? uin,
    name: 'sub',
    root: false,
    disabled: false,
    external: {},
    policies: ['p'],
    passwordRecord: null,
    role: null,
  }
  const external = asked.external ?? { appId }
  const owner = { ...common, kind: 'account', id: root, name: 'first', external, administrator: null } as const
  const object = 'key' in asked && asked.key === undefined ? { creator: '', id: '*' } : key
  return {
    caller: { dialect: asked.dialect ?? 'tencent', principal, account: owner, source: asked.source ?? '192.0.2.1' },
    right: operation.rights[target] as Right,
    word: words[target]!,
    resource: {
      kind,
      account,
      region,
      ...object,
      ...(asked.tags ? { tags: new Map(Object.entries(asked.tags)) } : {}),
    },
    ...(asked.requestTags ? { requestTags: new Map(Object.entries(asked.requestTags)) } : {}),
    now: Date.parse(asked.now ?? '2026-06-15T12:00:00Z'),
  }
}

export interface Statement {
  readonly effect?: string
  readonly action?: unknown
  readonly resource?: unknown
  readonly condition?: unknown
}

/** Statements as a document; what a statement leaves out is: allow every action on everything. */
export const documentOf = (...statements: readonly Statement[]) => ({
  version: '2.0',
  statement: statements.map((statement) => ({ effect: 'allow', action: '*', resource: '*', ...statement })),
})

export const decide = (document: unknown, asked: Asked = {}, policyAccount = root): Judgement => {
  const text = typeof document === 'string' ? document : JSON.stringify(document)
  const row: Policy = {
    kind: 'policy',
    id: 'p',
    account: policyAccount,
    revision: 1,
    name: 'p',
    language: 'tencent',
    document: text,
    createdAt: 0,
  }
  return judge(questionOf(asked), [row], languages)
}

/** Whether the statements allow it; a document that cannot be read fails the test. */
export const allows = (statements: Statement | readonly Statement[], asked: Asked = {}): boolean => {
  const { allowed, by } = decide(documentOf(...[statements].flat()), asked)
  if (by.rule === 'unreadable') throw new Error(by.fault)
  return allowed
}

/** What is wrong with the document; undefined where it is read. */
export const faultOf = (document: unknown): string | undefined => {
  const read = language(typeof document === 'string' ? document : JSON.stringify(document))
  return read instanceof PolicyFault ? read.fault : undefined
}

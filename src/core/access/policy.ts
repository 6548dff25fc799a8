/**
 * The decision, made once for every dialect. Policies of every language are compiled to statements over core rights;
 * default deny, an explicit deny wins, whoever wrote it (the rule of both clouds, and of NIST SP 800-162's deny overrides).
 */
import type { Context } from '../context.ts'
import type { Instant, Key, Policy, Tags } from '../object.ts'
import type { Caller } from './caller.ts'
import type { Right } from './right.ts'

/** What is acted on. A collection has the id `*` and no creator. */
export interface Resource {
  readonly kind: string
  readonly account: string
  readonly region: string
  readonly creator: string
  readonly id: string
  /** What it is called, where policies may name it so. */
  readonly name?: string
  readonly tags?: Tags | undefined
  /** What a key is. */
  readonly key?: KeyFacts | undefined
}

/** A key that is asked to be made has no aliases yet, and may be in no group. */
export type KeyFacts = Pick<Key, 'origin' | 'algorithm' | 'usage'> & Partial<Pick<Key, 'aliases' | 'group'>>

/** What the request itself brings, as far as policies may ask about it. */
export interface RequestFacts {
  /** What is said beside a plaintext. */
  readonly context?: Context
  /** What the key to be made will be. */
  readonly key?: KeyFacts
  /** The algorithm of a MAC, a row of `crypto/algorithms.ts`. */
  readonly mac?: string
  /** Names of aliases that it is about, or by which it names the key. */
  readonly aliases?: readonly string[]
}

/** May the caller do this to that, now? */
export interface Question {
  readonly caller: Pick<Caller, 'dialect' | 'principal' | 'account' | 'source'>
  readonly right: Right
  /** The caller's own dialect's word for it. */
  readonly word: string
  readonly resource: Resource
  /** The tags that the request itself brings. */
  readonly requestTags?: Tags | undefined
  /** Absent where the operation says nothing of its requests: whoever asks cannot be told. */
  readonly request?: RequestFacts | undefined
  /** The resource is another account's, and that account has let the caller's act on it. */
  readonly entrusted?: boolean
  /** The resource itself lets the caller: enough where no policy says anything, and the account need not be the same. */
  readonly granted?: boolean
  readonly now: Instant
}

/**
 * Each member is exact, or has `*` for any run of characters. `${principal}`, `${account}` and `${<external id of the
 * account>}` stand for the caller's own.
 */
export interface ResourcePattern {
  readonly kind: string
  readonly region: string
  readonly creator: string
  readonly id: string
  /** Absent for every name. */
  readonly name?: string
  /** Absent for the account that the policy is in. */
  readonly account?: string
  /** Only what is in a collection, and not the collection. */
  readonly collection?: false
}

export interface Statement {
  readonly effect: 'allow' | 'deny'
  readonly rights: ReadonlySet<Right>
  readonly resources: readonly ResourcePattern[]
  /**
   * In the dialect of its author the statement is about that cloud's own words, which tell more actions apart than there
   * are rights; through every other dialect it is about the rights that those words reach.
   */
  readonly words?: { readonly dialect: string; names(word: string): boolean }
  /** Whether its conditions hold; absent where it has none. */
  holds?(question: Question): boolean
}

/** Why a document is no policy of its language; the text names the fault. */
export class PolicyFault {
  readonly fault: string
  constructor(fault: string) {
    this.fault = fault
  }
}

/** Reads one policy document. */
export type PolicyLanguage = (document: string) => readonly Statement[] | PolicyFault
export type PolicyLanguages = ReadonlyMap<string, PolicyLanguage>

const variable = /\$\{([A-Za-z_]+)\}/g

/** The text with the caller's own values put in; undefined where it names one that the caller has not. */
export const withVariables = (text: string, { principal, account }: Question['caller']): string | undefined => {
  if (!text.includes('${')) return text
  const values: Readonly<Record<string, string>> = { ...account.external, principal: principal.id, account: account.id }
  let known = true
  const filled = text.replace(variable, (_whole, name: string) => {
    if (!Object.hasOwn(values, name)) known = false
    return values[name] ?? ''
  })
  return known ? filled : undefined
}

/** `*` stands for any run of characters, also none. Linear in both lengths for each star: no pattern is slow. */
export const globMatches = (pattern: string, value: string): boolean => {
  if (!pattern.includes('*')) return pattern === value
  const [first = '', ...rest] = pattern.split('*')
  const last = rest.pop() ?? ''
  if (!value.startsWith(first) || value.length < first.length + last.length || !value.endsWith(last)) return false
  let at = first.length
  for (const part of rest) {
    const found = value.indexOf(part, at)
    if (found < 0 || found + part.length > value.length - last.length) return false
    at = found + part.length
  }
  return true
}

type Covers = (pattern: string, value: string) => boolean

/** A pattern that cannot be filled in may mean anything: it speaks against the caller. */
const coveringFor =
  (effect: Statement['effect'], caller: Question['caller']): Covers =>
  (pattern, value) => {
    if (pattern === '*') return true
    const filled = withVariables(pattern, caller)
    return filled === undefined ? effect === 'deny' : globMatches(filled, value)
  }

const reaches = (pattern: ResourcePattern, resource: Resource, author: string, covers: Covers): boolean =>
  (pattern.account ?? author) === resource.account &&
  (pattern.collection !== false || resource.id !== '*') &&
  covers(pattern.kind, resource.kind) &&
  covers(pattern.region, resource.region) &&
  covers(pattern.creator, resource.creator) &&
  covers(pattern.name ?? '*', resource.name ?? '') &&
  covers(pattern.id, resource.id)

const names = ({ words, rights }: Statement, { caller, right, word }: Question): boolean =>
  words?.dialect === caller.dialect ? words.names(word) : rights.has(right)

/**
 * `author` is the account that the policy is in. What it denies it also denies of what other accounts lend, whose names
 * its author did not know.
 */
const applies = (statement: Statement, question: Question, author: string): boolean => {
  const covers = coveringFor(statement.effect, question.caller)
  const lent = question.granted === true && statement.effect === 'deny'
  const home = lent ? question.resource.account : author
  return (
    names(statement, question) &&
    statement.resources.some((pattern) => reaches(pattern, question.resource, home, covers)) &&
    (statement.holds?.(question) ?? true)
  )
}

/** Compiled statements hang off the row that they were read from, so a changed policy is compiled anew. */
const compiled = new WeakMap<Policy, readonly Statement[] | PolicyFault>()

const statementsOf = (policy: Policy, languages: PolicyLanguages): readonly Statement[] | PolicyFault => {
  const known = compiled.get(policy)
  if (known) return known
  const language = languages.get(policy.language)
  const read = language ? language(policy.document) : new PolicyFault(`the language ${policy.language} is unknown`)
  compiled.set(policy, read)
  return read
}

export interface Judgement {
  readonly allowed: boolean
  /** What decided: the account's own root, nothing at all (default deny), a policy that cannot be read, or a statement. */
  readonly by:
    | { readonly rule: 'disabled' | 'otherAccount' | 'root' | 'default' | 'grant' }
    | { readonly rule: 'unreadable'; readonly policy: Policy; readonly fault: string }
    | { readonly rule: 'statement'; readonly policy: Policy; readonly index: number }
}

/**
 * May the caller do this? The account's root principal may; everybody else needs a statement that allows, or a grant, and
 * no statement that denies. A policy that cannot be read may hold a deny, so it denies everything.
 */
export const judge = (question: Question, policies: readonly Policy[], languages: PolicyLanguages): Judgement => {
  const { principal } = question.caller
  if (principal.disabled) return { allowed: false, by: { rule: 'disabled' } }
  if (principal.account !== question.resource.account && !question.entrusted && !question.granted)
    return { allowed: false, by: { rule: 'otherAccount' } }
  if (principal.root) return { allowed: true, by: { rule: 'root' } }
  const judgement = judgeBy(question, policies, languages)
  return question.granted && judgement.by.rule === 'default' ? { allowed: true, by: { rule: 'grant' } } : judgement
}

/** By the policies alone, whoever asks. */
const judgeBy = (question: Question, policies: readonly Policy[], languages: PolicyLanguages): Judgement => {
  let judgement: Judgement = { allowed: false, by: { rule: 'default' } }
  for (const policy of policies) {
    const statements = statementsOf(policy, languages)
    if (statements instanceof PolicyFault)
      return { allowed: false, by: { rule: 'unreadable', policy, fault: statements.fault } }
    for (const [index, statement] of statements.entries()) {
      if (!applies(statement, question, policy.account)) continue
      const by = { rule: 'statement', policy, index } as const
      if (statement.effect === 'deny') return { allowed: false, by }
      if (!judgement.allowed) judgement = { allowed: true, by }
    }
  }
  return judgement
}

/** `session`: what narrows the caller's session, root or not; both must allow. */
export const permits = (
  question: Question,
  policies: readonly Policy[],
  languages: PolicyLanguages,
  session?: Policy,
): boolean =>
  judge(question, policies, languages).allowed && (!session || judgeBy(question, [session], languages).allowed)

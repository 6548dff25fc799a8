/**
 * The decision, made once for every dialect. Policies of every language are compiled to statements over core rights;
 * default deny, an explicit deny wins, whoever wrote it (the rule of both clouds, and of NIST SP 800-162's deny overrides).
 */
import type { Policy, Principal } from '../object.ts'
import type { Right } from './right.ts'

/** What is acted on. A collection has the id `*` and no creator. */
export interface Resource {
  readonly kind: string
  readonly account: string
  readonly region: string
  readonly creator: string
  readonly id: string
}

/** Each member is exact, or `*` for any. */
export interface ResourcePattern {
  readonly kind: string
  readonly region: string
  readonly creator: string
  readonly id: string
}

export interface Statement {
  readonly effect: 'allow' | 'deny'
  readonly rights: ReadonlySet<Right>
  readonly resources: readonly ResourcePattern[]
}

/** Reads one policy document; undefined when it is not a policy of the language. */
export type PolicyLanguage = (document: string) => readonly Statement[] | undefined
export type PolicyLanguages = ReadonlyMap<string, PolicyLanguage>

const covers = (pattern: string, value: string): boolean => pattern === '*' || pattern === value

const matches = (statement: Statement, right: Right, resource: Resource): boolean =>
  statement.rights.has(right) &&
  statement.resources.some(
    (pattern) =>
      covers(pattern.kind, resource.kind) &&
      covers(pattern.region, resource.region) &&
      covers(pattern.creator, resource.creator) &&
      covers(pattern.id, resource.id),
  )

/** Compiled statements hang off the row that they were read from, so a changed policy is compiled anew. */
const compiled = new WeakMap<Policy, readonly Statement[] | undefined>()

const statementsOf = (policy: Policy, languages: PolicyLanguages): readonly Statement[] | undefined => {
  if (!compiled.has(policy)) compiled.set(policy, languages.get(policy.language)?.(policy.document))
  return compiled.get(policy)
}

/**
 * May the principal do this? The account's root principal may; everybody else needs a statement that allows and none
 * that denies. A policy that cannot be read may hold a deny, so it denies everything.
 */
export const permits = (
  principal: Principal,
  policies: readonly Policy[],
  languages: PolicyLanguages,
  right: Right,
  resource: Resource,
): boolean => {
  if (principal.disabled || principal.account !== resource.account) return false
  if (principal.root) return true
  let allowed = false
  for (const policy of policies) {
    const statements = statementsOf(policy, languages)
    if (!statements) return false
    for (const statement of statements) {
      if (!matches(statement, right, resource)) continue
      if (statement.effect === 'deny') return false
      allowed = true
    }
  }
  return allowed
}

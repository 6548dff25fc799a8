/**
 * The core's own policy language, language name `rights`: the statements themselves, as JSON.
 *
 *   {"statements":[{"effect":"allow","rights":["encrypt"],"resources":[{"kind":"key","region":"*","creator":"*","id":"*"}]}]}
 *
 * Every member is required and nothing else may be there: a policy with a misspelt deny must not read as one without.
 */
import { readDocument } from './document.ts'
import { PolicyFault, type PolicyLanguage, type ResourcePattern, type Statement } from './policy.ts'
import { type Right, rights } from './right.ts'

const known: ReadonlySet<string> = new Set(rights)

const hasExactly = (value: unknown, members: readonly string[]): value is Record<string, unknown> =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  Object.keys(value).length === members.length &&
  members.every((member) => Object.hasOwn(value, member))

const isRight = (value: unknown): value is Right => typeof value === 'string' && known.has(value)

const readPattern = (value: unknown): ResourcePattern | undefined => {
  if (!hasExactly(value, ['kind', 'region', 'creator', 'id'])) return undefined
  const { kind, region, creator, id } = value
  if (typeof kind !== 'string' || typeof region !== 'string') return undefined
  if (typeof creator !== 'string' || typeof id !== 'string') return undefined
  return { kind, region, creator, id }
}

const readStatement = (value: unknown): Statement | undefined => {
  if (!hasExactly(value, ['effect', 'rights', 'resources'])) return undefined
  const { effect, rights: named, resources } = value
  if (effect !== 'allow' && effect !== 'deny') return undefined
  if (!Array.isArray(named) || !named.every(isRight) || !Array.isArray(resources)) return undefined
  const patterns = resources.map(readPattern)
  if (patterns.includes(undefined)) return undefined
  return { effect, rights: new Set(named), resources: patterns.filter((pattern) => pattern !== undefined) }
}

export const rightsLanguage: PolicyLanguage = (document) => {
  const read = readDocument(document)
  if ('fault' in read) return new PolicyFault(read.fault)
  const { value } = read
  if (!hasExactly(value, ['statements']) || !Array.isArray(value.statements))
    return new PolicyFault('the document must be a JSON object with `statements`, a list, and nothing else')
  const statements = value.statements.map(readStatement)
  const wrong = statements.indexOf(undefined)
  if (wrong >= 0)
    return new PolicyFault(`statement ${wrong + 1} must have effect, rights and resources, each rightly formed`)
  return statements.filter((statement) => statement !== undefined)
}

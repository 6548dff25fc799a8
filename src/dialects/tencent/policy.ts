/**
 * Tencent Cloud's policy language (CAM, version 2.0), read into core statements. Whatever a document says that is not
 * understood is a fault and never skipped: a deny that was misspelt must not read as a policy without it.
 */
import type { Action } from '../../contract/action.ts'
import { readDocument } from '../../core/access/document.ts'
import { PolicyFault, type PolicyLanguage, type Statement } from '../../core/access/policy.ts'
import type { Right } from '../../core/access/right.ts'
import type { Region } from '../../core/house.ts'
import type { Code } from './codes.ts'
import { readActions, type Vocabulary } from './policy/action.ts'
import { readCondition } from './policy/condition.ts'
import { DocumentFault, shown } from './policy/fault.ts'
import { type RegionIds, readResources } from './policy/resource.ts'
import { vendorActions } from './vendor.ts'
import { neighbourWords } from './vendor-neighbours.ts'

/** The core rights that each permission word reaches, from the declared actions. */
export const wordRights = (
  actions: readonly Pick<Action<Code>, 'rights' | 'operation' | 'also'>[],
): ReadonlyMap<string, ReadonlySet<Right>> => {
  const reached = new Map<string, Set<Right>>()
  const variants = actions.flatMap((action) => [action, ...(action.also ? [action.also] : [])])
  for (const { rights, operation } of variants)
    for (const [target, word] of Object.entries(rights)) {
      const right = operation.rights[target]
      const known = reached.get(word) ?? new Set()
      for (const one of [right, ...Object.values(operation.rightsIn?.[target] ?? {})]) if (one) known.add(one)
      reached.set(word, known)
    }
  return reached
}

/** The documented limit; spaces do not count. */
const charactersMax = 6144
/** With the spaces: our own bound, so that nothing endless is parsed. */
const charactersMaxWithSpaces = 10 * charactersMax

type Members = Readonly<Record<string, unknown>>

const isObject = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** An object with these members: all of the required ones, and no others than the optional ones. */
const readMembers = (value: unknown, required: readonly string[], optional: readonly string[], where: string) => {
  if (!isObject(value)) throw new DocumentFault(`${where}: must be an object`)
  for (const name of Object.keys(value)) {
    if (name === 'principal') throw new DocumentFault(`${where}: principal is only for the trust policies of roles`)
    if (![...required, ...optional].includes(name)) throw new DocumentFault(`${where}: ${shown(name)}: unknown element`)
  }
  for (const name of required) if (!Object.hasOwn(value, name)) throw new DocumentFault(`${where}: ${name} is missing`)
  return value
}

const statementMembers = ['effect', 'action', 'resource']

const readStatement = (written: unknown, where: string, vocabulary: Vocabulary, regions: RegionIds): Statement => {
  const { effect, action, resource, ...rest } = readMembers(written, statementMembers, ['condition'], where)
  if (effect !== 'allow' && effect !== 'deny') throw new DocumentFault(`${where}: effect must be allow or deny`)
  const holds = 'condition' in rest ? readCondition(rest.condition, effect, `${where}: condition`) : undefined
  return {
    effect,
    ...readActions(action, effect, `${where}: action`, vocabulary),
    resources: readResources(resource, regions, `${where}: resource`),
    ...(holds ? { holds } : {}),
  }
}

const parse = (text: string): unknown => {
  if (text.length > charactersMaxWithSpaces || text.replace(/\s/g, '').length > charactersMax)
    throw new DocumentFault(`the document: at most ${charactersMax} characters without spaces`)
  const read = readDocument(text)
  if ('fault' in read) throw new DocumentFault(read.fault)
  return read.value
}

const readPolicy = (text: string, vocabulary: Vocabulary, regions: RegionIds): readonly Statement[] => {
  const { version, statement } = readMembers(parse(text), ['version', 'statement'], [], 'the document')
  if (version !== '2.0') throw new DocumentFault('the document: version must be "2.0"')
  if (!Array.isArray(statement) || statement.length === 0)
    throw new DocumentFault('the document: statement must be a list that is not empty')
  return statement.map((each, at) => readStatement(each, `statement ${at + 1}`, vocabulary, regions))
}

/** `words`: see `wordRights`. Statements are counted from 1 in a fault. */
export const camLanguage = (
  words: ReadonlyMap<string, ReadonlySet<Right>>,
  regions: readonly Region[],
): PolicyLanguage => {
  const known = new Set([...vendorActions.map(({ name }) => `kms:${name}`), ...neighbourWords, ...words.keys()])
  const vocabulary = { known, rights: words }
  const ids: RegionIds = new Map(regions.flatMap(({ id, names }) => (names.tencent ? [[names.tencent, id]] : [])))
  return (document) => {
    try {
      return readPolicy(document, vocabulary, ids)
    } catch (error) {
      if (error instanceof DocumentFault) return new PolicyFault(error.message)
      throw error
    }
  }
}

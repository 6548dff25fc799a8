/**
 * Huawei Cloud's policy language, read into core statements: role policies (version 1.1) and identity policies (5.0), by
 * the `Version` that a document says. Whatever it says that is not understood is a fault and never skipped.
 */
import { DocumentFault, languageOf, parseDocument, readMembers } from '../../contract/policy-document.ts'
import type { Worded, WordRights } from '../../contract/word-rights.ts'
import type { PolicyLanguage, Question, Statement } from '../../core/access/policy.ts'
import type { Region } from '../../core/house.ts'
import { readActions, type Vocabulary } from './policy/action.ts'
import { readCondition } from './policy/condition.ts'
import { type Named, type RegionIds, readResources } from './policy/resource.ts'
import { identityWords, roleWords } from './policy/words.ts'

/** The documented limit of a custom policy. */
const charactersMax = 6144

const effects: ReadonlyMap<unknown, Statement['effect']> = new Map([
  ['Allow', 'allow'],
  ['Deny', 'deny'],
])

type Holds = NonNullable<Statement['holds']>

/** Of a key that another account lends it cannot be told whose it is: that speaks against the caller. */
const isOf =
  (domain: string, effect: Statement['effect']): Holds =>
  ({ caller, resource }: Question) =>
    resource.account === caller.account.id ? caller.account.external.domainId === domain : effect === 'deny'

const both = (one: Holds | undefined, other: Holds | undefined): Holds | undefined =>
  one && other ? (question) => one(question) && other(question) : (one ?? other)

/** The account's id in this cloud is not the core's: resources of one account are a statement of their own. */
const byDomain = (resources: readonly Named[]): ReadonlyMap<string | undefined, readonly Named[]> =>
  Map.groupBy(resources, ({ domain }) => domain)

const readStatement = (written: unknown, where: string, vocabulary: Vocabulary, regions: RegionIds): Statement[] => {
  const members = readMembers(written, ['Effect', 'Action'], ['Sid', 'Resource', 'Condition'], where)
  const effect = effects.get(members.Effect)
  if (!effect) throw new DocumentFault(`${where}: Effect must be Allow or Deny`)
  const condition =
    members.Condition === undefined ? undefined : readCondition(members.Condition, effect, `${where}: Condition`)
  const actions = readActions(members.Action, effect, `${where}: Action`, vocabulary)
  const resources = readResources(members.Resource, regions, `${where}: Resource`)
  return [...byDomain(resources)].map(([domain, named]) => {
    const holds = both(condition, domain === undefined ? undefined : isOf(domain, effect))
    return { effect, ...actions, resources: named.map(({ pattern }) => pattern), ...(holds ? { holds } : {}) }
  })
}

/** `words`: see `contract/word-rights.ts`; `actions`: all whose words a policy may name. */
export const huaweiLanguage = (
  actions: readonly (Worded & { readonly name: string })[],
  words: WordRights,
  regions: readonly Region[],
): PolicyLanguage => {
  const vocabularies: ReadonlyMap<string, Vocabulary> = new Map([
    ['1.1', { spelling: roleWords(actions), rights: words }],
    ['5.0', { spelling: identityWords(actions), rights: words }],
  ])
  const ids: RegionIds = new Map(regions.flatMap(({ id, names }) => (names.huawei ? [[names.huawei, id]] : [])))
  return languageOf((document) => {
    const members = readMembers(parseDocument(document, charactersMax), ['Version', 'Statement'], [], 'the document')
    const { Version: version, Statement: statements } = members
    const vocabulary = typeof version === 'string' ? vocabularies.get(version) : undefined
    if (!vocabulary) throw new DocumentFault('the document: Version must be "1.1" or "5.0"')
    if (!Array.isArray(statements) || statements.length === 0)
      throw new DocumentFault('the document: Statement must be a list that is not empty')
    return statements.flatMap((each, at) => readStatement(each, `statement ${at + 1}`, vocabulary, ids))
  })
}

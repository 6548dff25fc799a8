/**
 * Tencent Cloud's policy language (CAM, version 2.0), read into core statements. Whatever a document says that is not
 * understood is a fault and never skipped: a deny that was misspelt must not read as a policy without it.
 */
import { DocumentFault, languageOf, parseDocument, readMembers } from '../../contract/policy-document.ts'
import type { WordRights } from '../../contract/word-rights.ts'
import type { PolicyLanguage, Statement } from '../../core/access/policy.ts'
import type { Region } from '../../core/house.ts'
import { readActions, type Vocabulary } from './policy/action.ts'
import { readCondition } from './policy/condition.ts'
import { type RegionIds, readResources } from './policy/resource.ts'
import { vendorActions } from './vendor.ts'
import { neighbourWords } from './vendor-neighbours.ts'

/** The documented limit; spaces do not count. */
const charactersMax = 6144
const membersIn: typeof readMembers = (value, required, optional, where) => {
  if (typeof value === 'object' && value !== null && Object.hasOwn(value, 'principal'))
    throw new DocumentFault(`${where}: principal is only for the trust policies of roles`)
  return readMembers(value, required, optional, where)
}

const statementMembers = ['effect', 'action', 'resource']

const readStatement = (written: unknown, where: string, vocabulary: Vocabulary, regions: RegionIds): Statement => {
  const { effect, action, resource, ...rest } = membersIn(written, statementMembers, ['condition'], where)
  if (effect !== 'allow' && effect !== 'deny') throw new DocumentFault(`${where}: effect must be allow or deny`)
  const holds = 'condition' in rest ? readCondition(rest.condition, effect, `${where}: condition`) : undefined
  return {
    effect,
    ...readActions(action, effect, `${where}: action`, vocabulary),
    resources: readResources(resource, regions, `${where}: resource`),
    ...(holds ? { holds } : {}),
  }
}

const readPolicy = (text: string, vocabulary: Vocabulary, regions: RegionIds): readonly Statement[] => {
  const { version, statement } = membersIn(
    parseDocument(text, charactersMax),
    ['version', 'statement'],
    [],
    'the document',
  )
  if (version !== '2.0') throw new DocumentFault('the document: version must be "2.0"')
  if (!Array.isArray(statement) || statement.length === 0)
    throw new DocumentFault('the document: statement must be a list that is not empty')
  return statement.map((each, at) => readStatement(each, `statement ${at + 1}`, vocabulary, regions))
}

/** `words`: see `contract/word-rights.ts`. Statements are counted from 1 in a fault. */
export const camLanguage = (words: WordRights, regions: readonly Region[]): PolicyLanguage => {
  const known = new Set([...vendorActions.map(({ name }) => `kms:${name}`), ...neighbourWords, ...words.keys()])
  const vocabulary = { known, rights: words }
  const ids: RegionIds = new Map(regions.flatMap(({ id, names }) => (names.tencent ? [[names.tencent, id]] : [])))
  return languageOf((document) => readPolicy(document, vocabulary, ids))
}

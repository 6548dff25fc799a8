/** The `action` of a statement: which permission words it names, and which core rights those reach. */
import { DocumentFault, shown, textsOf } from '../../../contract/policy-document.ts'
import { globMatches, type Statement } from '../../../core/access/policy.ts'
import { keyRights, type Right, rights } from '../../../core/access/right.ts'

export interface Vocabulary {
  /** Every permission word of the cloud that a policy may name, of actions offered here or not. */
  readonly known: ReadonlySet<string>
  /** The rights that the word of an offered action reaches. */
  readonly rights: ReadonlyMap<string, ReadonlySet<Right>>
}

/**
 * Names of the API before this one, in policies that were written for it. The old actions are told apart less finely:
 * an allow means the narrower reading, a deny the wider one.
 */
const oldWords: ReadonlyMap<string, Readonly<Record<Statement['effect'], readonly string[]>>> = new Map([
  ['kms:ListKey', { allow: ['kms:ListKeys'], deny: ['kms:ListKeys', 'kms:ListKeyDetail'] }],
  ['kms:GetKeyAttributes', { allow: ['kms:DescribeKey'], deny: ['kms:DescribeKey', 'kms:DescribeKeys'] }],
  ['kms:SetKeyAttributes', { allow: ['kms:UpdateAlias'], deny: ['kms:UpdateAlias', 'kms:UpdateKeyDescription'] }],
])

const form = /^(name\/|actionName\/)?(?:\*|([a-z0-9*-]+):([A-Za-z0-9_*]+))$/

const serviceOf = (word: string): string => word.slice(0, word.indexOf(':'))

/** The words that one action names; those of other services are none of ours. */
const namedBy = (text: string, effect: Statement['effect'], where: string, known: ReadonlySet<string>) => {
  const match = form.exec(text)
  if (!match) throw new DocumentFault(`${where} ${shown(text)}: must be *, or <service>:<name>`)
  const [, prefix, service = '*', name = '*'] = match
  const ours = [...known].filter((word) => globMatches(service, serviceOf(word)))
  if (ours.length === 0) return []
  // What is in a feature set is not published: an allow of it grants nothing, a deny of it denies the whole service.
  if (prefix === 'actionName/') return effect === 'deny' ? ours : []
  const old = oldWords.get(`${service}:${name}`)
  if (old) return old[effect]
  const named = ours.filter((word) => globMatches(`${service}:${name}`, word))
  if (named.length === 0) throw new DocumentFault(`${where} ${shown(text)}: unknown action`)
  return named
}

const isOfKeys = (word: string): boolean => serviceOf(word) === 'kms'

/** A deny of every word of this service denies every right of keys, also those that only other dialects have words for. */
const reachedBy = (named: ReadonlySet<string>, effect: Statement['effect'], vocabulary: Vocabulary): Set<Right> => {
  if (effect === 'deny' && [...vocabulary.known].every((word) => named.has(word))) return new Set(rights)
  const all = [...vocabulary.known].every((word) => named.has(word) || !isOfKeys(word))
  if (effect === 'deny' && all) return new Set(keyRights)
  return new Set([...named].flatMap((word) => [...(vocabulary.rights.get(word) ?? [])]))
}

export const readActions = (
  value: unknown,
  effect: Statement['effect'],
  where: string,
  vocabulary: Vocabulary,
): Pick<Statement, 'rights' | 'words'> => {
  const texts = textsOf(value, where)
  const named = new Set(texts.flatMap((text) => namedBy(text, effect, where, vocabulary.known)))
  return {
    rights: reachedBy(named, effect, vocabulary),
    words: { dialect: 'tencent', names: (word) => named.has(word) },
  }
}

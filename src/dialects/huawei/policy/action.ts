/**
 * The `Action` of a statement: which permission words it names, and which core rights those reach. Role policies and
 * identity policies have words of their own; the declared words are those of identity policies.
 */
import { DocumentFault, shown, textsOf } from '../../../contract/policy-document.ts'
import type { WordRights } from '../../../contract/word-rights.ts'
import { globMatches, type Statement } from '../../../core/access/policy.ts'
import { keyRights, type Right, rights } from '../../../core/access/right.ts'

/** The words that a document of one version may name, and for each the declared words that it stands for. */
export type Spelling = ReadonlyMap<string, ReadonlySet<string>>

export interface Vocabulary {
  readonly spelling: Spelling
  /** The rights that the word of an offered action reaches. */
  readonly rights: WordRights
}

const form = /^(?:\*|([A-Za-z0-9*-]+):[A-Za-z0-9:*]*)$/

/** Services whose actions are offered here; a policy may speak of others, and says nothing here then. */
const services = ['kms', 'iam', 'sts']

const serviceOf = (word: string): string => word.slice(0, word.indexOf(':'))

const namedBy = (text: string, where: string, spelling: Spelling): readonly string[] => {
  const match = form.exec(text)
  if (!match) throw new DocumentFault(`${where} ${shown(text)}: must be *, or <service>:<type>:<name>`)
  const service = (match[1] ?? '*').toLowerCase()
  if (!services.some((one) => globMatches(service, one))) return []
  // Patterns of one or two stars in the place of three parts are written too: a star stands for any run of characters.
  const pattern = match[1] === undefined ? '*' : `${service}${text.slice(match[1].length)}`
  const named = [...spelling.keys()].filter((word) => globMatches(pattern, word))
  if (named.length === 0) throw new DocumentFault(`${where} ${shown(text)}: unknown action`)
  return named
}

/** A deny of every word, or of every one of keys, denies every right, also those that only other dialects have words for. */
const reachedBy = (
  written: ReadonlySet<string>,
  named: ReadonlySet<string>,
  effect: Statement['effect'],
  { spelling, rights: reached }: Vocabulary,
): ReadonlySet<Right> => {
  const all = [...spelling.keys()]
  if (effect === 'deny' && all.every((word) => written.has(word))) return new Set(rights)
  if (effect === 'deny' && all.every((word) => written.has(word) || serviceOf(word) !== 'kms'))
    return new Set(keyRights)
  return new Set([...named].flatMap((word) => [...(reached.get(word) ?? [])]))
}

export const readActions = (
  value: unknown,
  effect: Statement['effect'],
  where: string,
  vocabulary: Vocabulary,
): Pick<Statement, 'rights' | 'words'> => {
  const { spelling } = vocabulary
  const written = new Set(textsOf(value, where).flatMap((text) => namedBy(text, where, spelling)))
  const named = new Set([...written].flatMap((word) => [...(spelling.get(word) ?? [])]))
  return {
    rights: reachedBy(written, named, effect, vocabulary),
    words: { dialect: 'huawei', names: (word) => named.has(word) },
  }
}

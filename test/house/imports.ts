/** Who imports whom. Imports are read from the text: their form is fixed by the formatter and by TypeScript's settings. */
import { posix } from 'node:path'
import type { Source } from './sources.ts'

export interface Import {
  readonly from: string
  /** The path in the repository for a relative one, else as written. */
  readonly to: string
  /** Only types, or only a file's place: nothing of it runs because of this import. */
  readonly typeOnly: boolean
}

const forms: readonly RegExp[] = [
  /\bimport\s+(?<type>type\s+)?(?<names>[\w$\s{},*]+?)\s+from\s*(?<quote>['"])/dg,
  /\bexport\s+(?<type>type\s+)?(?<names>\*(?:\s+as\s+\w+)?|\{[^}]*\})\s*from\s*(?<quote>['"])/dg,
  /\bimport\s*(?<quote>['"])/dg,
  /\bimport\s*\(\s*(?<quote>['"])/dg,
]

/** A worker is started by the name of the file beside its caller. */
const workers = /\bstartWorker\(\s*import\.meta\.url\s*,\s*(?<quote>['"])/dg

const quotedAt = (text: string, quoteAt: number): string => {
  const end = text.indexOf(text[quoteAt] as string, quoteAt + 1)
  return text.slice(quoteAt + 1, end)
}

const isTypeOnly = ({ type, names }: Record<string, string | undefined>): boolean => {
  if (type !== undefined) return true
  const list = /^\{(.*)\}$/s.exec((names ?? '').trim())?.[1]
  if (list === undefined) return false
  const parts = list.split(',').filter((part) => part.trim() !== '')
  return parts.length > 0 && parts.every((part) => /^\s*type\s/.test(part))
}

const resolve = (path: string, specifier: string): string =>
  specifier.startsWith('.') ? posix.join(posix.dirname(path), specifier) : specifier

const matches = ({ path, text, code }: Source, form: RegExp, ending = '', prefix = ''): Import[] =>
  [...code.matchAll(form)].map((match) => {
    const [quoteAt] = match.indices?.groups?.quote ?? [0]
    const specifier = `${prefix}${quotedAt(text, quoteAt)}${ending}`
    return { from: path, to: resolve(path, specifier), typeOnly: isTypeOnly(match.groups ?? {}) }
  })

export const importsOf = (source: Source): Import[] => [
  ...forms.flatMap((form) => matches(source, form)),
  ...matches(source, workers, '.ts', './'),
]

/** Words that have no place, with what to say instead. */
import type { Fault, Source } from './sources.ts'

interface Banned {
  readonly word: RegExp
  readonly instead: string
  /** Where it is banned; everywhere in `src` without it. */
  readonly within?: RegExp
  readonly except?: RegExp
  /** Comments and texts too. */
  readonly everywhere?: true
}

const inner = /^src\/(?:core|crypto|contract|dialects)\//

export const bannedWords: readonly Banned[] = [
  { word: /(?:[:<,|&(=]|\bas|\bextends)\s*any\b(?!\s*[:.(])/, instead: '`unknown`, and a check' },
  { word: /[\w)\]]!(?!=)/, instead: 'a check that the value is there' },
  { word: /(?<![=!<>])==(?!=)|!=(?!=)/, instead: '`===` or `!==`' },
  { word: /\bconsole\s*\./, instead: 'the log, or process.stdout in cli/' },
  { word: /\b(?:TODO|FIXME|XXX|HACK)\b/, instead: 'doing it, or an issue', everywhere: true },
  { word: /@ts-(?:ignore|expect-error|nocheck)/, instead: 'a type that is true', everywhere: true },
  { word: /\bMath\s*\.\s*random\b/, instead: 'the Random port' },
  { word: /\bthrow\s+['"`]/, instead: 'an Error' },
  { word: /\bexport\s+default\b/, instead: 'an export by name' },
  { word: /\bprocess\s*\.\s*env\b/, instead: 'an option with .env() in config.ts' },
  { word: /\bprocess\s*\.\s*exit\s*\(/, instead: 'an error that cli/ tells', except: /^src\/cli\// },
  { word: /\bDate\s*\.\s*now\b|\bnew\s+Date\s*\(\s*\)/, instead: 'the Clock port', except: /^src\/adapters\/system\// },
  { word: /\bperformance\s*\./, instead: 'the Clock port', except: /^src\/(?:adapters\/system|http|cli)\// },
  {
    word: /\b(?:setTimeout|setInterval|setImmediate|queueMicrotask)\b/,
    instead: 'an answer to whoever asks; time comes from outside',
    within: inner,
  },
  { word: /\bBuffer\b/, instead: 'Uint8Array, and core/bytes.ts', within: /^src\/core\// },
  { word: /\b(?:process\s*\.\s*\w|globalThis\b|require\s*\()/, instead: 'an argument', within: inner },
  {
    word: /tencent|huawei|\bcmk|\bqcs\b|\buin\b|\bappid\b|\bdew\b/i,
    instead: 'the word of NIST or KMIP; a cloud speaks in its dialect',
    within: /^src\/(?:core|crypto|contract|adapters|http)\//,
    everywhere: true,
  },
  { word: /\.(?:only|skip|todo)\s*\(/, instead: 'a test that runs', within: /^test\/.*\.test\.ts$/ },
]

const program = /^src\//

const applies = ({ within, except }: Banned, path: string): boolean =>
  (within ?? program).test(path) && !(except?.test(path) ?? false)

export const wordFaults = (source: Source): Fault[] =>
  bannedWords
    .filter((banned) => applies(banned, source.path))
    .flatMap(({ word, instead, everywhere }) => {
      const found = word.exec(everywhere ? source.text : source.code)
      if (!found) return []
      const line = source.text.slice(0, found.index).split('\n').length
      return [`${source.path}:${line}: \`${found[0].trim()}\`; write ${instead}`]
    })

const vagueName = /(?:^|[-/])(?:utils?|helpers?|managers?|misc|common|info|stuff)(?:[-./]|$)/

/** File names say what is inside, in kebab-case. */
export const nameFaults = (path: string): Fault[] => {
  const name = path.split('/').at(-1) ?? ''
  const vague = vagueName.test(path) ? [`${path}: name it after what is in it`] : []
  return /^[a-z0-9]+(?:[-.][a-z0-9]+)*$/.test(name) ? vague : [...vague, `${path}: write the name in kebab-case`]
}

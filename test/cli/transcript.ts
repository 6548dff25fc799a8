/**
 * Transcripts: a line after `$ ` is given to a shell, and what stands below is what it prints. `! ` stands before lines of
 * standard error, `? ` before an exit code other than 0, `# ` before words to the reader. `[..]` is anything in a line, a line of
 * `...` any lines. `%NAME%` is a word without spaces: whichever it is the first time, and the same one from then on.
 */

export interface Step {
  readonly command: string
  readonly expected: readonly string[]
}

export const stepsOf = (transcript: string): readonly Step[] => {
  const lines = transcript.split('\n').filter((line) => line !== '' && !line.startsWith('# '))
  const steps: { command: string; expected: string[] }[] = []
  for (const line of lines)
    if (line.startsWith('$ ')) steps.push({ command: line.slice(2), expected: [] })
    else steps.at(-1)?.expected.push(line)
  return steps
}

export interface Outcome {
  readonly stdout: string
  readonly stderr: string
  readonly code: number
}

const linesIn = (text: string): string[] => text.split('\n').filter((line) => line !== '')

/** An outcome as a transcript says it. */
export const written = ({ stdout, stderr, code }: Outcome): readonly string[] => [
  ...linesIn(stdout),
  ...linesIn(stderr).map((line) => `! ${line}`),
  ...(code === 0 ? [] : [`? ${code}`]),
]

export type Words = Map<string, string>

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')

/** A line as a pattern; words that are not known yet are groups of their name. */
const patternOf = (line: string, words: Words): string => {
  const named = new Set<string>()
  return line
    .split(/(\[\.\.\]|%[A-Z]+%)/)
    .map((part, at) => {
      if (at % 2 === 0) return escaped(part)
      if (part === '[..]') return '[^\\n]*'
      const name = part.slice(1, -1)
      const word = words.get(name)
      if (word !== undefined) return escaped(word)
      if (named.has(name)) return `\\k<${name}>`
      named.add(name)
      return `(?<${name}>\\S+)`
    })
    .join('')
}

/** What is expected as one pattern. */
const wholeOf = (expected: readonly string[], words: Words): RegExp =>
  new RegExp(
    `^${expected.map((line) => (line === '...' ? '(?:[^\\n]*\\n)*?' : `${patternOf(line, words)}\\n`)).join('')}$`,
  )

/** Whether it is what was expected; learns the words that it names. */
export const fits = (actual: readonly string[], expected: readonly string[], words: Words): boolean => {
  const found = wholeOf(expected, words).exec(actual.map((line) => `${line}\n`).join(''))
  for (const [name, word] of Object.entries(found?.groups ?? {})) words.set(name, word)
  return found !== null
}

export const filledIn = (command: string, words: Words): string =>
  command.replace(/%([A-Z]+)%/g, (whole, name: string) => words.get(name) ?? whole)

/** A command as a value: its words, the action that it asks, what on the line becomes which member, and how people see it. */
import { Argument, Command, Option } from 'commander'
import { print, quietWhereNobodyReads } from './admin.ts'
import { ask, clientCommand, type Reach } from './client.ts'
import type { Members } from './reply.ts'
import { table } from './table.ts'
import { number } from './verbs/said.ts'

type Read = (text: string, before: never) => unknown

/** Something on the line: `<key>` is an argument, `--days <n>` an option. */
export interface Said {
  readonly flags: string
  readonly says: string
  /** Of the request; what the flags call it when absent. */
  readonly member?: string
  /** What is written, as the API takes it; `before` is what it was before, where it may be said again. */
  readonly read?: Read
  readonly choices?: readonly string[]
  readonly mandatory?: boolean
}

export type Column = readonly [heading: string, path: string]

/** A list in columns, one object member by member, or a sentence. */
export type Shown =
  | { readonly list: string; readonly columns: readonly Column[] }
  | { readonly record: string }
  | { readonly line: (answer: Members, asked: Members) => string }

export interface Verb {
  /** Its words, such as `key list`. */
  readonly words: string
  readonly says: string
  readonly action: string
  readonly takes?: readonly Said[]
  /** The last touch to what the line says. */
  readonly asks?: (said: Members) => Members
  readonly shows: Shown
  /** Whether it changes something that is shown with a revision, and may say which one it saw. */
  readonly revised?: boolean
  /** The member of the answer that must be true; else the command ends with 1. */
  readonly holds?: string
  /** Whether the answer comes page by page. */
  readonly pages?: boolean
  /** What stands behind the words in a line that shows how it is used. */
  readonly example: string
}

/** A member of members, by its path. */
const at = (row: unknown, path: string): unknown =>
  path.split('.').reduce((value: unknown, name) => (value as Members | null)?.[name], row)

const cellOf = (value: unknown): string => {
  if (value === null || value === undefined || value === '') return '-'
  if (Array.isArray(value)) return value.length === 0 ? '-' : value.map(cellOf).join(' ')
  if (typeof value === 'number') return String(Number(value.toFixed(3)))
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

const rowsIn = (answer: Members, { list, columns }: Extract<Shown, { list: string }>): string[][] =>
  (answer[list] as readonly unknown[]).map((row) => columns.map(([, path]) => cellOf(at(row, path))))

/** Each member on a line, those of members below their names; lists of objects one for each line. */
const linesOf = (members: Members, before = ''): string[][] =>
  Object.entries(members).flatMap(([name, value]) => {
    const nested = typeof value === 'object' && value !== null && !Array.isArray(value)
    return nested ? linesOf(value as Members, `${before}${name}.`) : [[`${before}${name}`, cellOf(value)]]
  })

const textOf = (shows: Shown, answers: readonly Members[], asked: Members): string => {
  const [answer = {}] = answers
  if ('line' in shows) return shows.line(answer, asked)
  if ('record' in shows) {
    const record = shows.record === '' ? answer : (answer[shows.record] as Members)
    return table(['', ''], linesOf(record)).trimStart()
  }
  const headings = shows.columns.map(([heading]) => heading)
  return table(
    headings,
    answers.flatMap((one) => rowsIn(one, shows)),
  )
}

interface Paging {
  readonly limit?: string
  readonly cursor?: string
  readonly all?: boolean
}

const pageMax = 200

/** With `--all` every page there is; else the one that is asked for. */
async function* pagesOf(
  reach: Reach,
  { action, pages }: Verb,
  asked: Members,
  paging: Paging,
): AsyncGenerator<Members> {
  const { limit = paging.all ? pageMax : undefined, all } = paging
  let { cursor } = paging
  do {
    const page = {
      ...(limit === undefined ? {} : { limit: Number(limit) }),
      ...(cursor === undefined ? {} : { cursor }),
    }
    const answer = await ask(reach, action, pages ? { ...asked, ...page } : asked)
    yield answer
    cursor = all && typeof answer.next === 'string' ? answer.next : undefined
  } while (cursor !== undefined)
}

const run = async (verb: Verb, options: Reach & Paging, asked: Members): Promise<void> => {
  quietWhereNobodyReads()
  const answers: Members[] = []
  for await (const answer of pagesOf(options, verb, asked, options)) {
    if (verb.holds !== undefined && answer[verb.holds] !== true) process.exitCode = 1
    if (options.json) print(options, answer, '')
    else answers.push(answer)
  }
  if (options.json) return
  process.stdout.write(`${textOf(verb.shows, answers, asked)}\n`)
  const next = answers.at(-1)?.next
  if (verb.pages && typeof next === 'string') process.stderr.write(`there are more: --all, or --cursor ${next}\n`)
}

const isArgument = ({ flags }: Said): boolean => /^[<[]/.test(flags)

const parserOf =
  (read: Read) =>
  (text: string, before: unknown): unknown =>
    read(text, before as never)

const argumentOf = ({ flags, says, read, choices }: Said): Argument => {
  const argument = new Argument(flags, says)
  if (choices) argument.choices([...choices])
  return read ? argument.argParser(parserOf(read)) : argument
}

const optionOf = ({ flags, says, read, choices, mandatory = false }: Said): Option => {
  const option = new Option(flags, says).makeOptionMandatory(mandatory)
  if (choices) option.choices([...choices])
  return read ? option.argParser(parserOf(read)) : option
}

const addPaging = (command: Command): Command =>
  command
    .option('--limit <count>', 'entries of a page, up to 200; 50 without it')
    .option('--cursor <text>', 'the page after the one that named it')
    .option('--all', 'every page')

const nameOf = (said: Said): string =>
  isArgument(said)
    ? argumentOf(said)
        .name()
        .replace(/-(.)/g, (_dash, c: string) => c.toUpperCase())
    : optionOf(said).attributeName()

/** What the line says, by the names of the members, when all of it has been read. */
const membersSaid = async (takes: readonly Said[], written: readonly unknown[], options: Members): Promise<Members> => {
  const places = takes.filter(isArgument)
  const pairs = takes.map(async (said): Promise<[string, unknown]> => {
    const value = await (isArgument(said) ? written[places.indexOf(said)] : options[nameOf(said)])
    return [said.member ?? nameOf(said), value]
  })
  return Object.fromEntries((await Promise.all(pairs)).filter(([, value]) => value !== undefined))
}

/** Whoever says it is told when somebody else was faster. */
export const revisionOption = (): Option =>
  new Option('--revision <n>', 'refuse where it is at another revision than the one that was shown').argParser(number)

const lastWord = ({ words }: Verb): string => words.slice(words.lastIndexOf(' ') + 1)

export const commandOf = (verb: Verb): Command => {
  const { says, words, example, takes = [], asks = (said) => said, pages, revised } = verb
  const command = clientCommand(lastWord(verb), says)
  for (const said of takes) {
    if (isArgument(said)) command.addArgument(argumentOf(said))
    else command.addOption(optionOf(said))
  }
  if (!takes.some(({ flags }) => flags.startsWith('--region')))
    command.addOption(
      new Option('--region <region>', "where; the server's first region without it").env('KEYSTEAD_REGION'),
    )
  if (pages) addPaging(command)
  if (revised) command.addOption(revisionOption())
  return command
    .addHelpText('after', `\nExample:\n  $ keystead ${words} ${example}`.trimEnd())
    .action(async (...given: unknown[]) => {
      const options = given.at(-2) as Reach & Paging & Members
      await run(verb, options, asks(await membersSaid(takes, given.slice(0, -2), options)))
    })
}

/** Puts each command where its words say: below the command of its first word, which is made where it is missing. */
export const addVerbs = (
  program: Command,
  verbs: readonly Verb[],
  groups: Readonly<Record<string, string>>,
): Command => {
  for (const verb of verbs) {
    const [group = '', below] = verb.words.split(' ')
    if (below === undefined) {
      program.addCommand(commandOf(verb))
      continue
    }
    const there = program.commands.find((command) => command.name() === group)
    const parent = there ?? new Command(group).description(groups[group] ?? '')
    if (!there) program.addCommand(parent)
    parent.addCommand(commandOf(verb))
  }
  return program
}

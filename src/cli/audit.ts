/**
 * `keystead audit`: reads the journal beside a running server, and writes nothing into its folder; or asks a server of the
 * network that somebody has signed in to.
 */
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { access, constants } from 'node:fs/promises'
import { join } from 'node:path'
import { Command, InvalidArgumentError, Option } from 'commander'
import { type JournalFolder, journalsIn, searchJournals } from '../adapters/audit-log/journals.ts'
import { quote } from '../adapters/audit-log/line.ts'
import { isMissing } from '../adapters/audit-log/parts.ts'
import type { Criteria } from '../adapters/audit-log/search.ts'
import { followLines, lastLinesIn } from '../adapters/audit-log/tail.ts'
import { type Anchor, type Break, type Progress, verifyJournal, type Whole } from '../adapters/audit-log/verify.ts'
import type { AuditLine, AuditObject } from '../core/audit.ts'
import { quietWhereNobodyReads } from './admin.ts'
import { searchServer, tailServer } from './audit-server.ts'
import { addReach, defaultFolder, type Reach, sessionFor } from './client.ts'

const dataOption = (): Option =>
  new Option('--data <dir>', "the server's data folder").env('KEYSTEAD_DATA').default('./data')

const wholeNumber = (text: string): number => {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('A whole number is expected.')
  return Number(text)
}

const timePattern = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d)?)?$/

/** A time without a zone is UTC, as all times in the journal are; JavaScript would take it for local time. */
const instant = (text: string): number => {
  const zoned = /T.*(Z|[+-]\d\d:\d\d)$/.test(text) || !text.includes('T') ? text : `${text}Z`
  const at = timePattern.test(text) ? Date.parse(zoned) : Number.NaN
  if (Number.isNaN(at)) throw new InvalidArgumentError('Expected 2026-03-14 or 2026-03-14T15:09:26Z (UTC by default).')
  return at
}

/** By the name of the journal; a plain one is the first journal's. */
type Anchors = ReadonlyMap<string, Anchor>

const firstJournal = 'audit'

const anchor = (text: string, before: Anchors = new Map()): Anchors => {
  const match = /^(?:(audit(?:-\d{1,6})?)=)?(\d{1,16}):([0-9a-f]{64})$/.exec(text)
  if (!match) throw new InvalidArgumentError('Expected SEQ:HASH or JOURNAL=SEQ:HASH as verify prints it.')
  const [, journal = firstJournal, seq, hash = ''] = match
  return new Map([...before, [journal, { seq: Number(seq), hash }]])
}

const write = async (text: string): Promise<void> => {
  if (!process.stdout.write(text)) await once(process.stdout, 'drain')
}

/** Runs the reading of a command: an unreadable folder is one sentence. */
const reading = async (
  data: string,
  command: Command,
  read: (journals: readonly JournalFolder[]) => Promise<void>,
): Promise<void> => {
  const folder = join(data, firstJournal)
  quietWhereNobodyReads()
  try {
    await access(folder, constants.R_OK)
    await read(await journalsIn(data))
  } catch (error) {
    const why = isMissing(error)
      ? `there is no audit journal in ${folder}: name the data folder of a server that has run, with --data or KEYSTEAD_DATA`
      : `the audit journal in ${folder} cannot be read: ${(error as Error).message}`
    command.error(`error: ${why}`)
  }
}

/** Text of a member for a terminal: still escaped, so that nothing in it moves the cursor or turns the text around. */
const shown = (value: unknown): string => quote(String(value ?? '')).slice(1, -1) || '-'

const objectShown = ({ kind, id, version }: AuditObject): string =>
  `${shown(kind)}/${shown(id)}${version === undefined ? '' : `@${shown(version)}`}`

const row = (...cells: [string, string, string, string, string, string, string, string]): string => {
  const widths = [24, 8, 8, 24, 36, 15, 36]
  return `${cells.map((cell, index) => cell.padEnd(widths[index] ?? 0)).join('  ')}\n`
}

const header = row('TIME', 'OUTCOME', 'DIALECT', 'ACTION', 'PRINCIPAL', 'SOURCE', 'REQUEST', 'OBJECTS AND REASON')

/** A line in columns. Close and note lines have the columns that they have members for. */
const columns = (line: string): string => {
  const { type, at, outcome, dialect, action, principal, source, request, objects, reason, count, ...rest } =
    JSON.parse(line)
  if (type !== 'entry') {
    const told = type === 'close' ? `${rest.entries} entries` : `${rest.bytes} bytes cut`
    return row(shown(at), type, '-', shown(rest.note), '-', '-', '-', told)
  }
  const last = objects.map(objectShown)
  if (reason !== undefined) last.push(shown(reason))
  if (count !== undefined) last.push(`x${shown(count)}`)
  return row(
    shown(at),
    shown(outcome),
    shown(dialect),
    shown(action),
    shown(principal),
    shown(source),
    shown(request),
    last.join(' ') || '-',
  )
}

interface Rendering {
  readonly header: string
  render(line: AuditLine): string
}

/** Of several journals each line says in its first column, of this width, which one it is of. */
const rendering = (json: boolean | undefined, journalWidth: number): Rendering => {
  if (json) return { header: '', render: ({ line }) => `${line}\n` }
  if (journalWidth === 0) return { header, render: ({ line }) => columns(line) }
  const named = (journal: string, rest: string): string => `${journal.padEnd(journalWidth)}  ${rest}`
  return { header: named('JOURNAL', header), render: ({ journal, line }) => named(shown(journal), columns(line)) }
}

const widthOf = (journals: readonly JournalFolder[]): number => (journals.length === 1 ? 0 : 'audit-22'.length)
/** A node's id, and the name of its journal. */
const nodeWidth = 36 + '/audit-2'.length

interface TailOptions extends Reach {
  readonly lines: number
  readonly follow?: boolean
}

/** As `rendering` says, of entries that a server answers. */
const printing = (json: boolean | undefined) => {
  const { header, render } = rendering(json, 0)
  return { header, print: (line: string) => write(render({ journal: '', line })) }
}

const tailHere = ({ data = defaultFolder, lines: count, follow, json }: TailOptions, command: Command): Promise<void> =>
  reading(data, command, async (journals) => {
    const { header, render } = rendering(json, widthOf(journals))
    const { lines, marks } = await lastLinesIn(data, count)
    await write(header + lines.map(render).join(''))
    if (follow) for await (const line of followLines(data, marks)) await write(render(line))
  })

const tailThere = async (options: TailOptions): Promise<void> => {
  const { header, print } = printing(options.json)
  quietWhereNobodyReads()
  await write(header)
  await tailServer(options, options.lines, options.follow ?? false, print)
}

const tail = (): Command =>
  addReach(new Command('tail'))
    .description('print the newest lines')
    .option('-n, --lines <count>', 'how many', wholeNumber, 10)
    .option('-f, --follow', 'go on as lines are written, until interrupted')
    .option('--json', 'the lines as they stand in the journal')
    .action((options: TailOptions, command: Command) =>
      sessionFor(options) ? tailThere(options) : tailHere(options, command),
    )

interface SearchOptions extends Criteria, Reach {
  readonly limit?: number
  readonly allNodes?: boolean
}

const criteriaIn = ({ since, until, action, principal, key, outcome, request, source }: SearchOptions): Criteria => {
  const all = { since, until, action, principal, key, outcome, request, source }
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined))
}

const searchHere = (options: SearchOptions, command: Command): Promise<void> => {
  const { data = defaultFolder, limit, json } = options
  const criteria = criteriaIn(options)
  return reading(data, command, async (journals) => {
    const { header, render } = rendering(json, widthOf(journals))
    await write(header)
    let left = limit ?? Number.POSITIVE_INFINITY
    if (left > 0)
      for await (const line of searchJournals(journals, criteria)) {
        await write(render(line))
        left -= 1
        if (left <= 0) break
      }
    if (existsSync(join(data, 'node.id')))
      process.stderr.write('searched: the journals in this folder; --all-nodes asks for those of the other nodes too\n')
  })
}

const searchThere = async (options: SearchOptions): Promise<void> => {
  const { header, print } = printing(options.json)
  quietWhereNobodyReads()
  await write(header)
  await searchServer(options, criteriaIn(options), options.limit ?? Number.POSITIVE_INFINITY, print)
}

const searchEverywhere = async (options: SearchOptions): Promise<void> => {
  // Loaded only where a server is asked: what reads files starts without it.
  const { searchAllNodes } = await import('./audit-nodes.ts')
  const { header, render } = rendering(options.json, nodeWidth)
  quietWhereNobodyReads()
  await write(header)
  const { limit } = options
  const criteria = { ...criteriaIn(options), ...(limit === undefined ? {} : { limit }) }
  await searchAllNodes(options, criteria, (line) => write(render(line)))
}

const search = (): Command =>
  addReach(new Command('search'))
    .description(
      'print the entries that match every option given, oldest first; of a server signed in to, newest first',
    )
    .option('--since <time>', 'from this time on, UTC', instant)
    .option('--until <time>', 'before this time, UTC', instant)
    .option('--action <name>', "in the dialect's own word, such as Encrypt")
    .option('--principal <id>', 'who called')
    .option('--key <id>', 'a key among the objects')
    .addOption(new Option('--outcome <outcome>', 'how it ended').choices(['success', 'refused', 'unknown', 'failed']))
    .option('--request <id>', 'the request id that the caller was given')
    .option('--source <ip>', 'the address that it came from')
    .option('--limit <count>', 'stop after so many', wholeNumber)
    .option('--all-nodes', 'ask the server for what all nodes recorded, and say how far it is known')
    .option('--json', 'the lines as they stand in the journal')
    .action((options: SearchOptions, command: Command) => {
      if (options.allNodes) return searchEverywhere(options)
      return sessionFor(options) ? searchThere(options) : searchHere(options, command)
    })

const progressEveryMs = 1000

/** A line on stderr each second, over itself on a terminal. */
const progressLine = (): ((progress: Progress) => void) => {
  let last = performance.now()
  const [start, end] = process.stderr.isTTY ? ['\r', ''] : ['', '\n']
  return ({ part, parts, lines }) => {
    if (performance.now() - last < progressEveryMs) return
    last = performance.now()
    process.stderr.write(`${start}part ${part} of ${parts}, ${lines} lines verified${end}`)
  }
}

/** Of several journals each is named, and its last line is what `--anchor` takes for it. */
const verdict = (found: Whole | Break, journal: string | undefined): string => {
  const [of, anchored] = journal === undefined ? ['', ''] : [`${journal}: `, `${journal}=`]
  if (!found.whole) return `broken: ${of}${found.file}, line ${found.line}: ${found.reason}\n`
  const { entries, lines, parts, firstSeq, last, unfinishedBytes } = found
  const told = [`whole: ${of}${entries} entries in ${lines} lines in ${parts} parts, seq ${firstSeq} to ${last.seq}`]
  if (firstSeq > 1) told.push(`the chain starts at seq ${firstSeq}: retention removed older parts`)
  if (unfinishedBytes > 0) told.push(`the last ${unfinishedBytes} bytes are no whole line: being written, or torn`)
  told.push(`last line: ${anchored}${last.seq}:${last.hash}`)
  return `${told.join('\n')}\n`
}

const verifyAll = async (journals: readonly JournalFolder[], anchors: Anchors): Promise<void> => {
  const progress = progressLine()
  for (const { name, folder } of journals) {
    const noted = anchors.get(name)
    const found = await verifyJournal(folder, noted ? { anchor: noted, progress } : { progress })
    if (process.stderr.isTTY) process.stderr.write('\r\x1b[K')
    await write(verdict(found, journals.length === 1 ? undefined : name))
    if (!found.whole) process.exitCode = 1
  }
  const missing = [...anchors.keys()].filter((name) => !journals.some((journal) => journal.name === name))
  for (const name of missing) await write(`broken: ${name}: a line of it was noted elsewhere, and it is not there\n`)
  if (missing.length > 0) process.exitCode = 1
}

const verify = (): Command =>
  new Command('verify')
    .description('check every chain; exits with 1 where one breaks')
    .addOption(dataOption())
    .addOption(
      new Option(
        '--anchor <[journal=]seq:hash>',
        'a last line that an earlier run printed and that was kept elsewhere; one for each journal',
      ).argParser(anchor),
    )
    .action((options: { data: string; anchor?: Anchors }, command: Command) =>
      reading(options.data, command, (journals) => verifyAll(journals, options.anchor ?? new Map())),
    )

/** The `audit` command and its subcommands. */
export const auditCommand = (): Command =>
  new Command('audit')
    .description('read and verify the audit journal')
    .addCommand(tail())
    .addCommand(search())
    .addCommand(verify())

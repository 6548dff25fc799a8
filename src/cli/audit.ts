/** `keystead audit`: reads the journal beside a running server, and writes nothing into its folder. */
import { once } from 'node:events'
import { access, constants } from 'node:fs/promises'
import { join } from 'node:path'
import { Command, InvalidArgumentError, Option } from 'commander'
import { quote } from '../adapters/audit-log/line.ts'
import { isMissing } from '../adapters/audit-log/parts.ts'
import { type Criteria, searchJournal } from '../adapters/audit-log/search.ts'
import { followLines, lastLines } from '../adapters/audit-log/tail.ts'
import { type Anchor, type Break, type Progress, verifyJournal, type Whole } from '../adapters/audit-log/verify.ts'
import type { AuditObject } from '../core/audit.ts'

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

const anchor = (text: string): Anchor => {
  const match = /^(\d{1,16}):([0-9a-f]{64})$/.exec(text)
  if (!match) throw new InvalidArgumentError('Expected SEQ:HASH as verify prints it.')
  return { seq: Number(match[1]), hash: match[2] ?? '' }
}

const write = async (text: string): Promise<void> => {
  if (!process.stdout.write(text)) await once(process.stdout, 'drain')
}

/** Runs the reading of a command: an unreadable folder is one sentence, and a reader that has gone away is no fault. */
const reading = async (data: string, command: Command, read: (folder: string) => Promise<void>): Promise<void> => {
  const folder = join(data, 'audit')
  process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1))
  try {
    await access(folder, constants.R_OK)
    await read(folder)
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

const rendering = (json: boolean | undefined): { header: string; render: (line: string) => string } =>
  json ? { header: '', render: (line) => `${line}\n` } : { header, render: columns }

interface TailOptions {
  readonly data: string
  readonly lines: number
  readonly follow?: boolean
  readonly json?: boolean
}

const tail = (): Command =>
  new Command('tail')
    .description('print the newest lines')
    .addOption(dataOption())
    .option('-n, --lines <count>', 'how many', wholeNumber, 10)
    .option('-f, --follow', 'go on as lines are written, until interrupted')
    .option('--json', 'the lines as they stand in the journal')
    .action(({ data, lines: count, follow, json }: TailOptions, command: Command) =>
      reading(data, command, async (folder) => {
        const { header, render } = rendering(json)
        const { lines, mark } = await lastLines(folder, count)
        await write(header + lines.map(render).join(''))
        if (follow) for await (const line of followLines(folder, mark)) await write(render(line))
      }),
    )

interface SearchOptions extends Criteria {
  readonly data: string
  readonly limit?: number
  readonly json?: boolean
}

const search = (): Command =>
  new Command('search')
    .description('print the entries that match every option given, oldest first')
    .addOption(dataOption())
    .option('--since <time>', 'from this time on, UTC', instant)
    .option('--until <time>', 'before this time, UTC', instant)
    .option('--action <name>', "in the dialect's own word, such as Encrypt")
    .option('--principal <id>', 'who called')
    .option('--key <id>', 'a key among the objects')
    .addOption(new Option('--outcome <outcome>', 'how it ended').choices(['success', 'refused', 'unknown', 'failed']))
    .option('--request <id>', 'the request id that the caller was given')
    .option('--source <ip>', 'the address that it came from')
    .option('--limit <count>', 'stop after so many', wholeNumber)
    .option('--json', 'the lines as they stand in the journal')
    .action(({ data, limit = Number.POSITIVE_INFINITY, json, ...criteria }: SearchOptions, command: Command) =>
      reading(data, command, async (folder) => {
        const { header, render } = rendering(json)
        await write(header)
        let found = 0
        if (limit > 0)
          for await (const line of searchJournal(folder, criteria)) {
            await write(render(line))
            found += 1
            if (found >= limit) break
          }
      }),
    )

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

const verdict = (found: Whole | Break): string => {
  if (!found.whole) return `broken: ${found.file}, line ${found.line}: ${found.reason}\n`
  const { entries, lines, parts, firstSeq, last, unfinishedBytes } = found
  const told = [`whole: ${entries} entries in ${lines} lines in ${parts} parts, seq ${firstSeq} to ${last.seq}`]
  if (firstSeq > 1) told.push(`the chain starts at seq ${firstSeq}: retention removed older parts`)
  if (unfinishedBytes > 0) told.push(`the last ${unfinishedBytes} bytes are no whole line: being written, or torn`)
  told.push(`last line: ${last.seq}:${last.hash}`)
  return `${told.join('\n')}\n`
}

const verify = (): Command =>
  new Command('verify')
    .description('check the whole chain; exits with 1 where it breaks')
    .addOption(dataOption())
    .option('--anchor <seq:hash>', 'a last line that an earlier run printed and that was kept elsewhere', anchor)
    .action((options: { data: string; anchor?: Anchor }, command: Command) =>
      reading(options.data, command, async (folder) => {
        const progress = progressLine()
        const found = await verifyJournal(folder, options.anchor ? { anchor: options.anchor, progress } : { progress })
        if (process.stderr.isTTY) process.stderr.write('\r\x1b[K')
        await write(verdict(found))
        if (!found.whole) process.exitCode = 1
      }),
    )

/** The `audit` command and its subcommands. */
export const auditCommand = (): Command =>
  new Command('audit')
    .description('read and verify the audit journal')
    .addCommand(tail())
    .addCommand(search())
    .addCommand(verify())

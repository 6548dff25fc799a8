/** The table of calls: every setting with its rows, slow cryptography beside Encrypt, and cold starts. */
import { type PostgresServer, startPostgres } from '../test/harness/postgres-server.ts'
import { type Beside, measureBesideCalls, measureBesides } from './besides.ts'
import { bars } from './charts.ts'
import { type ColdStart, measureColdStart, programs } from './cold-start.ts'
import { Bench } from './measure.ts'
import { type Asked, planned, rowName, type Setting } from './plan.ts'
import { productionFlags } from './processes.ts'
import { Progress } from './progress.ts'
import { type Machine, machineHere, machineLine, page, type Section, writeReport } from './report.ts'
import { type BenchRow, type Capacities, measureRow, type Times } from './rows.ts'
import { scenarioNamed } from './scenarios.ts'
import { type Call, Stage } from './stage.ts'
import { columns, figure, line, linesOf } from './table.ts'

export interface CallsAsked extends Omit<Asked, 'databaseUrl'> {
  readonly times: Times
  /** undefined: nothing is written. */
  readonly folder: string | undefined
}

interface Found {
  readonly machine: Machine
  readonly times: Times
  readonly rows: BenchRow[]
  readonly besides: Beside[]
  readonly coldStarts: ColdStart[]
}

const besideRounds = 3
const coldStarts = 5

const print = (cells: readonly string[]) => process.stdout.write(line(cells))

const lists = ['ListKeyDetail, first page', 'ListKeyDetail, deep page', 'ListKeyDetail, search'] as const

/** What each list's row of the table asks. */
const listCalls = async (stage: Stage): Promise<Record<string, Call>> => {
  const calls = await Promise.all(
    lists.map(async (name) => [name, (await scenarioNamed(name).calls(stage))[0]] as const),
  )
  return Object.fromEntries(calls.flatMap(([name, call]) => (call ? [[name, call]] : [])))
}

const measureBeside = async (
  stage: Stage,
  what: NonNullable<Setting['besides']>,
  { seconds }: Times,
  found: Found,
): Promise<void> => {
  const scenario = scenarioNamed('Encrypt 64 B')
  const requests = (await scenario.calls(stage)).map((call) => scenario.speech.request(stage.bench, call))
  const load = { requests, expect: scenario.expect, connections: 16, seconds }
  const rows =
    what === 'slow cryptography'
      ? await measureBesides(stage.bench, load, besideRounds)
      : await measureBesideCalls(stage.bench, load, besideRounds, await listCalls(stage))
  found.besides.push(...rows)
  for (const { name, perSecond, p50Ms, p99Ms } of rows)
    print([name, figure(perSecond, 0), figure(p50Ms, 2), figure(p99Ms, 2), '-', '-', ''])
}

/** Each process compiles for itself what it is called for, from its share of the calls and of the processors. */
const timesOf = ({ options: { workers = 1 } }: Setting, times: Times): Times => ({
  ...times,
  warmSeconds: times.warmSeconds * workers ** 2,
})

const measureSetting = async (setting: Setting, asked: Times, found: Found, progress: Progress): Promise<void> => {
  const times = timesOf(setting, asked)
  const bench = await new Bench(productionFlags(), setting.options).start()
  const capacities: Capacities = new Map()
  try {
    const stage = new Stage(bench)
    await stage.fill(setting.keys)
    for (const step of setting.steps) {
      progress.begin(rowName(setting.name, step))
      const row = await measureRow(stage, step, setting.name, times, capacities)
      progress.end()
      found.rows.push(row)
      for (const cells of linesOf(row)) print(cells)
      if (row.wrong !== undefined) process.stdout.write(`  ${row.errors} errors: ${row.wrong}\n`)
    }
    if (setting.besides) await measureBeside(stage, setting.besides, times, found)
  } finally {
    await bench.stop()
  }
}

const measureStarts = async (found: Found, only: string): Promise<void> => {
  for (const name of Object.keys(programs) as (keyof typeof programs)[]) {
    if (!`cold start, ${name}`.includes(only)) continue
    const start = await measureColdStart(name, coldStarts)
    if (!start) {
      process.stdout.write(`cold start, ${name}: not measured, run npm run build first\n`)
      continue
    }
    found.coldStarts.push(start)
    const [all, memory] = [start.firstAnswerMs.map((ms) => ms.toFixed(0)).join(', '), start.idleBytes / 1e6]
    process.stdout.write(`${start.name}: first answer after ${all} ms; idle ${memory.toFixed(0)} MB\n`)
  }
}

const titleOf = (setting: string): string => (setting === '' ? 'Everything on, SQLite, one process' : setting)

const settingSection = (setting: string, all: readonly BenchRow[]): Section => {
  const rows = all.filter((row) => row.setting === setting)
  return {
    title: titleOf(setting),
    told: 'CPU of a call, microseconds; the pale bar is the floor.',
    charts: [
      bars(
        rows.map(({ name, cpuPerRequest, floor, ratio }) => ({
          label: name,
          value: cpuPerRequest,
          ...(floor ? { beside: floor.cpuPerRequest } : {}),
          told: `${figure(cpuPerRequest, 0)} us, ${figure(ratio, 2)}x`,
        })),
      ),
    ],
    table: { columns, rows: rows.flatMap(linesOf) },
  }
}

const sectionsOf = ({ rows, besides, coldStarts: starts }: Found): Section[] => [
  ...[...new Set(rows.map(({ setting }) => setting))].map((setting) => settingSection(setting, rows)),
  {
    title: 'Encrypt beside slow cryptography, and beside lists',
    table: {
      columns: ['', 'calls/s', 'p50 ms', 'p99 ms'],
      rows: besides.map((row) => [row.name, figure(row.perSecond, 0), figure(row.p50Ms, 2), figure(row.p99Ms, 2)]),
    },
  },
  {
    title: 'Cold start',
    told: 'From the start of the process to the answer to its first call; memory of all its threads when nobody calls.',
    table: {
      columns: ['', 'first answers, ms', 'idle MB'],
      rows: starts.map(({ name, firstAnswerMs, idleBytes }) => [
        name,
        firstAnswerMs.map((ms) => ms.toFixed(0)).join(', '),
        (idleBytes / 1e6).toFixed(0),
      ]),
    },
  },
]

const report = (folder: string, found: Found): void => {
  const filled = sectionsOf(found).filter(({ table }) => (table?.rows.length ?? 0) > 0)
  writeReport(folder, 'calls', found, page('What calls cost', found.machine, filled))
}

const needsDatabase = ({ full, only }: CallsAsked): boolean =>
  full && planned({ full, only, connections: [1], databaseUrl: 'asked' }).some(({ options }) => options.database)

/** False where an answer was an error. */
export const measureCalls = async (asked: CallsAsked): Promise<boolean> => {
  const { times, full, only, folder } = asked
  const machine = machineHere()
  const found: Found = { machine, times, rows: [], besides: [], coldStarts: [] }
  const database: PostgresServer | undefined = needsDatabase(asked) ? await startPostgres() : undefined
  try {
    const settings = planned({ ...asked, ...(database ? { databaseUrl: database.url } : {}) })
    process.stdout.write(`${machineLine(machine)}\nsignature, policy and durable audit on\n\n`)
    print(columns)
    const progress = new Progress(settings.reduce((sum, { steps }) => sum + steps.length, 0))
    for (const setting of settings) await measureSetting(setting, times, found, progress)
    if (full || only.startsWith('cold')) await measureStarts(found, only)
  } finally {
    await database?.stop()
  }
  if (folder !== undefined) report(folder, found)
  const errors = [...found.rows, ...found.besides].reduce((sum, row) => sum + row.errors, 0)
  if (errors > 0) process.stdout.write(`\n${errors} answers were errors: the figures are worth nothing\n`)
  return errors === 0
}

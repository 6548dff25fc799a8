/**
 * `npm run bench -- --overload`: three times what the server can do. It must tell what it has no time for to come back, in
 * the words of its cloud, answer the rest in time, and be as before once it is over.
 */
import { Bench, type Measured } from './measure.ts'
import { machineHere, page, type Section, writeReport } from './report.ts'
import { scenarioNamed } from './scenarios.ts'
import { type Speech, Stage } from './stage.ts'

/** What happened while so many calls a second were due. */
interface Phase {
  readonly name: string
  readonly duePerSecond: number
  readonly acceptedPerSecond: number
  readonly shedPerSecond: number
  /** Due while every connection was busy. */
  readonly unsentPerSecond: number
  readonly p50Ms: number
  readonly p99Ms: number
  readonly maxMs: number
  readonly errors: number
}

export interface Overload {
  readonly phases: readonly Phase[]
  readonly failures: readonly string[]
}

const times = 3
/** From three addresses. What is due while all of them wait is not sent, so fewer of them would spare the server. */
const connections = 3000
const [overloadSeconds, afterSeconds] = [15, 5]
/** Of accepted calls, ms. */
const p99MsMax = 100

const throttled: Readonly<Record<Speech['dialect'], string>> = {
  tencent: 'RequestLimitExceeded',
  huawei: 'APIG.0308',
}

const phase = (name: string, duePerSecond: number, measured: Measured): Phase => {
  const { requests, shed, errors, unsent, seconds, p50Ms, p99Ms, maxMs } = measured
  return {
    name,
    duePerSecond,
    acceptedPerSecond: (requests - shed - errors) / seconds,
    shedPerSecond: shed / seconds,
    unsentPerSecond: unsent / seconds,
    p50Ms,
    p99Ms,
    maxMs,
    errors,
  }
}

const overloaded = async (bench: Bench, dialect: Speech['dialect']): Promise<Phase[]> => {
  const stage = new Stage(bench)
  const scenario = scenarioNamed('Encrypt 64 B', dialect)
  const requests = (await scenario.calls(stage)).map((call) => scenario.speech.request(bench, call))
  const load = { requests, expect: scenario.expect, shed: throttled[dialect] }
  await bench.run(bench.server, { ...load, connections: 64, seconds: 3 })
  const whole = await bench.run(bench.server, { ...load, connections: 64, seconds: 5 })
  const capacity = whole.requests / whole.seconds
  const due = Math.floor(capacity * times)
  const far = { ...load, connections, impatient: true, perSecond: due, seconds: overloadSeconds }
  const over = await bench.run(bench.server, far)
  // Begins as the other ends, from new connections.
  const half = Math.floor(capacity / 2)
  const after = await bench.run(bench.server, { ...load, connections: 64, perSecond: half, seconds: afterSeconds })
  return [
    phase(`${dialect}: as fast as it is answered, 64 connections`, capacity, whole),
    phase(`${dialect}: ${times} times that, ${connections} connections`, due, over),
    phase(`${dialect}: at once after it, half`, half, after),
  ]
}

/** What the three phases of a dialect must show. */
export const judged = ([whole, over, after]: readonly Phase[]): string[] => {
  if (!whole || !over || !after) return ['a phase is missing']
  const rules: readonly (readonly [boolean, string])[] = [
    [whole.shedPerSecond === 0, 'shed although it could answer'],
    [over.p99Ms <= p99MsMax, `p99 of accepted calls ${over.p99Ms.toFixed(1)} ms, ${p99MsMax} are the most`],
    [over.shedPerSecond > 0, 'nothing was shed'],
    [over.acceptedPerSecond > 0, 'nothing was accepted'],
    [after.shedPerSecond === 0, 'went on shedding after it was over'],
    [whole.errors + over.errors + after.errors === 0, 'answered with errors'],
  ]
  return rules.filter(([holds]) => !holds).map(([, told]) => `${over.name}: ${told}`)
}

const section = ({ phases, failures }: Overload): Section => ({
  title: `${times} times as much as it can do`,
  told: failures.length === 0 ? 'It shed, answered the rest in time, and was as before at once.' : failures.join('; '),
  table: {
    columns: ['', 'due/s', 'accepted/s', 'shed/s', 'not sent/s', 'p50 ms', 'p99 ms', 'max ms'],
    rows: phases.map((each) => [
      each.name,
      each.duePerSecond.toFixed(0),
      each.acceptedPerSecond.toFixed(0),
      each.shedPerSecond.toFixed(0),
      each.unsentPerSecond.toFixed(0),
      each.p50Ms.toFixed(1),
      each.p99Ms.toFixed(1),
      each.maxMs.toFixed(1),
    ]),
  },
})

/** False where it did not hold. */
export const overload = async (folder: string): Promise<boolean> => {
  const phases: Phase[] = []
  const failures: string[] = []
  for (const dialect of ['tencent', 'huawei'] as const) {
    process.stderr.write(`overload, ${dialect} …\n`)
    const bench = await new Bench().start()
    const measured = await overloaded(bench, dialect).finally(() => bench.stop())
    phases.push(...measured)
    failures.push(...judged(measured))
  }
  const found: Overload = { phases, failures }
  const machine = machineHere()
  const told = section(found)
  for (const row of told.table?.rows ?? []) process.stdout.write(`${row.join('  ')}\n`)
  writeReport(folder, 'overload', { machine, ...found }, page('Overload', machine, [told]))
  for (const failure of failures) process.stdout.write(`${failure}\n`)
  return failures.length === 0
}

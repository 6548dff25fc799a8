/**
 * `npm run bench -- --soak MINUTES`: 80 % of what the server can do, for long, while keys are made, rotated, disabled and
 * enabled beside it. No call may fail, memory may not grow, and the p99 has to stay what it was. What it can do is asked anew
 * every minute, and of a bare server as well: a shared machine is not the same one after ten minutes, and 80 % of what it could
 * do then may be more than it can do now.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { type Line, lines } from './charts.ts'
import type { LoadSample } from './load.ts'
import { Bench, type Measured } from './measure.ts'
import { groupRssBytes, productionFlags } from './processes.ts'
import { machineHere, page, type Section, writeReport } from './report.ts'
import { scenarioNamed } from './scenarios.ts'
import { huawei, type Speech, Stage, tencent } from './stage.ts'

export interface SoakSample extends LoadSample {
  readonly rssBytes: number
  readonly heapBytes: number
}

/** A minute: what the server and a bare one could do at its start, and what was asked of the server then. Calls a second. */
export interface Round {
  /** Since the load began, seconds. */
  readonly at: number
  readonly capacity: number
  readonly floor: number
  readonly perSecond: number
}

export interface Soak {
  readonly minutes: number
  readonly rounds: readonly Round[]
  readonly samples: readonly SoakSample[]
  /** Lives of keys that were gone through beside the load, and calls in them that went wrong. */
  readonly lives: number
  readonly faults: readonly string[]
  readonly errors: number
  /** Of objects that could be reached after a full collection, in the first quarter and at the end, bytes. */
  readonly collected: readonly [before: number, after: number]
  readonly failures: readonly string[]
}

const sampleSeconds = 5
const loadShare = 0.8
/** Of each minute, to see what the server and the floor can do. */
const [capacitySeconds, floorSeconds] = [3, 2]
const roundSeconds = 60
const connections = 64
/** The cache of rows is full before the first quarter ends; beyond it, new keys may take no memory. */
const [cacheRows, keysBefore] = [1000, 2000]
/** The same fault each time says no more than a few of it. */
const faultsTold = 10
/** Between two calls beside the load, ms. */
const pauseMs = 20

/** What a quarter of a run has, and what the last one may have at most. */
const bounds = {
  rssBytes: (before: number) => before * 1.1 + 16e6,
  heapBytes: (before: number) => before * 1.1 + 4e6,
  p99Ms: (before: number) => before * 1.5 + 1,
}
/** How much of its share of the floor's capacity the server may lose. */
const shareLost = 0.25

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN

/** Medians of the second quarter and of the last. */
const secondAndLast = <T>(all: readonly T[], of: (each: T) => number): readonly [number, number] => {
  const quarter = all.length / 4
  const between = (from: number, to: number) =>
    median(all.slice(Math.floor(quarter * from), Math.ceil(quarter * to)).map(of))
  return [between(1, 2), between(3, 4)]
}

/** What went beyond its bound between the second quarter of a run and its last. */
export const judged = ({ samples, rounds, collected, errors, faults }: Omit<Soak, 'failures'>): string[] => {
  const grown = (['rssBytes', 'p99Ms'] as const).flatMap((member) => {
    const [before, after] = secondAndLast(samples, (sample) => sample[member])
    return after <= bounds[member](before) ? [] : [`${member} went from ${before} to ${after}`]
  })
  const [share, shareAfter] = secondAndLast(rounds, ({ capacity, floor }) => capacity / floor)
  if (!(shareAfter >= share * (1 - shareLost)))
    grown.push(`what it can do went from ${share.toFixed(2)} of the floor's to ${shareAfter.toFixed(2)}`)
  const [before, after] = collected
  if (!(after <= bounds.heapBytes(before))) grown.push(`the heap went from ${before} to ${after} bytes`)
  if (errors > 0) grown.push(`${errors} calls of the load were answered with errors`)
  return [...grown, ...faults]
}

/** A key is made, used, rotated, disabled and enabled again, and each step must show at once. */
const liveOnce = async (stage: Stage, fault: (told: string) => void): Promise<void> => {
  const ask = async (speech: Speech, action: string, members: object) => {
    await sleep(pauseMs)
    return speech.ask(stage.bench, { action, members })
  }
  const { key_info } = await ask(huawei, 'create-key', { key_alias: stage.alias() })
  const KeyId = key_info.key_id
  const Plaintext = Buffer.from('a life').toString('base64')
  const { CiphertextBlob } = await ask(tencent, 'Encrypt', { KeyId, Plaintext })
  await ask(tencent, 'EnableKeyRotation', { KeyId })
  await ask(tencent, 'RotateKey', { KeyId })
  const opened = await ask(tencent, 'Decrypt', { CiphertextBlob })
  if (opened.Plaintext !== Plaintext) fault('a rotated key did not open what it sealed before')
  await ask(tencent, 'DisableKey', { KeyId })
  const refused = await ask(tencent, 'Encrypt', { KeyId, Plaintext }).then(
    () => false,
    () => true,
  )
  if (!refused) fault('a disabled key encrypted')
  await ask(tencent, 'EnableKey', { KeyId })
  await ask(tencent, 'Encrypt', { KeyId, Plaintext })
}

const lifeGoesOn = (stage: Stage) => {
  const faults: string[] = []
  const fault = (told: string): void => {
    if (faults.length < faultsTold) faults.push(told)
  }
  let [lives, ending] = [0, false]
  const goOn = async () => {
    for (; !ending; lives++) await liveOnce(stage, fault).catch((error) => fault(error.message))
  }
  const gone = goOn()
  return {
    faults,
    end: async () => {
      ending = true
      await gone
      return lives
    },
  }
}

/** Every answer to one of these says which key it was. */
const mixed = async (stage: Stage): Promise<() => string[]> => {
  const names = ['Encrypt 64 B', 'Decrypt 64 B', 'GenerateDataKey', 'ReEncrypt 64 B']
  const calls = await Promise.all(names.map((name) => scenarioNamed(name).calls(stage)))
  const all = Array.from({ length: 64 }, (_, at) => calls.map((each) => each[at % each.length])).flat()
  return () => all.flatMap((call) => (call ? [tencent.request(stage.bench, call)] : []))
}

const callsPerSecond = ({ requests, seconds }: Measured): number => requests / seconds

/** Goes through the minutes one by one; `onSample` hears of each five seconds, since the load began. */
const goThrough = async (
  bench: Bench,
  minutes: number,
  requests: () => string[],
  onSample: (sample: LoadSample) => void,
): Promise<Pick<Soak, 'rounds' | 'errors' | 'collected'>> => {
  const floor = await bench.floor(JSON.stringify(await bench.call('GetServiceStatus', {})))
  const started = performance.now()
  const rounds: Round[] = []
  let [errors, before] = [0, 0]
  for (let minute = 0; minute < minutes; minute++) {
    if (minute === Math.floor(minutes / 4)) before = await bench.heapBytes('collect')
    const load = { requests: requests(), expect: '"KeyId":"', connections }
    const whole = await bench.run(bench.server, { ...load, seconds: capacitySeconds })
    const bare = await bench.run(floor, { ...load, expect: '', seconds: floorSeconds })
    const perSecond = Math.floor(callsPerSecond(whole) * loadShare)
    const at = (performance.now() - started) / 1000
    rounds.push({ at, capacity: callsPerSecond(whole), floor: callsPerSecond(bare), perSecond })
    process.stderr.write(`minute ${minute + 1} of ${minutes}: ${perSecond} calls a second\n`)
    const seconds = roundSeconds - capacitySeconds - floorSeconds
    const measured = await bench.run(
      bench.server,
      { ...load, seconds, perSecond, sampleSeconds },
      { onSample: (sample) => onSample({ ...sample, at: at + sample.at }) },
    )
    errors += whole.errors + measured.errors
  }
  return { rounds, errors, collected: [before, await bench.heapBytes('collect')] }
}

const soakIn = async (bench: Bench, minutes: number): Promise<Omit<Soak, 'failures'>> => {
  const stage = new Stage(bench)
  await stage.fill(keysBefore)
  const requests = await mixed(stage)
  await bench.run(bench.server, { requests: requests(), expect: '', connections, seconds: 3 })

  const samples: SoakSample[] = []
  const pending: Promise<void>[] = []
  const take = async (sample: LoadSample) => {
    const rssBytes = groupRssBytes(bench.server.pid)
    samples.push({ ...sample, rssBytes, heapBytes: await bench.heapBytes() })
    const { at, p99Ms } = sample
    process.stderr.write(`${at.toFixed(0)} s: p99 ${p99Ms.toFixed(1)} ms, ${(rssBytes / 1e6).toFixed(0)} MB\n`)
  }
  const life = lifeGoesOn(stage)
  const gone = await goThrough(bench, minutes, requests, (sample) => void pending.push(take(sample)))
  const lives = await life.end()
  await Promise.all(pending)
  return { minutes, samples, lives, faults: life.faults, ...gone }
}

const sectionsOf = ({ samples, rounds, minutes, lives, failures, collected }: Soak): Section[] => {
  const line = (name: string, of: (sample: SoakSample) => number): Line => ({
    name,
    points: samples.map((sample) => [sample.at / 60, of(sample)]),
  })
  const [before, after] = collected.map((bytes) => (bytes / 1e6).toFixed(1))
  const rates = rounds.map(({ perSecond }) => perSecond)
  const capacities = (['capacity', 'floor'] as const).map(
    (member): Line => ({
      name: member === 'floor' ? 'a bare server could' : 'it could',
      points: rounds.map((round) => [round.at / 60, round[member]]),
    }),
  )
  return [
    {
      title: `${minutes} minutes at ${loadShare * 100} %: ${Math.min(...rates)} to ${Math.max(...rates)} calls a second`,
      told: `${failures.length === 0 ? 'No call failed, memory did not grow, the p99 stayed.' : failures.join('; ')} Beside the load, ${lives} keys were made, rotated, disabled and enabled. Objects after a full collection: ${before} MB in the first quarter, ${after} MB at the end.`,
      charts: [
        lines([line('p50', ({ p50Ms }) => p50Ms), line('p99', ({ p99Ms }) => p99Ms)], 'minutes', 'ms'),
        lines([line('calls', (sample) => sample.perSecond), ...capacities], 'minutes', 'calls/s'),
        lines(
          [line('resident', ({ rssBytes }) => rssBytes / 1e6), line('heap', ({ heapBytes }) => heapBytes / 1e6)],
          'minutes',
          'MB',
        ),
      ],
    },
  ]
}

/** False where something went beyond its bound. */
export const soak = async (minutes: number, folder: string): Promise<boolean> => {
  const bench = await new Bench([...productionFlags(), '--expose-gc'], { cacheRows }).start()
  const found = await soakIn(bench, minutes).finally(() => bench.stop())
  const result: Soak = { ...found, failures: judged(found) }
  const machine = machineHere()
  writeReport(folder, 'soak', { machine, ...result }, page('Soak', machine, sectionsOf(result)))
  for (const failure of result.failures) process.stdout.write(`${failure}\n`)
  return result.failures.length === 0
}

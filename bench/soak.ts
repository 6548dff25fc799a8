/**
 * `npm run bench -- --soak MINUTES`: 80 % of what the server can do, for long, while keys are made, rotated, disabled and
 * enabled beside it. No call may fail, memory may not grow, and the p99 has to stay what it was.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { type Line, lines } from './charts.ts'
import type { LoadSample } from './load.ts'
import { Bench, type Load } from './measure.ts'
import { groupRssBytes, productionFlags } from './processes.ts'
import { machineHere, page, type Section, writeReport } from './report.ts'
import { scenarioNamed } from './scenarios.ts'
import { huawei, type Speech, Stage, tencent } from './stage.ts'

export interface SoakSample extends LoadSample {
  readonly rssBytes: number
  readonly heapBytes: number
}

export interface Soak {
  readonly perSecond: number
  readonly minutes: number
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
const capacitySlices = 8
const connections = 64
/** Good for five minutes. */
const signAgainSeconds = 60
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

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN

/** What went beyond its bound between the second quarter of a run and its last. */
export const judged = ({ samples, collected, errors, faults }: Omit<Soak, 'failures'>): string[] => {
  const quarter = samples.length / 4
  const of = (member: 'rssBytes' | 'p99Ms', from: number, to: number) =>
    median(samples.slice(Math.floor(quarter * from), Math.ceil(quarter * to)).map((sample) => sample[member]))
  const grown = (['rssBytes', 'p99Ms'] as const).flatMap((member) => {
    const [before, after] = [of(member, 1, 2), of(member, 3, 4)]
    return after <= bounds[member](before) ? [] : [`${member} went from ${before} to ${after}`]
  })
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

/**
 * Calls a second, of the slowest slice: where a machine is shared, 80 % of its best seconds is more than it can do in others, and
 * what is due then waits for minutes.
 */
const capacity = async (bench: Bench, load: Omit<Load, 'seconds'>): Promise<number> => {
  const found: number[] = []
  for (let slice = 0; slice < capacitySlices; slice++) {
    const { requests, seconds } = await bench.run(bench.server, { ...load, seconds: 5 })
    found.push(requests / seconds)
  }
  return Math.min(...found)
}

const soakIn = async (bench: Bench, minutes: number): Promise<Omit<Soak, 'failures'>> => {
  const stage = new Stage(bench)
  await stage.fill(keysBefore)
  const requests = await mixed(stage)
  const load = { requests: requests(), expect: '"KeyId":"', connections }
  await bench.run(bench.server, { ...load, seconds: 3 })
  const perSecond = Math.floor((await capacity(bench, load)) * loadShare)
  process.stdout.write(`${perSecond} calls a second for ${minutes} minutes\n`)

  const samples: SoakSample[] = []
  const pending: Promise<void>[] = []
  const take = async (sample: LoadSample) => {
    const rssBytes = groupRssBytes(bench.server.pid)
    samples.push({ ...sample, rssBytes, heapBytes: await bench.heapBytes() })
    const { at, p99Ms } = sample
    process.stderr.write(`${at.toFixed(0)} s: p99 ${p99Ms.toFixed(1)} ms, ${(rssBytes / 1e6).toFixed(0)} MB\n`)
  }
  const life = lifeGoesOn(stage)
  const first = sleep(minutes * 15_000 + sampleSeconds * 500).then(() => bench.heapBytes('collect'))
  const { errors } = await bench.run(
    bench.server,
    { ...load, seconds: minutes * 60, perSecond, sampleSeconds },
    { refresh: { everySeconds: signAgainSeconds, requests }, onSample: (sample) => void pending.push(take(sample)) },
  )
  const lives = await life.end()
  await Promise.all(pending)
  const collected = [await first, await bench.heapBytes('collect')] as const
  return { perSecond, minutes, samples, lives, faults: life.faults, errors, collected }
}

const sectionsOf = ({ samples, perSecond, minutes, lives, failures, collected }: Soak): Section[] => {
  const line = (name: string, of: (sample: SoakSample) => number): Line => ({
    name,
    points: samples.map((sample) => [sample.at / 60, of(sample)]),
  })
  const [before, after] = collected.map((bytes) => (bytes / 1e6).toFixed(1))
  return [
    {
      title: `${minutes} minutes at ${perSecond} calls a second`,
      told: `${failures.length === 0 ? 'No call failed, memory did not grow, the p99 stayed.' : failures.join('; ')} Beside the load, ${lives} keys were made, rotated, disabled and enabled. Objects after a full collection: ${before} MB in the first quarter, ${after} MB at the end.`,
      charts: [
        lines([line('p50', ({ p50Ms }) => p50Ms), line('p99', ({ p99Ms }) => p99Ms)], 'minutes', 'ms'),
        lines([line('calls', (sample) => sample.perSecond)], 'minutes', 'calls/s'),
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

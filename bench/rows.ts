/** One row of the table: a server measured beside the floor, and beside the primitive where there is one. */
import type { Bench, Load, Measured } from './measure.ts'
import { rowName, type Step } from './plan.ts'
import { primitiveCost } from './primitives.ts'
import type { Call, Stage } from './stage.ts'

export interface Figures {
  readonly perSecond: number
  readonly p50Ms: number
  readonly p99Ms: number
  /** Microseconds of CPU of the whole group of processes. */
  readonly cpuPerRequest: number
}

export interface BenchRow extends Figures {
  readonly name: string
  /** '' for the ordinary one. */
  readonly setting: string
  readonly errors: number
  /** What the first error was. */
  readonly wrong?: string
  /** A bare `node:http` server that answers the same bytes to the same requests. */
  readonly floor?: Figures
  /** CPU of a request in times of the floor's. */
  readonly ratio?: number
  /** CPU of the bare primitive, microseconds. */
  readonly primitive?: number
}

export interface Times {
  /** Until V8 has compiled what is measured: before it, a request costs twice as much. */
  readonly warmSeconds: number
  readonly seconds: number
}

export const figuresOf = ({ requests, seconds, p50Ms, p99Ms, cpuPerRequest }: Measured): Figures => ({
  perSecond: requests / seconds,
  p50Ms,
  p99Ms,
  cpuPerRequest,
})

/** Of calls that can be made only once, each part of a run has some. */
const warmShare = 0.2

const loadsOf = (bench: Bench, { scenario, connections }: Step, calls: readonly Call[], times: Times) => {
  const { speech, expect, once = false } = scenario
  const requests = calls.map((call) => speech.request(bench, call))
  const cut = once ? Math.floor(requests.length * warmShare) : requests.length
  const shape = (some: readonly string[], seconds: number): Load & { once: boolean } => {
    return { requests: some, expect, connections, seconds, once }
  }
  return {
    warm: shape(requests.slice(0, cut), times.warmSeconds),
    load: shape(once ? requests.slice(cut) : requests, times.seconds),
  }
}

/** As fast as the calls of a row are answered, a second, by its name; for shares of it. */
export type Capacities = Map<string, number>

export const measureRow = async (
  stage: Stage,
  step: Step,
  setting: string,
  times: Times,
  capacities: Capacities,
): Promise<BenchRow> => {
  const { bench } = stage
  const { scenario, connections, share } = step
  const whole = rowName(setting, { scenario, connections })
  const calls = await scenario.calls(stage)
  const [first, ...others] = calls
  if (!first) throw new Error(`${scenario.name} has no calls`)
  const answer = scenario.speech.body(await scenario.speech.ask(bench, first))
  const { warm, load } = loadsOf(bench, step, scenario.once ? others : calls, times)
  const wholeOf = async () => capacities.get(whole) ?? figuresOf(await bench.run(bench.server, load)).perSecond
  const perSecond = share === undefined ? {} : { perSecond: (await wholeOf()) * share }

  const target = await bench.floor(answer)
  const bare = { expect: '', once: false }
  await bench.run(target, { ...warm, ...bare, seconds: times.warmSeconds / 2 })
  const floor = figuresOf(await bench.run(target, { ...load, ...bare, ...perSecond, seconds: times.seconds / 2 }))
  await bench.run(bench.server, warm)
  const measured = await bench.run(bench.server, { ...load, ...perSecond })
  const figures = figuresOf(measured)
  if (share === undefined) capacities.set(whole, figures.perSecond)
  const { errors, wrong } = measured
  return {
    name: rowName(setting, step),
    setting,
    ...figures,
    errors,
    ...(wrong === undefined ? {} : { wrong }),
    floor,
    ratio: figures.cpuPerRequest / floor.cpuPerRequest,
    ...(scenario.primitive ? { primitive: primitiveCost(scenario.primitive) } : {}),
  }
}

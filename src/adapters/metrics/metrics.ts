/** Prometheus metrics. No key id, caller or address is ever a label: metrics are read by more people than the audit. */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'

export interface Gauges {
  readonly slowQueueWaiting: () => number
  readonly journalHealthy: () => boolean
}

export interface Metrics {
  answered(dialect: string, action: string, outcome: string, milliseconds: number): void
  stranger(dialect: string, reason: string): void
  shed(dialect: string): void
  /** Known answers of key versions that were tried, and how many of them failed. */
  scrubbed(checked: number, failed: number): void
  text(): Promise<string>
}

type Series = { calls: Counter.Internal; seconds: Histogram.Internal<string> }

/** What is only counted. */
const countersIn = (registers: Registry[]) => {
  const strangers = new Counter({
    name: 'keystead_unauthenticated_total',
    help: 'Requests refused before a caller was known.',
    labelNames: ['dialect', 'reason'],
    registers,
  })
  const shed = new Counter({
    name: 'keystead_shed_total',
    help: 'Requests that were told to come back, since more had arrived than could be answered in time.',
    labelNames: ['dialect'],
    registers,
  })
  const canaries = new Counter({
    name: 'keystead_canaries_checked_total',
    help: 'Key versions whose known answer was tried in the background.',
    registers,
  })
  const canariesFailed = new Counter({
    name: 'keystead_canaries_failed_total',
    help: 'Of those, the ones that no longer open what they sealed at birth: look at keystead doctor.',
    registers,
  })
  return { strangers, shed, canaries, canariesFailed }
}

export const openMetrics = ({ slowQueueWaiting, journalHealthy }: Gauges): Metrics => {
  const registers = [new Registry()]
  const [registry] = registers as [Registry]
  collectDefaultMetrics({ register: registry })
  const calls = new Counter({
    name: 'keystead_calls_total',
    help: 'Calls of authenticated callers, by outcome.',
    labelNames: ['dialect', 'action', 'outcome'],
    registers,
  })
  const seconds = new Histogram({
    name: 'keystead_call_seconds',
    help: 'Time from the authenticated request to its answer.',
    labelNames: ['dialect', 'action'],
    buckets: [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 1, 5],
    registers,
  })
  const { strangers, shed, canaries, canariesFailed } = countersIn(registers)
  const gauge = (name: string, help: string, read: () => number) =>
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(read())
      },
    })
  gauge('keystead_slow_queue_waiting', 'Slow cryptography that waits for its turn.', slowQueueWaiting)
  gauge('keystead_journal_healthy', '1 while the audit journal can be written.', () => Number(journalHealthy()))

  // A series is looked up by its labels once; after that a call costs two additions.
  const known = new Map<string, Series>()
  const seriesOf = (dialect: string, action: string, outcome: string): Series => {
    const name = `${dialect}\0${action}\0${outcome}`
    const found = known.get(name) ?? {
      calls: calls.labels(dialect, action, outcome),
      seconds: seconds.labels(dialect, action),
    }
    known.set(name, found)
    return found
  }
  return {
    answered(dialect, action, outcome, milliseconds) {
      const series = seriesOf(dialect, action, outcome)
      series.calls.inc()
      series.seconds.observe(milliseconds / 1000)
    },
    stranger: (dialect, reason) => strangers.inc({ dialect, reason }),
    shed: (dialect) => shed.inc({ dialect }),
    scrubbed(checked, failed) {
      canaries.inc(checked)
      canariesFailed.inc(failed)
    },
    text: () => registry.metrics(),
  }
}

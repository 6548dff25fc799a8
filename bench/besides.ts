/** Encrypt while something slow goes on, cryptography or long lists: how much of it anybody notices. */
import type { Bench, Load, Measured } from './measure.ts'
import type { Call } from './stage.ts'

export interface Beside {
  readonly name: string
  readonly perSecond: number
  readonly p50Ms: number
  readonly p99Ms: number
  readonly errors: number
}

type Order = Parameters<Bench['slow']>[0]

const named = (name: string, { requests, seconds, p50Ms, p99Ms, errors }: Measured): Beside => ({
  name: `Encrypt, 16 conn., ${name}`,
  perSecond: requests / seconds,
  p50Ms,
  p99Ms,
  errors,
})

/** CPU is not told, since it would be mostly that of what goes on. */
const beside = async (bench: Bench, load: Load, name: string, order: Order): Promise<Beside> => {
  bench.slow(order)
  const measured = await bench.run(bench.server, load)
  bench.slow('idle')
  return named(name, measured)
}

/** Beside calls that one client makes, one after the other; `call` gives the next of them. */
const besideCalls = async (bench: Bench, load: Load, name: string, call: (made: number) => Call): Promise<Beside> => {
  let done = false
  const keepCalling = async () => {
    for (let made = 0; !done; made++) {
      const { action, members } = call(made)
      await bench.call(action, members)
    }
  }
  const calling = keepCalling()
  const row = await beside(bench, load, name, 'idle')
  done = true
  await calling
  return row
}

const whiteBoxKey = (round: number, made: number): Call => ({
  action: 'CreateWhiteBoxKey',
  members: { Alias: `tables-${round}-${made}`, Algorithm: made % 2 === 0 ? 'AES_256' : 'SM4' },
})

const best = (measured: readonly Beside[]): Beside =>
  measured.reduce((least, row) => (row.p99Ms < least.p99Ms ? row : least))

/** In turn, and the best of each: whatever else runs on the machine can only make a p99 worse. */
export const measureBesides = async (bench: Bench, load: Load, rounds: number): Promise<Beside[]> => {
  const alone: Beside[] = []
  const busy: Beside[] = []
  const tables: Beside[] = []
  const keys: Beside[] = []
  for (let round = 0; round < rounds; round++) {
    alone.push(await beside(bench, load, 'alone', 'idle'))
    busy.push(await beside(bench, load, 'slow queue full', 'busy'))
    tables.push(await beside(bench, load, 'tables made', 'tables'))
    keys.push(await besideCalls(bench, load, 'white-box keys', (made) => whiteBoxKey(round, made)))
  }
  return [alone, busy, tables, keys].map(best)
}

/** The same beside each of these calls, made again and again. */
export const measureBesideCalls = async (
  bench: Bench,
  load: Load,
  rounds: number,
  calls: Readonly<Record<string, Call>>,
): Promise<Beside[]> => {
  const found = new Map<string, Beside[]>()
  const add = (name: string, row: Beside) => found.set(name, [...(found.get(name) ?? []), row])
  for (let round = 0; round < rounds; round++) {
    add('alone', await beside(bench, load, 'alone, many keys', 'idle'))
    for (const [name, call] of Object.entries(calls)) add(name, await besideCalls(bench, load, name, () => call))
  }
  return [...found.values()].map(best)
}

/**
 * `npm run bench`: what a call costs with everything on (signature, policy, durable audit), beside a bare `node:http`
 * server that answers the same bytes in the same run. Ratios are what to quote: absolute times belong to the machine.
 */
import { join } from 'node:path'
import { optionsFrom } from '../scripts/options.ts'
import { breakdown } from './breakdown.ts'
import { measureCalls } from './calls.ts'
import { consoleSearch } from './console-search.ts'
import { overload } from './overload.ts'
import { measureRevocation } from './revocation.ts'
import { soak } from './soak.ts'

const help = `npm run bench                     the most important rows, about two minutes
npm run bench -- --full           every row, at most twenty minutes; npm run build first, for cold starts
npm run bench -- --soak [20]      so many minutes at 80 % of what it can do at the start of each, with keys being
                                  made, rotated, disabled and enabled;
                                  memory is judged after collections: garbage that waits for one is no growth
npm run bench -- --overload       three times as much as the server can do
npm run bench -- --breakdown      where the time of one Encrypt goes
npm run bench -- --search DIR     from a key stroke in the console to the rows, over a folder with many keys; npm run build first
npm run bench -- --nodes 3 [--lease 10]   how long a revocation takes over several nodes

  --only TEXT         rows whose name has this in it, such as "huawei Encrypt"
  --connections LIST  1,16,64 where nothing is said
  --seconds N         of each row: 2 where nothing is said
  --keys-data DIR     with --full: also a data folder with many keys (npm run seed makes one), which is changed
  --keys-node DIR     the same of a node's folder, with --keys-database URL (npm run seed takes one too)
  --out DIR           where JSON and HTML are written: docs/performance for all but the short run, which writes nothing

Each row has calls a second, p50 and p99, CPU microseconds of a call (of all processes that serve), and its ratio to the
floor's; and of cryptography the CPU microseconds of the bare primitive.
`

/** A length that is not given is the usual one. */
const args = process.argv.slice(2).flatMap((word, at, all) => {
  const bare = word === '--soak' && !/^\d/.test(all[at + 1] ?? '')
  return bare ? [word, '20'] : [word]
})

const options = optionsFrom(
  help,
  {
    full: { type: 'boolean', default: false },
    soak: { type: 'string' },
    overload: { type: 'boolean', default: false },
    breakdown: { type: 'boolean', default: false },
    search: { type: 'string' },
    nodes: { type: 'string' },
    lease: { type: 'string', default: '10' },
    only: { type: 'string', default: '' },
    connections: { type: 'string', default: '1,16,64' },
    seconds: { type: 'string', default: '2' },
    'keys-data': { type: 'string' },
    'keys-node': { type: 'string' },
    'keys-database': { type: 'string' },
    out: { type: 'string' },
  },
  args,
)

const folder = options.out ?? join(import.meta.dirname, '..', 'docs', 'performance')

const calls = (): Promise<boolean> => {
  const { full, only, connections, seconds, out, 'keys-data': keysData } = options
  const { 'keys-node': data, 'keys-database': database } = options
  if ((data === undefined) !== (database === undefined))
    throw new Error('--keys-node and --keys-database belong together: give both, or neither.')
  return measureCalls({
    full,
    only,
    connections: connections.split(',').map(Number),
    times: { warmSeconds: 1.5, seconds: Number(seconds) },
    folder: full ? folder : out,
    ...(keysData === undefined ? {} : { keysData }),
    ...(data === undefined || database === undefined ? {} : { keysNode: { data, database } }),
  })
}

const revocation = async (nodes: number): Promise<boolean> => {
  await measureRevocation({ nodes, leaseSeconds: Number(options.lease), calls: 200 })
  return true
}

const measured = (): Promise<boolean> => {
  if (options.nodes !== undefined) return revocation(Number(options.nodes))
  if (options.soak !== undefined) return soak(Number(options.soak), folder)
  if (options.search !== undefined) return consoleSearch(options.search, folder)
  if (options.breakdown) return breakdown(folder)
  return options.overload ? overload(folder) : calls()
}

process.exitCode = (await measured()) ? 0 : 1

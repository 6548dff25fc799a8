/**
 * `npm run bench -- --breakdown`: where the time of one Encrypt goes. The system says how much each thread of a server used,
 * and V8's profile of another one, which costs something itself, divides the main thread's part among stages; so that
 * everything adds up.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bars } from './charts.ts'
import { Bench, type Load } from './measure.ts'
import { productionFlags, threadCpuSeconds } from './processes.ts'
import { machineHere, page, writeReport } from './report.ts'
import { figure } from './table.ts'

interface Frame {
  readonly functionName: string
  readonly url: string
}

interface ProfileNode {
  readonly id: number
  readonly callFrame: Frame
  readonly children?: readonly number[]
}

export interface Profile {
  readonly nodes: readonly ProfileNode[]
  readonly samples: readonly number[]
  /** Microseconds before each sample. */
  readonly timeDeltas: readonly number[]
}

interface Stage {
  readonly name: string
  /** Whether time in this frame, or in what it called, belongs to the stage. */
  has(frame: Frame): boolean
}

const inFile =
  (...parts: readonly string[]) =>
  ({ url }: Frame): boolean =>
    parts.some((part) => url.includes(part))

/** The innermost frame that belongs to one decides: what a stage calls is its own, unless that is a stage too. */
const stages: readonly Stage[] = [
  { name: 'AES-256-GCM', has: inFile('/src/crypto/aes-gcm') },
  { name: 'SHA-256 and HMAC', has: inFile('/src/crypto/digest') },
  { name: 'ciphertext: header, salt, context', has: inFile('/src/core/ciphertext', '/src/core/context') },
  { name: 'signature: what was signed, by whom', has: inFile('/src/dialects/', '/src/core/access/signer') },
  {
    name: 'members: JSON and declarations',
    has: inFile('/node_modules/zod/', '/src/contract/members', '/src/contract/fields'),
  },
  {
    name: 'key and right: rows, policies, state',
    has: inFile('/src/core/resolve', '/src/core/find', '/src/core/access/'),
  },
  { name: 'audit: the line, and handing it over', has: inFile('/src/adapters/audit-log/') },
  { name: 'metrics and use counts', has: inFile('/prom-client/', '/src/core/uses', '/src/adapters/metrics/') },
  { name: 'randomness and ids', has: inFile('/src/adapters/system/') },
  { name: 'the way: contract, perform, operations', has: inFile('/src/contract/', '/src/core/') },
  { name: 'http/: head, body, answer', has: inFile('/src/http/') },
  { name: 'collecting the young', has: ({ functionName }) => functionName === '(garbage collector)' },
  { name: 'node:http, sockets, promises', has: () => true },
]

const isIdle = ({ functionName }: Frame): boolean => functionName === '(idle)'

/** Node's own streams and sockets are those of a bare server, whoever called them. */
const isPlatform = ({ url }: Frame): boolean => /^node:(?:internal\/(?:streams|stream_base)|_http|net)/.test(url)

const stageOf = (stack: readonly Frame[]): string => {
  const last = stages.at(-1) as Stage
  for (const frame of stack) {
    if (isPlatform(frame)) return last.name
    const found = stages.find((stage) => stage !== last && stage.has(frame))
    if (found) return found.name
  }
  return last.name
}

/** The shares of the stages in the last `seconds` of a profile; together 1. */
export const sharesOf = ({ nodes, samples, timeDeltas }: Profile, seconds: number): ReadonlyMap<string, number> => {
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]))
  const callers = new Map(nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id] as const)))
  const stackOf = (id: number): Frame[] => {
    const stack: Frame[] = []
    for (let at: number | undefined = id; at !== undefined; at = callers.get(at)) stack.push(frames.get(at) as Frame)
    return stack
  }
  const known = new Map<number, string | undefined>()
  const stageAt = (id: number): string | undefined => {
    if (!known.has(id)) known.set(id, isIdle(frames.get(id) as Frame) ? undefined : stageOf(stackOf(id)))
    return known.get(id)
  }
  const spent = new Map<string, number>()
  let [left, all] = [seconds * 1e6, 0]
  for (let at = samples.length - 1; at >= 0 && left > 0; at--) {
    const micros = timeDeltas[at] as number
    left -= micros
    const stage = stageAt(samples[at] as number)
    if (stage === undefined) continue
    spent.set(stage, (spent.get(stage) ?? 0) + micros)
    all += micros
  }
  return new Map([...spent].map(([stage, micros]) => [stage, micros / all]))
}

/** The main thread's: the one in which requests are served. */
const mainProfile = (folder: string): Profile => {
  const profiles = readdirSync(folder).map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as Profile)
  const served = profiles.filter(({ nodes }) =>
    nodes.some(({ callFrame }) => callFrame.url.includes('/src/http/server')),
  )
  const [longest] = served.toSorted((a, b) => b.samples.length - a.samples.length)
  if (!longest) throw new Error(`no profile of the main thread in ${folder}`)
  return longest
}

/** What threads of other names do is the runtime's: compiling, collecting. */
const threadStages: Readonly<Record<string, string>> = { journal: 'journal thread: chain, write, flush' }
const mainThread = 'MainThread'

interface Part {
  readonly name: string
  /** Of CPU for each call. */
  readonly micros: number
}

interface Threads {
  readonly requests: number
  /** By name, seconds. */
  readonly used: ReadonlyMap<string, number>
}

const partsOf = ({ requests, used }: Threads, shares: ReadonlyMap<string, number>): Part[] => {
  const each = (seconds: number) => (seconds * 1e6) / requests
  const main = each(used.get(mainThread) ?? 0)
  const parts = new Map<string, number>()
  for (const [stage, share] of shares) parts.set(stage, main * share)
  for (const [thread, seconds] of used) {
    if (thread === mainThread) continue
    const name = threadStages[thread] ?? "the runtime's threads"
    parts.set(name, (parts.get(name) ?? 0) + each(seconds))
  }
  return [...parts].map(([name, micros]) => ({ name, micros })).toSorted((a, b) => b.micros - a.micros)
}

const warmSeconds = 5
const measureSeconds = 10

const loadOf = async (bench: Bench): Promise<Load> => {
  const { KeyId } = await bench.call('CreateKey', { Alias: 'breakdown' })
  const plaintexts = Array.from({ length: 64 }, (_, at) => Buffer.alloc(64, at).toString('base64'))
  const requests = plaintexts.map((Plaintext) => bench.request('Encrypt', { KeyId, Plaintext }))
  return { requests, expect: 'CiphertextBlob', connections: 64, seconds: measureSeconds }
}

/** A server of its own, warm. */
const measured = async (nodeFlags: readonly string[]): Promise<Threads> => {
  const bench = await new Bench(nodeFlags).start()
  const load = await loadOf(bench)
  await bench.run(bench.server, { ...load, seconds: warmSeconds })
  const before = threadCpuSeconds(bench.server.pid)
  const { requests } = await bench.run(bench.server, { ...load, seconds: measureSeconds })
  const after = threadCpuSeconds(bench.server.pid)
  await bench.stop()
  return { requests, used: new Map([...after].map(([name, seconds]) => [name, seconds - (before.get(name) ?? 0)])) }
}

export const breakdown = async (folder: string): Promise<boolean> => {
  const profiles = mkdtempSync(join(tmpdir(), 'keystead-profile-'))
  try {
    const threads = await measured(productionFlags())
    await measured([...productionFlags(), '--cpu-prof', `--cpu-prof-dir=${profiles}`])
    const parts = partsOf(threads, sharesOf(mainProfile(profiles), measureSeconds))
    const total = parts.reduce((sum, { micros }) => sum + micros, 0)
    for (const { name, micros } of parts) process.stdout.write(`${name.padEnd(44)}${figure(micros, 1).padStart(8)}\n`)
    process.stdout.write(`${'CPU of one Encrypt, us'.padEnd(44)}${figure(total, 1).padStart(8)}\n`)
    const chart = bars(
      parts.map(({ name, micros }) => ({ label: name, value: micros, told: `${figure(micros, 1)} us` })),
    )
    const told = `64 bytes, TC3, 64 connections, everything on: ${figure(total, 1)} us of CPU.`
    const machine = machineHere()
    const html = page('Where the time of one Encrypt goes', machine, [{ title: 'By stage', told, charts: [chart] }])
    writeReport(folder, 'breakdown', { machine, total, parts }, html)
    return true
  } finally {
    rmSync(profiles, { recursive: true, force: true })
  }
}

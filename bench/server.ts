/** The server under load, in a process of its own: the real one, with everything on but what a run takes away. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { startWorkers } from '../src/cli/workers.ts'
import type { Settings } from '../src/config.ts'
import type { AuditEntry } from '../src/core/audit.ts'
import { privateKeyFrom } from '../src/crypto/private-key.ts'
import type { Credentials } from '../src/first-account.ts'
import { type Running, start } from '../src/main.ts'
import { addAccessKey, addPrincipal } from '../test/harness/access.ts'
import { type AccessKey, type TestKeystead, temporaryFolder, testSettings } from '../test/harness/keystead.ts'

export interface ServerOptions {
  /** A folder that is there already; a new one without it. */
  readonly data?: string
  readonly database?: string
  readonly workers?: number
  /** The journal takes entries and writes none: what the audit costs is the difference. */
  readonly withoutAudit?: boolean
  /** Calls are a user's who may do what a policy says, and not the administrator's whom no policy is asked for. */
  readonly asUser?: boolean
  readonly cacheRows?: number
}

export type ServerTold =
  | { readonly endpoint: string; readonly credentials: Credentials; readonly key: AccessKey }
  | { readonly failed: string }

const options = JSON.parse(process.env.BENCH_OPTIONS ?? '{}') as ServerOptions

const settings = (): Settings => {
  const { data = process.env.BENCH_DATA ?? temporaryFolder(), database, workers = 1, cacheRows = 20_000 } = options
  const found = !existsSync(join(data, 'keystead.db'))
  const shared = database === undefined ? {} : { database }
  return testSettings(data, { init: found, logLevel: 'error', quotaWhiteBoxKeys: 1000, workers, cacheRows, ...shared })
}

/** Nothing is written, and it is answered in the same turn. */
const silence = ({ house }: Running['installation']): void => {
  const journal = { append: async (_entry: AuditEntry) => {} }
  Object.assign(house, { journal })
}

const allowed = { version: '2.0', statement: [{ effect: 'allow', action: ['kms:*'], resource: ['*'] }] }

const userOf = async (running: Running, credentials: Credentials): Promise<AccessKey> => {
  const keystead = { running, credentials } as TestKeystead
  const principal = await addPrincipal(keystead, { policies: [allowed], language: 'tencent' })
  return addAccessKey(keystead, { principal })
}

/** Slow cryptography that goes on until it is told to stop. */
const slowWork = async ({ house }: Running['installation']) => {
  const { slow } = house
  const { publicKey, privateKey } = await slow.run('generatePair', { algorithm: 'rsa-2048' })
  const key = privateKeyFrom(privateKey)
  const signed = { type: 'message', bytes: new Uint8Array(64) } as const
  let busy = false
  /** Keeps one piece of work in flight. */
  const keepBusy = async (work: () => Promise<unknown>): Promise<void> => {
    // What still waits when the server stops is rejected, and nobody misses it.
    while (busy) await work().catch(() => undefined)
  }
  const sign = () => slow.run('sign', { key, publicKey, scheme: 'rsaPssSha256', signed })
  const hash = () => slow.run('hashPassword', { password: 'a wrong password', salt: new Uint8Array(16) })
  const tables = () => slow.run('makeWhiteBoxKey', { algorithm: 'aes-256' })
  return (order: 'busy' | 'tables' | 'idle') => {
    busy = order !== 'idle'
    if (order === 'tables') void keepBusy(tables)
    if (order !== 'busy') return
    for (let each = 0; each < 64; each++) void keepBusy(sign)
    for (let each = 0; each < 16; each++) void keepBusy(hash)
  }
}

/** Twice, with a pause: what is freed by the end of something else is found by the second. */
const collect = async (): Promise<void> => {
  for (let round = 0; round < 2; round++) {
    await sleep(500)
    globalThis.gc?.()
  }
}

const tell = (told: ServerTold | { readonly heapBytes: number }): void => {
  process.send?.(told)
}

const stopOn = (stop: () => Promise<void>): void => {
  process.on('message', async (order) => {
    if (order !== 'stop') return
    await stop()
    process.exit(0)
  })
}

const serveAlone = async (): Promise<void> => {
  const running = await start(settings())
  const { endpoint, credentials, installation } = running
  if (!credentials) throw new Error('credentials.json is missing in the data folder')
  stopOn(() => running.stop())
  const key = options.asUser ? await userOf(running, credentials) : credentials.tencent
  if (options.withoutAudit) silence(installation)
  const slow = await slowWork(installation)
  process.on('message', async (order: 'busy' | 'tables' | 'idle' | 'heap' | 'collect' | 'stop') => {
    if (order === 'collect') await collect()
    if (order === 'heap' || order === 'collect') tell({ heapBytes: process.memoryUsage().heapUsed })
    else if (order !== 'stop') slow(order)
  })
  tell({ endpoint, credentials, key })
}

const serveWithWorkers = async (): Promise<void> => {
  const { endpoint, credentials, stop } = await startWorkers(settings())
  if (!credentials) throw new Error('credentials.json is missing in the data folder')
  stopOn(stop)
  tell({ endpoint, credentials, key: credentials.tencent })
}

const serve = (options.workers ?? 1) > 1 ? serveWithWorkers : serveAlone
serve().catch((error: Error) => tell({ failed: error.message }))
// Whoever started it is gone.
process.on('disconnect', () => process.exit(1))

/** A real server for tests: in this process, on a free port, in a folder of its own, with a clock that can be moved. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemRandom } from '../../src/adapters/system/random.ts'
import type { Settings } from '../../src/config.ts'
import type { Credentials } from '../../src/first-account.ts'
import { start } from '../../src/main.ts'
import { MovableClock } from './clock.ts'
import { type Exchanged, exchange } from './http.ts'
import { type Tc3Options, tc3Headers } from './tc3.ts'

export const testSettings = (data: string, changed: Partial<Settings> = {}): Settings => ({
  host: '127.0.0.1',
  port: 0,
  data,
  init: true,
  lease: 10,
  workers: 1,
  trustedProxy: [],
  keyStore: [],
  capsuleSignatures: false,
  connectionsPerSource: 1024,
  defaultRegion: 'ap-guangzhou',
  auditRetention: 400,
  quotaWhiteBoxKeys: 50,
  limits: 'off',
  lockAccessKeys: false,
  cacheRows: 20_000,
  slowThreads: 1,
  console: true,
  logLevel: 'silent',
  ...changed,
})

export const temporaryFolder = (): string => mkdtempSync(join(tmpdir(), 'keystead-test-'))

export interface AccessKey {
  readonly secretId: string
  readonly secretKey: string
}

// biome-ignore lint/suspicious/noExplicitAny: answers are looked at member by member, as a client in plain JavaScript does.
export type Members = Record<string, any>

export interface Answered {
  readonly exchanged: Exchanged
  /** What is inside `Response`. */
  readonly response: Members
  /** `Response.Error.Code`, or undefined for success. */
  readonly code: string | undefined
}

export interface CallOptions {
  readonly key?: AccessKey
  /** Empty for none. */
  readonly region?: string
  /** Put over the signed and common headers; undefined takes one away. */
  readonly headers?: Readonly<Record<string, string | undefined>>
  /** Changes what is signed, and how. */
  readonly sign?: Partial<Tc3Options>
  readonly method?: string
  /** A service beside `kms`, asked as clients ask it: under its own host and version, and signed for it. */
  readonly service?: keyof typeof versions
}

const versions = { kms: '2019-01-18', tag: '2018-08-13', sts: '2018-08-13' } as const

export interface TestKeystead {
  readonly endpoint: string
  readonly folder: string
  readonly credentials: Credentials
  readonly clock: MovableClock
  readonly running: Awaited<ReturnType<typeof start>>
  /** One signed action; `members` may be the body itself. */
  call(action: string, members?: Members | string | Buffer, options?: CallOptions): Promise<Answered>
  /** As `call`, and fails the test where the answer is an error. */
  ok(action: string, members?: Members, options?: CallOptions): Promise<Members>
  /** The lines of the audit journal so far, parsed. */
  audit(): Members[]
  /** Stops the server; the folder stays. */
  stop(): Promise<void>
  /** Stops the server and removes the folder. */
  end(): Promise<void>
}

export const signedCall = async (
  endpoint: string,
  key: AccessKey,
  timestamp: number,
  action: string,
  members: Members | string | Buffer,
  { region = 'ap-guangzhou', headers = {}, sign = {}, method = 'POST', service }: CallOptions = {},
): Promise<Answered> => {
  const body = typeof members === 'string' || Buffer.isBuffer(members) ? members : JSON.stringify(members)
  const { host } = service ? { host: `${service}.keystead.test` } : new URL(endpoint)
  const scope = service ? { service } : {}
  const { secretId, secretKey } = key
  const signed = tc3Headers({ secretId, secretKey, host, body, timestamp, ...scope, ...sign })
  const version = versions[service ?? 'kms']
  const common = { 'X-TC-Action': action, 'X-TC-Version': version, ...(region ? { 'X-TC-Region': region } : {}) }
  const all = Object.entries({ ...signed, ...common, ...headers })
  const sent = Object.fromEntries(all.filter((header): header is [string, string] => header[1] !== undefined))
  const exchanged = await exchange(endpoint, { method, headers: sent, body })
  const response = exchanged.body === '' ? {} : (JSON.parse(exchanged.body) as { Response: Members }).Response
  return { exchanged, response, code: response.Error?.Code }
}

export interface StartOptions {
  readonly folder?: string
  readonly clock?: MovableClock
  readonly settings?: Partial<Settings>
}

const journalLines = (folder: string): Members[] => {
  return readdirSync(join(folder, 'audit'))
    .filter((name) => name.endsWith('.jsonl'))
    .sort()
    .flatMap((name) => readFileSync(join(folder, 'audit', name), 'utf8').split('\n'))
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Members)
}

export const startKeystead = async (options: StartOptions = {}): Promise<TestKeystead> => {
  const { folder = temporaryFolder(), clock = new MovableClock() } = options
  const outside = { clock, random: systemRandom(clock), databaseClockSkew: () => clock.skew }
  const running = await start(testSettings(folder, options.settings), outside)
  const { endpoint, credentials } = running
  if (!credentials) throw new Error('credentials.json is missing')
  const call: TestKeystead['call'] = (action, members = {}, callOptions = {}) => {
    const key = callOptions.key ?? credentials.tencent
    return signedCall(endpoint, key, Math.floor(clock.now() / 1000), action, members, callOptions)
  }
  return {
    endpoint,
    folder,
    credentials,
    clock,
    running,
    call,
    async ok(action, members, callOptions) {
      const { response, code } = await call(action, members, callOptions)
      if (code !== undefined) throw new Error(`${action}: ${code}: ${response.Error.Message}`)
      return response
    },
    audit: () => journalLines(folder),
    stop: () => running.stop(),
    async end() {
      await running.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

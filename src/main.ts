/** Wires everything: the installation, the dialects, the server, the clockwork. Nothing imports this but the CLI. */

import { userInfo } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pino, { type Logger } from 'pino'
import type { AuditLog } from './adapters/audit-log/journal.ts'
import { StrangerCounts } from './adapters/audit-log/stranger-counts.ts'
import { adminSocketPath, credentialsPath, lockFolder, openFolder } from './adapters/data-folder/folder.ts'
import { type Metrics, openMetrics } from './adapters/metrics/metrics.ts'
import type { Settings } from './config.ts'
import { type Action, variantsOf } from './contract/action.ts'
import { Lockout } from './contract/lockout.ts'
import { RateLimits } from './contract/rate-limits.ts'
import { type Answer, type Service, type Serving, serve, type Watch } from './contract/serve.ts'
import { Slowdown } from './contract/slowdown.ts'
import { wordRights } from './contract/word-rights.ts'
import { rightsLanguage } from './core/access/language.ts'
import { continueRotation, performDue, writeUses } from './core/schedule.ts'
import { scrub } from './core/scrub.ts'
import { actions } from './dialects/huawei/actions.ts'
import { iamActions } from './dialects/huawei/iam/calls.ts'
import { iam } from './dialects/huawei/iam/index.ts'
import { huawei } from './dialects/huawei/index.ts'
import { recordOf } from './dialects/huawei/key-record.ts'
import { presets } from './dialects/huawei/policy/presets.ts'
import { huaweiLanguage } from './dialects/huawei/policy.ts'
import { actionsWith, actions as nativeActions } from './dialects/native/actions.ts'
import { native } from './dialects/native/index.ts'
import { openApiService } from './dialects/native/openapi.ts'
import { isOfInstallation } from './dialects/native/ours.ts'
import { metadataOf } from './dialects/tencent/fields.ts'
import { tencent } from './dialects/tencent/index.ts'
import { camLanguage } from './dialects/tencent/policy.ts'
import { everyAction } from './dialects/tencent/services.ts'
import { adviceFor, FaultLog } from './fault-log.ts'
import { type Credentials, keepEndpoint, readCredentials } from './first-account.ts'
import { Admission } from './http/admission.ts'
import { consolePages } from './http/console.ts'
import { health } from './http/health.ts'
import { expectFree } from './http/listening.ts'
import { createHttpServer, standardTimeouts } from './http/server.ts'
import { trustedProxies } from './http/source.ts'
import { type Installation, type Outside, openInstallation, type SpeechFor, systemOutside } from './installation.ts'

export type { Credentials } from './first-account.ts'

export interface Running {
  readonly endpoint: string
  readonly port: number
  /** What `credentials.json` says, while the operator leaves it there. */
  readonly credentials: Credentials | undefined
  readonly founded: boolean
  readonly installation: Installation
  /** Answers what is under way, then closes everything; safe to call again. */
  stop(): Promise<void>
}

/** How long a stopping server waits for what is under way, ms. */
const drainMs = 25_000
/** Checking everything takes as long as there is much of it. */
const adminTimeouts = { ...standardTimeouts, request: 3_600_000 }
const scheduleMs = 60_000

const urlHost = (host: string): string => {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1'
  return host.includes(':') ? `[${host}]` : host
}

const isLoopback = (host: string): boolean => host === 'localhost' || host === '::1' || host.startsWith('127.')

/** One process of a folder is enough for it. */
const scrubbingFor =
  ({ house }: Installation, { worker }: Settings, { scrubbed }: Pick<Metrics, 'scrubbed'>, log: Logger) =>
  async (ending: AbortSignal): Promise<void> => {
    if ((worker?.number ?? 1) !== 1) return
    const wait = (milliseconds: number) => sleep(milliseconds, undefined, { signal: ending }).catch(() => undefined)
    const { checked, failed } = await scrub(house, wait, ending)
    scrubbed(checked, failed.length)
    if (failed.length > 0)
      log.error(
        { keyVersions: failed },
        'these key versions do not open what they sealed at birth; run keystead doctor',
      )
  }

/** Once a minute: what is due, by the time that the process really ran in between, and the use counts. */
const startSchedule = (
  installation: Installation,
  scrubbing: (ending: AbortSignal) => Promise<void>,
  faults: FaultLog,
): (() => Promise<void>) => {
  const { house, journal, drainHeld } = installation
  const onFault = (error: unknown) => faults.tell(error, 'a part of the minute work failed; it is tried again')
  const ending = new AbortController()
  let last = house.clock.monotonic()
  let running: Promise<unknown> = Promise.resolve()
  const tick = async () => {
    const now = house.clock.monotonic()
    const elapsed = now - last
    last = now
    await installation.refreshRootKey().catch(onFault)
    if (!installation.unavailable()) {
      await performDue(house, elapsed, onFault).catch(onFault)
      await continueRotation(house).catch(onFault)
    }
    await writeUses(house).catch(onFault)
    if (journal.healthy) await drainHeld().catch(onFault)
    // These two take their time: ten seconds, and thirty.
    if (!installation.unavailable()) await scrubbing(ending.signal).catch(onFault)
    await installation.indexRecord(ending.signal).catch(onFault)
  }
  const timer = setInterval(() => {
    running = running.then(tick)
  }, scheduleMs)
  return async () => {
    clearInterval(timer)
    ending.abort()
    await running
    await writeUses(house).catch(onFault)
  }
}

const watching = (installation: Installation, strangers: StrangerCounts, faults: FaultLog) => {
  const metrics = openMetrics({
    slowQueueWaiting: () => installation.slow.waiting,
    journalHealthy: () => installation.journal.healthy,
  })
  const { series } = installation
  const watch: Watch = {
    answered(dialect, action, outcome, milliseconds) {
      metrics.answered(dialect, action, outcome, milliseconds)
      series.answered(dialect, outcome, milliseconds)
    },
    stranger(dialect, source, reason) {
      strangers.count(source, reason)
      metrics.stranger(dialect, reason)
    },
    shed: metrics.shed,
    defect(error, request) {
      series.failed()
      faults.tell(error, 'a call failed on our side', { request })
    },
  }
  return { metrics, watch }
}

/** Policy languages, and what the permission words of each dialect reach. */
const speechFor: SpeechFor = (regions) => {
  const tencentWords = wordRights(everyAction)
  const huaweiActions = [...actions, ...iamActions]
  const huaweiWords = wordRights(huaweiActions)
  return {
    languages: new Map([
      ['rights', rightsLanguage],
      ['tencent', camLanguage(tencentWords, regions)],
      ['huawei', huaweiLanguage(huaweiActions, huaweiWords, regions)],
    ]),
    presets: new Map([['huawei', presets]]),
    vocabularies: new Map([
      ['tencent', tencentWords],
      ['huawei', huaweiWords],
      ['native', wordRights(nativeActions.filter((action) => !isOfInstallation(action)))],
    ]),
  }
}

const operations = (): ReadonlyMap<string, readonly string[]> => {
  const byDialect = { tencent: everyAction, huawei: [...actions, ...iamActions], native: nativeActions }
  const found = new Map<string, readonly string[]>()
  for (const [dialect, declared] of Object.entries(byDialect))
    for (const action of declared)
      found.set(
        `${dialect} ${action.name}`,
        variantsOf<string>(action as Action<string>).map(({ operation }) => operation.name),
      )
  return found
}

/** The names of the core operations behind an action that the record names. The system's own are named as they are. */
export const operationsOf = (dialect: string, action: string): readonly string[] =>
  operations().get(`${dialect} ${action}`) ?? [action]

/** A key is the same key in both clouds, and each has its own record of it. */
const nativeWithClouds = actionsWith({ tencent: metadataOf, huawei: recordOf })

const adminService = (serving: Serving, { defaultRegion }: Pick<Settings, 'defaultRegion'>): Service =>
  serve(native({ actions: nativeWithClouds, defaultRegion, user: userInfo().username }), serving)

/** What is served on the port. Our own API has paths that no cloud has. */
const apisOf = (serving: Serving, defaultRegion: string): readonly Service[] => [
  serve(tencent({ regions: serving.house.regions, defaultRegion }), serving),
  serve(iam, serving),
  serve(huawei({ defaultRegion }), serving),
  openApiService(nativeWithClouds, serving.house.inspect.version),
  serve(native({ actions: nativeWithClouds, defaultRegion }), serving),
]

const faultLogOf = (log: Logger, { clock }: Pick<Outside, 'clock'>): FaultLog =>
  new FaultLog((line, message) => log.error(line, message), clock)

const faultTo = (faults: FaultLog) => (error: unknown) => faults.tell(error, 'a fault that needs the operator')

const journalUnready = ({ fault }: AuditLog): string | undefined =>
  fault && `the audit journal cannot be written; ${adviceFor(fault) ?? 'see the server log'}`

const openLog = (level: string): Logger => pino({ level, base: null }, pino.destination(2))

/** Beside the sources it is built by `npm start`, in the package it came built. */
const consoleFolder = () => {
  const here = import.meta.dirname
  if (here.endsWith('dist')) return { folder: join(here, 'console') }
  const app = join(here, '..', 'console')
  return { folder: join(app, 'dist'), progress: join(app, '.build.json') }
}

const tlsFiles = ({ tlsCert, tlsKey }: Settings) =>
  tlsCert !== undefined && tlsKey !== undefined ? { certificate: tlsCert, key: tlsKey } : undefined

/** Says what to do where another program has the port. */
const onPort = async <T>({ host, port }: Settings, listen: (host: string, port: number) => Promise<T>): Promise<T> => {
  try {
    return await listen(host, port)
  } catch (error) {
    const taken = (error as NodeJS.ErrnoException).code === 'EADDRINUSE'
    throw taken ? new Error(`${host}:${port} is in use. Choose another --port.`) : error
  }
}

const serveFrom = async (
  installation: Installation,
  settings: Settings,
  log: Logger,
  faults: FaultLog,
): Promise<Running> => {
  const { house, journal, defaultRegion, founded } = installation
  const strangers = new StrangerCounts({ journal, clock: house.clock })
  const { metrics, watch } = watching(installation, strangers, faults)
  const unavailable = () => installation.unavailable()
  const unready = () => unavailable()?.told ?? journalUnready(journal)
  const tls = tlsFiles(settings)
  const rates = new RateLimits(settings.limits, house.clock)
  const slowdown = new Slowdown(house.clock, sleep)
  const lockout = settings.lockAccessKeys ? new Lockout(house.clock) : undefined
  const serving = { house, watch, rates, slowdown, lockout, unavailable }
  const server = createHttpServer({
    services: [
      ...apisOf(serving, defaultRegion),
      health({ unready, metrics: metrics.text }),
      ...(settings.console ? [consolePages(consoleFolder())] : []),
    ],
    trusted: trustedProxies(settings.trustedProxy),
    connectionsPerSource: settings.connectionsPerSource,
    sharesPort: settings.worker !== undefined,
    admission: new Admission(),
    tls,
    onFault: faultTo(faults),
  })
  const admin = createHttpServer(
    {
      services: [adminService(serving, settings)],
      trusted: trustedProxies([]),
      connectionsPerSource: settings.connectionsPerSource,
      tls: undefined,
      onFault: faultTo(faults),
    },
    adminTimeouts,
  )
  const stopSchedule = startSchedule(installation, scrubbingFor(installation, settings, metrics, log), faults)
  strangers.start()
  const stopAll = async () => {
    await Promise.all([server.drain(drainMs), admin.drain(drainMs)])
    await stopSchedule()
    await strangers.stop()
    await installation.close()
  }

  try {
    // One of several workers is enough for what the operator asks.
    if ((settings.worker?.number ?? 1) === 1) await admin.listenFile(adminSocketPath(settings.data))
    const port = await onPort(settings, server.listen)
    if (!tls && !isLoopback(settings.host))
      log.warn(`listening on ${settings.host} without TLS: whoever can read the network reads every plaintext`)
    const endpoint = `${tls ? 'https' : 'http'}://${urlHost(settings.host)}:${port}`
    const sealed = unavailable()
    if (sealed) log.warn(sealed.told)
    const credentials = keepEndpoint(credentialsPath(settings.data), endpoint)
    let stopped: Promise<void> | undefined
    const stop = () => {
      stopped ??= stopAll()
      return stopped
    }
    return { endpoint, port, installation, credentials, founded, stop }
  } catch (error) {
    await stopAll()
    throw error
  }
}

/** Starts a server. Rejects with one sentence for the operator where it cannot; nothing is left open then. */
export const start = async (settings: Settings, outside: Outside = systemOutside()): Promise<Running> => {
  const log = openLog(settings.logLevel)
  const faults = faultLogOf(log, outside)
  const installation = await openInstallation(settings, outside, faultTo(faults), speechFor)
  try {
    return await serveFrom(installation, settings, log, faults)
  } catch (error) {
    await installation.close()
    throw error
  }
}

export interface Prepared {
  readonly founded: boolean
  readonly credentials: Credentials | undefined
  /** Lets go of the data folder. */
  release(): void
}

/** Makes sure that workers can start: the folder is this process's, and everything in it is made and up to date. */
export const prepare = async (settings: Settings): Promise<Prepared> => {
  const log = openLog(settings.logLevel)
  openFolder(settings.data, settings.init)
  const lock = lockFolder(settings.data)
  try {
    await onPort(settings, expectFree)
    const first = { ...settings, worker: { number: 1, of: settings.workers } }
    const outside = systemOutside()
    const installation = await openInstallation(first, outside, faultTo(faultLogOf(log, outside)), speechFor)
    await installation.close()
    const credentials = readCredentials(credentialsPath(settings.data))
    return { founded: installation.founded, credentials, release: () => lock.release() }
  } catch (error) {
    lock.release()
    throw error
  }
}

/** Nobody watches a command but who started it. */
const unwatched = {
  answered() {},
  stranger() {},
  shed() {},
  defect(error: unknown) {
    throw error
  },
}

/** The installation opened by a command itself, without a server, under the data folder's lock. */
export interface OpenedHere {
  /** Performs one action of the native dialect. */
  ask(path: string, body: string, headers: Readonly<Record<string, string>>): Promise<Answer>
  close(): Promise<void>
}

export const openHere = async (settings: Settings): Promise<OpenedHere> => {
  const fail = (error: unknown) => {
    throw error
  }
  const installation = await openInstallation(settings, systemOutside(), fail, speechFor)
  const { house } = installation
  const serving = {
    house,
    watch: unwatched,
    rates: new RateLimits('off', house.clock),
    slowdown: new Slowdown(house.clock, async () => {}),
    lockout: undefined,
    unavailable: () => installation.unavailable(),
  }
  const service = adminService(serving, settings)
  return {
    ask: (path, body, said) => {
      // Names of headers are in small letters where a server has read them.
      const headers = Object.fromEntries(Object.entries(said).map(([name, value]) => [name.toLowerCase(), value]))
      const head = { method: 'POST', path, query: '', headers, source: 'command', secure: false }
      return service.answer({ head, body: async () => new TextEncoder().encode(body) })
    },
    close: () => installation.close(),
  }
}

/** Flags and environment in, one frozen typed value out. Secrets are never among them: those come from files. */
import { readFileSync, statSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { type Command, InvalidArgumentError, Option } from 'commander'

/** Rates of calls: documented ones for management only, for all, none, or a multiple of the documented ones for all. */
export type RateSetting = 'off' | 'management' | 'documented' | number

export interface Settings {
  readonly host: string
  readonly port: number
  readonly data: string
  readonly init: boolean
  /** URL of a server of the PostgreSQL protocol; absent for the database in the data folder. */
  readonly database?: string
  readonly databaseFile?: string
  /** Seconds for which a node may answer from what it read, without asking the database again. */
  readonly lease: number
  /** Processes that serve. */
  readonly workers: number
  /** Which of them this one is; absent where there is only one. */
  readonly worker?: { readonly number: number; readonly of: number }
  readonly tlsCert?: string
  readonly tlsKey?: string
  readonly trustedProxy: readonly string[]
  readonly connectionsPerSource: number
  readonly regions?: string
  readonly defaultRegion: string
  /** Days; 0 keeps for ever. */
  readonly auditRetention: number
  readonly auditIndex?: number
  /** Live keys of one account and region; absent for no limit. */
  readonly quotaKeys?: number
  /** The same of data keys. */
  readonly quotaDataKeys?: number
  /** The same of white-box keys. */
  readonly quotaWhiteBoxKeys: number
  /** Calls a second of an account, region and action. */
  readonly limits: RateSetting
  /** Whether access keys that fail again and again are locked for a while. */
  readonly lockAccessKeys: boolean
  /** Where the root key file is; in the data folder when absent. */
  readonly seal?: string
  /** A JSON file that says how what opens the root key is reached. */
  readonly sealConfig?: string
  /** Root key files of key stores, by the names that the stores know them by. */
  readonly keyStore: readonly (readonly [name: string, file: string])[]
  /** Whether data key capsules are opened to the signature of a custom access point. */
  readonly capsuleSignatures: boolean
  /** Rows of each kind that are held in memory. */
  readonly cacheRows: number
  /** Threads for slow cryptography. */
  readonly slowThreads: number
  /** Whether the web console is served. */
  readonly console: boolean
  readonly logLevel: string
}

const integer = (min: number, max: number) => (text: string) => {
  const value = Number(text)
  if (!/^\d+$/.test(text) || value < min || value > max)
    throw new InvalidArgumentError(`It must be a whole number from ${min} to ${max}.`)
  return value
}

const rateSetting = (text: string): RateSetting => {
  if (text === 'off' || text === 'management' || text === 'documented') return text
  const multiple = Number(text)
  if (!(multiple > 0 && multiple <= 1_000_000))
    throw new InvalidArgumentError('It must be off, management, documented or a number.')
  return multiple
}

const networks = (text: string, before: readonly string[]): readonly string[] => [
  ...before,
  ...text.split(',').map((network) => network.trim()),
]

const sealFile = (text: string): string => {
  const [, path] = /^file:(.+)$/.exec(text) ?? []
  if (path === undefined) throw new InvalidArgumentError('It must be file:PATH.')
  return path
}

const backing = (text: string, before: readonly (readonly [string, string])[]) => {
  const [, name, file] = /^([A-Za-z0-9_-]{1,64})=(.+)$/.exec(text) ?? []
  if (name === undefined || file === undefined) throw new InvalidArgumentError('It must be NAME=FILE.')
  if (before.some(([known]) => known === name)) throw new InvalidArgumentError(`${name} stands twice.`)
  return [...before, [name, file] as const]
}

/** The data folder, which every command needs. */
export const dataOption = (): Option =>
  new Option('--data <folder>', 'data folder').env('KEYSTEAD_DATA').default('./data')

const slowThreadsDefault = Math.max(1, availableParallelism() - 1)

const serveOptions: readonly Option[] = [
  dataOption(),
  new Option('--init', 'make the data folder, the root key and the first account where they are missing').default(
    false,
  ),
  new Option(
    '--database <url>',
    'PostgreSQL server that several nodes share, postgres://user@host/name; with a password only in the environment or --database-file',
  ).env('KEYSTEAD_DATABASE'),
  new Option('--database-file <file>', 'file that holds the URL of --database, password and all').env(
    'KEYSTEAD_DATABASE_FILE',
  ),
  new Option(
    '--lease <seconds>',
    'how long a node may answer without hearing of the database, and so the longest that a revocation waits for a node that is gone',
  )
    .env('KEYSTEAD_LEASE')
    .default(10)
    .argParser(integer(1, 20)),
  new Option('--workers <n>', 'processes that serve on this machine')
    .env('KEYSTEAD_WORKERS')
    .default(1)
    .argParser(integer(1, 64)),
  new Option('--host <address>', 'address to listen on').env('KEYSTEAD_HOST').default('127.0.0.1'),
  new Option('--port <port>', 'port to listen on; 0 for a free one')
    .env('KEYSTEAD_PORT')
    .default(7800)
    .argParser(integer(0, 65_535)),
  new Option('--tls-cert <file>', 'PEM certificate chain; reloaded when it changes').env('KEYSTEAD_TLS_CERT'),
  new Option('--tls-key <file>', 'PEM private key of the certificate').env('KEYSTEAD_TLS_KEY'),
  new Option('--trusted-proxy <cidr...>', 'networks whose X-Forwarded-For and X-Forwarded-Proto are believed')
    .env('KEYSTEAD_TRUSTED_PROXY')
    .default([] as readonly string[], 'none')
    .argParser(networks),
  new Option('--connections-per-source <n>', 'most connections from one address')
    .env('KEYSTEAD_CONNECTIONS_PER_SOURCE')
    .default(1024)
    .argParser(integer(1, 1_000_000)),
  new Option('--regions <file>', 'JSON table of regions; the documented ones without it').env('KEYSTEAD_REGIONS'),
  new Option('--default-region <name>', 'region of requests that name none')
    .env('KEYSTEAD_DEFAULT_REGION')
    .default('ap-guangzhou'),
  new Option('--seal <file:path>', 'root key file, where it is not root.key in the data folder')
    .env('KEYSTEAD_SEAL')
    .argParser(sealFile),
  new Option(
    '--seal-config <file>',
    'JSON file that says how the token or the KMS is reached that opens the root key',
  ).env('KEYSTEAD_SEAL_CONFIG'),
  new Option('--key-store <name=file...>', 'root key file that key stores may have, beside that of the data folder')
    .env('KEYSTEAD_KEY_STORE')
    .default([] as readonly (readonly [string, string])[], 'none')
    .argParser(backing),
  new Option('--capsule-signatures', "open data key capsules to the signature of an access point's own key")
    .env('KEYSTEAD_CAPSULE_SIGNATURES')
    .default(false),
  new Option('--audit-retention <days>', 'how long closed audit parts are kept; 0 for ever')
    .env('KEYSTEAD_AUDIT_RETENTION')
    .default(400)
    .argParser(integer(0, 36_500)),
  new Option(
    '--audit-index <days>',
    'for how long nodes find the closed audit parts of each other in their database; 0 for not at all; as long as they are kept without it',
  )
    .env('KEYSTEAD_AUDIT_INDEX')
    .argParser(integer(0, 36_500)),
  new Option('--quota-keys <n>', 'most keys of one account and region; no limit without it')
    .env('KEYSTEAD_QUOTA_KEYS')
    .argParser(integer(1, 2_147_483_647)),
  new Option('--quota-data-keys <n>', 'most hosted data keys of one account and region; no limit without it')
    .env('KEYSTEAD_QUOTA_DATA_KEYS')
    .argParser(integer(1, 2_147_483_647)),
  new Option('--quota-white-box-keys <n>', 'most white-box keys of one account and region; each takes 0.8 MB')
    .env('KEYSTEAD_QUOTA_WHITE_BOX_KEYS')
    .default(50)
    .argParser(integer(1, 1_000)),
  new Option(
    '--limits <setting>',
    'rates of an account, region and action: management (documented ones, cryptography free), documented, off, or how many times the documented ones',
  )
    .env('KEYSTEAD_LIMITS')
    .default('management')
    .argParser(rateSetting),
  new Option(
    '--lock-access-keys',
    'lock an access key for five minutes after five failures in a row, where its cloud does; whoever knows its id can then keep its owner out',
  )
    .env('KEYSTEAD_LOCK_ACCESS_KEYS')
    .default(false),
  new Option('--cache-rows <n>', 'rows of each kind held in memory; a key in use takes about 5 KB')
    .env('KEYSTEAD_CACHE_ROWS')
    .default(20_000)
    .argParser(integer(100, 10_000_000)),
  new Option('--slow-threads <n>', 'threads for slow cryptography')
    .env('KEYSTEAD_SLOW_THREADS')
    .default(slowThreadsDefault)
    .argParser(integer(1, 64)),
  new Option('--no-console', 'serve no web console at /console').env('KEYSTEAD_NO_CONSOLE'),
  new Option('--log-level <level>', 'what the log on standard error tells')
    .env('KEYSTEAD_LOG_LEVEL')
    .default('info')
    .choices(['trace', 'debug', 'info', 'warn', 'error', 'silent']),
]

const isDatabaseUrl = (text: string): boolean => /^postgres(ql)?:\/\//.test(text) && URL.canParse(text)

/** Arguments are read by whoever lists processes. */
const refusePassword = (flag: string, url: string): void => {
  const { password, searchParams } = new URL(url)
  if (password !== '' || searchParams.has('password'))
    throw new Error(`${flag} holds a password, which others can read there. Use KEYSTEAD_DATABASE or --database-file.`)
}

const refuseArgumentPassword = (command: Command): void => {
  const text = command.getOptionValue('database') as string | undefined
  if (text === undefined || command.getOptionValueSource('database') !== 'cli' || !isDatabaseUrl(text)) return
  refusePassword('--database', text)
}

/** A database that an argument names. Throws one sentence. */
export const databaseArgument = (flag: string, text: string): string => {
  if (!isDatabaseUrl(text)) throw new Error(`${flag} must be a URL such as postgres://user@host:5432/keystead.`)
  refusePassword(flag, text)
  return text
}

export const addServeOptions = (command: Command): Command => {
  for (const option of serveOptions) command.addOption(option)
  return command.hook('preAction', refuseArgumentPassword)
}

const fileUrl = (path: string | undefined): string | undefined => {
  if (path === undefined) return undefined
  if ((statSync(path).mode & 0o077) !== 0) throw new Error(`${path} is open to others. Run: chmod 600 ${path}`)
  return readFileSync(path, 'utf8').trim()
}

const databaseUrl = ({ database, databaseFile }: Settings): string | undefined => {
  const url = fileUrl(databaseFile) ?? database
  if (url === undefined || url === '') return undefined
  // Not shown: it may hold a password.
  if (!isDatabaseUrl(url)) throw new Error('The database must be a URL such as postgres://user@host:5432/keystead.')
  return url
}

/** Checks what flags say together. Throws one sentence. */
export const readSettings = (options: Settings): Settings => {
  const { tlsCert, tlsKey } = options
  if ((tlsCert === undefined) !== (tlsKey === undefined))
    throw new Error('--tls-cert and --tls-key belong together: give both, or neither.')
  const { database: _, ...rest } = options
  const url = databaseUrl(options)
  return Object.freeze({ ...rest, ...(url === undefined ? {} : { database: url }) })
}

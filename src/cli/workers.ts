/** Several processes that serve from one data folder: this one starts them, watches them, and serves nothing itself. */
import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Settings } from '../config.ts'
import { type Prepared, prepare } from '../main.ts'
import type { Told } from './worker.ts'

/**
 * A worker that says nothing for so long is killed, ms: one that is stopped in the middle of a write would hold up all
 * the others.
 */
const silentMs = 5_000
const restartMs = 1_000
/** Longer than a worker waits for what is under way. */
const stopMs = 30_000

const program = new URL(`./worker${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url)

export interface Workers extends Prepared {
  readonly endpoint: string
  /** Resolves when they cannot go on, with why. */
  readonly lost: Promise<string>
  stop(): Promise<void>
}

type Hear = (told: Told, child: ChildProcess) => void

const startOne = (settings: Settings, hear: Hear): ChildProcess => {
  const child = fork(fileURLToPath(program), {
    execArgv: process.execArgv,
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  const kill = () => child.kill('SIGKILL')
  let silence = setTimeout(kill, silentMs)
  child.on('message', (told: Told) => {
    clearTimeout(silence)
    silence = setTimeout(kill, silentMs)
    hear(told, child)
  })
  child.once('exit', () => clearTimeout(silence))
  child.send(settings)
  return child
}

const exited = (child: ChildProcess): Promise<void> =>
  new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) resolve()
    else child.once('exit', () => resolve())
  })

/** The first listens before the others start: where the port is free to choose, they take the one that it got. */
const listening = (settings: Settings, children: Set<ChildProcess>, lose: (why: string) => void) => {
  const { promise, resolve, reject } = Promise.withResolvers<{ endpoint: string; port: number }>()
  const first = startOne(settings, (told) => {
    if (told === 'alive') return
    if ('listening' in told) resolve(told.listening)
    else if ('failed' in told) reject(new Error(told.failed))
    else lose(told.lost)
  })
  first.once('exit', (code, signal) =>
    reject(new Error(`the first worker ended (${signal ?? code}) before it listened`)),
  )
  children.add(first)
  return promise
}

export const startWorkers = async (settings: Settings): Promise<Workers> => {
  const prepared = await prepare(settings)
  const children = new Set<ChildProcess>()
  const lost = Promise.withResolvers<string>()
  let stopping = false
  const settingsOf = (number: number, port: number): Settings => ({
    ...settings,
    init: false,
    port,
    worker: { number, of: settings.workers },
  })
  const stop = async () => {
    stopping = true
    const deadline = setTimeout(() => {
      for (const child of children) child.kill('SIGKILL')
    }, stopMs)
    for (const child of children) child.kill('SIGTERM')
    await Promise.all([...children].map(exited))
    clearTimeout(deadline)
    prepared.release()
  }
  /** One that ends is started again; it says on standard error why it ended, and so does its exit. */
  const keep = (child: ChildProcess, number: number, port: number) => {
    child.once('exit', (code, signal) => {
      children.delete(child)
      if (stopping) return
      process.stderr.write(`keystead: worker ${number} ended (${signal ?? code}); it is started again\n`)
      setTimeout(() => !stopping && begin(number, port), restartMs)
    })
  }
  const begin = (number: number, port: number) => {
    const hear: Hear = (told, child) => {
      if (told === 'alive' || 'listening' in told) return
      if ('lost' in told) return lost.resolve(told.lost)
      process.stderr.write(`keystead: worker ${number}: ${told.failed}\n`)
      child.kill('SIGKILL')
    }
    const child = startOne(settingsOf(number, port), hear)
    children.add(child)
    keep(child, number, port)
  }

  try {
    const { endpoint, port } = await listening(settingsOf(1, settings.port), children, lost.resolve)
    for (const first of children) keep(first, 1, port)
    for (let number = 2; number <= settings.workers; number += 1) begin(number, port)
    return { ...prepared, endpoint, lost: lost.promise, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

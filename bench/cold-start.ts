/** From starting the program to its first answered call, and what it takes in memory when nobody calls. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { signedCall, temporaryFolder } from '../test/harness/keystead.ts'
import { productionFlags, rssBytes } from './processes.ts'

export interface ColdStart {
  readonly name: string
  /** Each start's, ms from the start of the process. */
  readonly firstAnswerMs: readonly number[]
  readonly idleBytes: number
}

const root = join(import.meta.dirname, '..')

/** The two ways in which the program is started. */
export const programs = {
  built: join(root, 'dist', 'cli', 'keystead.js'),
  'from sources': join(root, 'src', 'cli', 'keystead.ts'),
} as const

/** Given to processes for their garbage to be collected and their pages given back, ms. */
const idleMs = 5_000

/** The endpoint that a starting server says. */
export const listens = async (child: ChildProcess): Promise<string> => {
  let said = ''
  for await (const chunk of child.stdout ?? []) {
    said += chunk
    const [, endpoint] = /listens on (\S+)/.exec(said) ?? []
    if (endpoint !== undefined) return endpoint
  }
  throw new Error(`the server ended before it listened: ${said}`)
}

const startOnce = async (program: string, data: string): Promise<{ child: ChildProcess; firstMs: number }> => {
  const started = performance.now()
  const child = spawn(
    process.execPath,
    [...productionFlags(), program, 'serve', '--init', '--port', '0', '--data', data],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  const endpoint = await listens(child)
  const { tencent } = JSON.parse(readFileSync(join(data, 'credentials.json'), 'utf8'))
  const { code } = await signedCall(endpoint, tencent, Math.floor(Date.now() / 1000), 'ListKeys', {})
  if (code !== undefined) throw new Error(`the first call was answered with ${code}`)
  return { child, firstMs: performance.now() - started }
}

const end = async (child: ChildProcess): Promise<void> => {
  const gone = once(child, 'exit')
  child.kill('SIGTERM')
  await gone
}

/** undefined where the program was not built. */
export const measureColdStart = async (
  name: keyof typeof programs,
  times: number,
  data = temporaryFolder(),
): Promise<ColdStart | undefined> => {
  const program = programs[name]
  if (!existsSync(program)) return undefined
  // The first one makes the folder, which takes a key pair and is no start of an installation.
  const { child: founding } = await startOnce(program, data)
  await end(founding)
  const firstAnswerMs: number[] = []
  let idleBytes = 0
  for (let time = 0; time < times; time++) {
    const { child, firstMs } = await startOnce(program, data)
    firstAnswerMs.push(firstMs)
    if (time === times - 1) {
      await sleep(idleMs)
      idleBytes = rssBytes(child.pid ?? 0)
    }
    await end(child)
  }
  rmSync(data, { recursive: true, force: true })
  return { name: `cold start, ${name}`, firstAnswerMs, idleBytes }
}

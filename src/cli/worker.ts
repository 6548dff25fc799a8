/**
 * One of several processes that serve from one data folder, started by `workers.ts`. Its settings come as a message, for
 * whoever lists processes reads arguments and environments.
 */
import type { Settings } from '../config.ts'
import { sentenceOf } from '../fault-log.ts'
import { type Running, start } from '../main.ts'

/** What the process that started it is told. */
export type Told =
  | { readonly listening: { readonly endpoint: string; readonly port: number } }
  | { readonly failed: string }
  | { readonly lost: string }
  | 'alive'

const aliveMs = 1_000

const tell = (told: Told): void => {
  process.send?.(told)
}

const failed = (error: unknown): void => tell({ failed: sentenceOf(error) })

const serve = async (settings: Settings): Promise<void> => {
  const running: Running = await start(settings)
  process.on('SIGTERM', () => void running.stop().then(() => process.exit(0), failed))
  void running.installation.lost.then((error) => tell({ lost: error.message }))
  tell({ listening: { endpoint: running.endpoint, port: running.port } })
}

process.umask(0o077)
// Whoever started it is gone, and with it the lock on the folder: nothing more is answered from here.
process.on('disconnect', () => process.exit(1))
// The terminal's interrupt reaches every process; the one that started this one passes on what it means.
process.on('SIGINT', () => {})
process.once('message', (settings: Settings) => {
  setInterval(() => tell('alive'), aliveMs)
  serve(settings).catch(failed)
})

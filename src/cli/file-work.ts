/** Files sealed and opened: the data key is the service's, the bytes stay here. */
import { randomBytes } from 'node:crypto'
import { open as openFile } from 'node:fs/promises'
import { sentenceOf } from '../fault-log.ts'
import { fileSink, fileSource, type Sink, type Source, streamSink, streamSource } from '../file/chunks.ts'
import type { FileContext } from '../file/header.ts'
import { open, seal, type Unwrap } from '../file/sealed.ts'
import { writeWhole } from '../file/whole.ts'
import type { Members } from './admin.ts'
import { progress } from './progress.ts'

/** Performs an action of the native API. */
export type Ask = (action: string, members: Members) => Promise<Members>

/** From where to where; `standard` is the standard input or output. */
export interface Job {
  readonly from: string
  readonly to: string
  readonly force: boolean
}

export const standard = '-'
export const suffix = '.keystead'

type OnBytes = (count: number) => void
type Work = (from: Source, to: Sink, onBytes: OnBytes) => Promise<string>

const intoSink = async (to: string, force: boolean, use: (sink: Sink) => Promise<void>): Promise<void> =>
  to === standard ? use(streamSink(process.stdout)) : writeWhole(to, force, (file) => use(fileSink(file)))

const fromSource = async (from: string, use: (source: Source, size: number) => Promise<void>): Promise<void> => {
  if (from === standard) {
    // Destroyed, so that the command ends where it wants no more of it.
    return use(streamSource(process.stdin), 0).finally(() => process.stdin.destroy())
  }
  const file = await openFile(from, 'r')
  try {
    await use(fileSource(file), (await file.stat()).size)
  } finally {
    await file.close()
  }
}

export interface Done {
  readonly from: string
  readonly to: string
  /** Whose data key it is sealed under. */
  readonly keyId: string
  /** Bytes that were read. */
  readonly bytes: number
}

const perform = async ({ from, to, force }: Job, label: string, work: Work): Promise<Done> => {
  let [keyId, bytes] = ['', 0]
  await fromSource(from, (source, size) =>
    intoSink(to, force, async (sink) => {
      // A terminal that shows what comes out shows no bar as well.
      const bar = to === standard && process.stdout.isTTY ? undefined : progress(`${label} ${from}`, size)
      try {
        keyId = await work(source, sink, (count) => {
          bytes += count
          bar?.advance(count)
        })
      } finally {
        bar?.done()
      }
    }),
  )
  return { from, to, keyId, bytes }
}

const bytesOf = (text: unknown): Uint8Array => Buffer.from(String(text), 'base64')

/** Seals under a new data key of `key`. */
export const encryptFile = (ask: Ask, job: Job, key: string, context: FileContext): Promise<Done> =>
  perform(job, 'encrypting', async (from, to, onBytes) => {
    const { plaintext, ciphertext, keyId } = await ask('generate-data-key', { key, bytes: 32, context })
    const header = { salt: randomBytes(32), wrapped: bytesOf(ciphertext), context }
    await seal(from, to, { ...header, dataKey: bytesOf(plaintext) }, onBytes)
    return String(keyId)
  })

const mustHave = (context: FileContext, expected: FileContext): void => {
  for (const [name, value] of Object.entries(expected))
    if (!Object.hasOwn(context, name) || context[name] !== value)
      throw new Error(`it was not encrypted with the context ${name}=${value}`)
}

/** Opens a file whose context has all of `expected`. */
export const decryptFile = (ask: Ask, job: Job, expected: FileContext): Promise<Done> =>
  perform(job, 'decrypting', async (from, to, onBytes) => {
    let key = ''
    const unwrap: Unwrap = async (wrapped, context) => {
      mustHave(context, expected)
      const { plaintext, keyId } = await ask('decrypt', {
        ciphertext: Buffer.from(wrapped).toString('base64'),
        context,
      })
      key = String(keyId)
      return bytesOf(plaintext)
    }
    await open(from, to, unwrap, onBytes)
    return key
  })

/** Which fails is told, and the others are done. */
export const eachOf = async (jobs: readonly Job[], work: (job: Job) => Promise<void>): Promise<void> => {
  for (const job of jobs)
    try {
      await work(job)
    } catch (error) {
      const name = job.from === standard ? 'standard input' : job.from
      process.stderr.write(`keystead: ${name}: ${sentenceOf(error)}\n`)
      process.exitCode = 1
    }
}

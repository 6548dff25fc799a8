/** Faults as the operator hears of them: what to do where that is known, and a line now and then, not one per call. */
import type { Clock } from './core/ports.ts'

/** What the systems below say, and what there is to do. First match first. */
const known: readonly (readonly [said: RegExp, advice: string])[] = [
  [
    /\bENOSPC\b|\bEDQUOT\b|database or disk is full/,
    'no space is left on its file system: free some, and it goes on by itself',
  ],
  [
    /\bEROFS\b|readonly database/,
    'its file system is read-only: look into the kernel log, mend the disk, mount it for writing, and start again',
  ],
  [/malformed|not a database/, 'the database file is damaged: stop, keep it aside, and restore the newest backup'],
  [/\bEIO\b|disk I\/O error/, 'its disk fails: look into the kernel log; what was answered with success is on it'],
]

const wordsOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error)
  return error.cause === undefined ? error.message : `${error.message}: ${wordsOf(error.cause)}`
}

/** What the operator can do about it, as the end of a sentence; undefined where nobody knows. */
export const adviceFor = (error: unknown): string | undefined => {
  const words = wordsOf(error)
  return known.find(([said]) => said.test(words))?.[1]
}

/** As a command ends with it. */
export const sentenceOf = (error: unknown): string => {
  const message = error instanceof Error ? error.message : String(error)
  const advice = adviceFor(error)
  return advice === undefined ? message : `${message} (${advice})`
}

type Line = Readonly<Record<string, unknown>>

/** How long the next fault of the same words stays untold, ms. */
const quietMs = 60_000
/** Words can hold what varies: what is remembered of them stays bounded. */
const kindsMax = 100

interface Told {
  readonly at: number
  untold: number
}

/**
 * A fault that meets every call would otherwise fill with its lines the disk that is full already. `untold` in a line
 * counts the faults of the same words since the line before it.
 */
export class FaultLog {
  readonly #write: (line: Line, message: string) => void
  readonly #clock: Clock
  readonly #told = new Map<string, Told>()

  constructor(write: (line: Line, message: string) => void, clock: Clock) {
    this.#write = write
    this.#clock = clock
  }

  tell(error: unknown, message: string, more: Line = {}): void {
    const kind = `${message}: ${wordsOf(error)}`
    const now = this.#clock.monotonic()
    const before = this.#told.get(kind)
    if (before && now - before.at < quietMs) {
      before.untold += 1
      return
    }
    this.#told.delete(kind)
    if (this.#told.size >= kindsMax) this.#told.delete(this.#told.keys().next().value as string)
    this.#told.set(kind, { at: now, untold: 0 })
    const advice = adviceFor(error)
    const untold = before?.untold ? { untold: before.untold } : {}
    this.#write({ err: error, ...more, ...(advice === undefined ? {} : { advice }), ...untold }, message)
  }
}

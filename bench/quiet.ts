/** Whether anything else is using the machine: a measurement beside it would say nothing. */
import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

interface Times {
  readonly busy: number
  readonly all: number
}

const times = (): Times => {
  const [first = ''] = readFileSync('/proc/stat', 'utf8').split('\n')
  const [user = 0, nice = 0, system = 0, idle = 0, waiting = 0, ...rest] = first.split(/\s+/).slice(1).map(Number)
  const others = rest.slice(0, 3).reduce((sum, each) => sum + each, 0)
  return { busy: user + nice + system + others, all: user + nice + system + idle + waiting + others }
}

/** The share of all processors that was in use for half a second. */
export const busyShare = async (): Promise<number> => {
  const before = times()
  await sleep(500)
  const after = times()
  return (after.busy - before.busy) / Math.max(1, after.all - before.all)
}

/** Below this a measurement stands for itself. */
const quietShare = 0.15

/** Waits until the machine is quiet, at most so long; false where it did not become so. */
export const becomesQuiet = async (seconds: number): Promise<boolean> => {
  const deadline = performance.now() + seconds * 1000
  while ((await busyShare()) > quietShare) if (performance.now() > deadline) return false
  return true
}

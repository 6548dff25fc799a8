import type { SlowQueue } from '../../core/ports.ts'
import type { Pair } from '../../crypto/private-key.ts'

export interface WrappingPairs {
  /** A pair that nobody had before, at once while one is ready. Rejects with `QueueFull` where none is and none can be made. */
  take(): Promise<Pair>
}

const algorithm = 'rsa-2048'

/**
 * RSA-2048 pairs kept ready, because one takes 60 ms on average and some take ten times that. Made one at a time, and none
 * before the first is taken: most installations never import, and would make all of them at every start.
 */
export const openWrappingPairs = (queue: SlowQueue, size = 4): WrappingPairs => {
  const ready: Pair[] = []
  let refilling = false

  const make = () => queue.run('generatePair', { algorithm })
  const refill = async (): Promise<void> => {
    if (refilling) return
    refilling = true
    try {
      while (ready.length < size) ready.push(await make())
    } catch {
      // The queue is full, closed or broken: the next one to take a pair starts the refill again, and hears it if none is left.
    }
    refilling = false
  }

  return {
    take() {
      const pair = ready.shift()
      const taken = pair ? Promise.resolve(pair) : make()
      void refill()
      return taken
    },
  }
}

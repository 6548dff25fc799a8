/** A node as a process of its own, whose clock can jump, and in which a mistake can be planted. */
import { setTimeout as sleep } from 'node:timers/promises'
import { CachedView } from '../../src/adapters/sql/cached-view.ts'
import { GroupWriter } from '../../src/adapters/sql/group-writer.ts'
import { Settling } from '../../src/adapters/sql/postgres/settling.ts'
import type { Settings } from '../../src/config.ts'
import { systemOutside } from '../../src/installation.ts'
import { type Running, start } from '../../src/main.ts'

export type Planted = 'skips the barrier' | 'caches for two seconds' | 'loses an acknowledged write'
export type Told =
  | { readonly settings: Settings; readonly planted?: Planted }
  | { readonly jump: number }
  /** To do a part of the minute work now, and say so. */
  | { readonly index: true }

const plants: Readonly<Record<Planted, () => void>> = {
  'skips the barrier': () => {
    Settling.prototype.settle = async () => {}
  },
  'caches for two seconds': () => {
    const { advance } = CachedView.prototype
    CachedView.prototype.advance = function (epoch, changed) {
      advance.call(this, epoch, [])
      void sleep(2_000).then(() => advance.call(this, Math.max(epoch, this.seen), changed))
    }
  },
  'loses an acknowledged write': () => {
    const { commit } = GroupWriter.prototype
    let count = 0
    GroupWriter.prototype.commit = function (change) {
      count += 1
      if (count % 10 !== 0) return commit.call(this, change)
      return Promise.resolve({ outcome: 'committed', epoch: 0 })
    }
  },
}

let offset = 0
let running: Running | undefined
const outside = systemOutside()
const clock = { now: () => outside.clock.now() + offset, monotonic: () => outside.clock.monotonic() }

process.on('disconnect', () => process.exit(1))
process.on('message', async (told: Told) => {
  if ('jump' in told) {
    offset = told.jump
    return
  }
  if ('index' in told) {
    await running?.installation.indexRecord(new AbortController().signal)
    process.send?.({ indexed: true })
    return
  }
  if (told.planted) plants[told.planted]()
  try {
    running = await start(told.settings, { ...outside, clock })
    process.send?.({ endpoint: running.endpoint })
  } catch (error) {
    process.send?.({ failed: error instanceof Error ? error.message : String(error) })
  }
})

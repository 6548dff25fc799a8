/**
 * The background check of known answers: each minute some key versions are tried, so that what rots in a row nobody reads
 * is told before somebody needs it. A pass over all of them begins once a day.
 */
import { Refusal } from './failure.ts'
import type { House } from './house.ts'
import { scrubCanaries } from './operations/check.ts'
import { perform } from './perform.ts'
import { systemCaller } from './schedule.ts'
import { scrubId } from './upkeep.ts'

/** Under one hundredth of a core, ms of each minute. */
const budgetMs = 500
/** After some rows it rests so many times as long as they took: who calls meanwhile waits for those, not for half a second. */
const restful = 19
const dayMs = 86_400_000

/**
 * What was checked now, and which key versions failed. Nothing is done, or recorded, while no pass is due. `wait` resolves
 * after so many ms; once `ending`, what was checked by then is all.
 */
export const scrub = async (
  house: House,
  wait: (milliseconds: number) => Promise<unknown>,
  ending: AbortSignal,
): Promise<{ readonly checked: number; readonly failed: readonly string[] }> => {
  const nothing = { checked: 0, failed: [] }
  const view = await house.coherence.view()
  const row = await view.get('scrub', scrubId)
  const now = house.clock.now()
  // A clock that was set back does not stop it.
  if (row?.position === null && Math.abs(now - row.startedAt) < dayMs) return nothing
  const bound = { operation: scrubCanaries, action: 'scrub', narrow: {} }
  let rested = house.clock.monotonic()
  const rest = async () => {
    await wait((house.clock.monotonic() - rested) * restful)
    rested = house.clock.monotonic()
    return !ending.aborted
  }
  const result = await perform(house, systemCaller(house), view, '', bound, { budgetMs, rest })
  return result instanceof Refusal ? nothing : result
}

/** Loads that are asked for together travel in one message. */
import type { Snapshot } from '../../core/object.ts'
import type { Load } from './cached-view.ts'
import type { Named } from './schema.ts'

/** Each row, or why it alone cannot be read. */
export type LoadMany = (names: readonly Named[]) => Promise<readonly (Snapshot | undefined | Error)[]>

export const batched = (loadMany: LoadMany): Load => {
  let names: Named[] = []
  let rows: ReturnType<typeof send> | undefined
  const send = async () => {
    // After everything that runs now has asked.
    await Promise.resolve()
    const sent = names
    names = []
    rows = undefined
    return loadMany(sent)
  }
  return async (kind, id) => {
    const index = names.push({ kind, id }) - 1
    rows ??= send()
    const found = (await rows)[index]
    if (found instanceof Error) throw found
    return found as never
  }
}

/** Keystead's own work: what becomes due is performed like any call, by the system's caller, and audited like one. */
import type { Caller } from './access/caller.ts'
import { unlistedCaller } from './access/unlisted.ts'
import { Refusal } from './failure.ts'
import type { House } from './house.ts'
import type { Account } from './object.ts'
import type { Operation, Targets } from './operation.ts'
import { destroyDataKey } from './operations/data-key-lifecycle.ts'
import { dropMaterial } from './operations/import.ts'
import { destroy } from './operations/lifecycle.ts'
import { type Rewrapped, rewrapDomainKeys, settleRootKey } from './operations/root-key.ts'
import { rotate } from './operations/rotation.ts'
import { perform } from './perform.ts'
import type { Due } from './ports.ts'

/** An irreversible step waits this long after its date, in running time: a clock that jumps destroys nothing. */
export const observedMinMs = 3_600_000

/** Keystead itself, in an account or in none. */
export const systemCaller = ({ random, clock }: House, account?: Account): Caller =>
  unlistedCaller({
    dialect: 'system',
    id: 'system',
    name: 'system',
    source: '',
    request: random.id(clock.now()),
    ...(account ? { account } : {}),
  })

const performStep = async (house: House, { step, kind, id, account: accountId }: Due): Promise<boolean> => {
  const view = await house.coherence.view()
  const account = await view.get('account', accountId)
  const row = await view.get(kind, id)
  if (!account || !row) return false
  const caller = systemCaller(house, account)
  const bound = { action: step, narrow: {} }
  const performAs = <R, T extends Targets, A, P>(operation: Operation<R, T, A, P>, request: R) =>
    perform(house, caller, view, row.region, { operation, ...bound }, request)
  const result = await {
    destroy: () => (kind === 'key' ? performAs(destroy, { keyId: id }) : performAs(destroyDataKey, { dataKeyId: id })),
    dropMaterial: () => performAs(dropMaterial, { keyId: id }),
    rotate: () => performAs(rotate, { keyId: id, onlyEnabled: true, intervalMinMs: 0 }),
  }[step]()
  return !(result instanceof Refusal)
}

/**
 * Performs what is due, `elapsed` ms of running time after the last call, and says how many steps were done. A step that
 * fails is left for the next call and reported; the others go on.
 */
export const performDue = async (house: House, elapsed: number, onFault: (error: unknown) => void): Promise<number> => {
  let done = 0
  for (const due of await house.store.due(house.clock.now(), elapsed, observedMinMs)) {
    try {
      if (await performStep(house, due)) done += 1
    } catch (error) {
      onFault(error)
    }
  }
  return done
}

/** Ends a rotation of the root key that was interrupted: what is left is wrapped by the newest generation. */
export const continueRotation = async (house: House): Promise<void> => {
  if (house.rootKey.state().sealed || house.rootKey.isSettled()) return
  const view = await house.coherence.view()
  const performAs = <R, T extends Targets, A, P>(operation: Operation<R, T, A, P>, request: R) =>
    perform(house, systemCaller(house), view, '', { operation, action: operation.name, narrow: {} }, request)
  for (let after: string | undefined = ''; after !== undefined; ) {
    const page: Rewrapped | Refusal = await performAs(rewrapDomainKeys, { after })
    if (page instanceof Refusal || page.behind.length > 0) return
    after = page.next
  }
  await performAs(settleRootKey, {})
}

/** Counts of one write: what it takes to hand more of them over would be felt by whoever calls meanwhile. */
const usesOfWrite = 1000

/** Hands the use counts of the last while to the store; they are counted on where it does not take them. */
export const writeUses = async ({ clock, uses, store }: House): Promise<void> => {
  const taken = uses.take()
  for (let from = 0; from < taken.length; from += usesOfWrite) {
    try {
      await store.countUses(taken.slice(from, from + usesOfWrite), clock.now())
    } catch (error) {
      uses.giveBack(taken.slice(from))
      throw error
    }
  }
}

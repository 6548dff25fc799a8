/**
 * The one door. Every action of every dialect, and everything that Keystead does by itself, comes through here, so that
 * nothing can forget authorisation, state, audit or cache.
 */
import type { Caller } from './access/caller.ts'
import type { AuditEntry, AuditObject } from './audit.ts'
import { type Failure, Refusal, refuse } from './failure.ts'
import type { House } from './house.ts'
import { materialOf, privateKeyOf, secretOf } from './material.ts'
import type { Key } from './object.ts'
import type { At, Call, Change, Found, Operation, Targets } from './operation.ts'
import { type Commit, type Effect, type Epoch, QueueFull, UnknownOutcome, type View } from './ports.ts'
import { type Aim, type Asked, past, type Resolved, resolve } from './resolve.ts'
import type { State } from './state.ts'

/** An operation as a dialect asks for it. */
export interface Bound<R, T extends Targets, A, P> {
  readonly operation: Operation<R, T, A, P>
  /** The dialect's own word, for the record. */
  readonly action: string
  readonly narrow: Readonly<Record<string, readonly State[] | undefined>>
  /** Targets that no product may own, beside those that the operation says so of. */
  readonly userOwned?: readonly string[]
  /** For each target, the dialect's permission word; the system's own work needs none. */
  readonly words?: Readonly<Record<string, string>>
  /** Of the first object that is changed, as the caller saw it; absent where that does not matter. */
  readonly revision?: number
}

/** How often a decision is taken again when other changes overtake it. */
const attemptsMax = 4

/** Parts of another object, which the record names already. */
const parts: ReadonlySet<string> = new Set(['keyVersion', 'domainKey', 'importTicket', 'whiteBoxTables'])

const objectsOf = ({ keys, objects }: Resolved, effects: readonly Effect[] = []): AuditObject[] => {
  const named: AuditObject[] = keys.map(({ key, version }) => ({ kind: 'key', id: key.id, version }))
  for (const { kind, id } of objects) named.push({ kind, id })
  for (const effect of effects)
    if ('add' in effect && !parts.has(effect.add.kind)) named.push({ kind: effect.add.kind, id: effect.add.id })
  return named
}

type Outcome = Pick<AuditEntry, 'outcome' | 'objects' | 'reason'>

const entryOf = (asked: Asked, action: string, { outcome, objects, reason }: Outcome): AuditEntry => ({
  request: asked.caller.request,
  at: asked.now,
  dialect: asked.caller.dialect,
  action,
  region: asked.region,
  account: asked.caller.account.id,
  principal: asked.caller.principal.id,
  credential: asked.caller.credential?.id ?? asked.caller.session?.id ?? '',
  source: asked.caller.source,
  objects,
  outcome,
  ...(reason === undefined ? {} : { reason }),
})

/** An authenticated caller's refusal is recorded like a success, also when it never reached an operation. */
export const recordRefusal = async (
  asked: Asked,
  action: string,
  failures: readonly Failure[],
  objects: readonly AuditObject[] = [],
): Promise<Refusal> => {
  const reason = failures[0]?.reason ?? 'conflict'
  await asked.house.journal.append(entryOf(asked, action, { outcome: 'refused', objects, reason }))
  return new Refusal(failures)
}

/** What fails on our side is recorded as far as it can be; the fault itself goes on to whoever answers. */
export const recordFailure = (asked: Asked, action: string): Promise<void> =>
  asked.house.journal.append(entryOf(asked, action, { outcome: 'failed', objects: [] })).catch(() => {})

const callOf = <T extends Targets>(asked: Asked, resolved: Resolved): Call<T> => ({
  at: resolved.at as At<T>,
  caller: asked.caller,
  now: asked.now,
  house: asked.house,
  view: asked.view,
  material: (key: Key, version: number) => materialOf(asked.house, asked.view, key, version),
  secret: (key: Key, version: number) => secretOf(asked.house, asked.view, key, version),
  privateKey: (key: Key, version: number) => privateKeyOf(asked.house, asked.view, key, version),
})

const aimsOf = <R, T extends Targets, A, P>(bound: Bound<R, T, A, P>, request: R) => {
  const { operation, narrow, userOwned, words = {} } = bound
  const requestTags = operation.requestTags?.(request)
  const facts = operation.requestFacts?.(request)
  return (target: keyof T & string): Aim => ({
    right: operation.rights[target],
    rightIn: operation.rightsIn?.[target],
    word: words[target] ?? '',
    narrow: narrow[target],
    userOwned: userOwned?.includes(target) ?? false,
    requestTags,
    facts,
  })
}

const resolveFresh = async <R, T extends Targets, A, P>(
  asked: Asked,
  bound: Bound<R, T, A, P>,
  request: R,
): Promise<Resolved> => {
  const targets = bound.operation.targets(request)
  const first = await resolve(asked, targets, aimsOf(bound, request))
  // Also where a key was not found: a remembered row may say that its destruction date has passed.
  if (first.failures.length === 0) return first
  return resolve({ ...asked, view: past(asked.view) }, targets, aimsOf(bound, request))
}

/** The call is on record, in the outbox at least, and cannot be answered: an entry that it failed would contradict that. */
class Unanswered extends Error {}

const unanswered = (cause: unknown): never => {
  throw new Unanswered('a call was performed and cannot be answered', { cause })
}

/** The change is in the outbox with its commit; now it goes to the journal, and only then is it answered. */
const recordCommitted = async (house: House, entry: AuditEntry): Promise<void> => {
  await house.journal.append(entry).catch(unanswered)
  house.outbox.drained([entry.request])
}

const commitOnce = async (asked: Asked, commit: Commit) => {
  try {
    return await asked.house.store.commit(commit)
  } catch (error) {
    if (error instanceof UnknownOutcome) await asked.house.journal.append({ ...commit.entry, outcome: 'unknown' })
    throw error
  }
}

/** Up to which epoch every process must have forgotten what it knew; nothing where the change only added. */
type Forgotten = { epoch: Epoch | undefined } | 'nothing'
type Settled<A> = { done: A | Refusal; forgotten: Forgotten } | 'again'

const onlyAdds = (effects: readonly Effect[]): boolean =>
  effects.length > 0 && effects.every((effect) => 'add' in effect)

const isAsSeen = ({ revision }: { readonly revision?: number }, { keys: [found], objects: [object] }: Resolved) =>
  revision === undefined || (found?.key ?? object)?.revision === revision

/** Decides on the rows as resolved and commits; `again` when another change overtook the decision. */
const decideAndCommit = async <R, T extends Targets, A, P>(
  asked: Asked,
  bound: Bound<R, T, A, P>,
  change: Change<R, T, A, P>,
  request: R,
  resolved: Resolved,
  made: P,
): Promise<Settled<A>> => {
  const decided = isAsSeen(bound, resolved)
    ? change.decide(callOf<T>(asked, resolved), request, made)
    : refuse({ reason: 'revisionChanged' })
  if (decided instanceof Refusal)
    return {
      done: await recordRefusal(asked, bound.action, decided.failures, objectsOf(resolved)),
      forgotten: { epoch: undefined },
    }

  const refused = 'refusal' in decided ? decided.refusal : undefined
  const entry = entryOf(asked, bound.action, {
    objects: objectsOf(resolved, decided.effects),
    ...(refused ? { outcome: 'refused', reason: refused.failures[0]?.reason ?? 'conflict' } : { outcome: 'success' }),
  })
  const done = 'refusal' in decided ? decided.refusal : decided.result
  if (decided.effects.length === 0) {
    await asked.house.journal.append(entry)
    return { done, forgotten: { epoch: undefined } }
  }

  const rows = [...resolved.keys.map(({ key }) => key), ...resolved.objects]
  const guards = rows.map(({ kind, id, revision }) => ({ kind, id, revision }))
  const committed = await commitOnce(asked, { guards, effects: decided.effects, entry, now: asked.now })
  if (committed.outcome === 'conflict') return 'again'
  if (committed.outcome === 'committed') {
    await recordCommitted(asked.house, entry)
    return { done, forgotten: onlyAdds(decided.effects) ? 'nothing' : { epoch: committed.epoch } }
  }
  const failure: Failure =
    committed.outcome === 'nameTaken'
      ? { reason: 'nonUniqueNameAttribute' }
      : { reason: 'objectQuotaExceeded', kind: committed.kind }
  return {
    done: await recordRefusal(asked, bound.action, [failure], objectsOf(resolved)),
    forgotten: { epoch: undefined },
  }
}

const performChange = async <R, T extends Targets, A, P>(
  asked: Asked,
  bound: Bound<R, T, A, P>,
  change: Change<R, T, A, P>,
  request: R,
  first: Resolved,
): Promise<A | Refusal> => {
  const prepared = await change.prepare(callOf<T>(asked, first), request)
  if (prepared instanceof Refusal) return recordRefusal(asked, bound.action, prepared.failures, objectsOf(first))

  let resolved = first
  let made = prepared
  for (let attempt = 1; attempt <= attemptsMax; attempt++) {
    const settled = await decideAndCommit(asked, bound, change, request, resolved, made)
    if (settled !== 'again') {
      // Also when there was nothing to change: another caller's barrier for the same fact may still be open.
      const { forgotten } = settled
      if (forgotten !== 'nothing') await asked.house.coherence.settle(forgotten.epoch).catch(unanswered)
      return settled.done
    }
    resolved = await resolve({ ...asked, view: past(asked.view) }, change.targets(request), aimsOf(bound, request))
    if (resolved.failures.length > 0) return recordRefusal(asked, bound.action, resolved.failures, objectsOf(resolved))
    if (change.refresh) made = await change.refresh(callOf<T>(asked, resolved), request, made)
  }
  return recordRefusal(asked, bound.action, [{ reason: 'conflict' }], objectsOf(resolved))
}

const noteUses = ({ house, caller, now }: Asked, keys: readonly Found[]): void => {
  for (const { key, version } of keys) house.uses.note(key.id, version, caller.principal.id, caller.dialect, now)
}

const run = async <R, T extends Targets, A, P>(
  asked: Asked,
  bound: Bound<R, T, A, P>,
  request: R,
): Promise<A | Refusal> => {
  const resolved = await resolveFresh(asked, bound, request)
  if (resolved.failures.length > 0) return recordRefusal(asked, bound.action, resolved.failures, objectsOf(resolved))

  const { operation } = bound
  if (operation.mode === 'change') return performChange(asked, bound, operation, request, resolved)

  const call = callOf<T>(asked, resolved)
  const result =
    operation.mode === 'use'
      ? await operation.run(call, request)
      : await operation.run(call, request, asked.house.store.reader)
  if (result instanceof Refusal) return recordRefusal(asked, bound.action, result.failures, objectsOf(resolved))
  await asked.house.journal.append(entryOf(asked, bound.action, { outcome: 'success', objects: objectsOf(resolved) }))
  if (operation.mode === 'use') noteUses(asked, resolved.keys)
  return result
}

/**
 * Performs an operation for a caller. Resolves with its result once that is recorded, or with the refusal, recorded
 * too. Rejects for defects and faults: then nothing may be answered but the dialect's internal error.
 */
export const perform = async <R, T extends Targets, A, P>(
  house: House,
  caller: Caller,
  view: View,
  region: string,
  bound: Bound<R, T, A, P>,
  request: R,
): Promise<A | Refusal> => {
  const asked: Asked = { house, caller, view, now: house.clock.now(), region }
  try {
    return await run(asked, bound, request)
  } catch (error) {
    if (error instanceof QueueFull) return recordRefusal(asked, bound.action, [{ reason: 'serverBusy' }])
    if (!(error instanceof UnknownOutcome || error instanceof Unanswered)) await recordFailure(asked, bound.action)
    throw error
  }
}

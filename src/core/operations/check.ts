/** Whether everything that is kept sealed still opens: all of it when the operator asks, key versions by and by for ever. */
import { algorithmOf } from '../../crypto/algorithms.ts'
import { secretBinding } from '../access/secret.ts'
import { materialAnswers, pairAnswers, secretAnswers } from '../canary.ts'
import { open, parseSealed } from '../ciphertext.ts'
import type { Finding, House } from '../house.ts'
import { domainKeyOf, materialOf, privateKeyOf, secretOf } from '../material.ts'
import type { AccessPoint, Credential, DataKey, DomainKey, Key, KeyVersion, Snapshot, WhiteBoxKey } from '../object.ts'
import { type Call, change, look, type Targets } from '../operation.ts'
import { QueueFull, type Reader, type View } from '../ports.ts'
import { type Scrub, scrubId } from '../upkeep.ts'
import { keptPrivateKey } from './access-points.ts'
import { ciphertextOf } from './data-key-row.ts'
import { whole } from './target.ts'
import { tablesOf, tablesRowOf, whiteBoxSecretOf } from './white-box-row.ts'

/** The row as it was just read from the store, and no remembered one: it is the stored bytes that are checked. */
const showing = (row: KeyVersion, view: View): View => ({
  get: ((kind, id) => (kind === row.kind && id === row.id ? row : view.get(kind, id))) as View['get'],
  reload: view.reload.bind(view),
})

const stillAnswers = async (house: House, view: View, row: KeyVersion, key: Key): Promise<boolean> => {
  const { canary, version } = row
  if (!canary || !row.wrapped) return true
  const shown = showing(row, view)
  if (algorithmOf(row.algorithm).family === 'hmac')
    return secretAnswers(row.algorithm, await secretOf(house, shown, key, version), canary)
  if (!row.publicKey) return materialAnswers(await materialOf(house, shown, key, version), canary)
  const pair = await privateKeyOf(house, shown, key, version)
  return pair !== undefined && pairAnswers(house, key, version, pair, canary)
}

/** Rejects with `QueueFull` where callers need the threads. */
const versionIsFine = async ({ house, view }: Pick<Call<Targets>, 'house' | 'view'>, row: KeyVersion) => {
  const key = await view.get('key', row.key)
  if (!key) return true
  return stillAnswers(house, view, row, key).catch((error: unknown) => {
    if (error instanceof QueueFull) throw error
    return false
  })
}

/** Where its key is gone or has no material, nothing can be told of what the key protected. */
const dataKeyIsFine = async <T extends Targets>(call: Call<T>, row: DataKey): Promise<boolean> => {
  const sealed = parseSealed(await ciphertextOf(call, row))
  const key = await call.view.get('key', row.key)
  const material = key && (await call.material(key, row.keyVersion))
  const plaintext = sealed && material && open(material, sealed, row.context)
  plaintext?.fill(0)
  return sealed !== undefined && (material === undefined || plaintext !== undefined)
}

const accessPointIsFine = async <T extends Targets>(call: Call<T>, row: AccessPoint): Promise<boolean> => {
  const der = await keptPrivateKey(call, row)
  der?.fill(0)
  return true
}

const whiteBoxKeyIsFine = async <T extends Targets>(call: Call<T>, row: WhiteBoxKey): Promise<boolean> => {
  await whiteBoxSecretOf(call, row)
  const kept = await tablesRowOf(call, row)
  if (!kept) return false
  const { encoding, tables } = await tablesOf(call, kept)
  for (const secret of [encoding, tables]) secret.fill(0)
  return true
}

const domainKeyIsFine = async ({ house }: { house: House }, row: DomainKey): Promise<boolean> =>
  house.keyring.opens(row)

const credentialIsFine = async ({ house, view }: Pick<Call<Targets>, 'house' | 'view'>, row: Credential) => {
  const secret = house.keyring.unwrap(await domainKeyOf(view, row.account), secretBinding(row), row.secret)
  secret?.fill(0)
  return secret !== undefined
}

/** How far a check has come. */
export interface Checked {
  readonly checked: string
  readonly count: number
}
export type Step = Checked | Finding

/** Callers are served between two readings. */
const pageRows = 100
/** As many of what is broken as a person reads. */
const namedMax = 10

type CheckedKind = 'keyVersion' | 'dataKey' | 'accessPoint' | 'domainKey' | 'credential' | 'whiteBoxKey'

interface Tally {
  count: number
  /** Callers needed the threads. */
  untried: number
  readonly broken: string[]
}

/** False where the root key was sealed meanwhile: nothing opens under it, which says nothing of a row. */
const tally = async <R extends { id: string }>(
  { rootKey }: House,
  page: readonly R[],
  isFine: (row: R) => Promise<boolean>,
  into: Tally,
): Promise<boolean> => {
  for (const row of page) {
    const fine = await isFine(row).catch((error: unknown) => (error instanceof QueueFull ? undefined : false))
    if (rootKey.state().sealed) return false
    if (fine === undefined) into.untried += 1
    else if (!fine) into.broken.push(row.id)
    into.count += 1
  }
  return true
}

const findingOf = (name: string, says: string, { count, untried, broken }: Tally): Finding => {
  if (broken.length > 0) return { name, ok: false, detail: `these do not: ${broken.slice(0, namedMax).join(', ')}` }
  if (untried === 0) return { name, ok: true, detail: `${count} ${name} ${says}` }
  const why = 'because calls had all threads of slow cryptography'
  return { name, ok: false, detail: `${untried} could not be tried, ${why}; check again` }
}

/** Every row of a kind, asked one by one whether it is fine; `says` is what is true of all where none is not. */
async function* checking<K extends CheckedKind>(
  { house }: { readonly house: House },
  read: Reader,
  kind: K,
  [name, says]: readonly [string, string],
  isFine: (row: Snapshot<K>) => Promise<boolean>,
): AsyncGenerator<Step> {
  const all: Tally = { count: 0, untried: 0, broken: [] }
  for (let after = '', more = true; more; ) {
    const page = await read.rows(kind, { after, limit: pageRows }).catch((error: Error) => error)
    if (page instanceof Error) {
      yield { name, ok: false, detail: `not all can be read: ${page.message}` }
      return
    }
    if (!(await tally<Snapshot<K>>(house, page, isFine, all))) {
      yield { name, ok: false, detail: 'not all could be tried: the root key was sealed meanwhile' }
      return
    }
    yield { checked: name, count: all.count }
    after = page.at(-1)?.id ?? after
    more = page.length === pageRows
  }
  yield findingOf(name, says, all)
}

async function* everything<T extends Targets>(call: Call<T>, read: Reader): AsyncGenerator<Step> {
  yield* await call.house.inspect.findings()
  const says = {
    domainKey: ['domain keys', 'open under the root key'],
    keyVersion: ['key versions', 'open what they sealed'],
    dataKey: ['data keys', 'open under their keys'],
    whiteBoxKey: ['white-box keys', 'have their tables'],
    credential: ['access keys', 'have their secrets'],
    accessPoint: ['access points', 'have what is kept of their pairs'],
  } as const
  yield* checking(call, read, 'domainKey', says.domainKey, (row) => domainKeyIsFine(call, row))
  yield* checking(call, read, 'keyVersion', says.keyVersion, (row) => versionIsFine(call, row))
  yield* checking(call, read, 'dataKey', says.dataKey, (row) => dataKeyIsFine(call, row))
  yield* checking(call, read, 'whiteBoxKey', says.whiteBoxKey, (row) => whiteBoxKeyIsFine(call, row))
  yield* checking(call, read, 'credential', says.credential, (row) => credentialIsFine(call, row))
  yield* checking(call, read, 'accessPoint', says.accessPoint, (row) => accessPointIsFine(call, row))
}

/** Everything that can be checked, the known answer of every key version among it; it is checked as it is read. */
export const verifyCanaries = look({
  name: 'verifyCanaries',
  summary:
    'Check the installation, that every key version still opens what it sealed at birth, and what else is kept sealed.',
  rights: { all: 'administer' },
  targets: (_request: Record<string, never>) => whole,
  run: (call, _request, read): AsyncIterable<Step> => everything(call, read),
})

export interface ScrubRequest {
  /** How long it may take without its rests, ms of running time. */
  readonly budgetMs: number
  /** Resolves after a while in which others are served, with whether to go on. */
  rest(): Promise<boolean>
}

interface Scrubbed {
  readonly before: Scrub | undefined
  readonly after: Scrub | undefined
  /** Now, and not in the pass so far. */
  readonly checked: number
  readonly failed: readonly string[]
}

/** As many of what fails as a row keeps. */
const failedMax = 100
/** Rows of one reading, and of them between two rests. */
const [scrubRows, unrestedRows] = [100, 5]

const passOf = (before: Scrub | undefined, now: number): Scrub => {
  if (before && before.position !== null) return before
  const row = { kind: 'scrub', id: scrubId, account: '', revision: before?.revision ?? 1 } as const
  return { ...row, startedAt: now, position: '', checked: 0, failed: before?.failed ?? [] }
}

interface Stretch {
  position: string
  checked: number
  done: boolean
  readonly failed: string[]
}

const walk = async (call: Call<Targets>, from: string, { budgetMs, rest }: ScrubRequest): Promise<Stretch> => {
  const { clock, store, rootKey } = call.house
  const stretch: Stretch = { position: from, checked: 0, done: false, failed: [] }
  let until = clock.monotonic() + budgetMs
  while (!stretch.done && clock.monotonic() < until) {
    const page = await store.reader.rows('keyVersion', { after: stretch.position, limit: scrubRows })
    for (const row of page) {
      if (clock.monotonic() >= until) return stretch
      const isFine = await versionIsFine(call, row)
      // Under a root key that was sealed meanwhile nothing opens, which says nothing of the row.
      if (rootKey.state().sealed) return stretch
      if (!isFine) stretch.failed.push(row.id)
      stretch.position = row.id
      stretch.checked += 1
      if (stretch.checked % unrestedRows > 0) continue
      const left = until - clock.monotonic()
      if (!(await rest())) return stretch
      until = clock.monotonic() + left
    }
    stretch.done = page.length < scrubRows
  }
  return stretch
}

/** Of the ids in the stretch, those that failed now: what was mended, or is gone, is forgotten. */
const stillFailing = (pass: Scrub, { position, done, failed }: Stretch): readonly string[] => {
  const from = pass.position ?? ''
  const elsewhere = pass.failed.filter((id) => id <= from || (!done && id > position))
  return [...elsewhere, ...failed].slice(0, failedMax)
}

const scrubSome = async (call: Call<Targets>, request: ScrubRequest): Promise<Scrubbed> => {
  const { now, view } = call
  const before = await view.reload('scrub', scrubId)
  const pass = passOf(before, now)
  const stretch = await walk(call, pass.position ?? '', request)
  const { position, checked, done, failed } = stretch
  const after = {
    ...pass,
    position: done ? null : position,
    checked: pass.checked + checked,
    failed: stillFailing(pass, stretch),
  }
  return { before, after, checked, failed }
}

/**
 * A background check of some key versions, from where the last one ended. Where several processes do it at once, the work
 * of all but one counts for nothing.
 */
export const scrubCanaries = change({
  name: 'scrubCanaries',
  summary: 'Check that some key versions still open what they sealed at birth, from where the last check ended.',
  rights: { all: 'administer' },
  targets: (_request: ScrubRequest) => whole,
  prepare: (call, request) => scrubSome(call as Call<Targets>, request),
  refresh: async (_call, _request, { checked, failed }) => ({ before: undefined, after: undefined, checked, failed }),
  decide(_call, _request, { before, after, checked, failed }) {
    const result = { checked, failed }
    if (!after) return { result, effects: [] }
    return { result, effects: before ? [{ put: after, over: before }] : [{ add: after }] }
  },
})

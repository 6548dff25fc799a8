/** What the operator asks of an installation: what a principal may do, and whether every key still opens what it sealed. */

import { algorithmOf } from '../../crypto/algorithms.ts'
import { policiesOf } from '../access/caller.ts'
import { type Judgement, judge } from '../access/policy.ts'
import type { Right } from '../access/right.ts'
import { materialAnswers, pairAnswers, secretAnswers } from '../canary.ts'
import { open, parseSealed } from '../ciphertext.ts'
import { type Refusal, refuse } from '../failure.ts'
import type { Finding } from '../house.ts'
import type { AccessPoint, DataKey, Key, KeyVersion, Policy, Snapshot, WhiteBoxKey } from '../object.ts'
import { type Call, look, type Targets } from '../operation.ts'
import type { Reader } from '../ports.ts'
import { resourceOf } from '../resolve.ts'
import { keptPrivateKey } from './access-points.ts'
import { ciphertextOf } from './data-key-row.ts'
import { tablesOf, tablesRowOf, whiteBoxSecretOf } from './white-box-row.ts'

export interface CheckRequest {
  readonly principal: string
  /** The dialect whose word is asked for, and the word. */
  readonly dialect: string
  readonly word: string
  /** What the word reaches; all of it must be allowed. */
  readonly rights: readonly Right[]
  readonly region: string
  /** The id of a key, data key or white-box key, or `*` for the collection of keys. */
  readonly resource: string
  readonly source: string
}

export const checkPolicy = look({
  name: 'checkPolicy',
  summary: 'Tell whether a principal may do something, and what decides it.',
  rights: { principal: 'administer' },
  targets: ({ principal }: CheckRequest) => ({ principal: { kind: 'principal', id: principal } as const }),
  async run({ at: { principal }, house, now, view }, request): Promise<Judgement | Refusal> {
    const account = await view.get('account', principal.account)
    const named = request.resource === '*' ? undefined : request.resource
    const key =
      named &&
      ((await view.get('key', named)) ?? (await view.get('dataKey', named)) ?? (await view.get('whiteBoxKey', named)))
    if (!account || (named && !key)) return refuse({ reason: 'objectNotFound', kind: 'key' })
    const policies = (await policiesOf(view, principal)) ?? []
    const { dialect, word, source, region } = request
    const resource = key ? resourceOf(key) : { kind: 'key', account: account.id, region, creator: '', id: '*' }
    const caller = { dialect, principal, account, source }
    let judgement: Judgement = { allowed: false, by: { rule: 'default' } }
    for (const right of request.rights) {
      judgement = judge({ caller, right, word, resource, now }, policies, house.languages)
      if (!judgement.allowed) return judgement
    }
    return judgement
  },
})

/** The policies of a principal, in the order in which they were attached. */
export const listPolicies = look({
  name: 'listPolicies',
  summary: 'List the policies of a principal.',
  rights: { principal: 'administer' },
  targets: ({ principal }: { principal: string }) => ({ principal: { kind: 'principal', id: principal } as const }),
  run: async ({ at, view }): Promise<readonly Policy[]> => (await policiesOf(view, at.principal)) ?? [],
})

const stillAnswers = async <T extends Targets>(call: Call<T>, row: KeyVersion, key: Key): Promise<boolean> => {
  const { canary, version } = row
  if (!canary || !row.wrapped) return true
  if (algorithmOf(row.algorithm).family === 'hmac')
    return secretAnswers(row.algorithm, await call.secret(key, version), canary)
  if (!row.publicKey) return materialAnswers(await call.material(key, version), canary)
  const pair = await call.privateKey(key, version)
  return pair !== undefined && pairAnswers(call.house, key, version, pair, canary)
}

const pageRows = 500
/** As many of what is broken as a person reads. */
const namedMax = 10

/** Every row of a kind, asked one by one whether it is fine; `says` is what is true of all where none is not. */
const findingOf = async <K extends 'keyVersion' | 'dataKey' | 'whiteBoxKey' | 'accessPoint'>(
  read: Reader,
  kind: K,
  name: string,
  says: string,
  isFine: (row: Snapshot<K>) => Promise<boolean>,
): Promise<Finding> => {
  const broken: string[] = []
  let checked = 0
  for (let after = ''; ; ) {
    const page = await read.rows(kind, { after, limit: pageRows })
    for (const row of page) {
      if (!(await isFine(row).catch(() => false))) broken.push(row.id)
      checked += 1
    }
    const last = page.at(-1)
    if (last && page.length === pageRows) after = last.id
    else break
  }
  const detail =
    broken.length === 0 ? `${checked} ${name} ${says}` : `these do not: ${broken.slice(0, namedMax).join(', ')}`
  return { name, ok: broken.length === 0, detail }
}

const versionIsFine = async <T extends Targets>(call: Call<T>, row: KeyVersion): Promise<boolean> => {
  const key = await call.view.get('key', row.key)
  return key === undefined || stillAnswers(call, row, key)
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

const whole = { all: { in: { account: '', region: '', project: '' }, kind: 'service' } } as const

/** Everything that can be checked, the known answer of every key version among it. */
export const verifyCanaries = look({
  name: 'verifyCanaries',
  summary:
    'Check the installation, that every key version still opens what it sealed at birth, and what else is kept sealed.',
  rights: { all: 'administer' },
  targets: (_request: Record<string, never>) => whole,
  async run(call, _request, read): Promise<readonly Finding[]> {
    return [
      ...(await call.house.inspect.findings()),
      await findingOf(read, 'keyVersion', 'key versions', 'open what they sealed', (row) => versionIsFine(call, row)),
      await findingOf(read, 'dataKey', 'data keys', 'open under their keys', (row) => dataKeyIsFine(call, row)),
      await findingOf(read, 'whiteBoxKey', 'white-box keys', 'have their tables', (row) =>
        whiteBoxKeyIsFine(call, row),
      ),
      await findingOf(read, 'accessPoint', 'access points', 'have what is kept of their pairs', (row) =>
        accessPointIsFine(call, row),
      ),
    ]
  },
})

export const inspectInstallation = look({
  name: 'inspectInstallation',
  summary: 'Tell how the installation is.',
  rights: { all: 'administer' },
  targets: (_request: Record<string, never>) => whole,
  run: ({ house }) => house.inspect.status(),
})

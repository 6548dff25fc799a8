/**
 * White-box keys: they encrypt here, and decrypt as tables in programs whose users can read them. What such tables are
 * worth is docs/guides/white-box.md.
 */
import { encryptCbc } from '../../crypto/white-box/cbc.ts'
import { decryptKeyOf } from '../../crypto/white-box/decrypt-key.ts'
import { concat } from '../bytes.ts'
import { refuse } from '../failure.ts'
import type { Place, Tags, WhiteBoxKey, WhiteBoxTables } from '../object.ts'
import { type Call, change, type FoundManaged, type Targets, use } from '../operation.ts'
import type { Effect } from '../ports.ts'
import { tagsMax } from './tags.ts'
import { whiteBoxTarget, whiteBoxTargets } from './target.ts'
import { tablesOf, tablesRowOf, whiteBoxName, whiteBoxSecretOf, wrappedFor } from './white-box-row.ts'

/** Somebody was faster between the two reads, so the caller is told so. */
export const goneWhiteBoxKey = () => refuse({ reason: 'objectNotFound', kind: 'whiteBoxKey' })

export interface CreateWhiteBoxKeyRequest extends Pick<WhiteBoxKey, 'name' | 'description' | 'algorithm'> {
  readonly at: Place
  readonly tags: Tags
}

interface Made {
  readonly key: WhiteBoxKey
  readonly tables: WhiteBoxTables
  /** What its users get. */
  readonly decryptKey: Uint8Array
}

const makeKey = async <T extends Targets>(call: Call<T>, request: CreateWhiteBoxKeyRequest): Promise<Made> => {
  const { house, now, caller } = call
  const { at, algorithm } = request
  const parts = await house.slow.run('makeWhiteBoxKey', { algorithm })
  const row = { id: house.random.id(now), account: at.account, revision: 1 }
  const { name, description, tags } = request
  const said = { ...at, name, description, algorithm, tags, creator: caller.principal.id, createdAt: now }
  const key = { kind: 'whiteBoxKey', ...row, ...said, suspended: false, bound: false } as const
  const tables = { kind: 'whiteBoxTables', ...row, devices: [], locked: null } as const
  const kept = concat(parts.encoding, parts.tables)
  const made = {
    key: { ...key, wrapped: await wrappedFor(call, key, parts.key) },
    tables: { ...tables, wrapped: await wrappedFor(call, tables, kept) },
    decryptKey: decryptKeyOf(algorithm, parts, null),
  }
  for (const secret of [parts.key, parts.encoding, parts.tables, kept]) secret.fill(0)
  return made
}

export const createWhiteBoxKey = change({
  name: 'createWhiteBoxKey',
  summary: 'Make a white-box key and its tables.',
  rights: { keys: 'createWhiteBoxKey' },
  targets: ({ at }: CreateWhiteBoxKeyRequest) => ({ keys: { in: at, kind: 'whiteBoxKey' } as const }),
  requestTags: ({ tags }) => tags,
  prepare: (call, request) =>
    request.tags.size > tagsMax ? refuse({ reason: 'tooManyTags' }) : makeKey(call, request),
  decide({ house }, _request, { key, tables, decryptKey }) {
    const within = { max: house.limits.whiteBoxKeysMax }
    return { result: { key, decryptKey }, effects: [{ add: key, claim: whiteBoxName(key), within }, { add: tables }] }
  },
})

interface Many {
  readonly keyIds: readonly string[]
}
interface One {
  readonly keyId: string
}

const move = (
  founds: readonly FoundManaged<'whiteBoxKey'>[],
  suspended: boolean,
): { put: WhiteBoxKey; over: WhiteBoxKey }[] =>
  founds.filter(({ row }) => row.suspended !== suspended).map(({ row }) => ({ put: { ...row, suspended }, over: row }))

export const resumeWhiteBoxKeys = change({
  name: 'resumeWhiteBoxKeys',
  summary: 'Return suspended white-box keys to use.',
  rights: { keys: 'resumeWhiteBoxKey' },
  targets: ({ keyIds }: Many) => ({ keys: whiteBoxTargets(keyIds) }),
  prepare: () => {},
  decide({ at }) {
    const effects: Effect[] = move(at.keys, false).map((put) => ({ ...put, only: 'loosens' }))
    return { result: undefined, effects }
  },
})

export const suspendWhiteBoxKeys = change({
  name: 'suspendWhiteBoxKeys',
  summary: 'Let white-box keys encrypt nothing until they are resumed; tables that were given out decrypt on.',
  rights: { keys: 'suspendWhiteBoxKey' },
  targets: ({ keyIds }: Many) => ({ keys: whiteBoxTargets(keyIds) }),
  prepare: () => {},
  decide: ({ at }) => ({ result: undefined, effects: move(at.keys, true) }),
})

export const deleteWhiteBoxKey = change({
  name: 'deleteWhiteBoxKey',
  summary: 'Remove a suspended white-box key and its tables at once, and leave a tombstone.',
  rights: { key: 'deleteWhiteBoxKey' },
  targets: ({ keyId }: One) => ({ key: whiteBoxTarget(keyId, ['suspended']) }),
  prepare: async (call) => ({ tables: await tablesRowOf(call, call.at.key.row) }),
  refresh: async (call) => ({ tables: await tablesRowOf(call, call.at.key.row) }),
  decide({ at, now }, _request, { tables }) {
    if (!tables) return goneWhiteBoxKey()
    const { row } = at.key
    const { id, account, region } = row
    const lineage = id.replaceAll('-', '')
    const tombstone = { kind: 'whiteBoxKey', id, account, region, lineage, destroyedAt: now } as const
    return { result: undefined, effects: [{ drop: tables }, { drop: row, tombstone, release: whiteBoxName(row) }] }
  },
})

export interface EncryptWhiteBoxRequest extends One {
  readonly plaintext: Uint8Array
  /** 16 bytes; absent for random ones. */
  readonly initializationVector?: Uint8Array
}

export const encryptWhiteBox = use({
  name: 'encryptWhiteBox',
  summary: 'Encrypt for the tables of a white-box key: CBC with PKCS#7, and nothing that shows who encrypted.',
  rights: { key: 'encryptWhiteBox' },
  targets: ({ keyId }: EncryptWhiteBoxRequest) => ({ key: whiteBoxTarget(keyId, ['active']) }),
  async run(call, { plaintext, initializationVector = call.house.random.bytes(16) }) {
    const { row } = call.at.key
    const secret = await whiteBoxSecretOf(call, row)
    return { initializationVector, ciphertext: encryptCbc(row.algorithm, secret, initializationVector, plaintext) }
  },
})

/** What the users of a white-box key get; undefined where it was removed meanwhile. */
export const readDecryptKey = async <T extends Targets>(
  call: Call<T>,
  key: WhiteBoxKey,
): Promise<Uint8Array | undefined> => {
  const row = await tablesRowOf(call, key)
  if (!row) return undefined
  const parts = await tablesOf(call, row)
  const decryptKey = decryptKeyOf(key.algorithm, parts, row.locked)
  parts.encoding.fill(0)
  return decryptKey
}

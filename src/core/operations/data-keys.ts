/** Data keys that are kept: made or brought, and given back in clear or as the ciphertext that they are. */
import { open, parseSealed, type Sealed } from '../ciphertext.ts'
import { type Context, noContext } from '../context.ts'
import { Refusal, refuse } from '../failure.ts'
import type { House } from '../house.ts'
import type { DataKey } from '../object.ts'
import { change, type Ref, use } from '../operation.ts'
import type { Effect } from '../ports.ts'
import { handOver, type Recipient } from '../recipient.ts'
import {
  ciphertextOf,
  dataKeyBytesMax,
  dataKeyName,
  keep,
  type Labels,
  type Protected,
  protectDataKey,
  withinQuota,
} from './data-key-row.ts'
import { tagsMax } from './tags.ts'
import { dataKeyTarget, keyTarget, symmetric } from './target.ts'

/** Material that the row says is there and is not: somebody was faster between the two reads, so the caller is told so. */
const gone = () => refuse({ reason: 'wrongKeyLifecycleState', kind: 'key', state: 'preActive' })

const protecting = { usage: 'encryptDecrypt', families: symmetric, states: ['active'] } as const

const adding = (house: House, add: DataKey): readonly Effect[] => [
  { add, claim: dataKeyName(add), ...withinQuota(house) },
]

export interface HostDataKeyRequest extends Labels {
  readonly keyId: string
  readonly bytes: number
  readonly context: Context
  /** Absent: the data key is given in clear. */
  readonly recipient?: Recipient
}

export const hostDataKey = change({
  name: 'hostDataKey',
  summary: 'Make a random data key and keep it, protected under the primary version of a key.',
  rights: { key: 'hostDataKey' },
  targets: ({ keyId }: HostDataKeyRequest) => ({ key: keyTarget(keyId, protecting) }),
  requestTags: ({ tags }) => tags,
  async prepare(call, { bytes, context, recipient, ...labels }) {
    const { key } = call.at.key
    if (labels.tags.size > tagsMax) return refuse({ reason: 'tooManyTags' })
    const dataKey = call.house.random.bytes(bytes)
    const ciphertext = await protectDataKey(call, key, context, dataKey)
    if (!ciphertext) return gone()
    const plaintext = await handOver(call.house, recipient, dataKey)
    if (plaintext instanceof Refusal) return plaintext
    const kept: Protected = { key, version: key.primaryVersion, origin: 'generated', bytes, ciphertext, context }
    return { row: await keep(call, labels, kept), plaintext, ciphertext }
  },
  decide: ({ house }, _request, { row, plaintext, ciphertext }) => ({
    result: { dataKey: row, plaintext, ciphertext },
    effects: adding(house, row),
  }),
})

export interface ImportDataKeyRequest extends Labels {
  /** In clear under a key that is named, or as a ciphertext that names its key. */
  readonly from: { readonly keyId: string; readonly plaintext: Uint8Array } | { readonly sealed: Sealed }
}

const protectorOf = (from: ImportDataKeyRequest['from']): Ref =>
  'sealed' in from ? { lineage: from.sealed.lineage, version: from.sealed.version } : { id: from.keyId }

export const importDataKey = change({
  name: 'importDataKey',
  summary: 'Keep a data key that was made elsewhere, or by this service without keeping it.',
  rights: { key: 'importDataKey' },
  targets: ({ from }: ImportDataKeyRequest) => ({ key: { ref: protectorOf(from), ...protecting } }),
  requestTags: ({ tags }) => tags,
  async prepare(call, { from, ...labels }) {
    const { key, version } = call.at.key
    if (labels.tags.size > tagsMax) return refuse({ reason: 'tooManyTags' })
    if ('plaintext' in from) {
      const { plaintext } = from
      const ciphertext = await protectDataKey(call, key, noContext, plaintext)
      plaintext.fill(0)
      if (!ciphertext) return gone()
      const { length: bytes } = plaintext
      return keep(call, labels, { key, version, origin: 'imported', bytes, ciphertext, context: noContext })
    }
    const { sealed } = from
    // Data that somebody encrypted is no data key: else this would be a way to read it by the rights to data keys.
    const material = sealed.content === 'dataKey' ? await call.material(key, version) : undefined
    const plaintext = material && open(material, sealed, noContext)
    plaintext?.fill(0)
    if (!plaintext || plaintext.length === 0 || plaintext.length > dataKeyBytesMax)
      return refuse({ reason: 'cryptographicFailure' })
    const { length: bytes } = plaintext
    const kept = { key, version, bytes, ciphertext: sealed.bytes, context: noContext }
    return keep(call, labels, { ...kept, origin: 'generated' })
  },
  decide: ({ house }, _request, row) => ({ result: row, effects: adding(house, row) }),
})

interface One {
  readonly dataKeyId: string
}

export const readDataKey = use({
  name: 'readDataKey',
  summary: 'Recover a data key that is kept, with the key that protects it.',
  rights: { dataKey: 'readDataKey', key: 'decryptDataKey' },
  targets: ({ dataKeyId }: One & { recipient?: Recipient }) => ({
    dataKey: dataKeyTarget(dataKeyId, ['active']),
    key: {
      ref: { protects: dataKeyId },
      usage: 'encryptDecrypt',
      families: symmetric,
      states: ['active', 'deactivated'],
    } as const,
  }),
  async run(call, { recipient }) {
    const { row } = call.at.dataKey
    const { key, version } = call.at.key
    const sealed = parseSealed(await ciphertextOf(call, row))
    const material = await call.material(key, version)
    if (!material) return gone()
    const opened = sealed && open(material, sealed, row.context)
    if (!opened) throw new Error(`data key ${row.id} does not open under version ${version} of key ${key.id}`)
    const plaintext = await handOver(call.house, recipient, opened)
    return plaintext instanceof Refusal ? plaintext : { plaintext }
  },
})

export const readDataKeyCiphertext = use({
  name: 'readDataKeyCiphertext',
  summary: 'Return a data key that is kept as its ciphertext.',
  rights: { dataKey: 'readDataKeyCiphertext' },
  targets: ({ dataKeyId }: One) => ({ dataKey: dataKeyTarget(dataKeyId, ['active']) }),
  run: async (call) => ({ ciphertext: await ciphertextOf(call, call.at.dataKey.row) }),
})

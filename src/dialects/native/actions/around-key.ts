import { inferred } from '../../../contract/evidence.ts'
import { pemOf } from '../../../contract/fields.ts'
import { z } from '../../../contract/schema.ts'
import { Refusal } from '../../../core/failure.ts'
import { listBindings, listVersions } from '../../../core/operations/around-key.ts'
import { getPublicKey } from '../../../core/operations/asymmetric.ts'
import { action } from '../action.ts'
import { isoOf, time } from '../fields.ts'
import { keyRef } from '../key-fields.ts'
import { cursorOf, limitOf, next, nextOf, offsetOf, pageMembers, placeOf } from '../paging.ts'

const version = z.object({
  version: z.int(),
  algorithm: z.string(),
  createdAt: time,
  materialPresent: z.boolean(),
  primary: z.boolean().describe('It seals; the others only open.'),
})

export const KeyVersions = action({
  name: 'key-versions',
  rights: { key: 'key:versions' },
  summary: 'List the versions of a key, newest first.',
  evidence: inferred('ours'),
  request: { key: keyRef, ...pageMembers },
  response: { versions: z.array(version), next },
  operation: listVersions,
  toCore(asked) {
    const offset = offsetOf(asked)
    return offset instanceof Refusal ? offset : { keyId: asked.key }
  },
  fromCore(all, _here, asked) {
    const offset = Number(offsetOf(asked))
    const page = all.slice(offset, offset + limitOf(asked))
    const versions = page.map((one) => ({ ...one, createdAt: isoOf(one.createdAt) }))
    return { versions, next: nextOf(offset, page.length, all.length) }
  },
})

export const BindingList = action({
  name: 'binding-list',
  rights: { key: 'binding:list' },
  summary: 'List the resources of other products that rely on a key.',
  evidence: inferred('ours'),
  request: { key: keyRef, ...pageMembers },
  response: { bindings: z.array(z.object({ product: z.string(), resource: z.string(), createdAt: time })), next },
  operation: listBindings,
  toCore(asked) {
    const after = placeOf(asked)
    return after instanceof Refusal ? after : { keyId: asked.key, after, limit: limitOf(asked) + 1 }
  },
  fromCore(rows, _here, asked) {
    const page = rows.slice(0, limitOf(asked))
    const last = page.at(-1)
    const bindings = page.map(({ product, resource, createdAt }) => ({
      product,
      resource,
      createdAt: isoOf(createdAt),
    }))
    return { bindings, next: rows.length > page.length && last ? cursorOf(last.id) : null }
  },
})

export const KeyPublic = action({
  name: 'key-public',
  rights: { key: 'key:public' },
  summary: 'Give the public half of a key.',
  evidence: inferred('ours'),
  request: { key: keyRef, version: z.int().min(1).describe('The version that seals when absent.').optional() },
  response: { publicKey: z.string().describe('SubjectPublicKeyInfo, PEM.'), keyId: z.string(), keyVersion: z.int() },
  operation: getPublicKey,
  toCore: ({ key: keyId, version }) => ({ keyId, version }),
  fromCore: ({ keyId, version, publicKey }) => ({ publicKey: pemOf(publicKey), keyId, keyVersion: version }),
})

/** Requests of every kind, drawn from the server's own OpenAPI document, and what every answer to them has to be. */
import fc from 'fast-check'
import { codes } from '../../../src/dialects/native/codes.ts'
import { exchange } from '../../harness/http.ts'
import type { TestKeystead } from '../../harness/keystead.ts'
import { clientOf, type NativeAnswer, post, signIn } from '../../harness/native.ts'

interface Schema {
  readonly type?: string
  readonly enum?: readonly unknown[]
  readonly anyOf?: readonly Schema[]
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly items?: Schema
  readonly maxItems?: number
  readonly minimum?: number
  readonly maximum?: number
  readonly contentEncoding?: string
  readonly format?: string
}

interface Document {
  readonly paths: Readonly<
    Record<string, { post: { operationId: string; requestBody: { content: Record<string, { schema: Schema }> } } }>
  >
}

/** What gets past the first checks more often than chance would, and what has broken others. */
const hostile: readonly unknown[] = [
  ...['', '0', '*', '{', '{}', '__proto__', 'constructor', '\u0000', '\ud800', '../..', "'; drop table key; --", '%00'],
  ...[
    'administrator',
    'keystead',
    'tencent',
    'rights',
    '{"statements":[]}',
    '1970-01-01T00:00:00Z',
    'AAAA',
    'alias:::x',
  ],
  ...[0, -1, 1, 2 ** 53, 1e308, -0, 1.5, true, false, null, [], {}, [[]], { toString: 1 }],
]

/** A value of the schema, mostly; `known` are texts that name something. */
const drawnFrom = (schema: Schema, known: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> => {
  const wild = fc.oneof(fc.constantFrom(...hostile), fc.jsonValue(), fc.string({ unit: 'binary', maxLength: 300 }))
  return fc.oneof({ weight: 24, arbitrary: rightOf(schema, known) }, { weight: 1, arbitrary: wild })
}

const textOf = ({ contentEncoding, format }: Schema, known: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> => {
  if (contentEncoding === 'base64')
    return fc.oneof(
      known,
      fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes).toString('base64')),
    )
  if (format === 'date-time') return fc.date({ noInvalidDate: true }).map((at) => at.toISOString())
  return fc.oneof(
    { weight: 6, arbitrary: known },
    { weight: 3, arbitrary: fc.stringMatching(/^[a-z][a-z0-9-]{0,12}$/) },
    { weight: 1, arbitrary: fc.constantFrom(...hostile) },
  )
}

const objectOf = ({ properties = {}, required = [] }: Schema, known: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> => {
  const members = Object.entries(properties).map(([name, schema]) => [name, drawnFrom(schema, known)] as const)
  const free =
    Object.keys(properties).length === 0
      ? fc.dictionary(fc.string({ maxLength: 8 }), fc.jsonValue(), { maxKeys: 3 })
      : undefined
  return free ?? fc.record(Object.fromEntries(members), { requiredKeys: [...required], noNullPrototype: true })
}

const rightOf = (schema: Schema, known: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> => {
  if (schema.enum) return fc.constantFrom(...schema.enum)
  if (schema.anyOf) return fc.oneof(...schema.anyOf.map((one) => rightOf(one, known)))
  switch (schema.type) {
    case 'string':
      return textOf(schema, known)
    case 'integer':
    case 'number':
      return fc.integer({
        min: Math.max(schema.minimum ?? -5, -(2 ** 31)),
        max: Math.min(schema.maximum ?? 500, 2 ** 31 - 1),
      })
    case 'boolean':
      return fc.boolean()
    case 'array':
      return fc.array(drawnFrom(schema.items ?? {}, known), { maxLength: Math.min(schema.maxItems ?? 4, 4) })
    case 'object':
      return objectOf(schema, known)
    default:
      return fc.jsonValue()
  }
}

const someHeaders = fc.record(
  {
    'If-Match': fc.constantFrom('"1"', '"99"', 'x', '*', '"-1"'),
    'X-Keystead-Region': fc.constantFrom('ap-guangzhou', 'shanghai', 'nowhere', '__proto__'),
    Cookie: fc.constantFrom('keystead_session=x', 'keystead_session', ';;='),
    'X-Keystead-Console': fc.constantFrom('1', '0'),
  },
  { requiredKeys: [], noNullPrototype: true },
)

const headers = fc.oneof({ weight: 5, arbitrary: fc.constant({}) }, { weight: 1, arbitrary: someHeaders })

export interface Asked {
  readonly action: string
  readonly body: unknown
  readonly headers: Readonly<Record<string, string>>
}

const bodyOf = (schema: Schema, known: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
  fc.oneof(
    { weight: 12, arbitrary: objectOf(schema, known) },
    {
      weight: 1,
      arbitrary: fc.oneof(
        fc.constantFrom('', '{', '[]', 'null', '"x"', '{"__proto__":1}'),
        fc.string({ maxLength: 40 }),
      ),
    },
  )

/** Takes long: checks everything, or makes whoever fails to sign in wait. */
const slow: ReadonlySet<string> = new Set(['session-create', 'doctor'])

export const requestsOf = (document: Document, known: readonly string[]): fc.Arbitrary<Asked> => {
  const operations = Object.values(document.paths).map(({ post: { operationId, requestBody } }) => ({
    action: operationId,
    schema: requestBody.content['application/json']?.schema ?? {},
  }))
  return fc
    .constantFrom(...operations.filter(({ action }) => !slow.has(action)))
    .chain(({ action, schema }) =>
      fc.record({ action: fc.constant(action), body: bodyOf(schema, fc.constantFrom(...known)), headers }),
    )
}

/** What is wrong with an answer; undefined for one that is as the document says. */
export const wrongWith = ({ status, body, headers: answered, text }: NativeAnswer): string | undefined => {
  const type = String(answered['content-type'])
  if (status === 200) return /^application\/jsonl?$/.test(type) ? undefined : `200 as ${type}`
  if (type !== 'application/problem+json') return `${status} as ${type}: ${text}`
  const { type: code, detail, instance } = body
  const known = (codes as Record<string, readonly [number, string]>)[String(code)]
  if (known?.[0] !== status || status >= 500) return text
  if (typeof detail !== 'string' || !/^[0-9a-f-]{36}$/.test(String(instance))) return text
  return /\n\s+at |node:|\.ts:|undefined|\[object/.test(detail) ? text : undefined
}

export const documentOf = async ({ endpoint }: TestKeystead): Promise<Document> =>
  JSON.parse((await exchange(endpoint, { method: 'GET', path: '/openapi.json' })).body) as Document

/** Names of things that are there, so that requests get somewhere. */
export const seeded = async (keystead: TestKeystead): Promise<readonly string[]> => {
  const root = clientOf(keystead, await signIn(keystead))
  const algorithms = ['aes-256', 'sm4', 'ec-p256', 'hmac-sha256', 'ed25519', 'ml-dsa-44']
  const keys: string[] = []
  for (const algorithm of algorithms)
    keys.push((await root.ok('key-create', { name: `seed-${algorithm}`, algorithm })).key.id)
  const [key = ''] = keys
  const { ciphertext } = await root.ok('encrypt', { key, plaintext: 'AAAA' })
  await root.ok('alias-create', { name: 'seed', key })
  await root.ok('user-create', { name: 'seed' })
  const ticket = (await root.ok('key-create', { name: 'seed-imported', origin: 'imported' })).key.id
  const { dataKey } = await root.ok('data-key-create', { name: 'seed-data', key })
  const tables = (await root.ok('white-box-create', { name: 'seed-tables', algorithm: 'sm4' })).key.id
  return [...keys, ticket, ciphertext, dataKey, tables, 'alias:::seed', 'seed', key.slice(0, 8)]
}

/** Asks as the root of the first account, signed in anew where a request has ended its session. */
export const asker = (keystead: TestKeystead) => {
  let token = ''
  return async ({ action, body, headers: sent }: Asked): Promise<NativeAnswer> => {
    const answer = await post(keystead, action, body, { token, headers: sent })
    if (answer.status !== 401 || action === 'session-create') return answer
    const { huawei } = keystead.credentials
    const by = { accessKey: huawei.accessKey, secretKey: huawei.secretKey }
    token = (await post(keystead, 'session-create', by)).body.token ?? token
    return post(keystead, action, body, { token, headers: sent })
  }
}

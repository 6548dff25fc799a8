/** The members of a request or response, as rows: name, type, bounds, meaning. */
import type { Shape } from '../../src/contract/members.ts'
import { notesOf, z } from '../../src/contract/schema.ts'

interface Json {
  readonly type?: string
  readonly enum?: readonly string[]
  readonly pattern?: string
  readonly minimum?: number
  readonly maximum?: number
  readonly maxLength?: number
  readonly minItems?: number
  readonly maxItems?: number
  readonly description?: string
  readonly anyOf?: readonly Json[]
  readonly const?: string
  readonly items?: Json
  readonly properties?: Readonly<Record<string, Json>>
  readonly required?: readonly string[]
}

export interface Member {
  /** With the names of what it is inside of: `KeyMetadatas[].KeyId`. */
  readonly name: string
  readonly type: string
  readonly required: boolean
  readonly bounds: string
  readonly description: string
  readonly sensitive: boolean
}

const safe = Number.MAX_SAFE_INTEGER

const range = ({ minimum, maximum }: Json): string => {
  const low = minimum === undefined || minimum <= -safe ? undefined : minimum
  const high = maximum === undefined || maximum >= safe ? undefined : maximum
  if (low === undefined) return high === undefined ? '' : `at most ${high}`
  return high === undefined ? `at least ${low}` : `${low} to ${high}`
}

const length = ({ maxLength }: Json): string => {
  if (maxLength === undefined) return ''
  return maxLength === 0 ? 'only empty' : `at most ${maxLength} characters`
}

const count = ({ minItems = 0, maxItems }: Json): string =>
  maxItems === undefined ? '' : `${minItems} to ${maxItems} entries`

const uuidStart = '^[0-9a-f]{8}-'

const form = ({ pattern }: Json): string => {
  if (pattern === undefined) return ''
  return pattern.startsWith(uuidStart) ? 'a UUID in lower case' : `matches \`${pattern}\``
}

const choices = (json: Json): string => {
  if (json.enum) return json.enum.map((value) => (value === '' ? 'empty' : `\`${value}\``)).join(', ')
  if (json.anyOf) return json.anyOf.map((one) => (one.const === '' ? 'empty' : form(one))).join(', or ')
  return ''
}

const boundsOf = (json: Json): string =>
  [range(json), length(json), count(json), form(json), choices(json), json.items ? form(json.items) : '']
    .filter((text) => text !== '')
    .join('; ')

const typeOf = (json: Json): string => {
  if (json.anyOf) return json.anyOf[0]?.type ?? 'any'
  if (json.type === 'array') return `list of ${json.items?.type ?? 'nothing'}`
  return json.type ?? 'any'
}

const inside = (name: string, json: Json): Member[] => {
  const { properties = {}, required = [] } = json.items ?? json
  const prefix = json.items ? `${name}[].` : `${name}.`
  return Object.entries(properties).flatMap(([inner, schema]) =>
    membersIn(`${prefix}${inner}`, schema, required.includes(inner)),
  )
}

const membersIn = (name: string, json: Json, required: boolean): Member[] => [
  {
    name,
    type: typeOf(json),
    required,
    bounds: boundsOf(json),
    description: json.description ?? '',
    sensitive: false,
  },
  ...inside(name, json),
]

/** The side of the wire is the input of every codec, in requests and in responses. */
export const membersOf = (shape: Shape): Member[] =>
  Object.entries(shape).flatMap(([name, schema]) => {
    const json = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Json
    const { form: written, limit, sensitive = false } = notesOf(schema)
    const [first, ...others] = membersIn(name, json, !schema.isOptional())
    if (!first) return []
    const bounds = [first.bounds, limit ?? ''].filter((text) => text !== '').join('; ')
    return [{ ...first, type: written ?? first.type, bounds, sensitive }, ...others]
  })

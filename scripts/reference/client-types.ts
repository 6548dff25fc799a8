/** The types of what the console asks and hears, out of the API's own OpenAPI document: they cannot say anything else. */

interface Schema {
  readonly type?: string | readonly string[]
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly anyOf?: readonly Schema[]
  readonly items?: Schema
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly additionalProperties?: boolean | Schema
}

type Content = Readonly<Record<string, { readonly schema?: Schema }>>

interface Operation {
  readonly requestBody?: { readonly content: Content }
  readonly responses: Readonly<Record<string, { readonly content?: Content }>>
}

export interface Document {
  readonly paths: Readonly<Record<string, { readonly post?: Operation }>>
}

const primitives: Readonly<Record<string, string>> = {
  string: 'string',
  integer: 'number',
  number: 'number',
  boolean: 'boolean',
  null: 'null',
}

const memberName = (name: string): string => (/^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name))

const objectType = ({ properties = {}, required = [], additionalProperties }: Schema): string => {
  const members = Object.entries(properties).map(
    ([name, schema]) => `${memberName(name)}${required.includes(name) ? '' : '?'}: ${typeOf(schema)}`,
  )
  if (members.length > 0) return `{ ${members.join('; ')} }`
  return typeof additionalProperties === 'object'
    ? `Record<string, ${typeOf(additionalProperties)}>`
    : 'Record<never, never>'
}

const listType = (items: Schema): string => {
  const type = typeOf(items)
  return /^[\w.]+$|^\{.*\}$/.test(type) && !type.includes(' | ') ? `${type}[]` : `(${type})[]`
}

/** What the document does not narrow down is unknown, and so must be looked at before it is used. */
export const typeOf = (schema: Schema): string => {
  if (schema.const !== undefined) return JSON.stringify(schema.const)
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(' | ')
  if (schema.anyOf) return schema.anyOf.map(typeOf).join(' | ')
  if (Array.isArray(schema.type)) return schema.type.map((type) => typeOf({ ...schema, type })).join(' | ')
  if (schema.type === 'array') return listType(schema.items ?? {})
  if (schema.type === 'object') return objectType(schema)
  return primitives[String(schema.type)] ?? 'unknown'
}

const prefix = '/api/v1/'
const json = 'application/json'

const actionType = (path: string, { requestBody, responses }: Operation): string => {
  const asked = typeOf(requestBody?.content[json]?.schema ?? { type: 'object' })
  const answered = responses['200']?.content?.[json]?.schema
  return `  '${path.slice(prefix.length)}': {
    asked: ${asked}
    answered: ${answered ? typeOf(answered) : 'string'}
  }`
}

export const clientTypes = ({ paths }: Document): string => {
  const actions = Object.entries(paths)
    .filter(([path, { post }]) => path.startsWith(prefix) && post !== undefined)
    .map(([path, { post }]) => actionType(path, post as Operation))
  return `/** Written by \`npm run reference\` from the OpenAPI document of the native API. */
export interface Actions {
${actions.sort().join('\n')}
}
`
}

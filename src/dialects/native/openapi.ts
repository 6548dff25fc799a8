/** The OpenAPI 3.1 document of this API, from the declarations that also run it. */
import type { Action } from '../../contract/action.ts'
import type { Shape } from '../../contract/members.ts'
import { notesOf, z } from '../../contract/schema.ts'
import type { Answer, Service } from '../../contract/serve.ts'
import { type Code, codes } from './codes.ts'
import { isOfAccounts, isOfInstallation, isOnMachine } from './ours.ts'
import { prefix } from './transport.ts'

type Json = Readonly<Record<string, unknown>>

/** The side of the wire is the input of every codec, in requests and in responses. */
const schemaOf = (shape: Shape, strict: boolean): Json => {
  const object = strict ? z.strictObject(shape) : z.object(shape)
  const { $schema: _dialect, ...schema } = z.toJSONSchema(object, {
    io: 'input',
    unrepresentable: 'any',
    override({ zodSchema, jsonSchema }) {
      const { form, limit, sensitive } = notesOf(zodSchema as unknown as z.ZodType)
      if (form === 'Base64') jsonSchema.contentEncoding = 'base64'
      const { description = '' } = jsonSchema
      // A member that may be absent has the words of the one that it wraps, with the limit in them.
      const said = [description, limit && !description.endsWith(limit) ? limit : ''].filter((text) => text !== '')
      if (said.length > 0) jsonSchema.description = said.join(' ')
      if (sensitive) jsonSchema['x-sensitive'] = true
    },
  })
  return schema
}

const hasLines = ({ response }: Action<Code>): boolean => Object.hasOwn(response, 'lines')

const contentOf = (action: Action<Code>): Json =>
  hasLines(action)
    ? { 'application/jsonl': { schema: { type: 'string', description: 'A JSON object in each line.' } } }
    : { 'application/json': { schema: schemaOf(action.response, false) } }

const whoMay = (action: Action<Code>): string => {
  if (isOnMachine(action)) return 'On the admin socket of the machine alone.'
  if (isOfInstallation(action)) return 'For who may operate the installation.'
  const words = [...new Set(Object.values(action.rights))]
  const asks = words.length === 0 ? '' : `Asks for ${words.map((word) => `\`${word}\``).join(' and ')}. `
  return isOfAccounts(action) ? `${asks}In another account than one's own for who may operate.` : asks.trim()
}

const parameter = (name: string) => ({ $ref: `#/components/parameters/${name}` })
/** What begins without anybody signed in. */
const open: ReadonlySet<string> = new Set(['session-create'])

const operationOf = (action: Action<Code>): Json => ({
  operationId: action.name,
  summary: action.summary,
  description: whoMay(action),
  tags: [action.name.split('-')[0]],
  ...(open.has(action.name) ? { security: [] } : {}),
  parameters: [parameter('region'), ...(action.operation.mode === 'change' ? [parameter('ifMatch')] : [])],
  requestBody: { required: true, content: { 'application/json': { schema: schemaOf(action.request, true) } } },
  responses: {
    200: { description: 'Done.', content: contentOf(action) },
    default: { $ref: '#/components/responses/problem' },
  },
})

const header = (name: string, description: string) => ({
  name,
  in: 'header',
  required: false,
  description,
  schema: { type: 'string' },
})

const components = {
  securitySchemes: {
    bearer: { type: 'http', scheme: 'bearer', description: 'The token of session-create.' },
    cookie: {
      type: 'apiKey',
      in: 'cookie',
      name: 'keystead_session',
      description: 'Of a console, with the header X-Keystead-Console: 1.',
    },
  },
  parameters: {
    region: header('X-Keystead-Region', 'Region, by the name that any cloud has for it; the default one when absent.'),
    ifMatch: header('If-Match', 'Revision of the object in quotes; at another one the answer is 412.'),
  },
  responses: {
    problem: {
      description: 'A problem (RFC 9457).',
      content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/problem' } } },
    },
  },
  schemas: {
    problem: schemaOf(
      {
        type: z.enum(Object.keys(codes) as [Code, ...Code[]]),
        title: z.string(),
        status: z.int(),
        detail: z.string(),
        instance: z.string().describe('The number of the request, which the record has too.'),
        member: z.string().describe('Of the request, where one is to blame.').optional(),
      },
      false,
    ),
  },
}

export const openApiOf = (actions: readonly Action<Code>[], version: string): Json => ({
  openapi: '3.1.1',
  info: {
    title: 'Keystead',
    version,
    description: "Keystead's own API. Every action is a POST of a JSON object, answered by a JSON object.",
    license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
  },
  servers: [{ url: '/' }],
  security: [{ bearer: [] }, { cookie: [] }],
  paths: Object.fromEntries(actions.map((action) => [`${prefix}${action.name}`, { post: operationOf(action) }])),
  components,
})

const paths: ReadonlySet<string> = new Set(['/openapi.json', `${prefix}openapi.json`])

/** The document for whoever asks: it says nothing of any object. */
export const openApiService = (actions: readonly Action<Code>[], version: string): Service => {
  let body: string | undefined
  const answer = (): Answer => {
    body ??= JSON.stringify(openApiOf(actions, version))
    return { status: 200, contentType: 'application/json', body }
  }
  return {
    name: 'openapi',
    recognises: ({ method, path }) => method === 'GET' && paths.has(path),
    answer: async () => answer(),
  }
}

/**
 * The four forms of a request: JSON with TC3, a query with TC3, a query or a form with signature V1. Whichever it is,
 * what comes out is the action, the claim, the region and the members.
 */
import type { Action } from '../../contract/action.ts'
import { Denied, type Head } from '../../contract/serve.ts'
import type { Failure } from '../../core/failure.ts'
import type { Code } from './codes.ts'
import { readParameters, unflatten } from './parameters.ts'
import { services } from './services.ts'
import { type Claim, readTc3, readV1 } from './signature.ts'

/** An action with the name of its service. */
interface Offered {
  readonly action: Action<Code>
  readonly service: string
}

/** By version, and in it by name; services of the same version have no action in common. */
const offered: ReadonlyMap<string, ReadonlyMap<string, Offered>> = new Map(
  [...Map.groupBy(services, ({ version }) => version)].map(([version, those]) => [
    version,
    new Map(those.flatMap(({ name, actions }) => actions.map((action) => [action.name, { action, service: name }]))),
  ]),
)

/** What a request asks. */
export interface TencentAsking {
  readonly action: Action<Code>
  readonly claim: Claim
  readonly claimed: string
  readonly region: string | undefined
  readonly language: string | undefined
  /** Decoded parameters, where they came in a query or form. */
  readonly parameters: ReadonlyMap<string, string> | undefined
}

/** What the head says: everything, or that it is a form, whose body says it. */
export type TencentOpened =
  | { readonly form: 'json' | 'query'; readonly asking: TencentAsking }
  | { readonly form: 'form' }

/** Documented limits, bytes; a form's access key is in its body, so none is read beyond what a stranger may send. */
export const bodyBytesMax = { json: 10 * 1024 * 1024, query: 0, form: 65_536 } as const
const queryBytesMax = 32 * 1024

const commonNames: ReadonlySet<string> = new Set([
  'Action',
  'Version',
  'Region',
  'Timestamp',
  'Nonce',
  'SecretId',
  'Signature',
  'SignatureMethod',
  'Token',
  'Language',
  'RequestClient',
])
const none: ReadonlySet<string> = new Set()

const denied = (code: Code, detail?: string): Denied<Code> => new Denied(code, detail)

const findAction = (asked: string | undefined, version: string | undefined): Offered | Denied<Code> => {
  if (version === undefined) return denied('MissingParameter', '`Version`')
  const ofVersion = offered.get(version)
  if (!ofVersion) return denied('NoSuchVersion', [...offered.keys()].join(', '))
  if (asked === undefined) return denied('MissingParameter', '`Action`')
  return ofVersion.get(asked) ?? denied('InvalidAction')
}

const openTc3 = (head: Head, form: 'json' | 'query'): TencentOpened | Denied<Code> => {
  const { headers } = head
  const found = findAction(headers['x-tc-action'], headers['x-tc-version'])
  if (found instanceof Denied) return found
  const { action, service } = found
  const claim = readTc3(head, service)
  if (claim instanceof Denied) return claim
  const parameters = form === 'query' ? readParameters(head.query) : undefined
  if (form === 'query' && !parameters) return denied('InvalidParameter')
  const region = headers['x-tc-region']
  const language = headers['x-tc-language']
  return { form, asking: { action, claim, claimed: claim.secretId, region, language, parameters } }
}

const askV1 = (encoded: string): TencentAsking | Denied<Code> => {
  const parameters = readParameters(encoded)
  if (!parameters) return denied('InvalidParameter')
  const found = findAction(parameters.get('Action'), parameters.get('Version'))
  if (found instanceof Denied) return found
  const claim = readV1(parameters)
  if (claim instanceof Denied) return claim
  const region = parameters.get('Region')
  const { action } = found
  return { action, claim, claimed: claim.secretId, region, language: parameters.get('Language'), parameters }
}

const isJson = (contentType: string): boolean =>
  contentType === 'application/json' || /^application\/json\s*(?:;|$)/i.test(contentType)
const isForm = (contentType: string): boolean => /^application\/x-www-form-urlencoded\s*(?:;|$)/i.test(contentType)

/** The Authorization header tells the schemes apart: TC3 has one, V1 has its signature among the parameters. */
const isTc3 = ({ headers }: Head): boolean =>
  headers.authorization?.startsWith('TC3-') === true || headers['x-tc-action'] !== undefined

const openGet = (head: Head): TencentOpened | Denied<Code> => {
  if (head.query.length > queryBytesMax) return denied('RequestSizeLimitExceeded')
  if (isTc3(head)) return openTc3(head, 'query')
  const asking = askV1(head.query)
  return asking instanceof Denied ? asking : { form: 'query', asking }
}

/** The order in which the head is judged: method and form, version, action, and whether it can be signed rightly. */
export const open = (head: Head): TencentOpened | Denied<Code> => {
  if (head.method === 'GET') return openGet(head)
  if (head.method !== 'POST') return denied('UnsupportedProtocol')
  const contentType = head.headers['content-type'] ?? ''
  if (isJson(contentType)) return openTc3(head, 'json')
  if (/^multipart\//i.test(contentType)) return denied('InvalidRequest')
  return isForm(contentType) && !isTc3(head) ? { form: 'form' } : denied('UnsupportedProtocol')
}

const decoder = new TextDecoder('utf-8', { fatal: true })
/** What stands for bytes that are none in UTF-8, and the mark that a decoder takes off. */
const doubtful = /^\ufeff|\ufffd/

const strictly = (body: Uint8Array): string | undefined => {
  try {
    return decoder.decode(body)
  } catch {
    return undefined
  }
}

/** undefined for what is not UTF-8. The decoder that refuses is slow to call, and only asked where there is doubt. */
const decode = (body: Uint8Array): string | undefined => {
  const text = Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString()
  return doubtful.test(text) ? strictly(body) : text
}

/** What is asked, once the body is there. */
export const read = (opened: TencentOpened, body: Uint8Array): TencentAsking | Denied<Code> => {
  if (opened.form !== 'form') return opened.asking
  const text = decode(body)
  return text === undefined ? denied('InvalidParameter') : askV1(text)
}

const parse = (text: string | undefined): unknown => {
  try {
    return text === undefined ? undefined : JSON.parse(text)
  } catch {
    return undefined
  }
}

/** The action's members: a JSON body, or the parameters that are not common to all actions. */
export const membersOf = ({ parameters, claim }: TencentAsking, body: Uint8Array): { members: unknown } | Failure => {
  const common = claim.scheme === 'v1' ? commonNames : none
  const members = parameters ? unflatten(parameters, common) : parse(decode(body))
  if (members !== undefined) return { members }
  return {
    reason: 'invalidField',
    member: 'body',
    why: parameters ? 'has names that contradict each other' : 'must be JSON in UTF-8',
  }
}

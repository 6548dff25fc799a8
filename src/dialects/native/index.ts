/**
 * Keystead's own API, version 1: how an installation is looked after. It is spoken over the admin socket of the data
 * folder: `POST /v1/<action>` with a JSON object, answered by a JSON object or a problem (RFC 9457).
 */
import type { Action } from '../../contract/action.ts'
import { codeOf, foremost } from '../../contract/errors.ts'
import { Denied, type Dialect } from '../../contract/serve.ts'
import type { Failure } from '../../core/failure.ts'
import { actions } from './actions.ts'
import type { Code } from './codes.ts'
import { failure, success } from './envelope.ts'
import { errors, messageOf, precedence } from './errors.ts'
import { operatorCaller } from './signature.ts'

const prefix = '/v1/'
const byName: ReadonlyMap<string, Action<Code>> = new Map(actions.map((action) => [action.name, action]))
/** What is answered without any key: how the installation is, and what opens it. */
const whileSealed: ReadonlySet<string> = new Set(['status', 'seal-status', 'seal-unseal'])
const bodyBytesMax = 1024 * 1024

export interface NativeSettings {
  /** The operating-system user whose server this is: who else could have opened the socket? */
  readonly user: string
}

export interface NativeAsking {
  readonly action: Action<Code>
  readonly claimed: string
}

const parse = (body: Uint8Array): { members: unknown } | Failure => {
  try {
    return { members: JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body)) }
  } catch {
    return { reason: 'invalidField', member: 'body', why: 'must be JSON in UTF-8' }
  }
}

export const native = ({ user }: NativeSettings): Dialect<Code, NativeAsking, NativeAsking> => ({
  name: 'native',
  actions,
  recognises: ({ path }) => path.startsWith(prefix),
  open({ method, path }) {
    const action = byName.get(path.slice(prefix.length))
    return action && method === 'POST' ? { action, claimed: '' } : new Denied('notFound', `${method} ${path}`)
  },
  bodyBytesMax: () => bodyBytesMax,
  isKnown: async () => true,
  read: (opened) => opened,
  authenticate: async (_asking, { source }, _body, _view, _house, request) => operatorCaller(user, source, request),
  // In quarantine it is the operator who makes good what a backup undid.
  answersWhile: ({ action }, state) => state === 'quarantined' || whileSealed.has(action.name),
  // What the operator does is of no region; the first one stands for the whole installation.
  place(_asking, _caller, { regions: [region] }) {
    if (!region) throw new Error('an installation without a region')
    return { region: { ...region, id: '' }, place: { account: '', region: '', project: '' } }
  },
  perSecond: () => undefined,
  members: (_asking, body) => parse(body),
  succeed: (_asking, members, request) => success(members, request),
  refuse({ action }, failures, request) {
    const first = foremost(failures, precedence)
    return failure(codeOf(errors, action.errors, first), messageOf(first), request)
  },
  deny: ({ code, detail }, _head, request) => failure(code, detail ?? code, request),
  tooLarge: (_head, request) => failure('invalidRequest', 'The request is too large.', request),
  throttled: (_head, request) => failure('tooManyRequests', 'Too many requests at once.', request),
  internal: (_head, request) =>
    failure('internal', 'A fault on our side; the server log has its cause under this instance.', request),
})

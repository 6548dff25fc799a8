/**
 * Keystead's own API, version 1: `POST /api/v1/<action>` with a JSON object, answered by a JSON object, lines of JSON, or
 * a problem (RFC 9457). It is served beside the clouds' APIs, and over the admin socket of the data folder.
 */
import type { Action } from '../../contract/action.ts'
import type { Members } from '../../contract/members.ts'
import { type Answer, Denied, type Dialect, Unjudged } from '../../contract/serve.ts'
import type { Caller } from '../../core/access/caller.ts'
import { mayOperate } from '../../core/access/operator.ts'
import type { House, Region } from '../../core/house.ts'
import { defaultPlace } from '../../core/place.ts'
import type { View } from '../../core/ports.ts'
import type { Code } from './codes.ts'
import { setCookie } from './cookie.ts'
import { failure, problemOf, success } from './envelope.ts'
import { problemFor } from './errors.ts'
import { isOfAccounts, isOfInstallation, isOnMachine, isOperators, isSessions } from './ours.ts'
import { sessionSeconds } from './session-fields.ts'
import { signInCaller } from './sign-in.ts'
import { isSession, operatorCaller, sessionCaller } from './signature.ts'
import { memberOf, type NativeAsking, type NativeOpened, openWith, read } from './transport.ts'

/** What is answered on the socket without any key: how the installation is, and what opens it. */
const whileSealed: ReadonlySet<string> = new Set(['status', 'seal-status', 'seal-unseal'])
const bodyBytesMax = 1024 * 1024
const internalDetail = 'A fault on our side; the server log has its cause under this instance.'

export interface NativeSettings {
  readonly actions: readonly Action<Code>[]
  /** What the region is called that a request is for that names none. */
  readonly defaultRegion: string
  /** On the admin socket: the operating-system user whose server it is, since who else could have opened it? */
  readonly user?: string
}

/** In other accounts, and for the whole installation, who may operate acts like whoever may open the socket. */
const lifted = async (asking: NativeAsking, caller: Caller, view: View, house: House): Promise<Caller> => {
  const account = memberOf(asking, 'account')
  const own = account === undefined || account === caller.account.id || account === caller.account.name
  const beyond = isOfInstallation(asking.action) || (isOfAccounts(asking.action) && !own)
  if (!beyond || !(await mayOperate({ house, view, now: house.clock.now() }, caller))) return caller
  return { ...caller, reach: 'everything' }
}

const isNamed = ({ id, names }: Region, name: string): boolean => id === name || Object.values(names).includes(name)

type Dialects = Dialect<Code, NativeOpened, NativeAsking>

const authenticateWith =
  ({ user }: NativeSettings): Dialects['authenticate'] =>
  async (asking, head, _body, view, house, request) => {
    if (asking.by) return signInCaller(asking.by, head, view, house, request)
    if (!asking.shown)
      return user === undefined
        ? new Unjudged('unauthenticated', 'Sign in first: a bearer token is needed.')
        : operatorCaller(user, head.source, request)
    const caller = await sessionCaller(asking.shown, head, view, house, request)
    return caller instanceof Denied ? caller : lifted(asking, caller, view, house)
  }

const placeWith =
  ({ defaultRegion, user }: NativeSettings): Dialects['place'] =>
  ({ action, region: asked, revision }, { account, reach }, { regions }) => {
    const named = asked === '' ? defaultRegion : asked
    const region = regions.find((one) => isNamed(one, named))
    if (!region) return { reason: 'unknownRegion' }
    if (typeof revision === 'object') return revision
    const seen = revision === undefined ? {} : { revision }
    if (account.id === '') {
      if (!isOperators(action)) return { reason: 'permissionDenied' }
      // What the operator does is of no region; the first one stands for the whole installation.
      return { region: { ...region, id: '' }, place: { account: '', region: '', project: '' }, ...seen }
    }
    const beyond = isOfInstallation(action) && reach !== 'everything'
    if (beyond || (user === undefined && isOnMachine(action))) return { reason: 'permissionDenied' }
    return { region, place: defaultPlace(account.id, region.id), ...seen }
  }

/** The token goes where the session is kept. */
const wrapped = (asking: NativeAsking, answer: Members): Answer => {
  if (asking.action.name === 'session-end') return success(answer, setCookie('', 0, asking.secure))
  const { token, ...rest } = answer
  const cookie = asking.shown?.cookie ?? memberOf(asking, 'console') === true
  if (!cookie || !isSessions(asking.action) || typeof token !== 'string') return success(answer)
  return success(rest, setCookie(token, sessionSeconds, asking.secure))
}

export const native = (settings: NativeSettings): Dialects => {
  const { actions, user } = settings
  return {
    name: 'native',
    actions,
    recognises: ({ path }) => path.startsWith('/api/'),
    open: openWith(new Map(actions.map((action) => [action.name, action]))),
    bodyBytesMax: () => bodyBytesMax,
    isKnown: async ({ shown }, view, house) => (shown ? isSession(shown, view, house) : user !== undefined),
    read: (opened, _head, body) => read(opened, body),
    authenticate: authenticateWith(settings),
    locked: ({ by }) =>
      by && 'accessKey' in by
        ? new Denied('tooManyRequests', 'The access key failed too often: try again in five minutes.')
        : undefined,
    // In quarantine it is the operator who makes good what a backup undid.
    answersWhile: ({ action }, state) =>
      user !== undefined && (state === 'quarantined' || whileSealed.has(action.name)),
    place: placeWith(settings),
    perSecond: () => undefined,
    members: ({ members }) => members,
    succeed: wrapped,
    refuse: ({ action }, failures, request) => failure(problemFor(action, failures, request)),
    deny: ({ code, detail }, _head, request) => failure(problemOf(code, detail ?? code, request)),
    tooLarge: (_head, request) => failure(problemOf('invalidRequest', 'The request is too large.', request)),
    throttled: (_head, request) =>
      failure(problemOf('tooManyRequests', 'More arrives than can be answered: come back in a moment.', request)),
    internal: (_head, request) => failure(problemOf('internal', internalDetail, request)),
  }
}

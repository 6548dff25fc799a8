/**
 * How a command reaches a server: the one of a data folder on this machine, or one that somebody has signed in to. `--data` and
 * `--endpoint` on the line decide, then KEYSTEAD_DATA and KEYSTEAD_ENDPOINT; then whoever has signed in means that server, and
 * everybody else the folder `./data`.
 */
import { Command, Option } from 'commander'
import { splitLines } from '../adapters/backup/lines.ts'
import { systemClock } from '../adapters/system/clock.ts'
import { administer, administerLines } from './admin.ts'
import { type Beside, endpointOf, overNetwork, type Remote } from './network.ts'
import { changedMeanwhile, type Hints, type Members, membersOf, type Take, taking } from './reply.ts'
import { configOption, keepSession, type Session, sessionOf } from './sessions.ts'

export interface Reach extends Beside {
  readonly data?: string
  readonly endpoint?: string
  /** Where sessions are kept. */
  readonly config: string
  readonly json?: boolean
}

/** Where neither the line nor the environment says, and nobody has signed in. */
export const defaultFolder = './data'

/** What is said on the line is meant, whatever the environment says; else a data folder before an endpoint. */
const decide = (command: Command): void => {
  const [data, endpoint] = [command.getOptionValueSource('data'), command.getOptionValueSource('endpoint')]
  if (data === 'cli' && endpoint === 'cli')
    command.error('error: --data is a server of this machine and --endpoint one of the network: name one of them', {
      code: 'keystead.usage',
    })
  const left = endpoint === 'cli' || data === undefined ? 'data' : 'endpoint'
  command.setOptionValue(left, undefined)
}

/** The options that say which server, for every command that can ask over the network. */
export const addReach = (command: Command): Command =>
  command
    .addOption(new Option('--data <folder>', 'data folder of a server on this machine').env('KEYSTEAD_DATA'))
    .addOption(new Option('--endpoint <url>', 'server that keystead login was told of').env('KEYSTEAD_ENDPOINT'))
    .addOption(configOption())
    .hook('preAction', decide)

/** A command for any server. */
export const clientCommand = (name: string, description: string): Command =>
  addReach(new Command(name).description(description)).addOption(new Option('--json', 'print JSON, for programs'))

/** Whose session a command uses; undefined where it asks a data folder. */
export const sessionFor = ({ data, endpoint: named, config }: Reach): Session | undefined => {
  if (data !== undefined) return undefined
  if (named === undefined) return sessionOf(config)
  const endpoint = endpointOf(named, true)
  const session = sessionOf(config, endpoint)
  if (!session) throw new Error(`nobody is signed in to ${endpoint}: run keystead login --endpoint ${endpoint}`)
  return session
}

const networkHints: Hints = {
  unauthenticated: 'Run keystead login.',
  tooManyRequests: 'Try again in a moment.',
  ...changedMeanwhile,
}

const renewBelowMs = 30 * 60_000
const path = (action: string): string => `/api/v1/${action}`

/** Asks a server as somebody who is signed in, or as nobody yet. */
export const askRemote = async <T>(
  remote: Remote,
  action: string,
  members: Members,
  take: Take<T>,
  { hints = networkHints, ...beside }: Beside & { readonly hints?: Hints } = {},
): Promise<T> => {
  const reply = await overNetwork(remote, path(action), JSON.stringify(members), beside)
  return taking(take, hints)(reply).finally(() => reply.drop())
}

/** What of an answer about a session is kept. */
export const issuedIn = ({ token, expiresAt, renewableUntil }: Members) => ({
  token: String(token),
  expiresAt: String(expiresAt),
  renewableUntil: String(renewableUntil),
})

const renew = async (config: string, session: Session): Promise<Session> => {
  const renewed = { ...session, ...issuedIn(await askRemote(session, 'session-renew', {}, membersOf)) }
  await keepSession(config, renewed, false)
  return renewed
}

/** In its second half hour a session is renewed; where that fails the old one may serve on, and says itself what is wrong. */
const fresh = async ({ config }: Reach, session: Session): Promise<Session> => {
  const ends = Date.parse(session.expiresAt)
  const renewable = Date.parse(session.renewableUntil) > ends
  return renewable && ends - systemClock.now() < renewBelowMs ? renew(config, session).catch(() => session) : session
}

/** Performs an action of the native dialect. Throws a `Problem` where it is refused. */
export const ask = async (reach: Reach, action: string, members: Members): Promise<Members> => {
  const session = sessionFor(reach)
  if (!session) return administer(reach.data ?? defaultFolder, action, members, reach)
  return askRemote(await fresh(reach, session), action, members, membersOf, reach)
}

/** The same of an action whose answer is lines, while they come. */
export const askLines = async <T>(
  reach: Reach,
  action: string,
  members: Members,
  take: (lines: AsyncIterable<string>) => Promise<T>,
): Promise<T> => {
  const session = sessionFor(reach)
  if (!session) return administerLines(reach.data ?? defaultFolder, action, members, take)
  return askRemote(await fresh(reach, session), action, members, ({ pieces }) => take(splitLines(pieces)), reach)
}

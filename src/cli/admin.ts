/** How a command reaches the installation: through the server's admin socket, or, where none runs, by itself. */
import { existsSync } from 'node:fs'
import { request } from 'node:http'
import { Command, Option } from 'commander'
import { splitLines } from '../adapters/backup/lines.ts'
import { adminSocketPath } from '../adapters/data-folder/folder.ts'
import { addServeOptions, dataOption, readSettings, type Settings } from '../config.ts'
import { type Beside, headersOf } from './network.ts'
import { changedMeanwhile, type Hints, type Members, membersOf, type Reply, type Take, taking } from './reply.ts'
import { table } from './table.ts'

export { type Members, table }

type Headers = Readonly<Record<string, string>>

const overSocket = (socketPath: string, path: string, body: string, said: Headers): Promise<Reply> =>
  new Promise((resolve, reject) => {
    const headers = { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body), ...said }
    const sent = request({ socketPath, path, method: 'POST', headers }, (response) => {
      response.setEncoding('utf8')
      resolve({ status: response.statusCode ?? 0, pieces: response, drop: () => response.destroy() })
    })
    sent.on('error', reject)
    sent.end(body)
  })

const nobodyListens: ReadonlySet<string | undefined> = new Set(['ENOENT', 'ECONNREFUSED'])

/** What `serve` would run with for this folder: the environment's settings, and the defaults. */
export const settingsFor = (data: string): Settings => {
  const command = addServeOptions(new Command()).parse([], { from: 'user' })
  return readSettings({ ...command.opts<Settings>(), data, init: false })
}

async function* piecesOf(body: string | Uint8Array | AsyncIterable<string>): AsyncGenerator<string> {
  if (typeof body === 'string') yield body
  else if (body instanceof Uint8Array) yield new TextDecoder().decode(body)
  else yield* body
}

const hereItself = async <T>(
  settings: Settings,
  path: string,
  body: string,
  said: Headers,
  take: Take<T>,
): Promise<T> => {
  process.umask(0o077)
  // Everything that a server is made of: a command that one answers need not read it.
  const { openHere } = await import('../main.ts')
  const here = await openHere(settings)
  try {
    const answer = await here.ask(path, body, said)
    return await take({ status: answer.status, pieces: piecesOf(answer.body), drop() {} })
  } finally {
    await here.close()
  }
}

const fromServer = async (data: string, path: string, body: string, said: Headers): Promise<Reply | undefined> => {
  const socket = adminSocketPath(data)
  try {
    return existsSync(socket) ? await overSocket(socket, path, body, said) : undefined
  } catch (error) {
    if (!nobodyListens.has((error as NodeJS.ErrnoException).code)) throw error
    return undefined
  }
}

/** On the socket nobody is signed in: keys are for those who are. */
const hints: Hints = { permissionDenied: 'Keys are for who has signed in: keystead login.', ...changedMeanwhile }

const asked = async <T>(
  data: string,
  action: string,
  members: Members,
  take: Take<T>,
  settings = settingsFor,
  { revision }: Beside = {},
): Promise<T> => {
  const said = headersOf(revision === undefined ? {} : { revision })
  const [path, body] = [`/api/v1/${action}`, JSON.stringify(members)]
  const done = taking(take, hints)
  const reply = await fromServer(data, path, body, said)
  if (!reply) return hereItself(settings(data), path, body, said, done)
  return done(reply).finally(() => reply.drop())
}

/** Performs an action of the native dialect. Throws the sentence of its problem. */
export const administer = (data: string, action: string, members: Members, beside: Beside = {}): Promise<Members> =>
  asked(data, action, members, membersOf, settingsFor, beside)

/** The same of an action whose answer is lines, while they come. */
export const administerLines = <T>(
  data: string,
  action: string,
  members: Members,
  take: (lines: AsyncIterable<string>) => Promise<T>,
  settings = settingsFor,
): Promise<T> => asked(data, action, members, ({ pieces }) => take(splitLines(pieces)), settings)

export interface Shared {
  readonly data: string
  readonly json?: boolean
}

/** A command with the two options that all of these have. */
export const adminCommand = (name: string, description: string): Command =>
  new Command(name)
    .description(description)
    .addOption(dataOption())
    .addOption(new Option('--json', 'print JSON, for programs'))

/** A reader that has gone away is no fault. */
export const quietWhereNobodyReads = (): void => {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1))
}

/** Prints an answer: as JSON, or as its own text for people. */
export const print = ({ json }: Pick<Shared, 'json'>, answer: unknown, text: string): void => {
  process.stdout.write(json ? `${JSON.stringify(answer)}\n` : `${text}\n`)
}

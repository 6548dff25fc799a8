/** `login`, `logout` and `whoami`. */
import { readFileSync } from 'node:fs'
import { Command, Option } from 'commander'
import { print } from './admin.ts'
import { ask, askRemote, clientCommand, issuedIn, sessionFor } from './client.ts'
import { endpointOf, type Remote } from './network.ts'
import { type Members, membersOf, Problem } from './reply.ts'
import { askSecret, isTerminal, secretFromFile, secretLines } from './secret-input.ts'
import { configOption, forgetSession, keepSession, sessionOf } from './sessions.ts'

interface LoginOptions {
  readonly endpoint?: string
  readonly config: string
  readonly accessKey?: string
  readonly user?: string
  readonly account?: string
  readonly credentials?: string
  readonly secretFile?: string
  readonly ca?: string
  readonly insecureHttp?: boolean
  readonly json?: boolean
}

const secretOf = async ({ secretFile }: LoginOptions, what: string): Promise<string> => {
  if (secretFile !== undefined) return secretFromFile(secretFile)
  if (isTerminal()) return askSecret(`${what}: `)
  const [line] = await secretLines()
  if (line === undefined) throw new Error(`the ${what} is read from the terminal, standard input or --secret-file`)
  return line
}

/** The pair in the file that `serve --init` leaves. */
const pairIn = (file: string): Members => {
  const { tencent } = JSON.parse(readFileSync(file, 'utf8')) as { tencent?: { secretId: string; secretKey: string } }
  if (!tencent) throw new Error(`${file} is no credentials.json of a data folder`)
  return { accessKey: tencent.secretId, secretKey: tencent.secretKey }
}

const signingIn = async (options: LoginOptions): Promise<Members> => {
  const { accessKey, user, account, credentials } = options
  if (credentials !== undefined) return pairIn(credentials)
  if (accessKey !== undefined) return { accessKey, secretKey: await secretOf(options, 'secret key') }
  if (user === undefined) throw new Error('say who signs in: --user NAME, --access-key ID or --credentials FILE')
  const password = await secretOf(options, 'password')
  return { user, password, ...(account === undefined ? {} : { account }) }
}

const whoIs = ({ principal, account }: Members): string =>
  `${(principal as Members).name} of account ${(account as Members).name}`

const defaultEndpoint = 'http://127.0.0.1:7800'

/** Where to, and whom to trust there: as the line says, or as it was when somebody signed in before. */
const remoteOf = ({ endpoint: named, ca, config, insecureHttp = false }: LoginOptions): Remote => {
  const before = named === undefined ? sessionOf(config) : undefined
  const endpoint = before?.endpoint ?? endpointOf(named ?? defaultEndpoint, insecureHttp)
  const trusted = ca === undefined ? sessionOf(config, endpoint)?.ca : readFileSync(ca, 'utf8')
  return trusted === undefined ? { endpoint } : { endpoint, ca: trusted }
}

const login = async (options: LoginOptions): Promise<void> => {
  const remote = remoteOf(options)
  const { endpoint } = remote
  const members = await signingIn(options)
  const answer = await askRemote(remote, 'session-create', members, membersOf, { hints: {} })
  await keepSession(options.config, { ...remote, ...issuedIn(answer) }, true)
  const { token: _secret, ...told } = answer
  print(options, { endpoint, ...told }, `signed in to ${endpoint} as ${whoIs(answer)}`)
}

export const loginCommand = (): Command =>
  new Command('login')
    .description('sign in to a server, for the commands after this one')
    .addOption(
      new Option('--endpoint <url>', `the server; without it the one signed in to last, or ${defaultEndpoint}`).env(
        'KEYSTEAD_ENDPOINT',
      ),
    )
    .addOption(new Option('--user <name>', 'sign in as a user with a password').conflicts('accessKey'))
    .addOption(new Option('--account <account>', 'account of the user; the first one without it'))
    .addOption(new Option('--access-key <id>', 'sign in with an access key of either cloud'))
    .addOption(
      new Option('--credentials <file>', 'sign in with the access key in a credentials.json').conflicts([
        'accessKey',
        'user',
      ]),
    )
    .addOption(new Option('--secret-file <file>', 'take the first line of a file for the password or secret key'))
    .addOption(new Option('--ca <file>', "certificate authorities to trust in place of the system's, PEM"))
    .addOption(new Option('--insecure-http', 'send secrets in clear to another machine'))
    .addOption(configOption())
    .addOption(new Option('--json', 'print JSON, for programs'))
    .action(login)

interface LogoutOptions {
  readonly config: string
  readonly endpoint?: string
  readonly everywhere?: boolean
}

/** Sessions that have ended by themselves are as good. */
const orEnded = (error: unknown): void => {
  if (!(error instanceof Problem) || error.type !== 'unauthenticated') throw error
}

export const logoutCommand = (): Command =>
  new Command('logout')
    .description('forget the session that login kept')
    .addOption(new Option('--endpoint <url>', 'the server; the one signed in to last without it'))
    .addOption(new Option('--everywhere', "end all of one's sessions, consoles and temporary access keys among them"))
    .addOption(configOption())
    .action(async ({ endpoint: named, config, everywhere }: LogoutOptions) => {
      const session = sessionOf(config, named === undefined ? undefined : endpointOf(named, true))
      if (!session) throw new Error('nobody is signed in')
      const { endpoint } = session
      if (everywhere) await askRemote(session, 'session-end-all', {}, membersOf).catch(orEnded)
      await forgetSession(config, endpoint)
      process.stdout.write(`signed out of ${endpoint}${everywhere ? ', everywhere' : ''}\n`)
    })

export const whoamiCommand = (): Command =>
  clientCommand('whoami', 'tell who is signed in, and where').action(async (options) => {
    const session = sessionFor(options)
    if (!session) throw new Error('nobody is signed in: run keystead login')
    const { endpoint } = session
    const answer = await ask(options, 'session-show', {})
    print(options, { endpoint, ...answer }, `${whoIs(answer)}, at ${endpoint}, until ${answer.expiresAt}`)
  })

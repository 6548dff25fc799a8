/** Who is signed in where: what `login` keeps for the commands after it, in a file for its owner alone. */
import { mkdirSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { Option } from 'commander'
import { writeWhole } from '../file/whole.ts'

export interface Session {
  readonly endpoint: string
  readonly token: string
  readonly expiresAt: string
  readonly renewableUntil: string
  /** Authorities to trust in place of the system's, PEM. */
  readonly ca?: string
}

interface Kept {
  /** The endpoint that is meant where none is named. */
  readonly current: string
  readonly sessions: readonly Session[]
}

const nobody: Kept = { current: '', sessions: [] }

/** The folder that people keep settings in. */
export const configOption = (): Option =>
  new Option('--config <folder>', 'folder that sessions are kept below, in keystead/session.json')
    .env('XDG_CONFIG_HOME')
    .default(join(homedir(), '.config'), '~/.config')

const fileIn = (config: string): string => join(config || join(homedir(), '.config'), 'keystead', 'session.json')

const kept = (config: string): Kept => {
  const path = fileIn(config)
  try {
    const { current, sessions } = JSON.parse(readFileSync(path, 'utf8')) as Kept
    if (typeof current === 'string' && Array.isArray(sessions)) return { current, sessions }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return nobody
  }
  throw new Error(`${path} cannot be read: remove it, and sign in again with keystead login`)
}

const keep = async (config: string, all: Kept): Promise<void> => {
  const path = fileIn(config)
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  await writeWhole(path, true, (file) => file.writeFile(`${JSON.stringify(all)}\n`))
}

/** The session of an endpoint, or of the one that was signed in to last. */
export const sessionOf = (config: string, endpoint?: string): Session | undefined => {
  const { current, sessions } = kept(config)
  return sessions.find((one) => one.endpoint === (endpoint ?? current))
}

const without = (sessions: readonly Session[], endpoint: string) => sessions.filter((one) => one.endpoint !== endpoint)

/** Keeps a session in the place of an older one. Whoever signs in means its endpoint from then on. */
export const keepSession = async (config: string, session: Session, signedIn: boolean): Promise<void> => {
  const { current, sessions } = kept(config)
  await keep(config, {
    current: signedIn ? session.endpoint : current,
    sessions: [...without(sessions, session.endpoint), session],
  })
}

export const forgetSession = async (config: string, endpoint: string): Promise<void> => {
  const { current, sessions } = kept(config)
  const left = without(sessions, endpoint)
  await keep(config, { current: current === endpoint ? (left.at(-1)?.endpoint ?? '') : current, sessions: left })
}

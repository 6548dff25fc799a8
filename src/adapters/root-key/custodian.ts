/**
 * Who keeps a seal key wrapped: a token, or another KMS. How it is reached is said in a file of each node's own, read anew
 * each time, so that a library's path or a credential can change without a new root key file.
 */
import { readFileSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Parameters } from './format.ts'

export interface Custodian {
  /** What the root key file keeps of it. */
  wrap(sealKey: Buffer): Promise<Parameters>
  /** The seal key. Rejects while the custodian is away, and for what it does not open. */
  unwrap(parameters: Parameters): Promise<Buffer>
}

export type Members = Readonly<Record<string, unknown>>

/** A JSON object in a file that only its owner reads. Throws a sentence. */
export const privateJson = (path: string): Members => {
  const text = privateText(path)
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null) return value as Members
  } catch {
    // What the parser says would show a part of the file.
  }
  throw new Error(`${path}: it is no JSON object.`)
}

export const privateText = (path: string): string => {
  if ((statSync(path).mode & 0o077) !== 0) throw new Error(`${path}: it can be read by others. Run: chmod 600 ${path}`)
  return readFileSync(path, 'utf8')
}

/** A member that is there and is text. */
export const textIn = (path: string, members: Members, name: string): string => {
  const value = members[name]
  if (typeof value === 'string' && value !== '') return value
  throw new Error(`${path}: ${name} is missing.`)
}

/** The part of the seal configuration that is about one kind. */
export const configured = (path: string | undefined, kind: string): { path: string; members: Members } => {
  if (path === undefined) throw new Error(`the seal needs --seal-config, a file that says how its ${kind} is reached.`)
  const members = privateJson(path)[kind]
  if (typeof members !== 'object' || members === null) throw new Error(`${path}: ${kind} is missing.`)
  return { path, members: members as Members }
}

const require = createRequire(import.meta.url)

/** A package that nothing else needs, so it is not installed with the program. */
export const optionalPackage = <T>(name: string): T => {
  try {
    return require(name) as T
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code !== 'MODULE_NOT_FOUND') throw error
    throw new Error(`this seal needs the package ${name}. Run: npm install ${name}`, { cause: error })
  }
}

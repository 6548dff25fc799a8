/** The packages that a running server and its console are made of, out of the lock files alone: no network, no node_modules. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

export interface Locked {
  readonly version?: string
  readonly integrity?: string
  readonly license?: string
  readonly hasInstallScript?: boolean
  readonly dependencies?: Readonly<Record<string, string>>
  readonly optionalDependencies?: Readonly<Record<string, string>>
}

export type Lock = Readonly<Record<string, Locked>>

export interface Package extends Locked {
  readonly name: string
  /** Where it is, from the root: `node_modules/pino`. */
  readonly path: string
  /** Paths of what it needs. */
  readonly needs: readonly string[]
}

const root = join(import.meta.dirname, '..')

export const readLock = (folder = '.'): Lock =>
  (JSON.parse(readFileSync(join(root, folder, 'package-lock.json'), 'utf8')) as { packages: Lock }).packages

const nested = '/node_modules/'

/** As Node looks for it: in the package's own folder first, then in those around it. */
const find = (lock: Lock, from: string, name: string): string | undefined => {
  const path = from === '' ? `node_modules/${name}` : `${from}${nested}${name}`
  if (lock[path]) return path
  if (from === '') return undefined
  return find(lock, from.includes(nested) ? from.slice(0, from.lastIndexOf(nested)) : '', name)
}

/** Paths of what the package at `from` needs; of what the program itself needs, for the empty path. */
export const needsOf = (lock: Lock, path: string): string[] => {
  const { dependencies = {}, optionalDependencies = {} } = lock[path] ?? {}
  return Object.keys({ ...dependencies, ...optionalDependencies }).flatMap((name) => {
    const found = find(lock, path, name)
    if (found === undefined && !(name in optionalDependencies))
      throw new Error(`${path} needs ${name}, which is not locked`)
    return found ?? []
  })
}

/** Everything that the root's dependencies lead to, by path. */
export const productionPackages = (lock: Lock = readLock()): Package[] => {
  const found = new Map<string, Package>()
  const visit = (path: string): void => {
    if (found.has(path)) return
    const needs = needsOf(lock, path)
    found.set(path, { ...lock[path], path, needs, name: path.slice(path.lastIndexOf('node_modules/') + 13) })
    needs.forEach(visit)
  }
  needsOf(lock, '').forEach(visit)
  return [...found.values()].sort((a, b) => (a.path < b.path ? -1 : 1))
}

/** What the console is built from, and so goes to browsers; by paths of its own. */
export const consolePackages = (): Package[] =>
  productionPackages(readLock('console')).map((one) => ({
    ...one,
    path: `console/${one.path}`,
    needs: one.needs.map((path) => `console/${path}`),
  }))

/** Who may import whom: the table that ARCHITECTURE.md explains, and what holds for the graph as a whole. */
import type { Import } from './imports.ts'
import type { Fault } from './sources.ts'

interface Room {
  /** What belongs to it: a folder with its slash, or one file. `*` stands for one name, the same in `may`. */
  readonly of: string
  readonly may: readonly string[]
  /** Packages and `node:` modules; `node:*` is every one but those that speak to a network. */
  readonly packages: readonly string[]
}

/** The first that fits decides. */
export const rooms: readonly Room[] = [
  { of: 'src/crypto/', may: ['src/crypto/'], packages: ['node:crypto', '@noble/curves'] },
  { of: 'src/white-box/', may: [], packages: [] },
  { of: 'src/core/', may: ['src/core/', 'src/crypto/'], packages: [] },
  { of: 'src/file/', may: ['src/file/', 'src/crypto/'], packages: ['node:*'] },
  { of: 'src/contract/', may: ['src/contract/', 'src/core/'], packages: ['zod'] },
  {
    of: 'src/dialects/*/',
    may: ['src/dialects/*/', 'src/contract/', 'src/core/', 'src/crypto/'],
    packages: [],
  },
  {
    of: 'src/adapters/sql/',
    may: ['src/adapters/sql/', 'src/adapters/worker.ts', 'src/core/'],
    packages: ['kysely', 'lru-cache', 'node:*', 'pg'],
  },
  { of: 'src/adapters/metrics/', may: [], packages: ['prom-client'] },
  { of: 'src/adapters/worker.ts', may: [], packages: ['node:v8', 'node:worker_threads'] },
  {
    of: 'src/adapters/*/',
    may: ['src/adapters/*/', 'src/adapters/worker.ts', 'src/core/', 'src/crypto/'],
    packages: ['node:*'],
  },
  {
    of: 'src/http/',
    may: ['src/http/', 'src/contract/'],
    packages: ['node:*', 'node:http', 'node:https', 'node:net', 'node:tls'],
  },
  {
    of: 'src/cli/admin.ts',
    may: ['src/cli/', 'src/main.ts', 'src/config.ts', 'src/adapters/data-folder/', 'src/adapters/backup/'],
    packages: ['commander', 'node:*', 'node:http'],
  },
  { of: 'src/cli/network.ts', may: ['src/cli/'], packages: ['node:http', 'node:https'] },
  { of: 'src/cli/table.ts', may: [], packages: ['get-east-asian-width'] },
  {
    of: 'src/cli/',
    may: [
      'src/cli/',
      'src/fault-log.ts',
      'src/main.ts',
      'src/move.ts',
      'src/restore.ts',
      'src/config.ts',
      'src/file/',
      'src/adapters/audit-log/',
      'src/adapters/backup/',
      'src/adapters/system/',
      'src/core/',
    ],
    packages: ['commander', 'node:*'],
  },
  { of: 'src/config.ts', may: [], packages: ['commander', 'node:*'] },
  { of: 'src/regions.ts', may: ['src/contract/', 'src/core/', 'src/crypto/'], packages: ['node:*'] },
  { of: 'src/clouds/', may: ['src/adapters/root-key/'], packages: [] },
  {
    of: 'src/root-keys.ts',
    may: ['src/adapters/root-key/', 'src/adapters/sql/', 'src/clouds/', 'src/core/', 'src/config.ts'],
    packages: ['node:*'],
  },
  {
    of: 'src/restore.ts',
    may: ['src/adapters/', 'src/core/', 'src/config.ts', 'src/root-keys.ts'],
    packages: ['node:*'],
  },
  {
    of: 'src/move.ts',
    may: ['src/adapters/', 'src/core/', 'src/inspect.ts'],
    packages: ['node:*'],
  },
  { of: 'src/fault-log.ts', may: ['src/core/'], packages: [] },
  { of: 'src/quarantined.ts', may: ['src/core/'], packages: [] },
  { of: 'src/first-account.ts', may: ['src/core/'], packages: ['node:*'] },
  { of: 'src/database.ts', may: ['src/adapters/', 'src/core/', 'src/config.ts'], packages: [] },
  { of: 'src/inspect.ts', may: ['src/adapters/', 'src/core/'], packages: ['node:*'] },
  {
    of: 'src/installation.ts',
    may: [
      'src/adapters/',
      'src/core/',
      'src/config.ts',
      'src/database.ts',
      'src/first-account.ts',
      'src/inspect.ts',
      'src/quarantined.ts',
      'src/regions.ts',
      'src/root-keys.ts',
    ],
    packages: ['node:*'],
  },
  {
    of: 'src/main.ts',
    may: [
      'src/adapters/',
      'src/contract/',
      'src/core/',
      'src/dialects/',
      'src/http/',
      'src/config.ts',
      'src/fault-log.ts',
      'src/first-account.ts',
      'src/installation.ts',
      'src/regions.ts',
    ],
    packages: ['pino', 'node:*'],
  },
]

const network = /^node:(?:http|https|http2|net|tls|dgram|dns)(?:\/|$)/

const pattern = (of: string): RegExp =>
  new RegExp(`^${of.replace(/[.]/g, '\\.').replace('*', '(?<name>[^/]+)')}${of.endsWith('/') ? '' : '$'}`)

const roomOf = (path: string): { room: Room; name: string } | undefined => {
  for (const room of rooms) {
    const match = pattern(room.of).exec(path)
    if (match) return { room, name: match.groups?.name ?? '' }
  }
  return undefined
}

const isLetIn = (path: string, allowed: readonly string[], name: string): boolean =>
  allowed.some((of) => pattern(of.replace('*', name)).test(path))

const isPackageAllowed = (specifier: string, packages: readonly string[]): boolean =>
  packages.includes(specifier) ||
  packages.some((name) => specifier.startsWith(`${name}/`)) ||
  (packages.includes('node:*') && specifier.startsWith('node:') && !network.test(specifier))

export const misplacedImports = (imports: readonly Import[]): Fault[] =>
  imports.flatMap(({ from, to }) => {
    const found = roomOf(from)
    if (!found) return [`${from}: belongs to no room; put it into one, or give the table another`]
    const { room, name } = found
    const allowed = to.startsWith('src/') ? isLetIn(to, room.may, name) : isPackageAllowed(to, room.packages)
    return allowed ? [] : [`${from}: ${room.of} may not import ${to}`]
  })

/** Relative imports whose file is not there: type stripping finds out only when the line runs. */
export const unresolvedImports = (imports: readonly Import[], paths: ReadonlySet<string>): Fault[] =>
  imports
    .filter(({ to }) => /^(?:src|test|bench|scripts)\//.test(to) && !paths.has(to))
    .map(({ from, to }) => `${from}: there is no ${to}`)

/** Circles of imports that run: what a module sees of the other depends on who came first. */
export const circles = (imports: readonly Import[]): Fault[] => {
  const next = new Map<string, string[]>()
  for (const { from, to, typeOnly } of imports) if (!typeOnly) next.set(from, [...(next.get(from) ?? []), to])
  const done = new Set<string>()
  const faults: Fault[] = []
  const visit = (path: string, way: readonly string[]): void => {
    const at = way.indexOf(path)
    if (at >= 0) return void faults.push(`${[...way.slice(at), path].join(' -> ')}: a circle`)
    if (done.has(path)) return
    for (const to of next.get(path) ?? []) visit(to, [...way, path])
    done.add(path)
  }
  for (const path of next.keys()) visit(path, [])
  return faults
}

/** Files that nobody imports and that are no program. */
export const unimported = (
  paths: readonly string[],
  imports: readonly Import[],
  programs: readonly string[],
): Fault[] => {
  const imported = new Set(imports.map(({ to }) => to))
  return paths
    .filter((path) => !imported.has(path) && !programs.includes(path))
    .map((path) => `${path}: nobody imports it; remove it`)
}

/** Deleting a dialect's folder breaks `main.ts` only. */
export const heldDialects = (imports: readonly Import[]): Fault[] =>
  imports.flatMap(({ from, to }) => {
    const folder = /^src\/dialects\/[^/]+\//.exec(to)?.[0]
    if (folder === undefined || from.startsWith(folder) || from === 'src/main.ts') return []
    return [`${from}: holds on to ${folder}; only main.ts may`]
  })

const dialectFiles = ['index.ts', 'signature.ts', 'envelope.ts', 'errors.ts', 'fields.ts', 'actions.ts', 'evidence.md']

/** To compare two clouds, open the same file twice. */
export const unevenDialects = (paths: readonly string[]): Fault[] => {
  const names = new Set(paths.flatMap((path) => /^src\/dialects\/([^/]+)\//.exec(path)?.[1] ?? []))
  return [...names].flatMap((name) =>
    dialectFiles
      .filter((file) => !paths.includes(`src/dialects/${name}/${file}`))
      .map((file) => `src/dialects/${name}/: ${file} is missing`),
  )
}

/**
 * The program as it is published, into a folder: one file, because looking for hundreds took most of its start. Beside it are
 * the files that threads and processes begin with, each of them whole in itself, what only installations with a database
 * server need, and the licences of all that is in there.
 */
import { chmodSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join, relative } from 'node:path'
import { type OutputOptions, type Plugin, type RolldownOutput, rolldown } from 'rolldown'
import { productionPackages } from './packages.ts'

const root = join(import.meta.dirname, '..')
const source = (path: string): string => join(root, 'src', path)

/** Whoever starts a thread looks for it beside itself, so all of them are in one folder. */
const threads = [
  'adapters/audit-log/journal-worker.ts',
  'adapters/audit-log/sweep-worker.ts',
  'adapters/slow-queue/slow-worker.ts',
  'adapters/sql/sqlite/dumper.ts',
  'adapters/sql/sqlite/reader.ts',
  'adapters/sql/sqlite/writer.ts',
]
/** What processes begin with. They run when they are imported, so they stay out of the file that they share. */
const starts = ['cli/keystead.ts', 'cli/program.ts', 'cli/worker.ts']
/** For few installations, and imported when it is needed. Its driver stays a package: it asks for parts that are not there. */
const server = 'adapters/sql/postgres/'
const external = ['pg']

const isShared = (path: string): boolean => {
  const name = relative(source(''), path)
  return !starts.includes(name) && !name.startsWith(server)
}

/** The program imports late what it does not always need; where a worker needs it at once, nothing is lost. */
const checks = { ineffectiveDynamicImport: false }

/**
 * An import of `node:http` reads all that it exports, and a part of that is a whole HTTP client with WebSockets, which
 * nobody here uses: 40 ms of processor time by itself. Asked for otherwise, it gives only what is read.
 */
const httpWithoutClient: Plugin = {
  name: 'http-without-client',
  resolveId: (id) => (id === 'node:http' ? '\0node:http' : undefined),
  load: (id) =>
    id === '\0node:http' ? "export const { createServer, request } = process.getBuiltinModule('node:http')" : undefined,
}

type Output = RolldownOutput['output']

const written = async (dir: string, input: Record<string, string>, more: OutputOptions): Promise<Output> => {
  const build = await rolldown({ input, platform: 'node', external, cwd: root, checks, plugins: [httpWithoutClient] })
  const names = { entryFileNames: '[name].js', chunkFileNames: '[name].js' }
  // Names are kept, for the stacks that a log shows.
  const minify = { compress: true, mangle: false, codegen: { removeWhitespace: true } }
  const { output } = await build.write({ dir, format: 'esm', ...names, minify, ...more })
  await build.close()
  return output
}

/** Of a package that is now in a file of ours, its licence has to be there as well. */
const licencesOf = (modules: readonly string[]): string => {
  const bundled = productionPackages().filter(({ path }) =>
    modules.some((module) => module.startsWith(`${join(root, path)}/`)),
  )
  const texts = bundled.map(({ name, version, path }) => {
    const file = readdirSync(join(root, path)).find((each) => /^(?:licen[cs]e|copying)(?:\.|$)/i.test(each))
    if (file === undefined) throw new Error(`${name} ${version} has no licence file`)
    return `${name} ${version}\n\n${readFileSync(join(root, path, file), 'utf8').trim()}\n`
  })
  return texts.join(`\n${'-'.repeat(80)}\n\n`)
}

/** Whatever was in the folder goes. The published package is beside `package.json`, so the folder has to be as well. */
export const bundleInto = async (folder: string): Promise<void> => {
  rmSync(folder, { recursive: true, force: true })
  const program = {
    'cli/keystead': source('cli/keystead.ts'),
    worker: source('cli/worker.ts'),
    main: source('main.ts'),
  }
  const groups = [{ name: 'keystead', test: isShared }]
  const outputs = [await written(folder, program, { codeSplitting: { groups } })]
  const alone = { 'white-box/decryptor': source('white-box/decryptor.ts') }
  const entries = { ...alone, ...Object.fromEntries(threads.map((path) => [basename(path, '.ts'), source(path)])) }
  for (const [name, path] of Object.entries(entries))
    outputs.push(await written(folder, { [name]: path }, { codeSplitting: false }))
  const modules = outputs.flat().flatMap((file) => (file.type === 'chunk' ? file.moduleIds : []))
  writeFileSync(join(folder, 'LICENCES.txt'), licencesOf(modules))
  chmodSync(join(folder, 'cli', 'keystead.js'), 0o755)
}

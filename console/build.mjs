// Builds the console into console/dist, or into the folder that is given; installs what that needs first. A build of the same
// sources is left as it is. `npm start` runs it beside the server, at the lowest priority, and the server tells from
// console/.build.json how far it is.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { constants, setPriority } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync, gzipSync, constants as zlib } from 'node:zlib'

const here = dirname(fileURLToPath(import.meta.url))
const target = resolve(process.argv[2] ?? join(here, 'dist'))
const fresh = `${target}.next`
const state = join(here, '.build.json')

const sources = () => {
  const below = ['src', 'public'].flatMap((folder) =>
    readdirSync(join(here, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath ?? entry.path, entry.name)),
  )
  const beside = ['index.html', 'package-lock.json', 'vite.config.ts', 'build.mjs'].map((name) => join(here, name))
  return [...below, ...beside].sort()
}

const digest = (paths) => {
  const hash = createHash('sha256')
  for (const path of paths) hash.update(path.slice(here.length)).update('\0').update(readFileSync(path)).update('\0')
  return hash.digest('hex')
}

const say = (told) => writeFileSync(state, JSON.stringify({ ...told, process: process.pid }))

/** What a program said last, where it failed. */
const run = (program, args) => {
  // Builders make another, far larger thing of the same sources where the environment says that somebody develops or tests.
  const env = { ...process.env, NODE_ENV: 'production' }
  const { status, stdout, stderr, error } = spawnSync(program, args, { cwd: here, env, encoding: 'utf8' })
  if (status === 0) return
  const said = `${stdout ?? ''}${stderr ?? ''}${error?.message ?? ''}`.trim().split('\n').slice(-12).join('\n')
  throw new Error(said === '' ? `${program} ended with ${status}` : said)
}

const install = () => {
  const stamp = join(here, 'node_modules', '.keystead-setup')
  const lock = digest([join(here, 'package-lock.json')])
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return
  const npm = process.env.npm_execpath
  const flags = ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error']
  try {
    run(npm ? process.execPath : 'npm', npm ? [npm, ...flags] : flags)
  } catch (error) {
    throw new Error(`npm ci in console/ failed. Is the npm registry reachable?\n${error.message}`)
  }
  writeFileSync(stamp, lock)
}

/** Beside each file that is text, so that nothing is compressed while it is served. */
const compress = (folder) => {
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !/\.(?:js|css|svg)$/.test(entry.name)) continue
    const path = join(entry.parentPath ?? entry.path, entry.name)
    const bytes = readFileSync(path)
    writeFileSync(`${path}.br`, brotliCompressSync(bytes, { params: { [zlib.BROTLI_PARAM_QUALITY]: 11 } }))
    writeFileSync(`${path}.gz`, gzipSync(bytes, { level: 9 }))
  }
}

/** The licences of what went into the files, which browsers are sent. */
const writeLicences = (folder) => {
  const { packages } = JSON.parse(readFileSync(join(here, 'package-lock.json'), 'utf8'))
  const texts = Object.entries(packages)
    .filter(([path, { dev = false }]) => path !== '' && !dev && existsSync(join(here, path)))
    .map(([path, { version }]) => {
      const file = readdirSync(join(here, path)).find((name) => /^(?:licen[cs]e|copying)/i.test(name))
      const text = file ? readFileSync(join(here, path, file), 'utf8').trim() : 'See its package.'
      return `${path.slice(path.lastIndexOf('node_modules/') + 13)} ${version}\n\n${text}\n`
    })
  writeFileSync(join(folder, 'licences.txt'), texts.join(`\n${'-'.repeat(72)}\n\n`))
}

const build = (hash) => {
  install()
  rmSync(fresh, { recursive: true, force: true })
  run(process.execPath, [join('node_modules', 'vite', 'bin', 'vite.js'), 'build', '--emptyOutDir', '--outDir', fresh])
  compress(fresh)
  writeLicences(fresh)
  writeFileSync(join(fresh, '.sources'), hash)
  rmSync(target, { recursive: true, force: true })
  renameSync(fresh, target)
}

const hash = digest(sources())
const built = join(target, '.sources')
if (existsSync(built) && readFileSync(built, 'utf8') === hash) rmSync(state, { force: true })
else {
  setPriority(constants.priority.PRIORITY_LOW)
  say({ state: 'building' })
  try {
    build(hash)
    rmSync(state, { force: true })
  } catch (error) {
    say({ state: 'failed', why: error.message })
    process.stderr.write(`keystead: the console could not be built. ${error.message}\n`)
    process.exitCode = 1
  }
}

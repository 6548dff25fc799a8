import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { temporaryFolder } from '../harness/keystead.ts'
import { root } from '../house/sources.ts'

/** An app of one page, built by the console's own script with an npm and a builder that do what the test says. */
const app = temporaryFolder()
const written = (path: string, text: string) => writeFileSync(join(app, path), text)
const progress = () => JSON.parse(readFileSync(join(app, '.build.json'), 'utf8'))
const built = (name: string) => readFileSync(join(app, 'dist', name), 'utf8')

const build = (npm: string) => {
  written('npm.mjs', npm)
  const env = { ...process.env, npm_execpath: join(app, 'npm.mjs') }
  return spawnSync(process.execPath, ['build.mjs'], { cwd: app, env, encoding: 'utf8' })
}

const builder = (text: string) => `
import { mkdirSync, writeFileSync } from 'node:fs'
mkdirSync('node_modules/vite/bin', { recursive: true })
writeFileSync('node_modules/vite/bin/vite.js', \`
  const { mkdirSync, writeFileSync } = require('node:fs')
  const folder = process.argv.at(-1)
  mkdirSync(folder, { recursive: true })
  writeFileSync(folder + '/index.html', '${text}')
  writeFileSync(folder + '/a.js', process.env.NODE_ENV)
\`)
`

beforeAll(() => {
  cpSync(join(root, 'console', 'build.mjs'), join(app, 'build.mjs'))
  for (const folder of ['src', 'public']) mkdirSync(join(app, folder))
  written('src/main.tsx', 'first')
  written('index.html', '')
  written('vite.config.ts', '')
  written('package-lock.json', '{"packages":{}}')
})
afterAll(() => rmSync(app, { recursive: true }))

it('without the npm registry the build says so, and why, where the server reads it', () => {
  const { status, stderr } = build("console.error('ECONNREFUSED'); process.exitCode = 1")
  expect(status).toBe(1)
  expect(stderr).toContain('Is the npm registry reachable?')
  expect(progress()).toMatchObject({ state: 'failed', why: expect.stringContaining('ECONNREFUSED') })
  expect(existsSync(join(app, 'dist'))).toBe(false)
})

it('a build has its files compressed beside them, and takes its progress away', () => {
  expect(build(builder('one')).status).toBe(0)
  expect(built('index.html')).toBe('one')
  for (const name of ['a.js.br', 'a.js.gz', 'licences.txt'])
    expect(existsSync(join(app, 'dist', name)), name).toBe(true)
  // Whatever the environment says, such as that this is a test: twice the script is no build to publish.
  expect(built('a.js')).toBe('production')
  expect(existsSync(join(app, '.build.json'))).toBe(false)
})

it('the same sources are not built again, others are, and a build that fails leaves the older one', () => {
  written('dist/index.html', 'left alone')
  expect(build('').status).toBe(0)
  expect(built('index.html')).toBe('left alone')
  written('src/main.tsx', 'second')
  written('node_modules/vite/bin/vite.js', "throw new Error('does not compile')")
  expect(build('').status).toBe(1)
  expect(progress().why).toContain('does not compile')
  expect(built('index.html')).toBe('left alone')
  rmSync(join(app, 'node_modules'), { recursive: true })
  expect(build(builder('two')).status).toBe(0)
  expect(built('index.html')).toBe('two')
})

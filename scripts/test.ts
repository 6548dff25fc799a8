/**
 * `npm test`: formatting and lint, types, then the tests; the quick ones first, and all of them whatever one says. Arguments go to
 * vitest: `npm test -- test/core`. A check counts as one test. The last line is always `N passed, N failed`, and the exit
 * status is 0 only when nothing failed.
 */
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { findBrowser } from '../test/harness/find-browser.ts'

const root = join(import.meta.dirname, '..')
const programs = join(root, 'node_modules', '.bin')
const env = { ...process.env, PATH: `${programs}${delimiter}${process.env.PATH ?? ''}` }

const seconds = (since: number): string => `${((performance.now() - since) / 1000).toFixed(1)} s`
const succeeds = (program: string, args: readonly string[]): Promise<boolean> =>
  new Promise((resolve) => {
    const child = spawn(join(programs, program), args, { cwd: root, env, stdio: ['ignore', 'inherit', 'inherit'] })
    child.on('error', () => resolve(false))
    child.on('close', (code) => resolve(code === 0))
  })

const check = async (name: string, program: string, args: readonly string[]): Promise<boolean> => {
  const started = performance.now()
  process.stdout.write(`${name} ...\n`)
  const passed = await succeeds(program, args)
  process.stdout.write(`${name}: ${passed ? 'passed' : 'FAILED'} (${seconds(started)})\n`)
  return passed
}

const checkProgram = async (): Promise<boolean[]> => [
  await check('formatting and lint', 'biome', ['check', '.']),
  await check('types', 'tsc', ['--noEmit', '-p', 'tsconfig.json']),
]

const checkConsole = async (): Promise<boolean[]> => [
  await check('build of the console', 'node', ['console/build.mjs']),
  await check('types of the console', 'tsc', ['--noEmit', '-p', 'console/tsconfig.json']),
]

interface Counts {
  readonly passed: number
  readonly failed: number
}

interface Report {
  readonly numPassedTests: number
  readonly numFailedTests: number
  readonly testResults: readonly { status: string; assertionResults: readonly { status: string }[] }[]
}

/** What vitest counted; nothing where it ended before it could. A file that cannot be loaded counts as one that failed. */
const countsIn = (path: string): Counts => {
  try {
    const { numPassedTests, numFailedTests, testResults } = JSON.parse(readFileSync(path, 'utf8')) as Report
    const unloaded = testResults.filter(
      ({ status, assertionResults }) =>
        status === 'failed' && !assertionResults.some((assertion) => assertion.status === 'failed'),
    )
    return { passed: numPassedTests, failed: numFailedTests + unloaded.length }
  } catch {
    return { passed: 0, failed: 0 }
  }
}

const runTests = async (args: readonly string[]): Promise<Counts> => {
  const folder = mkdtempSync(join(tmpdir(), 'keystead-report-'))
  const report = join(folder, 'report.json')
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`]
  const succeeded = await succeeds('vitest', ['run', ...reporters, ...args])
  const { passed, failed } = countsIn(report)
  rmSync(folder, { recursive: true })
  // An error outside of every test fails the run without a test that failed.
  return { passed, failed: succeeded ? 0 : Math.max(failed, 1) }
}

const started = performance.now()
// The console's packages come from the registry meanwhile.
const checks = (await Promise.all([checkProgram(), checkConsole()])).flat()
const tests = await runTests(process.argv.slice(2))
if (findBrowser() === undefined)
  process.stdout.write(
    '\nThe tests of the console in a browser did not run: none was found; apt-get install chromium, then npm test.\n',
  )
const passed = tests.passed + checks.filter((ok) => ok).length
const failed = tests.failed + checks.filter((ok) => !ok).length
process.stdout.write(`\nnpm test took ${seconds(started)}\n${passed} passed, ${failed} failed\n`)
process.exitCode = failed === 0 ? 0 : 1

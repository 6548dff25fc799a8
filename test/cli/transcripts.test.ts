/** The command line as a new user types it: every transcript beside this file, line by line, against one server. */
import { execFile } from 'node:child_process'
import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Served, served } from '../administration/command.ts'
import { newFolder } from '../server/folders.ts'
import { filledIn, fits, type Outcome, stepsOf, type Words, written } from './transcript.ts'

const program = join(import.meta.dirname, '../../src/cli/keystead.ts')

let server: Served
let bin: string
beforeAll(async () => {
  server = await served()
  bin = newFolder()
  const script = join(bin, 'keystead')
  writeFileSync(script, `#!/bin/sh\nexec '${process.execPath}' --no-warnings '${program}' "$@"\n`)
  chmodSync(script, 0o755)
})
afterAll(() => server.stop())

/** Beside the data folder, with nothing of this process's own settings. */
const runIn = (config: string, command: string): Promise<Outcome> =>
  new Promise((resolve) => {
    const others = Object.entries(process.env).filter(([name]) => !name.startsWith('KEYSTEAD_'))
    const env = { ...Object.fromEntries(others), XDG_CONFIG_HOME: config, PATH: `${bin}:${process.env.PATH}` }
    execFile('sh', ['-c', command], { cwd: dirname(server.data), env }, (error, stdout, stderr) =>
      resolve({ stdout, stderr, code: error === null ? 0 : Number(error.code) }),
    )
  })

const transcripts = readdirSync(import.meta.dirname).filter((name) => name.endsWith('.txt'))

test.each(transcripts)('%s is what the commands say', async (name) => {
  const config = join(newFolder(), 'config')
  mkdirSync(config)
  const words: Words = new Map([['ENDPOINT', server.endpoint]])
  for (const { command, expected } of stepsOf(readFileSync(join(import.meta.dirname, name), 'utf8'))) {
    const actual = written(await runIn(config, filledIn(command, words)))
    if (!fits(actual, expected, words)) expect(actual, `$ ${filledIn(command, words)}`).toEqual(expected)
  }
})

test('a transcript that says anything else does not fit', () => {
  const words: Words = new Map()
  expect(fits(['made key 17'], ['made key %KEY%'], words)).toBe(true)
  expect(fits(['made key 18'], ['made key %KEY%'], words)).toBe(false)
  expect(fits(['a', 'b', '? 1'], ['a', '...'], words)).toBe(true)
  expect(fits(['a', '? 1'], ['a'], words)).toBe(false)
})

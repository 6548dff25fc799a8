/** The commands as they are run: files, pipes, and what the exit code says. */
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { chunkBytes } from '../../src/file/sealed.ts'
import { startKeystead, type TestKeystead } from '../harness/keystead.ts'
import { clientOf, signIn } from '../harness/native.ts'
import { newFolder } from '../server/folders.ts'

let keystead: TestKeystead
let env: Record<string, string> = {}
let key = ''

beforeAll(async () => {
  keystead = await startKeystead()
  const token = await signIn(keystead)
  key = (await clientOf(keystead, token).ok('key-create', { name: 'files' })).key.id
  env = { KEYSTEAD_TEST_ENDPOINT: keystead.endpoint, KEYSTEAD_TEST_TOKEN: token, KEYSTEAD_KEY: key }
})
afterAll(() => keystead.end())

interface Ran {
  readonly code: number | null
  readonly stdout: Buffer
  readonly stderr: string
}

const program = join(import.meta.dirname, 'program.ts')

const run = (cwd: string, args: readonly string[], input: Uint8Array = Buffer.alloc(0)): Promise<Ran> =>
  new Promise((resolve) => {
    const child = spawn(process.execPath, ['--no-warnings', program, ...args], { cwd, env: { ...process.env, ...env } })
    const [stdout, stderr]: [Buffer[], Buffer[]] = [[], []]
    child.stdout.on('data', (piece) => stdout.push(piece))
    child.stderr.on('data', (piece) => stderr.push(piece))
    child.stdin.on('error', () => {}) // It may want no more.
    child.stdin.end(input)
    child.on('close', (code) =>
      resolve({ code, stdout: Buffer.concat(stdout), stderr: Buffer.concat(stderr).toString() }),
    )
  })
const said = ({ code, stdout, stderr }: Ran) => ({ code, stderr, stdout: stdout.toString() })

const content = randomBytes(3 * chunkBytes + 5)

test('several files are encrypted beside themselves, and come back', async () => {
  const folder = newFolder()
  for (const name of ['a', 'b']) writeFileSync(join(folder, name), content)
  const sealed = await run(folder, ['encrypt', 'a', 'b', '--context', 'to=the=moon', '--context', 'by=night'])
  expect(said(sealed)).toEqual({
    code: 0,
    stderr: '',
    stdout: ['a', 'b'].map((name) => `encrypted ${name} as ${name}.keystead, key ${key}\n`).join(''),
  })
  const again = await run(folder, ['decrypt', 'a.keystead', 'b.keystead', '--context', 'to=the=moon'])
  expect(again.code).toBe(1)
  expect(again.stderr).toMatch(
    /^keystead: a\.keystead: a is there already; --force replaces it\nkeystead: b\.[^\n]+\n$/,
  )
  const forced = await run(folder, ['decrypt', 'a.keystead', '--force', '--context', 'to=the=moon', '--json'])
  expect(JSON.parse(forced.stdout.toString())).toMatchObject({ from: 'a.keystead', to: 'a', keyId: key })
  const elsewhere = await run(folder, ['decrypt', 'b.keystead', '-o', 'c'])
  expect(elsewhere.code).toBe(0)
  for (const name of ['a', 'c']) expect(readFileSync(join(folder, name)).equals(content)).toBe(true)
})

test('a pipe is encrypted and decrypted, and what was cut off ends with 1 after whole chunks', async () => {
  const folder = newFolder()
  const sealed = await run(folder, ['encrypt'], content)
  expect(sealed).toMatchObject({ code: 0, stderr: '' })
  const opened = await run(folder, ['decrypt', '-'], sealed.stdout)
  expect(opened).toMatchObject({ code: 0, stderr: '' })
  expect(opened.stdout.equals(content)).toBe(true)

  const cut = await run(folder, ['decrypt'], sealed.stdout.subarray(0, 2 * chunkBytes + 5000))
  expect(cut.code).toBe(1)
  expect(cut.stderr).toMatch(/^keystead: standard input: it was damaged, changed or cut off, at or after byte \d+\n$/)
  expect(cut.stdout.equals(content.subarray(0, 2 * chunkBytes))).toBe(true)
  const none = await run(folder, ['decrypt'], content)
  expect(said(none)).toEqual({
    code: 1,
    stdout: '',
    stderr: 'keystead: standard input: this is no file that Keystead encrypted\n',
  })
  expect(readdirSync(folder)).toEqual([])
})

test('whoever stops to read what comes out ends it with 1 and a sentence', async () => {
  const folder = newFolder()
  const { stdout: sealed } = await run(folder, ['encrypt'], content)
  writeFileSync(join(folder, 'a.keystead'), sealed)
  const command = `"$0" --no-warnings "$1" decrypt a.keystead -o - | head -c 1 >/dev/null; exit "\${PIPESTATUS[0]}"`
  const child = spawn('bash', ['-c', command, process.execPath, program], {
    cwd: folder,
    env: { ...process.env, ...env },
  })
  let stderr = ''
  child.stderr.on('data', (piece) => {
    stderr += piece
  })
  const [code] = await once(child, 'close')
  expect({ code, stderr }).toEqual({ code: 1, stderr: 'keystead: a.keystead: write EPIPE\n' })
})

test('what cannot be meant is refused before anything is read', async () => {
  const folder = newFolder()
  for (const [args, told] of [
    [['encrypt', 'a', 'b', '-o', 'c'], '-o names one file'],
    [['decrypt', 'a'], 'does not end in .keystead'],
    [['encrypt', 'a', '--context', 'none'], 'NAME=VALUE'],
    [['encrypt', 'a', '--context', 'a=1', '--context', 'a=2'], 'a is there twice'],
  ] as const) {
    const { code, stderr, stdout } = await run(folder, args)
    expect(code).not.toBe(0)
    expect(stderr).toContain(told)
    expect(stdout.toString()).toBe('')
  }
  expect(readdirSync(folder)).toEqual([])
})

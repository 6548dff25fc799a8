/** Files of the command line, with a server that makes and opens their data keys. */
import { randomBytes } from 'node:crypto'
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Ask, decryptFile, eachOf, encryptFile } from '../../src/cli/file-work.ts'
import { addAccessKey, addPrincipal } from '../harness/access.ts'
import { startKeystead, type TestKeystead } from '../harness/keystead.ts'
import { clientOf, type NativeClient, signIn } from '../harness/native.ts'
import { newFolder } from '../server/folders.ts'

let keystead: TestKeystead
let root: NativeClient
let key = ''
const askOf =
  (client: NativeClient): Ask =>
  (action, members) =>
    client.ok(action, members)

beforeAll(async () => {
  keystead = await startKeystead()
  root = clientOf(keystead, await signIn(keystead))
  key = (await root.ok('key-create', { name: 'files' })).key.id
  await root.ok('alias-create', { name: 'files', key })
})
afterAll(() => keystead.end())

const content = randomBytes(600_000)

/** A folder with a file `plain`, and the jobs that lead from it and back. */
const files = () => {
  const folder = newFolder()
  const [plain, sealed, back] = ['plain', 'plain.keystead', 'back'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ]
  writeFileSync(plain, content)
  const names = () => readdirSync(folder).sort()
  const [seal, open] = [
    { from: plain, to: sealed, force: false },
    { from: sealed, to: back, force: false },
  ]
  return { plain, sealed, back, seal, open, names }
}

test('a file comes back, under a data key of its own, for its owner alone', async () => {
  const { seal, open, sealed, back, names } = files()
  const context = { department: 'finance' }
  const done = await encryptFile(askOf(root), seal, 'alias:::files', context)
  expect(done).toMatchObject({ keyId: key, bytes: content.length })
  expect(readFileSync(sealed).includes(content.subarray(0, 16))).toBe(false)
  const other = { ...seal, to: `${sealed}2` }
  await encryptFile(askOf(root), other, key, context)
  expect(readFileSync(other.to).subarray(16, 300)).not.toEqual(readFileSync(sealed).subarray(16, 300))

  expect(await decryptFile(askOf(root), open, context)).toMatchObject({ keyId: key })
  expect(readFileSync(back).equals(content)).toBe(true)
  for (const path of [sealed, back]) expect(statSync(path).mode & 0o777).toBe(0o600)
  expect(names()).toEqual(['back', 'plain', 'plain.keystead', 'plain.keystead2'])

  // The data key in the header is a ciphertext like any other, for whatever dialect.
  const header = readFileSync(sealed)
  const CiphertextBlob = header.subarray(56, 56 + header.readUInt32BE(48)).toString('base64')
  const { Plaintext } = await keystead.ok('Decrypt', { CiphertextBlob, EncryptionContext: JSON.stringify(context) })
  expect(Buffer.from(Plaintext, 'base64')).toHaveLength(32)
})

test('a context that is expected and is not there opens nothing', async () => {
  const { seal, open, names } = files()
  await encryptFile(askOf(root), seal, key, { a: '1' })
  for (const expected of [{ a: '2' }, { b: '1' }, { a: '1', toString: '' }])
    await expect(decryptFile(askOf(root), open, expected)).rejects.toThrow('was not encrypted with the context')
  expect(names()).toEqual(['plain', 'plain.keystead'])
})

test('who may not use the key, or whose key is out of use, leaves no file behind', async () => {
  const { seal, open, names } = files()
  const access = await addAccessKey(keystead, { principal: await addPrincipal(keystead) })
  const user = clientOf(keystead, await signIn(keystead, access))
  await expect(encryptFile(askOf(user), seal, key, {})).rejects.toThrow('permissionDenied')
  expect(names()).toEqual(['plain'])
  await encryptFile(askOf(root), seal, key, {})
  await expect(decryptFile(askOf(user), open, {})).rejects.toThrow('permissionDenied')
  await root.ok('key-suspend', { key })
  await expect(decryptFile(askOf(root), open, {})).rejects.toThrow('conflict')
  await root.ok('key-resume', { key })
  expect(names()).toEqual(['plain', 'plain.keystead'])
})

test('a file that was damaged or cut leaves what was there as it was', async () => {
  const { seal, open, sealed, back, names } = files()
  await encryptFile(askOf(root), seal, key, {})
  const whole = readFileSync(sealed)
  writeFileSync(back, 'before')
  const damaged = Buffer.from(whole)
  damaged[whole.length - 20] = (damaged[whole.length - 20] ?? 0) ^ 1
  for (const wrong of [damaged, whole.subarray(0, -1), whole.subarray(0, 300_000), whole.subarray(0, 60)]) {
    writeFileSync(sealed, wrong)
    await expect(decryptFile(askOf(root), { ...open, force: true }, {})).rejects.toThrow(/damaged/)
    expect(readFileSync(back, 'utf8')).toBe('before')
  }
  expect(names()).toEqual(['back', 'plain', 'plain.keystead'])
})

test('of several files each is done that can be, and the others are told', async () => {
  const { plain, names } = files()
  const missing = `${plain}-gone`
  const written: string[] = []
  const { write } = process.stderr
  process.stderr.write = ((text: string) => written.push(text) > 0) as typeof write
  try {
    const jobs = [missing, plain].map((from) => ({ from, to: `${from}.keystead`, force: false }))
    await eachOf(jobs, async (job) => void (await encryptFile(askOf(root), job, key, {})))
    expect(process.exitCode).toBe(1)
  } finally {
    process.stderr.write = write
    process.exitCode = 0
  }
  expect(written.join('')).toMatch(/^keystead: \S+plain-gone: ENOENT[^\n]*\n$/)
  expect(names()).toEqual(['plain', 'plain.keystead'])
})

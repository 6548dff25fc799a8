/** The seal and the generations of a running server's root key change while clients go on, and survive a restart. */
import { spawn } from 'node:child_process'
import { copyFileSync, existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { administer } from '../../src/cli/admin.ts'
import { checkEverything } from '../../src/cli/checking.ts'
import { continueRotation } from '../../src/core/schedule.ts'
import { start } from '../../src/main.ts'
import { exchange } from '../harness/http.ts'
import { huaweiCall, huaweiOk } from '../harness/huawei.ts'
import { startKeystead, type TestKeystead, testSettings } from '../harness/keystead.ts'
import { newFolder } from '../server/folders.ts'
import { lineFile, seal } from './command.ts'
import { passphrase } from './files.ts'

const data = join(newFolder(), 'data')
const vault = join(newFolder(), 'vault.key')
const settings = { keyStore: [['vault', vault]] } as const
const plaintext = Buffer.from('as long as it lasts').toString('base64')

let keystead: TestKeystead
let KeyId: string
let stored: string
let before: { readonly CiphertextBlob: string; readonly stored: string }
beforeAll(async () => {
  keystead = await startKeystead({ folder: data, settings })
  KeyId = (await keystead.ok('CreateKey', { Alias: 'busy' })).KeyId
  const asked = { keystore_alias: 'apart', cluster_id: 'vault' }
  const keystore_id = (await huaweiOk(keystead, 'POST keystores', asked)).keystore.keystore_id
  stored = (await huaweiOk(keystead, 'POST kms/create-key', { key_alias: 'apart', keystore_id })).key_info.key_id
  for (let account = 0; account < 3; account++) await administer(data, 'account-create', { name: `shop-${account}` })
  const { CiphertextBlob } = await keystead.ok('Encrypt', { KeyId, Plaintext: plaintext })
  before = { CiphertextBlob, stored: await encryptStored() }
})
afterAll(() => keystead.stop())

const encryptStored = async (): Promise<string> =>
  (await huaweiOk(keystead, 'POST kms/encrypt-data', { key_id: stored, plain_text: 'apart' })).cipher_text
const decryptStored = async (cipher_text: string): Promise<string> =>
  (await huaweiOk(keystead, 'POST kms/decrypt-data', { cipher_text })).plain_text

const roundTrip = async (): Promise<void> => {
  const { CiphertextBlob } = await keystead.ok('Encrypt', { KeyId, Plaintext: plaintext })
  const decrypted = await keystead.ok('Decrypt', { CiphertextBlob })
  if (decrypted.Plaintext !== plaintext) throw new Error('another plaintext')
}

/** Clients of both clouds that never stop while the work is done; one failure of theirs fails the test. */
const underLoad = async (work: () => Promise<void>): Promise<number> => {
  let [running, done] = [true, 0]
  const client = async (call: () => Promise<unknown>) => {
    for (; running; done++) await call()
  }
  const clients = [roundTrip, roundTrip, roundTrip, async () => decryptStored(await encryptStored())].map(client)
  await Promise.race([work(), Promise.all(clients)]).finally(() => {
    running = false
  })
  await Promise.all(clients)
  return done
}

const isWhole = async (): Promise<void> => {
  expect((await keystead.ok('Decrypt', { CiphertextBlob: before.CiphertextBlob })).Plaintext).toBe(plaintext)
  expect(await decryptStored(before.stored)).toBe('apart')
}

const status = () => administer(data, 'seal-status', {})
/** How many domain keys each generation number wraps. */
const wraps = async (): Promise<readonly (readonly [number, number])[]> => {
  const { domainKeys } = (await status()) as { domainKeys: readonly { number: number; count: number }[] }
  return domainKeys.map(({ number, count }) => [number, count] as const).sort(([a, m], [b, n]) => a - b || m - n)
}

describe('under load, without one failure', () => {
  test('the seal becomes a passphrase, shares, and a file again', async () => {
    const shares = join(newFolder(), 'shares')
    const calls = await underLoad(async () => {
      await seal(data, 'migrate', '--to', 'passphrase', '--passphrase-file', lineFile(passphrase))
      expect(await status()).toMatchObject({ seal: 'passphrase', sealed: false })
      const ways = ['--shares', '5', '--threshold', '3', '--shares-to', shares]
      expect(await seal(data, 'migrate', '--to', 'shamir', ...ways)).toBe('the root key is under the seal shamir\n')
      expect(await status()).toMatchObject({ seal: 'shamir', sealed: false, sharesNeeded: 3 })
      await seal(data, 'migrate', '--to', 'file')
    })
    expect(calls).toBeGreaterThan(20)
    expect(readdirSync(shares).map((name) => statSync(join(shares, name)).mode & 0o777)).toEqual(Array(5).fill(0o600))
    expect(JSON.parse(readFileSync(join(data, 'root.key'), 'utf8')).format).toBe(1)
    expect(existsSync(join(data, 'root.key.next'))).toBe(false)
    await isWhole()
  })

  test('the root key is rotated, and every domain key is wrapped anew; those of key stores by theirs', async () => {
    expect(await wraps()).toEqual([
      [1, 1],
      [1, 4],
    ])
    const calls = await underLoad(async () => {
      expect(await seal(data, 'rotate-root')).toContain('4 domain keys were wrapped anew')
      expect(await wraps()).toEqual([
        [1, 1],
        [2, 4],
      ])
      expect(await seal(data, 'rotate-root', '--key-store', 'vault')).toContain('1 domain keys were wrapped anew')
    })
    expect(calls).toBeGreaterThan(20)
    expect(await wraps()).toEqual([
      [2, 1],
      [2, 4],
    ])
    expect(await status()).toMatchObject({ settled: true, generation: 2, generations: 2 })
    await isWhole()
    expect(await checkEverything(data)).toMatchObject({ ok: true })
  })
})

test('a rotation that was interrupted is ended by the work of the minute', async () => {
  const older = join(newFolder(), 'root.key')
  copyFileSync(join(data, 'root.key'), older)
  await administer(data, 'seal-rotate', {})
  expect(await status()).toMatchObject({ settled: false, generation: 3 })
  await administer(data, 'account-create', { name: 'made-in-between' })
  await continueRotation(keystead.running.installation.house)
  expect(await status()).toMatchObject({ settled: true })
  expect((await wraps()).at(-1)).toEqual([3, 5])
  const lines = keystead.audit().filter(({ principal }) => principal === 'system')
  expect(lines.map(({ action }) => action)).toEqual(expect.arrayContaining(['rewrapDomainKeys', 'settleRootKey']))
  await isWhole()

  // A file from before the rotation opens nothing any more: its owner is told at the start, not at the first key.
  await keystead.stop()
  const refused = start(testSettings(data, { ...settings, seal: older }))
  await expect(refused).rejects.toThrow(`${older}: this root key does not open the database beside it.`)
  keystead = await startKeystead({ folder: data, settings })
})

describe('sealed', () => {
  const shares = join(newFolder(), 'shares')
  beforeAll(async () => {
    await seal(data, 'migrate', '--to', 'shamir', '--shares', '3', '--threshold', '2', '--shares-to', shares)
    await keystead.stop()
    keystead = await startKeystead({ folder: data, settings })
  })

  test('the server is there, says why, and does nothing with a key', async () => {
    const encrypted = await keystead.call('Encrypt', { KeyId, Plaintext: plaintext })
    expect([encrypted.exchanged.status, encrypted.code]).toEqual([200, 'InternalError'])
    expect((await keystead.call('CreateKey', { Alias: 'no' })).code).toBe(
      'UnsupportedOperation.ServiceTemporaryUnavailable',
    )
    const huawei = await huaweiCall(keystead, 'POST kms/encrypt-data', { key_id: stored, plain_text: 'x' })
    expect([huawei.status, huawei.code]).toEqual([503, 'KMS.0104'])
    const ready = await exchange(keystead.endpoint, { method: 'GET', path: '/readyz' })
    expect([ready.status, ready.body]).toEqual([503, expect.stringContaining('shamir, 0 of 2 shares given')])
    await expect(administer(data, 'account-list', {})).rejects.toThrow('keystead seal unseal')
    await expect(seal(data, 'rotate-root')).rejects.toThrow('keystead seal unseal')
    expect(await administer(data, 'status', {})).toMatchObject({ status: { sealed: true, rootKeySeal: 'shamir' } })
    expect(await seal(data, 'status')).toContain('0 of 2 shares given')
  })

  test('it opens by shares, in one command or several, and what is wrong is an error', async () => {
    const file = (number: number) => ['--share-file', join(shares, `share-${number}`)]
    expect(await seal(data, 'unseal', ...file(3))).toBe('still sealed: 1 of 2 shares given\n')
    await expect(seal(data, 'unseal', ...file(3))).rejects.toThrow('was given before')
    await expect(seal(data, 'unseal', '--share-file', lineFile('kss1-0000'))).rejects.toThrow('mistyped')
    expect((await keystead.call('Decrypt', { CiphertextBlob: before.CiphertextBlob })).code).toBe('InternalError')
    expect(await seal(data, 'unseal', ...file(1))).toBe('the root key is open\n')
    await isWhole()
    await expect(administer(data, 'seal-unseal', { input: 'x' })).rejects.toThrow('not sealed')
  })

  test('nothing that was given is in the journal', () => {
    const journal = readdirSync(join(data, 'audit'))
      .filter((name) => name.endsWith('.jsonl'))
      .map((name) => readFileSync(join(data, 'audit', name), 'utf8'))
      .join('')
    expect(journal).toContain('seal-unseal')
    const secrets = readdirSync(shares).map((name) => readFileSync(join(shares, name), 'utf8').trim())
    for (const secret of [...secrets, passphrase]) expect(journal).not.toContain(secret)
  })
})

test('a passphrase comes through standard input, and never as an argument', async () => {
  await seal(data, 'migrate', '--to', 'passphrase', '--passphrase-file', lineFile(passphrase))
  await keystead.stop()
  await expect(seal(data, 'unseal', '--passphrase-file', lineFile(passphrase))).rejects.toThrow(
    'Start the server first',
  )
  keystead = await startKeystead({ folder: data, settings })
  const program = join(import.meta.dirname, '../../src/cli/keystead.ts')
  const child = spawn(process.execPath, ['--no-warnings', program, 'seal', 'unseal', '--data', data])
  child.stdin.end(`${passphrase}\n`)
  const code = await new Promise((resolve) => child.on('close', resolve))
  expect(code).toBe(0)
  await isWhole()
})

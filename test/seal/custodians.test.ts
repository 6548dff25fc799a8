/** A root key that a token or another KMS opens at the start, by itself, as soon as it answers. */
import { chmodSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { optionalPackage } from '../../src/adapters/root-key/custodian.ts'
import { huaweiOk } from '../harness/huawei.ts'
import { startKeystead, type TestKeystead } from '../harness/keystead.ts'
import { newFolder } from '../server/folders.ts'
import { lineFile, seal } from './command.ts'
import { missing, newToken } from './token.ts'

const plaintext = Buffer.from('kept').toString('base64')
const jsonFile = (value: unknown): string => lineFile(JSON.stringify(value))

/** One installation that goes from one custodian to the next; what it reaches is in a file that is read each time. */
const data = join(newFolder(), 'data')
const sealConfig = jsonFile({})
const configure = (value: unknown): void => writeFileSync(sealConfig, JSON.stringify(value))
const start = () => startKeystead({ folder: data, settings: { sealConfig } })

let other: TestKeystead
let otherKey: string
let server: TestKeystead
let CiphertextBlob: string
beforeAll(async () => {
  other = await startKeystead()
  otherKey = (await other.ok('CreateKey', { Alias: 'seals' })).KeyId
  server = await start()
  const { KeyId } = await server.ok('CreateKey', { Alias: 'kept' })
  CiphertextBlob = (await server.ok('Encrypt', { KeyId, Plaintext: plaintext })).CiphertextBlob
})
afterAll(async () => {
  await server.stop()
  await other.end()
})

const status = async () =>
  JSON.parse(await seal(data, 'status', '--json')) as { seal: string; sealed: boolean; fault: string }

interface Absence {
  /** What the operator is told meanwhile. */
  readonly fault: string
  leave(): unknown
  comeBack(): unknown
}

/** Puts the seal on, rotates under it, starts again while its custodian is away, and waits until it has come back. */
const survives = async (kind: string, { fault, leave, comeBack }: Absence): Promise<void> => {
  await seal(data, 'migrate', '--to', kind)
  await seal(data, 'rotate-root')
  expect(await status()).toMatchObject({ seal: kind, sealed: false })
  await server.stop()
  await leave()
  server = await start()
  expect(await status()).toMatchObject({ sealed: true, fault: expect.stringContaining(fault) })
  expect((await server.call('Decrypt', { CiphertextBlob })).code).toBe('InternalError')
  await comeBack()
  await expect.poll(async () => (await status()).sealed, { timeout: 10_000 }).toBe(false)
  expect((await server.ok('Decrypt', { CiphertextBlob })).Plaintext).toBe(plaintext)
}

const otherKms = (cloud: 'tencent' | 'huawei', credentialsFile: string) => {
  const { endpoint, credentials } = other
  return { kms: { cloud, endpoint, region: credentials[cloud].region, key: otherKey, credentialsFile } }
}

describe('another KMS', () => {
  test('through the official SDK of Tencent Cloud', async () => {
    const { secretId, secretKey } = other.credentials.tencent
    configure(otherKms('tencent', jsonFile({ secretId, secretKey })))
    await survives('kms', {
      fault: 'The key is not enabled',
      leave: () => other.ok('DisableKey', { KeyId: otherKey }),
      comeBack: () => other.ok('EnableKey', { KeyId: otherKey }),
    })
  })

  test('through the official SDK of Huawei Cloud, whose errors say no more than their code', async () => {
    const { accessKey, secretKey, projectId } = other.credentials.huawei
    configure(otherKms('huawei', jsonFile({ accessKey, secretKey, projectId })))
    await survives('kms', {
      fault: 'the other KMS answered KMS.0209',
      leave: () => huaweiOk(other, 'POST kms/disable-key', { key_id: otherKey }),
      comeBack: () => huaweiOk(other, 'POST kms/enable-key', { key_id: otherKey }),
    })
  })

  test('that is not configured, or whose credentials others can read, changes nothing', async () => {
    const migrating = (kind: string) => seal(data, 'migrate', '--to', kind)
    const open = lineFile('{}', 0o644)
    chmodSync(open, 0o644)
    configure(otherKms('tencent', open))
    await expect(migrating('kms')).rejects.toThrow(`chmod 600 ${open}`)
    configure({ kms: { cloud: 'other' } })
    await expect(migrating('kms')).rejects.toThrow('cloud must be one of tencent, huawei')
    await expect(migrating('pkcs11')).rejects.toThrow('pkcs11 is missing')
    for (const endpoint of ['http://kms.example.com', 'kms.example.com']) {
      configure({ kms: { ...otherKms('tencent', open).kms, endpoint } })
      await expect(migrating('kms')).rejects.toThrow('endpoint must begin with https://')
    }
    writeFileSync(sealConfig, 'password: secret')
    const said = await migrating('kms').catch(({ message }) => message)
    expect(said).toContain('it is no JSON object')
    expect(said).not.toContain('secret')
    await expect(seal(other.folder, 'migrate', '--to', 'kms')).rejects.toThrow('needs --seal-config')
    expect(await status()).toMatchObject({ seal: 'kms', sealed: false })
  })

  test('whose client is not installed says what to install', () => {
    expect(() => optionalPackage('no-such-client')).toThrow('Run: npm install no-such-client')
  })
})

describe('a token', () => {
  const lacking = missing()
  if (lacking) process.stderr.write(`not run: the tests of PKCS #11 tokens, which need the ${lacking}; see .ci/run\n`)

  test.skipIf(lacking)('opens the root key, and is waited for while its PIN is away', async () => {
    const token = newToken(newFolder(), '271828')
    configure({ pkcs11: token })
    await survives('pkcs11', {
      fault: 'ENOENT',
      leave: () => renameSync(token.pinFile, `${token.pinFile}.away`),
      comeBack: () => renameSync(`${token.pinFile}.away`, token.pinFile),
    })
    const another = { pkcs11: { ...token, key: 'another' } }
    configure(another)
    await expect(seal(data, 'migrate', '--to', 'pkcs11')).rejects.toThrow(
      'the token has 0 AES keys of the label another',
    )
    configure({ pkcs11: { ...token, token: 'another' } })
    await expect(seal(data, 'migrate', '--to', 'pkcs11')).rejects.toThrow('there is no token another')
  })
})

/** A root key that a token or another KMS opens: at the start, by itself, and again once it answers. */
import { renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { huaweiOk } from '../harness/huawei.ts'
import { startKeystead, type TestKeystead } from '../harness/keystead.ts'
import { newFolder } from '../server/folders.ts'
import { lineFile, seal } from './command.ts'
import { missing, newToken } from './token.ts'

const plaintext = Buffer.from('kept').toString('base64')
const jsonFile = (value: unknown): string => lineFile(JSON.stringify(value))
const pinOf = () => String(Math.floor(Math.random() * 1e9)).padStart(9, '1')

const statusOf = async (server: TestKeystead) =>
  JSON.parse(await seal(server.folder, 'status', '--json')) as { seal: string; sealed: boolean; told: string }

/** Puts the seal on, starts again, and looks whether what was encrypted before still opens. */
const survives = async (data: string, kind: string, sealConfig: string): Promise<void> => {
  const first = await startKeystead({ folder: data, settings: { sealConfig } })
  const { KeyId } = await first.ok('CreateKey', { Alias: `under ${kind}`.replace(' ', '-') })
  const { CiphertextBlob } = await first.ok('Encrypt', { KeyId, Plaintext: plaintext })
  await seal(data, 'migrate', '--to', kind)
  await seal(data, 'rotate-root')
  await first.stop()
  const second = await startKeystead({ folder: data, settings: { sealConfig } })
  expect(await statusOf(second)).toMatchObject({ seal: kind, sealed: false })
  expect((await second.ok('Decrypt', { CiphertextBlob })).Plaintext).toBe(plaintext)
  await second.stop()
}

/** Starts without the custodian, brings it back, and waits until the server has noticed. */
const waits = async (data: string, sealConfig: string, told: string, bringBack: () => Promise<void> | void) => {
  const server = await startKeystead({ folder: data, settings: { sealConfig } })
  expect(await statusOf(server)).toMatchObject({ sealed: true, told: expect.stringContaining(told) })
  await bringBack()
  await expect.poll(async () => (await statusOf(server)).sealed, { timeout: 10_000 }).toBe(false)
  await server.ok('CreateKey', { Alias: 'after' })
  await server.stop()
}

describe('another KMS', () => {
  let other: TestKeystead
  let KeyId: string
  beforeAll(async () => {
    other = await startKeystead()
    KeyId = (await other.ok('CreateKey', { Alias: 'seals' })).KeyId
  })
  afterAll(() => other.end())

  const configuration = (cloud: 'tencent' | 'huawei', credentialsFile: string): string => {
    const { endpoint, credentials } = other
    return jsonFile({ kms: { cloud, endpoint, region: credentials[cloud].region, key: KeyId, credentialsFile } })
  }

  test('through the official SDK of Tencent Cloud, and it is waited for', async () => {
    const data = join(newFolder(), 'data')
    const { secretId, secretKey } = other.credentials.tencent
    const credentialsFile = jsonFile({ secretId, secretKey })
    const config = configuration('tencent', credentialsFile)
    await survives(data, 'kms', config)
    await other.ok('DisableKey', { KeyId })
    await waits(data, config, 'what opens it does not answer', () => other.ok('EnableKey', { KeyId }).then(() => {}))
  })

  test('through the official SDK of Huawei Cloud, whose errors say no more than their code', async () => {
    const data = join(newFolder(), 'data')
    const { accessKey, secretKey, projectId } = other.credentials.huawei
    const config = configuration('huawei', jsonFile({ accessKey, secretKey, projectId }))
    await survives(data, 'kms', config)
    await huaweiOk(other, 'POST kms/disable-key', { key_id: KeyId })
    await waits(data, config, 'the other KMS answered KMS.0209', () =>
      huaweiOk(other, 'POST kms/enable-key', { key_id: KeyId }).then(() => {}),
    )
  })

  test('that is not configured, or whose credentials others can read, changes nothing', async () => {
    const server = await startKeystead()
    await expect(seal(server.folder, 'migrate', '--to', 'kms')).rejects.toThrow('needs --seal-config')
    await server.stop()
    const open = lineFile('{}', 0o644)
    const sealConfig = configuration('tencent', open)
    const again = await startKeystead({ folder: server.folder, settings: { sealConfig } })
    await expect(seal(again.folder, 'migrate', '--to', 'kms')).rejects.toThrow(`chmod 600 ${open}`)
    writeFileSync(sealConfig, '{"kms":{"cloud":"other"}}')
    await expect(seal(again.folder, 'migrate', '--to', 'kms')).rejects.toThrow('cloud must be one of tencent, huawei')
    await expect(seal(again.folder, 'migrate', '--to', 'pkcs11')).rejects.toThrow('pkcs11 is missing')
    expect(await statusOf(again)).toMatchObject({ seal: 'file' })
    await again.end()
  })
})

describe('a token', () => {
  const lacking = missing()
  if (lacking) process.stderr.write(`not run: the tests of PKCS #11 tokens, which need the ${lacking}; see .ci/run\n`)

  test.skipIf(lacking)('opens the root key, and is waited for while its PIN is away', async () => {
    const data = join(newFolder(), 'data')
    const token = newToken(newFolder(), pinOf())
    const config = jsonFile({ pkcs11: token })
    await survives(data, 'pkcs11', config)
    renameSync(token.pinFile, `${token.pinFile}.away`)
    await waits(data, config, 'ENOENT', () => renameSync(`${token.pinFile}.away`, token.pinFile))
    // A key that is another one does not open it, nor does a token that lacks it.
    writeFileSync(config, JSON.stringify({ pkcs11: { ...token, key: 'another' } }))
    const server = await startKeystead({ folder: data, settings: { sealConfig: config } })
    expect((await statusOf(server)).told).toContain('the token has 0 AES keys of the label another')
    await server.stop()
  })
})

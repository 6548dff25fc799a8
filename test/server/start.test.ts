import { spawnSync } from 'node:child_process'
import { closeSync, mkdirSync, openSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { signedCall } from '../harness/keystead.ts'
import { credentialsOf, keystead, serving } from './child.ts'
import { newData } from './folders.ts'

const modeOf = (path: string): string => (statSync(path).mode & 0o777).toString(8)
const now = () => Math.floor(Date.now() / 1000)

test('the first start makes a folder that is for its owner alone, whatever the umask', async () => {
  const data = newData()
  const child = keystead(['serve', '--init', '--data', data, '--port', '0'], '000')
  await child.endpoint
  expect(modeOf(data)).toBe('700')
  const files = readdirSync(data, { recursive: true, withFileTypes: true }).map((entry) =>
    join(entry.parentPath, entry.name),
  )
  expect(files.map((path) => path.slice(data.length + 1))).toEqual(
    expect.arrayContaining(['root.key', 'credentials.json', 'keystead.db', 'lock', 'audit']),
  )
  for (const path of files) expect(`${path} ${modeOf(path)}`).toMatch(/ [67]00$/)
  await child.stop()
})

test('credentials.json holds exactly what is documented', async () => {
  const data = newData()
  const child = serving(data)
  const endpoint = await child.endpoint
  const word = (form: string) => expect.stringMatching(new RegExp(`^${form}$`))
  expect(credentialsOf(data)).toEqual({
    endpoint,
    tencent: {
      secretId: word('AKID[A-Za-z0-9]{32}'),
      secretKey: word('[A-Za-z0-9]{32}'),
      region: 'ap-guangzhou',
      uin: word('1000\\d{8}'),
      appId: word('125\\d{7}'),
    },
    huawei: {
      accessKey: word('[A-Z0-9]{20}'),
      secretKey: word('[A-Za-z0-9]{40}'),
      projectId: word('[0-9a-f]{32}'),
      domainId: word('[0-9a-f]{32}'),
      region: 'cn-south-1',
      domainName: 'keystead',
      userName: 'administrator',
      password: word('[A-Za-z0-9]{24}'),
    },
  })
  await child.stop()
})

test('a start prints the endpoint and lines to paste, and no secret on any stream', async () => {
  const data = newData()
  const child = serving(data)
  const endpoint = await child.endpoint
  const { stdout, stderr, code } = await child.stop()
  expect(code).toBe(0)
  expect(stderr).toBe('')
  expect(stdout).toContain(`made a new installation in ${data}: back up ${data}/root.key apart from the rest`)
  for (const word of ['tencentcloud-sdk-nodejs', 'tencentcloud.kms.v20190118', 'tccli kms', new URL(endpoint).host])
    expect(stdout).toContain(word)
  const { tencent, huawei } = credentialsOf(data)
  const root = JSON.parse(readFileSync(join(data, 'root.key'), 'utf8'))
  for (const secret of [tencent.secretKey, huawei.secretKey, huawei.password, root.generations[0].key])
    expect(stdout).not.toContain(secret)
})

test('the second start keeps everything, and tells where it listens now', async () => {
  const data = newData()
  const first = serving(data)
  await first.endpoint
  const { tencent, huawei } = credentialsOf(data)
  const call = (endpoint: string, action: string, members: object) =>
    signedCall(endpoint, tencent, now(), action, members)
  const { response } = await call(await first.endpoint, 'CreateKey', { Alias: 'kept' })
  await first.stop()
  const root = readFileSync(join(data, 'root.key'))

  const second = keystead(['serve', '--data', data, '--port', '0'])
  const endpoint = await second.endpoint
  expect((await call(endpoint, 'DescribeKey', { KeyId: response.KeyId })).response.KeyMetadata.Alias).toBe('kept')
  expect(credentialsOf(data)).toEqual({ endpoint, tencent, huawei })
  expect(readFileSync(join(data, 'root.key'))).toEqual(root)
  const { stdout } = await second.stop()
  expect(stdout).not.toContain('made a new installation')
  expect(stdout).toContain('tccli kms')
})

test('a start finishes a set-up that a crash cut short', async () => {
  const data = newData()
  mkdirSync(data, { mode: 0o700 })
  // What is there when the crash came while the root key was written.
  for (const name of ['keystead.db', 'root.key.new', 'credentials.json.new'])
    closeSync(openSync(join(data, name), 'w', 0o600))
  const child = serving(data)
  await child.endpoint
  expect(JSON.parse(readFileSync(join(data, 'root.key'), 'utf8')).generations).toHaveLength(1)
  expect((await child.stop()).code).toBe(0)
})

test('settings come from the environment too, and a flag is stronger', async () => {
  const data = newData()
  const program = join(import.meta.dirname, '../../src/cli/keystead.ts')
  const env = { ...process.env, KEYSTEAD_DATA: '/nowhere/at/all', KEYSTEAD_PORT: 'x' }
  const run = (...args: string[]) => spawnSync(process.execPath, [program, 'serve', ...args], { env, encoding: 'utf8' })
  expect(run('--data', data).stderr).toContain('KEYSTEAD_PORT')
  expect(run('--port', '0').stderr).toContain('/nowhere/at/all: there is no data folder')
  expect(run('--port', '0', '--data', data).stderr).toContain(`${data}: there is no data folder`)
})

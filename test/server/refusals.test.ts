/** What is wrong at the start is told in one sentence: exit code 1, nothing secret, and nothing left open. */
import { chmodSync, copyFileSync, cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { Command } from 'commander'
import { beforeAll, describe, expect, test } from 'vitest'
import { lockFolder } from '../../src/adapters/data-folder/folder.ts'
import { addServeOptions, databaseArgument, readSettings, type Settings } from '../../src/config.ts'
import { prepare, start } from '../../src/main.ts'
import { readRegions } from '../../src/regions.ts'
import { startKeystead, testSettings } from '../harness/keystead.ts'
import { keystead, serving } from './child.ts'
import { newFolder } from './folders.ts'

let founded: string
let foreign: string

beforeAll(async () => {
  const [first, second] = await Promise.all([
    startKeystead({ folder: newFolder() }),
    startKeystead({ folder: newFolder() }),
  ])
  await Promise.all([first.stop(), second.stop()])
  founded = first.folder
  foreign = second.folder
})

/** A copy of an installation that a test may spoil. */
const copy = (): string => {
  const data = newFolder()
  cpSync(founded, data, { recursive: true })
  return data
}

const secretsOf = (data: string): string[] => {
  const read = (name: string) => readFileSync(join(data, name), 'utf8')
  const { tencent, huawei } = JSON.parse(read('credentials.json'))
  return [tencent.secretKey, huawei.secretKey, huawei.password, JSON.parse(read('root.key')).generations[0].key]
}

const isOneSentence = (text: string): void => {
  expect(text).toMatch(/^[^\n]+$/)
  for (const secret of [...secretsOf(founded), ...secretsOf(foreign)]) expect(text).not.toContain(secret)
}

/** Starts as the command line does, in this process: the sentence, and the folder free again for the next one. */
const expectRefusal = async (data: string, sentence: string, changed: Partial<Settings> = {}): Promise<void> => {
  const error: Error = await start(testSettings(data, { init: false, ...changed })).then(
    async (running) => {
      await running.stop()
      throw new Error('it started')
    },
    (refusal) => refusal,
  )
  expect(error.message).toContain(sentence)
  isOneSentence(error.message)
  lockFolder(data).release()
}

describe('a folder', () => {
  test('that is missing, without --init, and it is not made', async () => {
    const data = join(newFolder(), 'typo')
    const settings = testSettings(data, { init: false })
    await expect(start(settings)).rejects.toThrow(
      `${data}: there is no data folder. Check --data, or start with --init`,
    )
    expect(() => readFileSync(data)).toThrow('ENOENT')
  })

  test('in which nothing was set up, without --init', async () => {
    const data = join(newFolder(), 'empty')
    mkdirSync(data, { mode: 0o700 })
    await expectRefusal(data, `${data}: nothing was set up here.`)
  })

  test('that is open to others', async () => {
    const data = copy()
    chmodSync(data, 0o750)
    await expectRefusal(data, `Run: chmod 700 ${data}`)
  })

  test('that another server uses, which goes on', async () => {
    const first = await startKeystead({ folder: copy() })
    const settings = testSettings(first.folder)
    await expect(start(settings)).rejects.toThrow(`${first.folder}: another Keystead server is using this data folder.`)
    await first.ok('CreateKey', { Alias: 'goes-on' })
    await first.end()
  })
})

describe('a root key', () => {
  const path = (data: string) => join(data, 'root.key')

  test('of another installation', async () => {
    const data = copy()
    copyFileSync(path(foreign), path(data))
    await expectRefusal(data, `${path(data)}: this root key does not open the database beside it.`)
  })

  test('that does not match its check value', async () => {
    const data = copy()
    const content = JSON.parse(readFileSync(path(data), 'utf8'))
    const { key } = content.generations[0]
    content.generations[0].key = (key[0] === 'A' ? 'B' : 'A') + key.slice(1)
    writeFileSync(path(data), JSON.stringify(content))
    await expectRefusal(data, 'does not match its check value. Restore the file from its backup.')
  })

  test.each([
    '',
    '{',
    'null',
    '[]',
    '{"format":2,"generations":[{}]}',
    '{"format":1,"generations":[]}',
    '{"format":1,"generations":[null]}',
  ])('that reads %j', async (text) => {
    const data = copy()
    writeFileSync(path(data), text)
    await expectRefusal(data, path(data))
  })

  test('that others can read', async () => {
    const data = copy()
    chmodSync(path(data), 0o640)
    await expectRefusal(data, `Run: chmod 600 ${path(data)}`)
  })

  test('that is missing, with --init too: it is never replaced', async () => {
    const data = copy()
    rmSync(path(data))
    for (const init of [false, true])
      await expectRefusal(data, `${path(data)}: the root key file is missing.`, { init })
    expect(() => readFileSync(path(data))).toThrow('ENOENT')
  })
})

describe('a database', () => {
  const path = (data: string) => join(data, 'keystead.db')

  test('that is missing beside its root key, with --init too', async () => {
    const data = copy()
    rmSync(path(data))
    for (const init of [false, true])
      await expectRefusal(data, `${data}: there is a root key but no database.`, { init })
  })

  test('that is newer than the program', async () => {
    const data = copy()
    const db = new DatabaseSync(path(data))
    db.exec('update schema set version = 99, oldest_program = 99')
    db.close()
    await expectRefusal(data, 'the database needs schema 99, this program knows')
  })

  test('that is none', async () => {
    const data = copy()
    writeFileSync(path(data), 'this is no database, and longer than the header of one would be: '.repeat(20))
    await expectRefusal(data, 'not a database')
  })
})

describe('a setting', () => {
  test('of a port that is in use', async () => {
    const taken = createServer()
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve))
    const { port } = taken.address() as { port: number }
    await expectRefusal(copy(), `127.0.0.1:${port} is in use. Choose another --port.`, { port })
    taken.close()
  })

  test('of a port that another Keystead has, whether one process would serve or several', async () => {
    const running = await start(testSettings(copy(), { init: false }))
    const { port } = running
    const sentence = `127.0.0.1:${port} is in use. Choose another --port.`
    await expectRefusal(copy(), sentence, { port })
    const settings = testSettings(copy(), { init: false, port, workers: 2 })
    await expect(prepare(settings)).rejects.toThrow(sentence)
    lockFolder(settings.data).release()
    await running.stop()
  })

  test('of TLS files that are not there, are no PEM, or are of two pairs', async () => {
    const data = copy()
    const file = join(data, 'credentials.json')
    for (const [tlsCert, tlsKey] of [
      ['/no/cert.pem', '/no/key.pem'],
      [file, file],
    ] as const)
      await expectRefusal(data, `TLS certificate ${tlsCert} and key ${tlsKey} cannot be used: `, { tlsCert, tlsKey })
  })

  test('of a trusted proxy that is no network', () =>
    expectRefusal(copy(), '--trusted-proxy 10.0.0.0/: not a network', { trustedProxy: ['10.0.0.0/'] }))

  test('of a default region that is not in the table', () =>
    expectRefusal(copy(), '--default-region ap-nowhere', { defaultRegion: 'ap-nowhere' }))

  test.each([
    ['no JSON', '{', 'cannot be read as JSON'],
    ['no row', '[]', 'wrong at the top'],
    ['a row without an id', '[{"tencent":"ap-guangzhou"}]', 'wrong at 0.id'],
    ['an unknown member', '[{"id":"a","aws":"eu-west-1"}]', 'wrong at 0'],
    ['an unknown suite', '[{"id":"a","suite":"des"}]', 'wrong at 0.suite'],
    ['one name twice', '[{"id":"a","tencent":"x"},{"id":"b","tencent":"x"}]', 'may stand twice'],
  ])('of a regions file with %s', (_name, text, sentence) => {
    const regions = join(newFolder(), 'regions.json')
    writeFileSync(regions, text)
    expect(() => readRegions(regions)).toThrow(sentence)
    expect(() => readRegions(regions)).toThrow(regions)
  })

  test('of a regions file that is not there', () =>
    expectRefusal(copy(), '/no/regions.json: the regions file cannot be read', { regions: '/no/regions.json' }))
})

describe('a flag', () => {
  const parsed = (...args: readonly string[]): Settings => {
    const command = addServeOptions(new Command('serve')).exitOverride()
    command.configureOutput({ writeErr: () => {} })
    return readSettings(command.parse(args, { from: 'user' }).opts<Settings>())
  }

  test.each([
    ['--port', '65536'],
    ['--port', 'http'],
    ['--port', '-1'],
    ['--port', ''],
    ['--audit-retention', '1.5'],
    ['--cache-rows', '0'],
    ['--connections-per-source', '0'],
    ['--quota-keys', '0x10'],
    ['--slow-threads', '65'],
    ['--log-level', 'loud'],
  ])('%s %j is refused by its name', (flag, value) =>
    expect(() => parsed(`${flag}=${value}`)).toThrow(`option '${flag} `),
  )

  test.each(['postgres://u:secret@host/db', 'postgres://u@host/db?password=secret'])(
    'takes no password of a database in %s',
    (url) => expect(() => databaseArgument('--to', url)).toThrow(/^--to holds a password/),
  )

  test('for one TLS file without the other is refused', () => {
    for (const flag of ['--tls-cert', '--tls-key'])
      expect(() => parsed(flag, '/some/file')).toThrow('--tls-cert and --tls-key belong together')
    expect(parsed('--tls-cert', '/a', '--tls-key', '/b')).toMatchObject({ tlsCert: '/a', tlsKey: '/b' })
  })

  test('for trusted proxies takes several, with commas or as several words', () => {
    const networks = ['10.0.0.0/8', '::1', '192.0.2.1']
    expect(parsed('--trusted-proxy', '10.0.0.0/8, ::1', '192.0.2.1').trustedProxy).toEqual(networks)
    expect(parsed('--trusted-proxy', '10.0.0.0/8', '--trusted-proxy', '::1,192.0.2.1').trustedProxy).toEqual(networks)
  })

  test('changes nothing once it was read', () => {
    const settings = parsed('--port', '1') as { port: number }
    expect(() => {
      settings.port = 2
    }).toThrow(TypeError)
  })
})

describe('the program', () => {
  test.each([
    ['a folder that is not there', ['--data', '/no/such/folder']],
    ['a flag that lacks its other half', ['--tls-cert', '/no/cert.pem']],
  ])('tells of %s in one line, and ends with 1', async (_name, args) => {
    const { code, stdout, stderr } = await keystead(['serve', ...args]).exited
    expect(stderr).toMatch(/^keystead: [^\n]+\n$/)
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
  })

  test('ends also where the fault was found after everything was opened, and can start at once', async () => {
    const data = copy()
    const flags = ['--data', data, '--port', '0', '--tls-cert', '/no/cert.pem', '--tls-key', '/no/key.pem']
    const { code, stderr } = await keystead(['serve', ...flags]).exited
    expect(stderr).toMatch(/^keystead: TLS certificate \/no\/cert.pem [^\n]+\n$/)
    expect(code).toBe(1)
    const child = serving(data)
    await child.endpoint
    expect((await child.stop()).code).toBe(0)
  })

  test('tells of a flag that nobody knows, and which one it may be', async () => {
    const { code, stderr } = await keystead(['serve', '--prot', '7900']).exited
    expect(stderr).toMatch(/^error: unknown option '--prot'\n/)
    expect(stderr).toContain('--port')
    expect(code).toBe(2)
  })
})

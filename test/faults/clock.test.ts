/** The wall clock of the only process goes back by an hour, and ahead by a day and by a year, and is set right again. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { LineSplitter, listParts, readPart } from '../../src/adapters/audit-log/parts.ts'
import { verifyJournal } from '../../src/adapters/audit-log/verify.ts'
import { performDue } from '../../src/core/schedule.ts'
import { huaweiCall } from '../harness/huawei.ts'
import { type CallOptions, type Members, startKeystead, type TestKeystead } from '../harness/keystead.ts'
import { auditOf, plaintext } from './client.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs
const minuteMs = 60_000

let keystead: TestKeystead
let KeyId: string
let CiphertextBlob: string

beforeAll(async () => {
  keystead = await startKeystead({ settings: { limits: 'documented' } })
  KeyId = (await keystead.ok('CreateKey', { Alias: 'used' })).KeyId
  CiphertextBlob = (await keystead.ok('Encrypt', { KeyId, Plaintext: plaintext })).CiphertextBlob
})
afterAll(() => keystead.end())

/** Signed by a client whose clock is right. */
const inTime = (action: string, members: Members = {}) =>
  keystead.call(action, members, { sign: { timestamp: Math.floor(Date.now() / 1000) } })

const session = async (): Promise<CallOptions> => {
  const statement = [{ effect: 'allow', action: '*', resource: '*' }]
  const Policy = encodeURIComponent(JSON.stringify({ version: '2.0', statement }))
  const { Credentials } = await keystead.ok('GetFederationToken', { Name: 'a', Policy }, { service: 'sts' })
  const { TmpSecretId: secretId, TmpSecretKey: secretKey, Token } = Credentials
  return { key: { secretId, secretKey }, headers: { 'X-TC-Token': Token } }
}

describe.each([
  ['back by an hour', -hourMs],
  ['ahead by a day', dayMs],
  ['ahead by a year', 365 * dayMs],
])('a clock that goes %s', (word, by) => {
  let doomed: string
  let token: CallOptions
  let created = 0

  const isUsable = async () => {
    created += 1
    const alias = `${word.replaceAll(' ', '-')}-${created}`
    expect((await keystead.ok('Decrypt', { CiphertextBlob })).Plaintext).toBe(plaintext)
    const made = await keystead.ok('CreateKey', { Alias: alias })
    await keystead.ok('Encrypt', { KeyId: made.KeyId, Plaintext: plaintext })
    await keystead.ok('ListKeys')
  }

  beforeAll(async () => {
    doomed = (await keystead.ok('CreateKey', { Alias: `doomed-${word.replaceAll(' ', '-')}` })).KeyId
    await keystead.ok('DisableKey', { KeyId: doomed })
    await keystead.ok('ScheduleKeyDeletion', { KeyId: doomed, PendingWindowInDays: 7 })
    token = await session()
    keystead.clock.jump(by)
  })

  test('refuses signatures by date, those of a client whose clock is right too, and serves by its own', async () => {
    expect((await inTime('ListKeys')).code).toBe('AuthFailure.SignatureExpire')
    expect((await huaweiCall(keystead, 'POST kms/list-keys', {}, { at: Date.now() })).status).toBe(401)
    await isUsable()
  })

  test('ends sessions by date', async () => {
    const { code } = await keystead.call('ListKeys', {}, token)
    expect(code).toBe(by > 0 ? 'AuthFailure.TokenFailure' : undefined)
  })

  test('destroys nothing within an hour of running time', async () => {
    const { house } = keystead.running.installation
    for (let minute = 0; minute < 59; minute += 1)
      await performDue(house, minuteMs, (error) => {
        throw error
      })
  })

  test('set right again, everything is as it was, and nobody is locked out', async () => {
    keystead.clock.jump(-by)
    expect((await inTime('ListKeys')).code).toBeUndefined()
    expect((await keystead.call('ListKeys', {}, token)).code).toBeUndefined()
    await keystead.ok('CancelKeyDeletion', { KeyId: doomed })
    await keystead.ok('EnableKey', { KeyId: doomed })
    await keystead.ok('Encrypt', { KeyId: doomed, Plaintext: plaintext })
    await isUsable()
    // Counted in running time: what came before a jump, or in it, keeps nobody waiting after it.
    const wrong = { key: { ...keystead.credentials.tencent, secretKey: 'a guess' } }
    expect((await keystead.call('ListKeys', {}, wrong)).code).toBe('AuthFailure.SignatureFailure')
    await isUsable()
  })
})

test('a key that was rotated in a year that was none can be rotated at once', async () => {
  const { KeyId: rotated } = await keystead.ok('CreateKey', { Alias: 'rotated' })
  await keystead.ok('EnableKeyRotation', { KeyId: rotated })
  keystead.clock.jump(365 * dayMs)
  await keystead.ok('RotateKey', { KeyId: rotated })
  keystead.clock.jump(-365 * dayMs)
  expect((await inTime('RotateKey', { KeyId: rotated })).code).toBeUndefined()
})

/** Of every part, compressed or not. */
const timesOf = async (folder: string): Promise<number[]> => {
  const times: number[] = []
  for (const part of await listParts(folder)) {
    const splitter = new LineSplitter()
    for await (const chunk of readPart(folder, part))
      for (const line of splitter.push(chunk)) times.push(Date.parse(JSON.parse(line.toString()).at))
  }
  return times
}

test('the journal’s times go back with the clock, days come twice, and its numbers and chain go on', async () => {
  await keystead.stop()
  const folder = auditOf(keystead.folder)
  expect(await verifyJournal(folder)).toMatchObject({ whole: true })
  const times = await timesOf(folder)
  const days = times.map((at) => Math.floor(at / dayMs)).filter((day, index, all) => day !== all[index - 1])
  expect(days.length).toBeGreaterThan(new Set(days).size + 1)
})

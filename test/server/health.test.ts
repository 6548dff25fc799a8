import { renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, test } from 'vitest'
import { verifyJournal } from '../../src/adapters/audit-log/verify.ts'
import { exchange } from '../harness/http.ts'
import { startKeystead, type TestKeystead } from '../harness/keystead.ts'

const dayMs = 86_400_000
let keystead: TestKeystead
afterEach(() => keystead.end())

const get = (path: string) => exchange(keystead.endpoint, { method: 'GET', path })
const audit = () => join(keystead.folder, 'audit')

test('a server that runs is live and ready', async () => {
  keystead = await startKeystead()
  for (const path of ['/livez', '/readyz']) expect(await get(path)).toMatchObject({ status: 200, body: 'ok\n' })
})

test('the metrics count calls and strangers, and name no key, no account and no access key', async () => {
  keystead = await startKeystead()
  const { KeyId } = await keystead.ok('CreateKey', { Alias: 'an-alias' })
  await keystead.ok('Encrypt', { KeyId, Plaintext: 'aGVsbG8=' })
  await keystead.call('Encrypt', { KeyId: '01a1fa5d-0000-7000-8000-000000000000', Plaintext: 'aGVsbG8=' })
  await keystead.call('Encrypt', {}, { key: { secretId: 'AKIDstranger', secretKey: 'x' } })
  const { status, headers, body } = await get('/metrics')
  expect({ status, type: headers['content-type'] }).toEqual({
    status: 200,
    type: 'text/plain; version=0.0.4; charset=utf-8',
  })
  expect(body).toMatch(/action="Encrypt",outcome="success"[^\n]*\} 1\n/)
  expect(body).toMatch(/action="Encrypt",outcome="refused"[^\n]*\} 1\n/)
  expect(body).toMatch(/unauthenticated[^\n]*\} 1\n/)
  const { tencent } = keystead.credentials
  for (const name of [KeyId, 'an-alias', 'AKID', tencent.uin, '127.0.0.1']) expect(body).not.toContain(name)
})

test('what nobody serves is not found', async () => {
  keystead = await startKeystead()
  for (const path of ['/nothing', '/livez/', '/metrics/x', '/%2e%2e/root.key'])
    expect(await get(path)).toMatchObject({ status: 404, body: 'Not found\n' })
})

describe('a journal that cannot be written', () => {
  /** In the way of the next day's part. */
  const breakJournal = () => {
    renameSync(audit(), join(keystead.folder, 'elsewhere'))
    writeFileSync(audit(), 'in the way')
    keystead.clock.pass(dayMs)
  }
  const mendJournal = async () => {
    rmSync(audit())
    renameSync(join(keystead.folder, 'elsewhere'), audit())
    while ((await get('/readyz')).status !== 200) await sleep(50)
  }

  test('makes the server unready and its calls internal errors, until it can be written again', async () => {
    keystead = await startKeystead()
    const { KeyId } = await keystead.ok('CreateKey', { Alias: 'before' })
    breakJournal()
    const encrypt = () => keystead.call('Encrypt', { KeyId, Plaintext: 'aGVsbG8=' })
    const refused = await encrypt()
    expect(refused.code).toBe('InternalError')
    expect(refused.exchanged.body).not.toMatch(/ENO|audit|journal|CiphertextBlob/)
    expect(await get('/readyz')).toMatchObject({ status: 503, body: expect.stringContaining('audit journal') })
    expect(await get('/livez')).toMatchObject({ status: 200 })
    expect((await get('/metrics')).status).toBe(200)

    await mendJournal()
    expect((await encrypt()).code).toBeUndefined()
    expect(await verifyJournal(audit())).toMatchObject({ whole: true })
  })

  test('a change of that time is on record exactly once after the next start', async () => {
    keystead = await startKeystead()
    breakJournal()
    const lost = await keystead.call('CreateKey', { Alias: 'meanwhile' })
    expect(lost.code).toBe('InternalError')
    await mendJournal()
    const { clock, folder } = keystead
    const entries = () => keystead.audit().filter(({ request }) => request === lost.response.RequestId)
    expect(entries()).toEqual([])
    for (let start = 0; start < 2; start++) {
      await keystead.stop()
      keystead = await startKeystead({ folder, clock })
      expect(entries()).toMatchObject([{ action: 'CreateKey', outcome: 'success' }])
    }
    const { Keys } = await keystead.ok('ListKeyDetail', {}).then(({ KeyMetadatas }) => ({ Keys: KeyMetadatas }))
    expect(Keys).toMatchObject([{ Alias: 'meanwhile' }])
  })

  test('a change of that time is on record without a start, once it is old enough and exactly once', async () => {
    keystead = await startKeystead()
    breakJournal()
    const lost = await keystead.call('CreateKey', { Alias: 'held' })
    await mendJournal()
    const entries = () => keystead.audit().filter(({ request }) => request === lost.response.RequestId)
    const { drainHeld } = keystead.running.installation
    await drainHeld()
    expect(entries()).toEqual([])
    keystead.clock.pass(61_000)
    await drainHeld()
    await drainHeld()
    expect(entries()).toMatchObject([{ action: 'CreateKey', outcome: 'success' }])
  })
})

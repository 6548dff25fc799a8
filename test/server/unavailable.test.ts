/** An installation that answers nobody says so in each cloud's words, before it asks who is calling. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { administer } from '../../src/cli/admin.ts'
import type { NotServing } from '../../src/core/failure.ts'
import { exchange } from '../harness/http.ts'
import { huaweiCall } from '../harness/huawei.ts'
import { startKeystead, type TestKeystead } from '../harness/keystead.ts'
import { turnedAway } from '../harness/unavailable.ts'

let keystead: TestKeystead
beforeAll(async () => {
  keystead = await startKeystead()
})
afterAll(() => keystead.end())

const why = (state: NotServing['state']): NotServing => ({ reason: 'notServing', state, told: `it is ${state}` })
const whileIt = <T>(state: NotServing['state'], meanwhile: () => Promise<T>) =>
  turnedAway(keystead, why(state), meanwhile)

test('Tencent clients are told with status 200, by the code for a service that is away where an action lists it', () =>
  whileIt('sealed', async () => {
    const codes = await Promise.all(
      ['CreateKey', 'EnableKey', 'Encrypt', 'GetRegions'].map(async (action) => {
        const { exchanged, code } = await keystead.call(action)
        return [action, exchanged.status, code]
      }),
    )
    expect(codes).toEqual([
      ['CreateKey', 200, 'UnsupportedOperation.ServiceTemporaryUnavailable'],
      ['EnableKey', 200, 'UnsupportedOperation.ServiceTemporaryUnavailable'],
      ['Encrypt', 200, 'InternalError'],
      ['GetRegions', 200, 'InternalError'],
    ])
  }))

test('Huawei clients are told with 503 KMS.0104, and by the identity service in its own form', () =>
  whileIt('quarantined', async () => {
    const { status, code } = await huaweiCall(keystead, 'POST kms/list-keys', {})
    expect([status, code]).toEqual([503, 'KMS.0104'])
    const projects = await huaweiCall(keystead, 'GET /v3/projects')
    expect([projects.status, projects.members.error.code]).toEqual([503, 503])
  }))

test('whether the caller is anybody is not looked at, and no line is written of it', async () => {
  const lines = keystead.audit().length
  const wrong = { key: { ...keystead.credentials.tencent, secretKey: 'wrong' } }
  const told = await whileIt('sealed', () => keystead.call('CreateKey', {}, wrong))
  expect(told.code).toBe('UnsupportedOperation.ServiceTemporaryUnavailable')
  expect(JSON.stringify(told.response)).not.toContain('sealed')
  expect(keystead.audit()).toHaveLength(lines)
  expect((await keystead.call('CreateKey', {}, wrong)).code).toBe('AuthFailure.SignatureFailure')
})

test('the probes: alive, not ready, and why', () =>
  whileIt('sealed', async () => {
    const probe = async (path: string) => {
      const { status, body } = await exchange(keystead.endpoint, { method: 'GET', path })
      return [status, body]
    }
    expect(await probe('/livez')).toEqual([200, 'ok\n'])
    expect(await probe('/readyz')).toEqual([503, 'it is sealed\n'])
  }))

test('the operator is told how it is; the rest waits while it is sealed, and not while it is in quarantine', async () => {
  const ask = (action: string) => administer(keystead.folder, action, {})
  await whileIt('sealed', async () => {
    await expect(ask('status')).resolves.toHaveProperty('status')
    await expect(ask('account-list')).rejects.toThrow('it is sealed')
  })
  await whileIt('quarantined', () => expect(ask('account-list')).resolves.toHaveProperty('accounts'))
})

import { describe, expect, it } from 'vitest'
import { Lockout } from '../../src/contract/lockout.ts'
import { QueueFull } from '../../src/core/ports.ts'
import { huaweiCall } from '../harness/huawei.ts'
import { startKeystead, type TestKeystead } from '../harness/keystead.ts'

const minuteMs = 60_000

describe('an access key that fails', () => {
  const opened = () => {
    let at = 1000
    const lockout = new Lockout({ now: () => at, monotonic: () => at })
    const fail = (times: number, claimed = 'key') => {
      for (let n = 0; n < times; n++) lockout.failed(claimed)
      return lockout.isLocked(claimed)
    }
    const pass = (milliseconds: number) => {
      at += milliseconds
    }
    return { lockout, fail, pass }
  }

  it('is locked at the fifth failure in a row, and no other with it', () => {
    const { lockout, fail } = opened()
    expect([fail(4), fail(1), lockout.isLocked('other')]).toEqual([false, true, false])
  })

  it('begins anew after a success, and after five minutes', () => {
    const { lockout, fail, pass } = opened()
    fail(4)
    lockout.succeeded('key')
    expect(fail(4)).toBe(false)
    expect(fail(1)).toBe(true)
    pass(5 * minuteMs)
    expect([lockout.isLocked('key'), fail(4)]).toEqual([false, false])
  })

  it('is forgotten after ten thousand others', () => {
    const { lockout, fail } = opened()
    fail(5)
    for (let n = 0; n < 10_000; n++) lockout.failed(`key ${n}`)
    expect(lockout.isLocked('key')).toBe(false)
  })
})

describe('a server', () => {
  const fail = async (keystead: TestKeystead): Promise<void> => {
    const key = { ...keystead.credentials.huawei, secretKey: 'wrong' }
    for (let n = 0; n < 5; n++) await huaweiCall(keystead, 'POST kms/describe-key', {}, { key })
  }
  const answered = async (keystead: TestKeystead) => {
    const { status, members } = await huaweiCall(keystead, 'POST kms/describe-key', {})
    return [status, members.error_msg]
  }
  const forbidden = 'Incorrect IAM authentication information: AK access failed to reach the limit,forbidden'

  it('locks no access key unless it is told to', async () => {
    const keystead = await startKeystead()
    await fail(keystead)
    expect((await answered(keystead))[0]).toBe(400)
    await keystead.end()
  })

  it('that is told to keeps the owner out too, for five minutes, and a key of the other cloud never', async () => {
    const keystead = await startKeystead({ settings: { lockAccessKeys: true } })
    await fail(keystead)
    expect(await answered(keystead)).toEqual([401, forbidden])
    keystead.clock.pass(5 * minuteMs)
    expect((await answered(keystead))[0]).toBe(400)
    const key = { ...keystead.credentials.tencent, secretKey: 'wrong' }
    for (let n = 0; n < 6; n++) await keystead.call('GetRegions', {}, { key })
    await keystead.ok('GetRegions')
    await keystead.end()
  })

  it('does not count requests that nobody had the time to verify', async () => {
    const keystead = await startKeystead({ settings: { lockAccessKeys: true } })
    const { house } = keystead.running.installation
    const slowOfHouse = house as { slow: typeof house.slow }
    const { slow: kept } = slowOfHouse
    slowOfHouse.slow = { run: () => Promise.reject(new QueueFull()) }
    const { accessKey } = keystead.credentials.huawei
    const signed = `Access=${accessKey}, SignedHeaders=x-sdk-date, Signature=${'0'.repeat(128)}`
    const headers = { Authorization: `SDK-ECDSA-P256-SHA256 ${signed}` }
    for (let n = 0; n < 6; n++)
      expect((await huaweiCall(keystead, 'POST kms/describe-key', {}, { headers })).code).toBe('KMS.0104')
    slowOfHouse.slow = kept
    expect((await answered(keystead))[0]).toBe(400)
    await keystead.end()
  })
})

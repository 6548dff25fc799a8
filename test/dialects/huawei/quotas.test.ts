import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { huaweiCall, huaweiOk } from '../../harness/huawei.ts'
import { expectError } from '../../harness/huawei-errors.ts'
import { makeDefaultKey, makeKey, moveInto } from '../../harness/huawei-keys.ts'
import { startKeystead, type TestKeystead } from '../../harness/keystead.ts'

let keystead: TestKeystead
let limited: TestKeystead
beforeAll(async () => {
  keystead = await startKeystead()
  limited = await startKeystead({ settings: { quotaKeys: 20 } })
})
afterAll(() => Promise.all([keystead.end(), limited.end()]))

describe('user-instances and user-quotas', () => {
  it('count the keys that users made, of every kind; one to be deleted is there and takes no quota', async () => {
    const grants = { type: 'grant_per_CMK', used: 0, quota: 100 }
    expect(await huaweiOk(limited, 'GET kms/user-instances')).toEqual({ instance_num: 0 })
    await makeKey(limited, { key_spec: 'RSA_2048' })
    await makeKey(limited, { origin: 'external' })
    await makeDefaultKey(limited)
    await moveInto(limited, await makeKey(limited), '4')
    expect(await huaweiOk(limited, 'GET kms/user-instances')).toEqual({ instance_num: 3 })
    expect(await huaweiOk(limited, 'GET kms/user-quotas')).toEqual({
      quotas: { resources: [{ type: 'CMK', used: 2, quota: 20 }, grants] },
    })
  })

  it('say the largest number of 32 bits where keys are not limited', async () => {
    const { quotas } = await huaweiOk(keystead, 'GET kms/user-quotas')
    expect(quotas.resources[0]).toEqual({ type: 'CMK', used: 0, quota: 2 ** 31 - 1 })
  })

  it.each(['user-instances', 'user-quotas'])('%s takes the empty object that the Node SDK sends', async (name) => {
    expect((await huaweiCall(keystead, `GET kms/${name}`, {})).status).toBe(200)
  })
})

describe('gen-random', () => {
  const call = 'POST kms/gen-random'

  it.each([
    ['512', 512],
    [512, 512],
    ['8', 8],
    ['8192', 8192],
    [24, 24],
  ])('returns as many bits as random_data_length %j says, in upper-case hexadecimal', async (length, bits) => {
    const { random_data, ...rest } = await huaweiOk(keystead, call, { random_data_length: length })
    expect(random_data).toMatch(new RegExp(`^[0-9A-F]{${bits / 4}}$`))
    expect(rest).toEqual({})
  })

  it('returns others each time', async () => {
    const asked = { random_data_length: '512', sequence: '919c82d4-8046-4722-9094-35c3c6524cff' }
    const [one, other] = [await huaweiOk(keystead, call, asked), await huaweiOk(keystead, call, asked)]
    expect(one.random_data).not.toBe(other.random_data)
  })

  it.each([
    ['0', 'KMS.1801'],
    ['7', 'KMS.1801'],
    [0, 'KMS.1801'],
    ['8200', 'KMS.1801'],
    ['many', 'KMS.1801'],
    ['', 'KMS.1801'],
    [true, 'KMS.1801'],
    [16.5, 'KMS.1801'],
    ['12', 'KMS.1802'],
    [8191, 'KMS.1802'],
    [undefined, 'KMS.0204'],
  ])('refuses random_data_length %j with %s', async (random_data_length, code) => {
    expectError(await huaweiCall(keystead, call, { random_data_length }), 400, code)
  })

  it('refuses a sequence of 37 characters with KMS.0206', async () => {
    const asked = { random_data_length: '8', sequence: 'x'.repeat(37) }
    expectError(await huaweiCall(keystead, call, asked), 400, 'KMS.0206')
  })
})

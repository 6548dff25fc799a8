import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { huaweiCall, huaweiOk } from '../../harness/huawei.ts'
import { expectError } from '../../harness/huawei-errors.ts'
import { makeKey } from '../../harness/huawei-keys.ts'
import { type Members, startKeystead, type TestKeystead } from '../../harness/keystead.ts'

const unknownId = '0d0466b0-e727-4d9c-b35d-f84bb474a37f'
const generate = 'POST kms/generate-mac'
const verify = 'POST kms/verify-mac'

let keystead: TestKeystead
beforeAll(async () => {
  keystead = await startKeystead()
})
afterAll(() => keystead.end())

const message = Buffer.from('a message').toString('base64')

describe('generate-mac and verify-mac', () => {
  it.each([
    ['HMAC_256', 'HMAC_SHA_256', 64],
    ['HMAC_384', 'HMAC_SHA_384', 96],
    ['HMAC_512', 'HMAC_SHA_512', 128],
    ['HMAC_SM3', 'HMAC_SM3', 64],
  ])('a key of %s makes MACs by %s, of %d digits in lower case', async (key_spec, mac_algorithm, digits) => {
    const key_id = await makeKey(keystead, { key_spec })
    const asked = { key_id, mac_algorithm, message }
    const { mac, ...rest } = await huaweiOk(keystead, generate, asked)
    expect(rest).toEqual({ key_id, mac_algorithm })
    expect(mac).toMatch(new RegExp(`^[0-9a-f]{${digits}}$`))
    expect((await huaweiOk(keystead, generate, asked)).mac).toBe(mac)
    const answer = async (members: Members) =>
      (await huaweiOk(keystead, verify, { ...asked, mac, ...members })).mac_valid
    expect(await huaweiOk(keystead, verify, { ...asked, mac: mac.toUpperCase() })).toEqual({ ...rest, mac_valid: true })
    const flipped = (mac.startsWith('0') ? '1' : '0') + mac.slice(1)
    for (const wrong of [{ mac: flipped }, { mac: mac.slice(2) }, { mac: '00' }, { message: 'AAAA' }])
      expect(await answer(wrong)).toBe(false)
    const other = await makeKey(keystead, { key_spec })
    expect(await answer({ key_id: other })).toBe(false)
  })

  it.each([
    ['no message', { message: undefined }, 400, 'KMS.0204'],
    ['an empty message', { message: '' }, 400, 'KMS.0308'],
    ['a message that is too long', { message: Buffer.alloc(4097).toString('base64') }, 400, 'KMS.0308'],
    ['a message that is no Base64', { message: '*' }, 400, 'KMS.0308'],
    ['an algorithm that is none', { mac_algorithm: 'CMAC' }, 400, 'KMS.0308'],
    ['the algorithm of another key_spec', { mac_algorithm: 'HMAC_SM3' }, 400, 'KMS.0308'],
    ['a key that is not there', { key_id: unknownId }, 404, 'KMS.0207'],
  ])('both answer %s', async (_what, members: Members, status, code) => {
    const key_id = await makeKey(keystead, { key_spec: 'HMAC_256' })
    const asked = { key_id, mac_algorithm: 'HMAC_SHA_256', message, ...members }
    expectError(await huaweiCall(keystead, generate, asked), status, code)
    expectError(await huaweiCall(keystead, verify, { ...asked, mac: '00' }), status, code)
  })

  it.each([{ mac: '' }, { mac: 'zz' }, { mac: '0' }, { mac: '00'.repeat(65) }])(
    'verify-mac refuses %j, which is no MAC',
    async (members) => {
      const key_id = await makeKey(keystead, { key_spec: 'HMAC_256' })
      const asked = { key_id, mac_algorithm: 'HMAC_SHA_256', message, ...members }
      expectError(await huaweiCall(keystead, verify, asked), 400, 'KMS.0308')
    },
  )

  it.each([
    [{}, 'KMS.0331'],
    [{ key_spec: 'EC_P256' }, 'KMS.0325'],
    [{ key_spec: 'RSA_2048', key_usage: 'ENCRYPT_DECRYPT' }, 'KMS.0325'],
  ])('a key of %j answers %s', async (members, code) => {
    const key_id = await makeKey(keystead, members)
    const asked = { key_id, mac_algorithm: 'HMAC_SHA_256', message }
    expectError(await huaweiCall(keystead, generate, asked), 400, code)
    expectError(await huaweiCall(keystead, verify, { ...asked, mac: '00' }), 400, code)
  })
})

describe('a MAC key', () => {
  it('is shown to the other cloud by a word of its own, and is none of its symmetric keys', async () => {
    const key_id = await makeKey(keystead, { key_spec: 'HMAC_256' })
    const { KeyMetadata } = await keystead.ok('DescribeKey', { KeyId: key_id })
    expect(KeyMetadata.KeyUsage).toBe('GENERATE_VERIFY_MAC_HMAC_SHA256')
    const listed = async (KeyUsage: string) =>
      (await keystead.ok('ListKeyDetail', { KeyUsage, Limit: 100 })).KeyMetadatas
    const ids = async (KeyUsage: string) => (await listed(KeyUsage)).map(({ KeyId }: Members) => KeyId)
    expect(await ids('ALL')).toContain(key_id)
    expect(await ids('ENCRYPT_DECRYPT')).not.toContain(key_id)
    expect((await keystead.call('Encrypt', { KeyId: key_id, Plaintext: 'AA==' })).code).toBe('InvalidParameter')
  })
})

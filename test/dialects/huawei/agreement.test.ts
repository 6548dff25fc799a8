import { generateKeyPairSync } from 'node:crypto'
import { sm2 } from 'sm-crypto-v2'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { opensslWith } from '../../crypto/pairs.ts'
import { huaweiCall, huaweiOk } from '../../harness/huawei.ts'
import { expectError } from '../../harness/huawei-errors.ts'
import { makeKey } from '../../harness/huawei-keys.ts'
import { type Members, startKeystead, type TestKeystead } from '../../harness/keystead.ts'
import { hasOpenssl } from '../../spec/openssl.ts'

const unknownId = '0d0466b0-e727-4d9c-b35d-f84bb474a37f'
const call = 'POST kms/derive-shared-secret'
const key_usage = 'KEY_AGREEMENT'
const ecdh = { key_agreement_algorithm: 'ECDH' }

let keystead: TestKeystead
beforeAll(async () => {
  keystead = await startKeystead()
})
afterAll(() => keystead.end())

const peerOn = (namedCurve: string) => {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve })
  return {
    public_key: publicKey.export({ format: 'der', type: 'spki' }).toString('base64'),
    pem: privateKey.export({ format: 'pem', type: 'pkcs8' }),
  }
}

const pemOf = async (key_id: string): Promise<string> =>
  (await huaweiOk(keystead, 'POST kms/get-publickey', { key_id })).public_key

describe('derive-shared-secret', () => {
  it.skipIf(!hasOpenssl).each([
    ['EC_P256', 'P-256', 32],
    ['EC_P384', 'P-384', 48],
    ['SECP256K1', 'secp256k1', 32],
  ])('a key of %s and openssl on %s share the same %d bytes', async (key_spec, curve, bytes) => {
    const key_id = await makeKey(keystead, { key_spec, key_usage })
    const { public_key, pem } = peerOn(curve)
    const { shared_secret, ...rest } = await huaweiOk(keystead, call, { key_id, public_key, ...ecdh })
    expect(rest).toEqual({ key_id, ...ecdh })
    const files = { own: pem, peer: await pemOf(key_id) }
    const derived = opensslWith(files, ['pkeyutl', '-derive', '-inkey', '{own}', '-peerkey', '{peer}'])
    expect(Buffer.from(shared_secret, 'base64')).toHaveLength(bytes)
    expect(shared_secret).toBe(derived.toString('base64'))
  })

  it('a key of SM2 shares the x coordinate that another implementation computes', async () => {
    const key_id = await makeKey(keystead, { key_spec: 'SM2', key_usage })
    const own = sm2.generateKeyPairHex()
    const prefix = '3059301306072a8648ce3d020106082a811ccf5501822d034200'
    const public_key = Buffer.from(`${prefix}${own.publicKey}`, 'hex').toString('base64')
    const { shared_secret } = await huaweiOk(keystead, call, { key_id, public_key, ...ecdh })
    const point = Buffer.from((await pemOf(key_id)).replace(/-----[^-]+-----|\s/g, ''), 'base64').subarray(-65)
    const shared = sm2.ecdh(own.privateKey, point.toString('hex')).slice(1)
    expect(shared_secret).toBe(Buffer.from(shared).toString('base64'))
  })

  it('refuses a public key of another curve, off the curve, or that is none', async () => {
    const key_id = await makeKey(keystead, { key_spec: 'EC_P256', key_usage })
    const bytes = Buffer.from(peerOn('P-256').public_key, 'base64')
    const last = bytes.length - 1
    bytes[last] = (bytes[last] ?? 0) ^ 1
    const sm2Key = Buffer.from(bytes)
    const others = [peerOn('P-384').public_key, bytes.toString('base64'), 'AAAA', '*', '']
    for (const public_key of [...others, sm2Key.subarray(1).toString('base64')])
      expectError(await huaweiCall(keystead, call, { key_id, public_key, ...ecdh }), 400, 'KMS.0308')
    const sm2Id = await makeKey(keystead, { key_spec: 'SM2', key_usage })
    const off = Buffer.from(`3059301306072a8648ce3d020106082a811ccf5501822d03420004${'11'.repeat(64)}`, 'hex')
    for (const public_key of [peerOn('P-256').public_key, off.toString('base64')])
      expectError(await huaweiCall(keystead, call, { key_id: sm2Id, public_key, ...ecdh }), 400, 'KMS.0308')
  })

  it.each([
    ['no public key', { public_key: undefined }, 400, 'KMS.0204'],
    ['no algorithm', { key_agreement_algorithm: undefined }, 400, 'KMS.0204'],
    ['an algorithm that is none', { key_agreement_algorithm: 'DH' }, 400, 'KMS.0308'],
    ['an enclave', { recipient: { attestation_document: 'AAAA', key_encryption_algorithm: 'X' } }, 400, 'KMS.3804'],
    ['an enclave that says nothing', { recipient: {} }, 400, 'KMS.3804'],
    ['a recipient that is none', { recipient: 'x' }, 400, 'KMS.0214'],
    ['a key that is not there', { key_id: unknownId }, 404, 'KMS.0207'],
  ])('answers %s', async (_what, members: Members, status, code) => {
    const key_id = await makeKey(keystead, { key_spec: 'EC_P256', key_usage })
    const asked = { key_id, public_key: peerOn('P-256').public_key, ...ecdh, ...members }
    expectError(await huaweiCall(keystead, call, asked), status, code)
  })

  it.each([
    [{}, 'KMS.0331'],
    [{ key_spec: 'HMAC_256' }, 'KMS.0341'],
    [{ key_spec: 'EC_P256' }, 'KMS.0335'],
    [{ key_spec: 'SM2', key_usage: 'ENCRYPT_DECRYPT' }, 'KMS.0334'],
  ])('a key of %j agrees on nothing: %s', async (members, code) => {
    const key_id = await makeKey(keystead, members)
    const asked = { key_id, public_key: peerOn('P-256').public_key, ...ecdh }
    expectError(await huaweiCall(keystead, call, asked), 400, code)
  })
})

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { huaweiCall, huaweiOk } from '../../harness/huawei.ts'
import { expectError } from '../../harness/huawei-errors.ts'
import { keyRecord, makeImported, makeKey, moveInto } from '../../harness/huawei-keys.ts'
import { importParameters, materialOf, wrapMaterial } from '../../harness/keys.ts'
import { type Members, startKeystead, type TestKeystead } from '../../harness/keystead.ts'

const call = 'POST kms/rotate-on-demand'
const parameters = 'POST kms/get-parameters-for-import'
const load = 'POST kms/import-key-material'
const remove = 'POST kms/delete-imported-key-material'
const unknownId = '0d0466b0-e727-4d9c-b35d-f84bb474a37f'
const next = { import_type: 'NEW_KEY_MATERIAL' }
const wrapping_algorithm = 'RSAES_OAEP_SHA_256'

let keystead: TestKeystead
beforeAll(async () => {
  keystead = await startKeystead()
})
afterAll(() => keystead.end())

/** Material for the next version, by its first byte. */
const bring = async (key_id: string, byte: number, beside: Members = next) => {
  const { import_token, public_key } = await huaweiOk(keystead, parameters, { key_id, wrapping_algorithm, ...beside })
  const encrypted_key_material = wrapMaterial(public_key, materialOf(byte))
  return huaweiCall(keystead, load, { key_id, import_token, encrypted_key_material, ...beside })
}
const statusOf = (key_id: string) => huaweiOk(keystead, 'POST kms/get-key-rotation-status', { key_id })
const encrypt = async (key_id: string, plain_text: string): Promise<string> =>
  (await huaweiOk(keystead, 'POST kms/encrypt-data', { key_id, plain_text })).cipher_text
const decrypt = (cipher_text: string) => huaweiCall(keystead, 'POST kms/decrypt-data', { cipher_text })
/** An external key with material of byte 7, rotated to material of byte 8. */
const rotated = async (): Promise<string> => {
  const key_id = await makeImported(keystead)
  await bring(key_id, 8)
  await huaweiOk(keystead, call, { key_id })
  return key_id
}

describe('rotate-on-demand', () => {
  it('turns to the material that waits; what the older one protected still opens', async () => {
    const key_id = await makeImported(keystead)
    const old = await encrypt(key_id, 'old')
    expect((await statusOf(key_id)).key_materials).toEqual([
      {
        material_id: `${key_id}.1`,
        charge_id: '',
        create_time: expect.stringMatching(/^\d{13}$/),
        expiration_time: '',
        state: 2,
      },
    ])
    const loaded = await bring(key_id, 8)
    expect([loaded.status, loaded.exchanged.body]).toEqual([200, '{}'])
    const waiting = await statusOf(key_id)
    expect(waiting.key_materials.map(({ state }: Members) => state)).toEqual([2, 0])
    expect(waiting.number_of_rotations).toBe(0)

    expect(await huaweiOk(keystead, call, { key_id })).toEqual({ key_id })
    const turned = await statusOf(key_id)
    expect(turned.key_materials.map(({ state }: Members) => state)).toEqual([2, 2])
    expect(turned).toMatchObject({ number_of_rotations: 1, last_rotation_time: expect.stringMatching(/^\d{13}$/) })
    expect((await decrypt(old)).members.plain_text).toBe('old')
    expect((await decrypt(await encrypt(key_id, 'new'))).members.plain_text).toBe('new')
    expect((await keyRecord(keystead, key_id)).key_state).toBe('2')
  })

  it('turns to material once, and takes the last that was brought', async () => {
    const key_id = await makeImported(keystead)
    await bring(key_id, 8)
    await bring(key_id, 9)
    await huaweiOk(keystead, call, { key_id })
    expectError(await huaweiCall(keystead, call, { key_id }), 400, 'KMS.0308')
    await huaweiOk(keystead, remove, { key_id })
    expect((await bring(key_id, 8, {})).code).toBe('KMS.2606')
    expect((await bring(key_id, 9, {})).status).toBe(200)
  })

  it('loses all material when that is deleted, and gets each back by what it is', async () => {
    const key_id = await rotated()
    const old = await encrypt(key_id, 'second')
    await huaweiOk(keystead, remove, { key_id })
    expect((await statusOf(key_id)).key_materials).toEqual([])
    expect((await bring(key_id, 5, {})).code).toBe('KMS.2606')
    expect((await bring(key_id, 7, {})).status).toBe(200)
    expect((await keyRecord(keystead, key_id)).key_state).toBe('5')
    expect((await bring(key_id, 8, {})).status).toBe(200)
    expect((await keyRecord(keystead, key_id)).key_state).toBe('2')
    expect((await decrypt(old)).members.plain_text).toBe('second')
  })

  it('keeps what only the missing older material opens shut until that is back', async () => {
    const key_id = await makeImported(keystead)
    const old = await encrypt(key_id, 'first')
    await bring(key_id, 8)
    await huaweiOk(keystead, call, { key_id })
    await huaweiOk(keystead, remove, { key_id })
    expect((await bring(key_id, 8, {})).status).toBe(200)
    expectError(await decrypt(old), 400, 'KMS.2201')
    await huaweiOk(keystead, remove, { key_id })
    expect((await bring(key_id, 7, {})).status).toBe(200)
    expect((await bring(key_id, 8, {})).status).toBe(200)
    expect((await decrypt(old)).members.plain_text).toBe('first')
  })

  it('drops the material that waits with all other', async () => {
    const key_id = await makeImported(keystead)
    await bring(key_id, 8)
    await huaweiOk(keystead, remove, { key_id })
    expect((await bring(key_id, 7, {})).status).toBe(200)
    expectError(await huaweiCall(keystead, call, { key_id }), 400, 'KMS.0308')
  })

  it.each([
    ['a generated key', () => makeKey(keystead), 400, 'KMS.0309'],
    ['an external key without other material', () => makeImported(keystead), 400, 'KMS.0308'],
    ['a key that is not there', async () => unknownId, 404, 'KMS.0207'],
    ['a malformed key_id', async () => 'x', 400, 'KMS.0205'],
  ])('refuses %s', async (_what, key, status, code) => {
    expectError(await huaweiCall(keystead, call, { key_id: await key() }), status, code)
  })
})

describe('an enabled external key', () => {
  it('has no parameters and no import without saying that it is for new material', async () => {
    const key_id = await makeImported(keystead)
    expectError(await huaweiCall(keystead, parameters, { key_id, wrapping_algorithm }), 400, 'KMS.0310')
    const { ImportToken: import_token, PublicKey } = await importParameters(keystead, key_id)
    const encrypted_key_material = wrapMaterial(PublicKey, materialOf(8))
    const asked = { key_id, import_token, encrypted_key_material }
    expectError(await huaweiCall(keystead, load, asked), 400, 'KMS.0310')
    expectError(await huaweiCall(keystead, load, { ...asked, import_type: 'OTHER' }), 400, 'KMS.0308')
    const ending = { ...asked, ...next, expiration_time: Math.floor(keystead.clock.now() / 1000) + 3600 }
    expectError(await huaweiCall(keystead, load, ending), 400, 'KMS.0308')
    expect((await huaweiCall(keystead, load, { ...asked, ...next })).status).toBe(200)
  })

  it.each([
    ['3', 'KMS.0310'],
    ['4', 'KMS.0210'],
    ['5', 'KMS.0310'],
  ] as const)('takes no new material in state %s', async (state, code) => {
    const key_id = await makeImported(keystead)
    await moveInto(keystead, key_id, state)
    expectError(await huaweiCall(keystead, parameters, { key_id, wrapping_algorithm, ...next }), 400, code)
  })

  it('refuses material of the wrong length and what does not open', async () => {
    const key_id = await makeImported(keystead)
    const { import_token, public_key } = await huaweiOk(keystead, parameters, { key_id, wrapping_algorithm, ...next })
    const asked = { key_id, import_token, ...next }
    const short = wrapMaterial(public_key, materialOf(8, 16))
    expectError(await huaweiCall(keystead, load, { ...asked, encrypted_key_material: short }), 400, 'KMS.2604')
    const foreign = Buffer.alloc(256, 1).toString('base64')
    expectError(await huaweiCall(keystead, load, { ...asked, encrypted_key_material: foreign }), 400, 'KMS.0311')
  })
})

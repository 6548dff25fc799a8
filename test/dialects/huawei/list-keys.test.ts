import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { huaweiCall, huaweiOk } from '../../harness/huawei.ts'
import { expectError } from '../../harness/huawei-errors.ts'
import { keyRecord, makeImported, makeKey, moveInto } from '../../harness/huawei-keys.ts'
import { type Members, startKeystead, type TestKeystead } from '../../harness/keystead.ts'

/** A kind of the other cloud's, for which this one has no word. */
const kemUsage = 'ASYMMETRIC_DECRYPT_KYBER_AES'
const call = 'POST kms/list-keys'

let keystead: TestKeystead
const made: Record<string, string> = {}

beforeAll(async () => {
  keystead = await startKeystead()
  made.enabled = await makeKey(keystead)
  made.disabled = await makeKey(keystead)
  made.archived = await makeKey(keystead)
  made.deleted = await makeKey(keystead)
  made.waiting = await makeKey(keystead, { origin: 'external' })
  made.imported = await makeImported(keystead)
  made.sm4 = await makeKey(keystead, { key_spec: 'SM4' })
  made.rsa = await makeKey(keystead, { key_spec: 'RSA_2048' })
  made.kem = (await keystead.ok('CreateKey', { Alias: 'kem', KeyUsage: kemUsage })).KeyId
  await moveInto(keystead, made.disabled, '3')
  await moveInto(keystead, made.archived, 'archived')
  await moveInto(keystead, made.deleted, '4')
})
afterAll(() => keystead.end())

const named = (...names: string[]) => names.map((name) => made[name])
const aes = ['enabled', 'disabled', 'archived', 'deleted', 'waiting', 'imported']

const listed = async (members: Members = {}) => huaweiOk(keystead, call, members)

describe('list-keys', () => {
  it('lists AES_256 keys alone where no key_spec is given, oldest first, and their records beside', async () => {
    const answered = await listed()
    expect(answered).toMatchObject({ keys: named(...aes), next_marker: '', truncated: 'false', total: 6 })
    expect(answered.key_details[1]).toEqual(await keyRecord(keystead, made.disabled ?? ''))
    expect(answered.key_details.map((record: Members) => record.key_id)).toEqual(answered.keys)
  })

  it.each([
    ['SM4', ['sm4']],
    ['RSA_2048', ['rsa']],
    ['EC_P256', []],
    ['AES_256', aes],
  ])('lists keys of key_spec %s', async (key_spec, names) => {
    expect((await listed({ key_spec })).keys).toEqual(named(...names))
  })

  it('lists keys of every kind for ALL', async () => {
    const { keys, total } = await listed({ key_spec: 'ALL' })
    expect(keys).toEqual(named(...aes, 'sm4', 'rsa', 'kem'))
    expect(total).toBe(9)
    expect((await keyRecord(keystead, made.kem ?? '')).key_spec).toBe('ML_KEM_1024')
  })

  it.each([
    ['1', []],
    ['2', ['enabled', 'imported']],
    ['3', ['disabled', 'archived']],
    ['4', ['deleted']],
    ['5', ['waiting']],
  ])('lists keys in state %s', async (key_state, names) => {
    expect((await listed({ key_state })).keys).toEqual(named(...names))
  })

  it.each([
    ['2', '0'],
    [2, 0],
  ])('goes on at next_marker, which comes as text, from limit %j and marker %j', async (limit, first) => {
    const pages: Members[] = []
    for (let marker: string | number = first; pages.length < 5; marker = pages.at(-1)?.next_marker) {
      pages.push(await listed({ limit, marker }))
      if (pages.at(-1)?.next_marker === '') break
    }
    expect(pages.flatMap(({ keys }) => keys)).toEqual(named(...aes))
    expect(pages.map(({ next_marker }) => next_marker)).toEqual(['2', '4', ''])
    expect(pages.map(({ truncated }) => truncated)).toEqual(['true', 'true', 'false'])
    expect(pages.map(({ total }) => total)).toEqual([6, 6, 6])
  })

  it('takes the limit of 2000 that Terraform sends as a number, and empty text for neither limit nor marker', async () => {
    expect((await listed({ limit: 2000 })).keys).toHaveLength(6)
    expect((await listed({ limit: '', marker: '' })).keys).toHaveLength(6)
  })

  it('answers an empty last page for a marker past the end', async () => {
    const past = { keys: [], key_details: [], next_marker: '', truncated: 'false', total: 6 }
    expect(await listed({ marker: '7' })).toEqual(past)
    expect(await listed({ marker: '123456' })).toEqual(past)
  })

  it('lists the keys of every enterprise project, or of one', async () => {
    for (const enterprise_project_id of ['all', '0', ''])
      expect((await listed({ enterprise_project_id })).total).toBe(6)
    const enterprise_project_id = '6f5a0c3e-6d0e-4c43-8c2e-0fd5a3a0a7f1'
    const grouped = await makeKey(keystead, { key_spec: 'EC_P384', enterprise_project_id })
    const { keys, key_details } = await listed({ key_spec: 'EC_P384', enterprise_project_id })
    expect(keys).toEqual([grouped])
    expect(key_details[0].sys_enterprise_project_id).toBe(enterprise_project_id)
    expect((await listed({ enterprise_project_id })).total).toBe(0)
    expect((await listed({ key_spec: 'EC_P384', enterprise_project_id: '0' })).total).toBe(0)
  })

  it.each([
    ['limit', ['0', 0, '-1', 'ten', 10_000, '10000', 1.5, true, {}], 'KMS.1601'],
    ['marker', ['-1', -1, 'ten', '1.5', false, []], 'KMS.1602'],
    ['key_state', ['0', '6', '7', '22', ''], 'KMS.0308'],
    ['key_spec', ['AES_128', ''], 'KMS.0308'],
    ['enterprise_project_id', ['a b', 'x'.repeat(37)], 'KMS.0308'],
    ['sequence', ['x'.repeat(37)], 'KMS.0206'],
  ])('refuses a wrong %s', async (member, values, code) => {
    for (const value of values) expectError(await huaweiCall(keystead, call, { [member]: value }), 400, code)
  })
})

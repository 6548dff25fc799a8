/** `npm run seed` makes keys that are keys. */
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { startKeystead, type TestKeystead } from '../harness/keystead.ts'
import { newFolder } from '../server/folders.ts'

const script = join(import.meta.dirname, '../../scripts/seed.ts')
const opened: TestKeystead[] = []
afterAll(() => Promise.all(opened.map((keystead) => keystead.end())))

test('seeded keys are counted, listed and found, and encrypt and decrypt like any other', async () => {
  const folder = join(newFolder(), 'data')
  expect(String(execFileSync(process.execPath, [script, '--keys', '700', '--data', folder]))).toContain('700 keys')
  const keystead = await startKeystead({ folder })
  opened.push(keystead)
  const all = await keystead.ok('ListKeyDetail', { Limit: 3 })
  expect(all.TotalCount).toBe(700)
  const { TotalCount, KeyMetadatas } = await keystead.ok('ListKeyDetail', { SearchKeyAlias: '0000123' })
  expect(TotalCount).toBe(1)
  const [{ KeyId }] = KeyMetadatas
  const Plaintext = Buffer.from('of a seeded key').toString('base64')
  const { CiphertextBlob } = await keystead.ok('Encrypt', { KeyId, Plaintext })
  expect(await keystead.ok('Decrypt', { CiphertextBlob })).toMatchObject({ Plaintext, KeyId })
})

import { afterAll, beforeAll, expect, test } from 'vitest'
import { startKeystead, type TestKeystead } from '../../harness/keystead.ts'

let keystead: TestKeystead
beforeAll(async () => {
  keystead = await startKeystead()
})
afterAll(() => keystead.end())

test('a key made by one call encrypts and decrypts in the next ones', async () => {
  const { KeyId } = await keystead.ok('CreateKey', { Alias: 'smoke' })
  const { CiphertextBlob } = await keystead.ok('Encrypt', { KeyId, Plaintext: 'aGVsbG8=' })
  expect((await keystead.ok('Decrypt', { CiphertextBlob })).Plaintext).toBe('aGVsbG8=')
  expect((await keystead.call('Nonsense')).code).toBe('InvalidAction')
})

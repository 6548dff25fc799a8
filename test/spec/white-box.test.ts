/** docs/spec/white-box.md: its vectors, by the program's decryptor and by one that was written from the page. */
import { describe, expect, test } from 'vitest'
import { openWhiteBox } from '../../src/white-box/decryptor.ts'
import { hex, toHex } from './fixed.ts'
import { hasOpenssl, openssl } from './openssl.ts'
import file from './white-box.vectors.json' with { type: 'json' }
import { readWhiteBox } from './white-box-reader.ts'
import { type Seeded, seededWhiteBox, sha256 } from './white-box-vectors.ts'

const vectors = file.vectors.map((vector) => [vector.seed, vector] as const)

describe.each(vectors)('the vector %s', (_seed, vector) => {
  const { decryptKey, key } = seededWhiteBox(vector as Seeded)
  const [fingerprint = ''] = vector.fingerprints.slice(-1)

  test('has the tables that its seed makes, and its key', () => {
    expect([sha256(decryptKey), toHex(key)]).toEqual([vector.decryptKey, vector.key])
  })

  test('decrypts with both decryptors', async () => {
    const whiteBox = await openWhiteBox(decryptKey, fingerprint)
    for (const { ciphertext, initializationVector, plaintext } of vector.messages) {
      const asked = [hex(ciphertext), hex(initializationVector)] as const
      expect(toHex(whiteBox.decrypt(...asked))).toBe(plaintext)
      expect(readWhiteBox(decryptKey, ...asked, fingerprint)?.toString('hex')).toBe(plaintext)
    }
  })

  test.skipIf(!hasOpenssl)('decrypts with the key by the openssl command', () => {
    const cipher = vector.algorithm === 'sm4' ? '-sm4-cbc' : '-aes-256-cbc'
    for (const { ciphertext, initializationVector, plaintext } of vector.messages) {
      const args = ['enc', '-d', cipher, '-K', vector.key, '-iv', initializationVector]
      expect(openssl(args, hex(ciphertext)).toString('hex')).toBe(plaintext)
    }
  })

  test.skipIf(vector.fingerprints.length === 0)('is of no use to another device', async () => {
    for (const other of ['', 'a third device', `${fingerprint} `]) {
      await expect(openWhiteBox(decryptKey, other)).rejects.toThrow('bound to other devices')
      const { ciphertext, initializationVector } = vector.messages[1]!
      expect(readWhiteBox(decryptKey, hex(ciphertext), hex(initializationVector), other)).toBeUndefined()
    }
  })
})

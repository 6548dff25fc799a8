/** Folders and backups that earlier versions left behind: this version opens all of them, and they give what they gave. */
import { afterAll, describe, expect, test } from 'vitest'
import { openBackupKeyFile } from '../../src/adapters/backup/key-file.ts'
import { programVersion } from '../../src/adapters/sql/migrate.ts'
import { verifyBackup } from '../../src/restore.ts'
import { MovableClock } from '../harness/clock.ts'
import { startKeystead, type TestKeystead } from '../harness/keystead.ts'
import { expectedOf, fixturePath, fixtureVersions, unpack, unpackBackupKey } from './fixture.ts'

test('there is a fixture of the present version of the tables', () => {
  expect(fixtureVersions()).toContain(programVersion)
})

describe.each(fixtureVersions())('version %i', (version) => {
  const opened: TestKeystead[] = []
  afterAll(() => Promise.all(opened.map((keystead) => keystead.end())))

  test('is opened: ciphertexts of every key version decrypt, signatures verify', async () => {
    const keystead = await startKeystead({ folder: unpack(version), clock: new MovableClock() })
    opened.push(keystead)
    const { plaintext, ciphertexts, signed } = expectedOf(version)
    for (const { blob, context } of ciphertexts) {
      const members = { CiphertextBlob: blob, EncryptionContext: context }
      expect(await keystead.ok('Decrypt', members)).toMatchObject({ Plaintext: plaintext })
    }
    for (const members of signed)
      expect(await keystead.ok('VerifyByAsymmetricKey', members)).toMatchObject({ SignatureValid: true })
    expect(ciphertexts.length + signed.length).toBeGreaterThan(3)
  })

  test('left a backup that is read to its end', async () => {
    const key = openBackupKeyFile(unpackBackupKey(version))
    const { header } = await verifyBackup(fixturePath(version, 'backup'), key, () => {})
    expect(header.rows.key).toBeGreaterThan(3)
  })
})

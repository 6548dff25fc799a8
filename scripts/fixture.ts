/**
 * `node scripts/fixture.ts`: writes the fixture of the present version of the tables into test/upgrade/fixtures/: a data
 * folder and a backup of it as this program leaves them, and what they must still give in every later version. Made once
 * for each version, when its last change has been made, and never again.
 */
import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { writeBackup } from '../src/adapters/backup/file.ts'
import { createBackupKeyFile, openBackupKeyFile } from '../src/adapters/backup/key-file.ts'
import { programVersion } from '../src/adapters/sql/migrate.ts'
import { administerLines } from '../src/cli/admin.ts'
import { MovableClock } from '../test/harness/clock.ts'
import { startKeystead } from '../test/harness/keystead.ts'
import type { Expected } from '../test/upgrade/fixture.ts'

const folder = join(import.meta.dirname, '../test/upgrade/fixtures', String(programVersion))
if (existsSync(folder)) {
  process.stderr.write(`fixture: ${folder} is there already, and what is in it must not change\n`)
  process.exit(1)
}

/** Rotations are a day apart at least. */
const dayMs = 86_400_000
const clock = new MovableClock()
const keystead = await startKeystead({ clock })
const plaintext = Buffer.from(`of version ${programVersion}`).toString('base64')
const EncryptionContext = JSON.stringify({ version: String(programVersion) })
const expected: Expected = { plaintext, ciphertexts: [], signed: [] }

const decrypting = ['ENCRYPT_DECRYPT', 'ASYMMETRIC_DECRYPT_RSA_2048', 'ASYMMETRIC_DECRYPT_SM2']
for (const [n, KeyUsage] of decrypting.entries()) {
  const { KeyId } = await keystead.ok('CreateKey', { Alias: `fixture-${n}`, KeyUsage })
  if (KeyUsage !== 'ENCRYPT_DECRYPT') continue
  for (let version = 1; version <= 2; version += 1) {
    const members = { KeyId, Plaintext: plaintext, EncryptionContext }
    const { CiphertextBlob } = await keystead.ok('Encrypt', members)
    expected.ciphertexts.push({ blob: CiphertextBlob, context: EncryptionContext })
    if (version === 2) continue
    await keystead.ok('EnableKeyRotation', { KeyId })
    clock.pass(2 * dayMs)
    await keystead.ok('RotateKey', { KeyId })
  }
}
for (const [KeyUsage, Algorithm] of [
  ['ASYMMETRIC_SIGN_VERIFY_ECC', 'ECC_P256_R1'],
  ['ASYMMETRIC_SIGN_VERIFY_SM2', 'SM2DSA'],
] as const) {
  const { KeyId } = await keystead.ok('CreateKey', { Alias: `signer-${expected.signed.length}`, KeyUsage })
  const members = { KeyId, Algorithm, Message: plaintext, MessageType: 'RAW' }
  const { Signature } = await keystead.ok('SignByAsymmetricKey', members)
  expected.signed.push({ ...members, SignatureValue: Signature })
}

mkdirSync(folder, { recursive: true })
const key = join(folder, 'backup.key')
createBackupKeyFile(key)
await administerLines(keystead.folder, 'backup', {}, (lines) =>
  writeBackup(join(folder, 'backup'), openBackupKeyFile(key), randomBytes(32), lines),
)
await keystead.stop()
writeFileSync(
  join(folder, 'keystead.db.gz'),
  gzipSync(readFileSync(join(keystead.folder, 'keystead.db')), { level: 9 }),
)
for (const name of ['root.key', 'credentials.json'])
  writeFileSync(join(folder, name), readFileSync(join(keystead.folder, name)))
writeFileSync(join(folder, 'expected.json'), `${JSON.stringify(expected, null, 2)}\n`)
await keystead.end()
process.stdout.write(`${folder} written\n`)

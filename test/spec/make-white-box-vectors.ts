/**
 * Writes white-box.vectors.json: `node test/spec/make-white-box-vectors.ts`. With a folder, writes the DecryptKeys of the
 * vectors into it instead. The ciphertexts are the platform's.
 */
import { createCipheriv } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { seededRandom, text, toHex } from './fixed.ts'
import { type Seeded, seededWhiteBox, sha256 } from './white-box-vectors.ts'

const fingerprints = ['0177ebba-5ad6930a52d808-5ad6930a52d803-ddfd218bab945f-0c275b7f7d2c8c68', 'a second device']

const cases: readonly Seeded[] = [
  { algorithm: 'aes-256', seed: 'aes-256 for everybody', fingerprints: [] },
  { algorithm: 'aes-256', seed: 'aes-256 for two devices', fingerprints },
  { algorithm: 'sm4', seed: 'sm4 for everybody', fingerprints: [] },
  { algorithm: 'sm4', seed: 'sm4 for two devices', fingerprints },
]

const plaintexts = [text(''), text('Hello, Keystead'), text('sixteen letters!'), seededRandom('plaintext').bytes(100)]

const vectorOf = (seeded: Seeded) => {
  const { key, decryptKey } = seededWhiteBox(seeded)
  const random = seededRandom(`${seeded.seed} messages`)
  const messages = plaintexts.map((plaintext) => {
    const initializationVector = random.bytes(16)
    const mode = seeded.algorithm === 'sm4' ? 'sm4-cbc' : 'aes-256-cbc'
    const cipher = createCipheriv(mode, key, initializationVector)
    const ciphertext = Buffer.concat([cipher.update(plaintext), cipher.final()])
    return {
      initializationVector: toHex(initializationVector),
      ciphertext: toHex(ciphertext),
      plaintext: toHex(plaintext),
    }
  })
  return { ...seeded, key: toHex(key), decryptKey: sha256(decryptKey), messages }
}

const [folder] = process.argv.slice(2)
if (folder === undefined) {
  const file = new URL('white-box.vectors.json', import.meta.url)
  writeFileSync(file, `${JSON.stringify({ vectors: cases.map(vectorOf) }, null, 2)}\n`)
} else {
  for (const seeded of cases)
    writeFileSync(join(folder, `${seeded.seed.replaceAll(' ', '-')}.key`), seededWhiteBox(seeded).decryptKey)
}

import { randomBytes } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import { readBackup, writeBackup } from '../../src/adapters/backup/file.ts'
import { secretFrom } from '../../src/crypto/secret.ts'
import file from './backup.vectors.json' with { type: 'json' }
import { readBackupFile } from './backup-second-reader.ts'
import { hex } from './fixed.ts'

const folder = mkdtempSync(join(tmpdir(), 'keystead-backup-'))
afterAll(() => rmSync(folder, { recursive: true }))
const material = hex(file.key.material)
const key = { id: file.key.id, secret: secretFrom(material) }

async function* each(lines: readonly string[]): AsyncGenerator<string> {
  yield* lines
}
const read = async (path: string): Promise<string[]> => {
  const lines: string[] = []
  for await (const line of readBackup(path, key)) lines.push(line)
  return lines
}

describe.each(file.vectors)('the vector with $name', ({ lines, file: text }) => {
  test('is read by the program and by the second reader', async () => {
    const path = join(folder, 'vector')
    writeFileSync(path, hex(text))
    expect(await read(path)).toEqual(lines)
    expect(readBackupFile(hex(text), material)).toEqual(lines)
  })

  test('is refused by both with any byte changed', async () => {
    const path = join(folder, 'changed')
    const bytes = hex(text)
    for (let at = 0; at < bytes.length; at += 7) {
      const changed = bytes.with(at, (bytes[at] ?? 0) ^ 1)
      writeFileSync(path, changed)
      await expect(read(path)).rejects.toThrow()
      // The id of the key is in the derivation; the second reader is not told another one.
      expect(readBackupFile(changed, material)).toBeUndefined()
    }
  })
})

test('the second reader reads whatever the program writes, over several chunks too', async () => {
  let made = 0
  const line = fc.string({ unit: 'binary', maxLength: 30 }).map((value) => JSON.stringify(value))
  await fc.assert(
    fc.asyncProperty(
      fc.array(line, { minLength: 1, maxLength: 20 }),
      fc.integer({ min: 0, max: 200_000 }),
      async (lines, more) => {
        const path = join(folder, `written-${made++}`)
        // What does not compress fills the chunks.
        const all = [...lines, JSON.stringify(randomBytes(more).toString('base64'))]
        await writeBackup(path, key, randomBytes(32), each(all))
        expect(readBackupFile(readFileSync(path), material)).toEqual(all)
        expect(await read(path)).toEqual(all)
      },
    ),
    { numRuns: 20 },
  )
})

test('where the source of the lines fails, no file is left', async () => {
  const path = join(folder, 'failed')
  async function* failing(): AsyncGenerator<string> {
    yield '1'
    throw new Error('the server went away')
  }
  await expect(writeBackup(path, key, randomBytes(32), failing())).rejects.toThrow('the server went away')
  expect(() => readFileSync(path)).toThrow('ENOENT')
  expect(() => readFileSync(`${path}.part`)).toThrow('ENOENT')
})

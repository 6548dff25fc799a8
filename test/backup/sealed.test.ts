/** The sealed stream of a backup: whatever is not as it was written is refused, and tells nothing of what follows. */
import { randomBytes } from 'node:crypto'
import { chmodSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createBackupKeyFile, openBackupKeyFile } from '../../src/adapters/backup/key-file.ts'
import { type BackupKey, open, seal } from '../../src/adapters/backup/sealed.ts'
import { secretFrom } from '../../src/crypto/secret.ts'
import { newFolder } from '../server/folders.ts'

const key: BackupKey = { id: 'b0'.repeat(16), secret: secretFrom(new Uint8Array(32).fill(7)) }
const salt = new Uint8Array(32).fill(9)
const chunk = 65_536
const header = 100

async function* pieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}
const together = async (stream: AsyncIterable<Uint8Array>): Promise<Buffer> => {
  const parts: Uint8Array[] = []
  for await (const piece of stream) parts.push(piece)
  return Buffer.concat(parts)
}
const sealed = (plain: Uint8Array, size = 10_000) => together(seal(pieces(plain, size), key, salt))
const opened = (bytes: Uint8Array, size = 70_000, by = key) => together(open(pieces(bytes, size), by))

describe('a sealed stream', () => {
  test.each([0, 1, chunk - 1, chunk, chunk + 1, 3 * chunk, 3 * chunk + 5])(
    'of %i bytes opens to them',
    async (length) => {
      const plain = randomBytes(length)
      const bytes = await sealed(plain)
      expect(bytes.length).toBe(header + length + 16 * Math.max(1, Math.ceil(length / chunk)))
      expect((await opened(bytes)).equals(plain)).toBe(true)
    },
  )

  test('is the same however its source and its file are cut into pieces', async () => {
    const plain = randomBytes(2 * chunk + 77)
    const bytes = await sealed(plain)
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 900, max: 200_000 }), fc.integer({ min: 900, max: 200_000 }), async (a, b) => {
        expect((await sealed(plain, a)).equals(bytes)).toBe(true)
        expect((await opened(bytes, b)).equals(plain)).toBe(true)
      }),
      { numRuns: 15 },
    )
  })

  const plain = randomBytes(2 * chunk + 100)

  test('is refused where any byte of it was changed', async () => {
    const bytes = await sealed(plain)
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: bytes.length - 1 }),
        fc.integer({ min: 1, max: 255 }),
        async (at, by) => {
          const changed = Buffer.from(bytes)
          changed[at] = (changed[at] ?? 0) ^ by
          await expect(opened(changed)).rejects.toThrow(/no backup|later Keystead|sealed to|was damaged/)
        },
      ),
      { numRuns: 60 },
    )
  })

  test('is refused where it was cut off anywhere, also between two chunks', async () => {
    const bytes = await sealed(plain)
    const between = [header, header + chunk + 16, header + 2 * (chunk + 16)]
    const anywhere = fc.oneof(fc.constantFrom(...between), fc.integer({ min: 0, max: bytes.length - 1 }))
    await fc.assert(
      fc.asyncProperty(anywhere, async (length) => {
        await expect(opened(bytes.subarray(0, length))).rejects.toThrow(/no backup|damaged/)
      }),
      { numRuns: 30 },
    )
  })

  test('is refused where chunks were exchanged, repeated or added', async () => {
    const bytes = await sealed(plain)
    const at = (n: number) => bytes.subarray(header + n * (chunk + 16), header + (n + 1) * (chunk + 16))
    const [head, one, two, last] = [bytes.subarray(0, header), at(0), at(1), at(2)]
    for (const parts of [
      [head, two, one, last],
      [head, one, one, two, last],
      [head, one, last],
      [head, one, two, last, last],
      [head, one, two, last, Buffer.alloc(16)],
    ])
      await expect(opened(Buffer.concat(parts as Buffer[]))).rejects.toThrow('damaged, changed or cut off')
  })

  test('is refused by another key, also one of the same name', async () => {
    const bytes = await sealed(plain)
    const other = { id: key.id, secret: secretFrom(new Uint8Array(32).fill(8)) }
    await expect(opened(bytes, 70_000, other)).rejects.toThrow('the head of this backup')
    await expect(opened(bytes, 70_000, { ...other, id: 'c0'.repeat(16) })).rejects.toThrow(
      'is sealed to backup key b0b0',
    )
  })
})

describe('a backup key file', () => {
  test('is for its owner alone, and never made over another file', () => {
    const path = join(newFolder(), 'backup.key')
    const id = createBackupKeyFile(path)
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect(openBackupKeyFile(path).id).toBe(id)
    expect(() => createBackupKeyFile(path)).toThrow('EEXIST')
    chmodSync(path, 0o640)
    expect(() => openBackupKeyFile(path)).toThrow('can be read by others')
  })

  test('is refused where its key is not the one that it meant', () => {
    const path = join(newFolder(), 'backup.key')
    createBackupKeyFile(path)
    const text = readFileSync(path, 'utf8')
    const key = /"key": "(.{4})/.exec(text)?.[1] ?? ''
    for (const damaged of [text.replace(key, key === 'AAAA' ? 'BBBB' : 'AAAA'), '{}', 'null', 'no JSON']) {
      writeFileSync(path, damaged)
      expect(() => openBackupKeyFile(path)).toThrow('this is no backup key')
    }
  })
})

/** The file format against its page: what is not as it was sealed is refused, and nothing of it is given out. */
import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readHeader } from '../../src/file/header.ts'
import { chunkBytes, open, seal } from '../../src/file/sealed.ts'
import { collector, openBytes, sealBytes, sourceOf } from '../harness/sealed-files.ts'
import { readSealedFile } from './file-second-reader.ts'
import { hex, toHex } from './fixed.ts'

interface Vector {
  readonly name: string
  readonly dataKey: string
  readonly wrapped: string
  readonly context: Readonly<Record<string, string>>
  readonly content: string
  readonly file: string
}

// Parsed here: an import of JSON takes the name `__proto__` for the prototype.
const { vectors } = JSON.parse(readFileSync(new URL('file.vectors.json', import.meta.url), 'utf8')) as {
  readonly vectors: readonly Vector[]
}
const dataKey = randomBytes(32)
const header = { salt: randomBytes(32), wrapped: randomBytes(172), context: { a: '1' } }
const headerBytes = 88 + 172 + 9
const sealedChunk = chunkBytes + 16
const refused = /no file that Keystead|later Keystead|header was damaged|was damaged, changed or cut off/

describe.each(vectors)('the vector with $name', (vector) => {
  const [bytes, key] = [hex(vector.file), hex(vector.dataKey)]

  test('is written, and read by the program and by the second reader', async () => {
    const wrapped = hex(vector.wrapped)
    const { context } = vector
    const salt = bytes.slice(16, 48)
    expect(toHex(await sealBytes(hex(vector.content), key, { salt, wrapped, context }))).toBe(vector.file)
    expect(toHex(await openBytes(bytes, key))).toBe(vector.content)
    const header = await readHeader(sourceOf(bytes))
    expect([toHex(header.wrapped), JSON.stringify(header.context)]).toEqual([vector.wrapped, JSON.stringify(context)])
    const read = readSealedFile(bytes, () => key)
    expect(toHex(read?.content ?? new Uint8Array(1))).toBe(vector.content)
    expect(JSON.stringify(read?.context)).toBe(JSON.stringify(context))
  })

  test('is refused by both with any byte changed, and with any end cut off', async () => {
    for (let at = 0; at < bytes.length; at++) {
      const changed = bytes.with(at, (bytes[at] ?? 0) ^ (1 << (at % 8)))
      for (const wrong of [changed, bytes.subarray(0, at)]) {
        await expect(openBytes(wrong, key)).rejects.toThrow(refused)
        expect(readSealedFile(wrong, () => key)).toBeUndefined()
      }
    }
  })
})

describe('a file', () => {
  const sizes = [0, 1, chunkBytes - 1, chunkBytes, chunkBytes + 1, 3 * chunkBytes, 4 * chunkBytes + 5]
  test.each(sizes)('of %i bytes opens to them, by both readers', async (size) => {
    const content = randomBytes(size)
    const bytes = await sealBytes(content, dataKey, header)
    expect(bytes.length).toBe(headerBytes + size + 16 * Math.max(1, Math.ceil(size / chunkBytes)))
    expect((await openBytes(bytes, dataKey)).equals(content)).toBe(true)
    const read = readSealedFile(bytes, () => dataKey)
    expect(Buffer.compare(read?.content ?? Buffer.alloc(1), content)).toBe(0)
  })

  test('of any size about a border of chunks, from pieces of any size, opens to what it was', async () => {
    const near = fc.record({ chunks: fc.integer({ min: 0, max: 3 }), more: fc.integer({ min: -20, max: 20 }) })
    const piece = fc.integer({ min: 5000, max: 2 * chunkBytes })
    const sealedAndOpened = async ({ chunks, more }: { chunks: number; more: number }, of: number) => {
      const content = randomBytes(Math.max(0, chunks * chunkBytes + more))
      const [sealed, opened] = [collector(), collector()]
      await seal(sourceOf(content, of), sealed.sink, { ...header, dataKey: Uint8Array.from(dataKey) })
      await open(sourceOf(sealed.bytes(), of), opened.sink, async () => Uint8Array.from(dataKey))
      expect(opened.bytes().equals(content)).toBe(true)
    }
    await fc.assert(fc.asyncProperty(near, piece, sealedAndOpened), { numRuns: 40 })
  })

  const content = randomBytes(2 * chunkBytes + 100)
  const whole = sealBytes(content, dataKey, header)
  const openedOf = async (bytes: Uint8Array) => {
    const { sink, bytes: opened } = collector()
    await expect(open(sourceOf(bytes), sink, async () => Uint8Array.from(dataKey))).rejects.toThrow(refused)
    return opened()
  }

  test('of which any bit was changed gives out whole chunks before it and no more', async () => {
    const bytes = await whole
    const anyBit = fc.record({ at: fc.integer({ min: 0, max: bytes.length - 1 }), bit: fc.integer({ min: 0, max: 7 }) })
    const changedAt = async ({ at, bit }: { at: number; bit: number }) => {
      const changed = Buffer.from(bytes)
      changed[at] = (changed[at] ?? 0) ^ (1 << bit)
      const before = Math.max(0, Math.floor((at - headerBytes) / sealedChunk)) * chunkBytes
      expect((await openedOf(changed)).equals(content.subarray(0, before))).toBe(true)
    }
    await fc.assert(fc.asyncProperty(anyBit, changedAt), { numRuns: 40 })
  })

  test('that was cut off anywhere, also between two chunks, is refused', async () => {
    const bytes = await whole
    const between = [0, 1, 2].map((chunk) => headerBytes + chunk * sealedChunk)
    const anywhere = fc.oneof(fc.constantFrom(...between), fc.integer({ min: 0, max: bytes.length - 1 }))
    const cutAt = async (length: number) => {
      const opened = await openedOf(bytes.subarray(0, length))
      expect(opened.equals(content.subarray(0, opened.length))).toBe(true)
      expect(opened.length).toBeLessThan(content.length)
    }
    await fc.assert(fc.asyncProperty(anywhere, cutAt), { numRuns: 30 })
  })

  test('whose chunks were exchanged, repeated, left out, added or taken from another is refused', async () => {
    const bytes = await whole
    const other = await sealBytes(content, dataKey, { ...header, salt: randomBytes(32) })
    const at = (from: Buffer, n: number) =>
      from.subarray(headerBytes + n * sealedChunk, headerBytes + (n + 1) * sealedChunk)
    const [head, one, two, last] = [bytes.subarray(0, headerBytes), at(bytes, 0), at(bytes, 1), at(bytes, 2)]
    for (const parts of [
      [head, two, one, last],
      [head, one, one, last],
      [head, one, last],
      [head, one, two, last, last],
      [head, one, two, last, Buffer.alloc(16)],
      [head, one, at(other, 1), last],
      [other.subarray(0, headerBytes), one, two, last],
    ])
      await openedOf(Buffer.concat(parts))
  })

  test('is refused under another data key', async () => {
    await expect(openBytes(await whole, randomBytes(32))).rejects.toThrow('header was damaged')
    await expect(openBytes(await whole, randomBytes(16))).rejects.toThrow('no data key')
  })
})

test('of contexts that no writer writes none is sent to the service', async () => {
  const bytes = await sealBytes(Buffer.from('x'), dataKey, { ...header, context: { a: '1' } })
  const asked: unknown[] = []
  for (const wrong of ['{"a":1} ', '["a","b"]', '"abcdefg"', 'null     ', '{"a":"1"', '\ufeff{"a":1']) {
    const changed = Buffer.from(bytes)
    changed.fill(0x20, 56 + 172, 56 + 172 + 9)
    changed.write(wrong, 56 + 172)
    const unwrap = async (_wrapped: Uint8Array, context: unknown) => {
      asked.push(context)
      return Uint8Array.from(dataKey)
    }
    await expect(open(sourceOf(changed), collector().sink, unwrap)).rejects.toThrow('header was damaged')
  }
  expect(asked).toEqual([])
})

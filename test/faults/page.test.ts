/** A database file whose bytes changed while nobody looked: what is answered from it is right, or an error. */
import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { databasePath } from '../../src/adapters/data-folder/folder.ts'
import { loadRows } from '../../src/adapters/sql/lists.ts'
import { kyselyOf, openReader } from '../../src/adapters/sql/sqlite/connection.ts'
import { checkEverything } from '../../src/cli/checking.ts'
import { open, parseSealed } from '../../src/core/ciphertext.ts'
import type { House } from '../../src/core/house.ts'
import { materialOf } from '../../src/core/material.ts'
import type { View } from '../../src/core/ports.ts'
import { startKeystead, type TestKeystead } from '../harness/keystead.ts'
import { keystead as program } from '../server/child.ts'
import { newFolder } from '../server/folders.ts'

const pageBytes = 4096
const texts = ['one', 'two', 'three'].map((text) => Buffer.from(text).toString('base64'))

let whole: string
let KeyId: string
let blobs: string[]
let intact: Buffer
/** Of a server whose keyring holds the same root key. */
let house: House
let beside: TestKeystead
const scratch = newFolder()

beforeAll(async () => {
  whole = newFolder()
  const keystead = await startKeystead({ folder: whole })
  KeyId = (await keystead.ok('CreateKey', { Alias: 'key' })).KeyId
  blobs = []
  for (const Plaintext of texts) blobs.push((await keystead.ok('Encrypt', { KeyId, Plaintext })).CiphertextBlob)
  await keystead.stop()
  intact = readFileSync(databasePath(whole))
  const folder = damaged(() => {})
  beside = await startKeystead({ folder })
  house = beside.running.installation.house
})
afterAll(() => beside.stop())

/** The database of the folder is as that of `whole`, but for `how`. */
const change = (how: (file: Buffer) => void, folder: string): void => {
  const file = Buffer.from(intact)
  how(file)
  writeFileSync(databasePath(folder), file)
}

const damaged = (how: (file: Buffer) => void): string => {
  const folder = newFolder()
  cpSync(whole, folder, { recursive: true })
  change(how, folder)
  return folder
}

const flip = (file: Buffer, at: number, count: number, mask: number): void => {
  for (let index = at; index < Math.min(at + count, file.length); index += 1)
    file.writeUInt8(file.readUInt8(index) ^ mask, index)
}

/** Starts on it; an error is the one sentence of a server that does not start. */
const tried = async <T>(folder: string, work: (keystead: TestKeystead) => Promise<T>): Promise<T | Error> => {
  let keystead: TestKeystead
  try {
    keystead = await startKeystead({ folder, settings: { init: false } })
  } catch (error) {
    return error as Error
  }
  try {
    return await work(keystead)
  } finally {
    await keystead.stop().catch(() => undefined)
  }
}

const valueIn = (query: string): unknown => {
  const db = new DatabaseSync(databasePath(whole), { readOnly: true })
  const [value] = Object.values(db.prepare(query).get() ?? {})
  db.close()
  return value
}

/** The texts of all blobs, as the way of a request reads the rows for them, from the file of this folder. */
const openedFrom = async (folder: string): Promise<string[]> => {
  const connection = openReader(databasePath(folder))
  try {
    const db = kyselyOf(connection)
    const load: View['reload'] = async (kind, id) => (await loadRows(db, [{ kind, id }]))[0] as never
    const view: View = { get: load, reload: load }
    const key = await view.get('key', KeyId)
    const material = key && (await materialOf(house, view, key, 1))
    return blobs.map((blob) => {
      const sealed = parseSealed(Buffer.from(blob, 'base64'))
      const text = sealed && material && open(material, sealed, { kind: 'none' })
      if (!text) throw new Error('it does not open')
      return Buffer.from(text).toString('base64')
    })
  } finally {
    connection.close()
  }
}

/** Flips something in every place of the file that holds `bytes`. */
const flipAll =
  (bytes: Buffer) =>
  (file: Buffer): void => {
    for (let at = file.indexOf(bytes); at >= 0; at = file.indexOf(bytes, at + bytes.length)) flip(file, at, 3, 1)
  }

/** What doctor finds, and the answer to Decrypt. */
const examined = async (change: (file: Buffer) => void) => {
  const outcome = await tried(damaged(change), async (keystead) => {
    const { code } = await keystead.call('Decrypt', { CiphertextBlob: blobs[0] })
    const { findings } = await checkEverything(keystead.folder)
    return { code, found: findings.filter(({ ok }) => !ok) }
  })
  if (outcome instanceof Error) throw outcome
  return outcome
}

describe('a database file that was damaged while it was closed', () => {
  test.each([
    ['its head', 0, 'file is not a database'],
    ['its table of tables', 100, 'database disk image is malformed'],
  ])('in %s is refused at the start, with what to do', async (_where, at, told) => {
    const folder = damaged((file) => flip(file, at, 40, 0xff))
    const { code, stderr } = await program(['serve', '--data', folder, '--port', '0']).exited
    expect([code, stderr]).toEqual([
      1,
      `keystead: ${told} (the database file is damaged: stop, keep it aside, and restore the newest backup)\n`,
    ])
  })

  test('in a table is an internal error where that is read, and doctor names it and goes on', async () => {
    const root = Number(valueIn("select rootpage from sqlite_schema where name = 'key_version'"))
    const { code, found } = await examined((file) => flip(file, (root - 1) * pageBytes, 40, 0xff))
    expect(code).toBe('InternalError')
    expect(found).toContainEqual(
      expect.objectContaining({ name: 'database', detail: expect.stringContaining('damaged') }),
    )
    expect(found).toContainEqual(
      expect.objectContaining({
        name: 'key versions',
        detail: 'not all can be read: database disk image is malformed',
      }),
    )
  })

  test('in wrapped material, which no longer opens, is an internal error, and doctor names the key version', async () => {
    const wrapped = valueIn('select bytes from material m join key_version v on v.material = m.slot') as Uint8Array
    expect(await examined(flipAll(Buffer.from(wrapped)))).toEqual({
      code: 'InternalError',
      found: [{ name: 'key versions', ok: false, detail: `these do not: ${KeyId}.1` }],
    })
  })

  test('in a row that no longer reads is an internal error, and nothing is guessed', async () => {
    expect(await examined(flipAll(Buffer.from('encryptDecrypt')))).toMatchObject({
      code: 'InternalError',
      found: [{ name: 'key versions' }],
    })
  })

  test('anywhere is never read as another plaintext: it is the right one, or an error', async () => {
    const damage = fc.record({
      page: fc.nat(),
      offset: fc.nat({ max: pageBytes - 1 }),
      count: fc.constantFrom(1, 4, 64, 1024),
      mask: fc.integer({ min: 1, max: 255 }),
    })
    let refused = 0
    const property = fc.asyncProperty(damage, async ({ page, offset, count, mask }) => {
      const place = ({ length }: Buffer) => (page % (length / pageBytes)) * pageBytes + offset
      change((file) => flip(file, place(file), count, mask), scratch)
      const opened = await openedFrom(scratch).catch((error) => error)
      if (opened instanceof Error) refused += 1
      else expect(opened).toEqual(texts)
    })
    await fc.assert(property, { numRuns: 400 })
    expect(refused).toBeGreaterThan(10)
  })
})

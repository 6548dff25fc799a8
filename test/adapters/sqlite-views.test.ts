import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import type { View } from '../../src/core/ports.ts'
import { commit, key } from './objects.ts'
import { sqliteFile } from './sqlite-file.ts'

describe('a view of a SQLite database', () => {
  const file = sqliteFile()
  const { open, meddle } = file

  test('that a process has alone shows each of its own changes in the next view, and asks nothing in between', async () => {
    const db = await open(true, true)
    let over = key()
    await db.store.commit(commit([{ add: over }]))
    for (let n = 0; n < 50; n += 1) {
      const view = await db.coherence.view()
      expect(await view.get('key', over.id)).toEqual(over)
      expect(view.get('key', over.id)).toBe((await db.coherence.view()).get('key', over.id))
      const put = { ...over, suspended: !over.suspended }
      await db.store.commit(commit([{ put, over }]))
      over = { ...put, revision: over.revision + 1 }
    }
    const view = await db.coherence.view()
    await view.get('key', over.id)
    const meddled = view.get('key', over.id)
    meddle('update barrier set epoch = epoch + 1')
    expect((await db.coherence.view()).get('key', over.id)).toBe(meddled)
  })

  test('that another process changed shows the change in the next view', async () => {
    const db = await open()
    const row = key()
    await db.store.commit(commit([{ add: row }]))
    expect(await (await db.coherence.view()).get('key', row.id)).toEqual(row)
    const script = fileURLToPath(new URL('./commit-elsewhere.ts', import.meta.url))
    expect(execFileSync(process.execPath, [script, file.path, row.id], { encoding: 'utf8' })).toBe('committed')
    expect(await (await db.coherence.view()).get('key', row.id)).toEqual({ ...row, suspended: true, revision: 2 })
  })

  test('that several processes have is looked at once for what is begun in a turn, and again for whatever comes after', async () => {
    const db = await open()
    const row = key()
    await db.store.commit(commit([{ add: row }]))
    await (await db.coherence.view()).get('key', row.id)
    const script = fileURLToPath(new URL('./commit-elsewhere.ts', import.meta.url))
    const found = (view: View | Promise<View>) => (view as View).get('key', row.id)
    db.coherence.view()
    execFileSync(process.execPath, [script, file.path, row.id])
    // All of what is begun in this turn had arrived before the other process was asked.
    expect(found(db.coherence.view())).toMatchObject({ suspended: row.suspended })
    await Promise.resolve()
    expect(await found(db.coherence.view())).toMatchObject({ suspended: true })
  })

  test('answers a reload from the file, and a get from what the view holds', async () => {
    const db = await open()
    const over = key()
    await db.store.commit(commit([{ add: over }]))
    const view = await db.coherence.view()
    await view.get('key', over.id)
    await db.store.commit(commit([{ put: { ...over, suspended: true }, over }]))
    expect(view.get('key', over.id)).toMatchObject({ suspended: false })
    expect(await view.reload('key', over.id)).toMatchObject({ suspended: true })
  })

  test('that holds a value which the program does not write is not guessed at', async () => {
    const db = await open()
    const row = key()
    await db.store.commit(commit([{ add: row }]))
    meddle("update key set origin = 'elsewhere'")
    await expect((await db.coherence.view()).get('key', row.id)).rejects.toThrow('does not write')
  })

  test('whose row is damaged fails whoever asks for that row, and nobody who asks at the same time', async () => {
    const db = await open()
    const [broken, sound] = [key(), key()]
    await db.store.commit(commit([{ add: broken }, { add: sound }]))
    meddle(`update key set origin = 'elsewhere' where id = '${broken.id}'`)
    const view = await db.coherence.view()
    const asked = [broken, sound, broken].map(({ id }) => view.get('key', id))
    const told = (await Promise.allSettled(asked)).map(({ status }) => status)
    expect(told).toEqual(['rejected', 'fulfilled', 'rejected'])
    expect(await asked[1]).toEqual(sound)
  })
})

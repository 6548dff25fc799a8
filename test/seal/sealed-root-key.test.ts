/** A seal changes in two phases, and whatever fails in between, a file that opens is there. */
import { chmodSync, linkSync, readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { disk } from '../../src/adapters/root-key/disk.ts'
import { createRootKeyFile } from '../../src/adapters/root-key/file.ts'
import type { SealedRootKey } from '../../src/adapters/root-key/sealed-root-key.ts'
import type { NewSeal } from '../../src/core/ports.ts'
import { Crash, failingDisk, keeper, newRootKeyFile, opened, passphrase } from './files.ts'

const three = { seal: 'shamir', threshold: 3, shares: 5 } as const
const keysOf = ({ root }: SealedRootKey) =>
  root.generations.map(({ id, number, key }) => `${number} ${id} ${key.toString('hex')}`)

/** Puts another seal on, and gives what opens it. */
const migrated = async (root: SealedRootKey, to: NewSeal): Promise<readonly string[]> => {
  const made = await root.prepare(to)
  if ('rejected' in made) throw new Error(made.rejected)
  const inputs = to.seal === 'passphrase' ? [to.passphrase] : made.shares.slice(0, 3)
  const adopted = await root.adopt(inputs)
  if ('rejected' in adopted) throw new Error(adopted.rejected)
  return to.seal === 'passphrase' ? [to.passphrase] : made.shares
}

const contentOf = (path: string) => JSON.parse(readFileSync(path, 'utf8'))

describe('a passphrase', () => {
  test('opens what it sealed, and the file has no key in it', async () => {
    const path = newRootKeyFile()
    const before = await opened(path)
    const keys = keysOf(before)
    await migrated(before, { seal: 'passphrase', passphrase })
    expect(contentOf(path)).toMatchObject({ format: 2, seal: { kind: 'passphrase', kdf: 'scrypt', n: '131072' } })
    for (const { key } of before.root.generations) {
      expect(readFileSync(path, 'utf8')).not.toContain(key.toString('base64'))
      expect(readFileSync(path, 'utf8')).not.toContain(key.toString('hex'))
    }

    const after = await opened(path)
    expect([after.isSealed, after.root.material('a'.repeat(32), 1)]).toEqual([true, undefined])
    expect(() => after.root.generation).toThrow('sealed')
    expect(await after.unseal('wrong')).toEqual({ rejected: 'does not open it' })
    expect(after.isSealed).toBe(true)
    expect(await after.unseal(passphrase)).toMatchObject({ sealed: false, seal: 'passphrase' })
    expect(keysOf(after)).toEqual(keys)
  })

  test('that is short is refused, and one of another root key opens nothing', async () => {
    const path = newRootKeyFile()
    const root = await opened(path)
    expect(await root.prepare({ seal: 'passphrase', passphrase: 'short' })).toHaveProperty('rejected')
    await migrated(root, { seal: 'passphrase', passphrase })
    const foreign = await opened(path, { isRight: () => false })
    expect(await foreign.unseal(passphrase)).toEqual({
      rejected: expect.stringContaining('does not open the database beside it'),
    })
    expect(foreign.isSealed).toBe(true)
  })

  test('whose parameters were changed takes neither memory nor a guess', async () => {
    const path = newRootKeyFile()
    await migrated(await opened(path), { seal: 'passphrase', passphrase })
    const changes = [{ n: '1024' }, { n: '131073' }, { n: '4194304', r: '32' }, { r: '0' }, { p: '1e9' }]
    const content = contentOf(path)
    for (const change of changes) {
      writeFileSync(path, JSON.stringify({ ...content, seal: { ...content.seal, ...change } }))
      const said = await (await opened(path)).unseal(passphrase)
      expect([change, said]).toEqual([change, { rejected: expect.stringContaining('out of bounds') }])
    }
  })
})

describe('shares', () => {
  test('open in any order, and nothing wrong counts as one', async () => {
    const path = newRootKeyFile()
    const before = await opened(path)
    const keys = keysOf(before)
    const [first = '', second = '', third = ''] = await migrated(before, three)
    const [foreign = ''] = await migrated(await opened(newRootKeyFile()), three)

    const root = await opened(path)
    const given = async (share: string) => {
      const said = await root.unseal(share)
      return 'rejected' in said ? said.rejected : said.given
    }
    expect(await given(third)).toBe(1)
    const mistyped = first.slice(0, -1) + (first.endsWith('0') ? '1' : '0')
    const wrong = [third, foreign, mistyped, 'kss1', passphrase].map(given)
    expect(await Promise.all(wrong)).toEqual([
      'is number 3, which was given before',
      'is of another seal',
      'is no share, or was mistyped',
      'is no share, or was mistyped',
      'is no share, or was mistyped',
    ])
    expect(root.state()).toMatchObject({ sealed: true, needed: 3, given: 1, told: expect.stringContaining('1 of 3') })
    expect(await given(first.toUpperCase().replaceAll('-', ' '))).toBe(2)
    expect(await given(second)).toBe(0)
    expect([root.isSealed, keysOf(root)]).toEqual([false, keys])
  })

  test('of one split that was changed to another threshold give an error, never a wrong key', async () => {
    const path = newRootKeyFile()
    const shares = await migrated(await opened(path), three)
    const content = contentOf(path)
    content.seal.threshold = '2'
    writeFileSync(path, JSON.stringify(content))
    const root = await opened(path)
    for (const share of shares.slice(0, 2)) expect(await root.unseal(share)).toEqual({ rejected: 'is of another seal' })
    expect(root.isSealed).toBe(true)
  })

  test('as many as are needed must come back before the old seal is dropped', async () => {
    const path = newRootKeyFile()
    const root = await opened(path)
    const before = readFileSync(path, 'utf8')
    expect(await root.adopt([])).toHaveProperty('rejected')
    const made = (await root.prepare(three)) as { shares: readonly string[] }
    expect(await root.adopt(made.shares.slice(0, 2))).toEqual({ rejected: 'needs more shares' })
    expect(readFileSync(path, 'utf8')).toBe(before)
    expect(await root.adopt(made.shares.slice(2))).toMatchObject({ seal: 'shamir', sealed: false })
    expect(await root.prepare({ ...three, threshold: 6 })).toHaveProperty('rejected')
  })
})

describe('a custodian', () => {
  test('opens at the start by itself, and is asked again while it is away', async () => {
    const path = newRootKeyFile()
    const kms = keeper()
    await migrated(await opened(path, { kms }), { seal: 'kms' })
    expect((await opened(path, { kms })).isSealed).toBe(false)
    kms.away = true
    const root = await opened(path, { kms })
    expect(root.state()).toMatchObject({ sealed: true, fault: 'the token was pulled out' })
    kms.away = false
    await expect.poll(() => root.isSealed, { timeout: 5000 }).toBe(false)
  })

  test('that is away when its seal is prepared changes nothing', async () => {
    const path = newRootKeyFile()
    const root = await opened(path)
    expect(await root.prepare({ seal: 'pkcs11' })).toEqual({ rejected: 'cannot be done: nobody there' })
    expect((await opened(path)).state().seal).toBe('file')
  })
})

describe('a new generation', () => {
  test('wraps from now on, under the same seal and the same shares, and the older ones stay', async () => {
    const path = newRootKeyFile()
    const root = await opened(path)
    const shares = await migrated(root, three)
    const [old] = keysOf(root)
    expect(await root.addGeneration()).toMatchObject({ generation: { number: 2 }, generations: 2 })
    expect(keysOf(root)[0]).toBe(old)
    const again = await opened(path)
    for (const share of shares.slice(1, 4)) await again.unseal(share)
    expect([again.root.generation.number, keysOf(again)]).toEqual([2, keysOf(root)])
  })

  test('is taken in by another process of the same file, without being unsealed again', async () => {
    const path = newRootKeyFile()
    const first = await opened(path)
    await migrated(first, { seal: 'passphrase', passphrase })
    const second = await opened(path)
    await second.unseal(passphrase)
    await first.addGeneration()
    await second.refresh()
    expect(keysOf(second)).toEqual(keysOf(first))
    expect(await second.addGeneration()).toMatchObject({ generation: { number: 3 } })
  })

  test('is found by a process that meets it before it looked at the file again', async () => {
    const path = newRootKeyFile()
    const [first, second] = [await opened(path), await opened(path)]
    await first.addGeneration()
    const { id, number } = first.root.generation
    expect(second.root.material(id, number)).toEqual(first.root.material(id, number))
    expect(second.root.material(id, 9)).toBeUndefined()
    const sealed = await opened(path)
    sealed.close()
    expect(sealed.root.material(id, number)).toBeUndefined()
  })

  test('reaches a process whose custodian opens the file under another seal key', async () => {
    const path = newRootKeyFile()
    const kms = keeper()
    const [first, second] = [await opened(path, { kms }), await opened(path, { kms })]
    await migrated(first, { seal: 'kms' })
    second.lookAgain()
    await second.refresh()
    await first.addGeneration()
    await second.refresh()
    expect(keysOf(second)).toEqual(keysOf(first))
  })

  test('is never taken from a file that lacks what is in use', async () => {
    const path = newRootKeyFile()
    const root = await opened(path)
    const keys = keysOf(root)
    writeFileSync(path, readFileSync(newRootKeyFile()))
    await expect(root.refresh()).rejects.toThrow('lacks generations that are in use')
    expect(keysOf(root)).toEqual(keys)
  })

  test('opens a sealed process too, once the file is a plain one again', async () => {
    const path = newRootKeyFile()
    const first = await opened(path)
    await migrated(first, { seal: 'passphrase', passphrase })
    const second = await opened(path)
    await migrated(first, { seal: 'file' })
    second.lookAgain()
    await second.refresh()
    expect([second.isSealed, keysOf(second)]).toEqual([false, keysOf(first)])
  })

  test('makes an older prepared seal worthless', async () => {
    const path = newRootKeyFile()
    const root = await opened(path)
    await root.prepare({ seal: 'file' })
    await root.addGeneration()
    expect(await root.adopt([])).toEqual({ rejected: expect.stringContaining('older generations') })
  })
})

test('several processes of one folder are opened by what opens each of them, and by nothing that opens one', async () => {
  const path = newRootKeyFile()
  const severalProcesses = true
  const worker = await opened(path, { severalProcesses })
  expect(await worker.prepare({ seal: 'passphrase', passphrase })).toEqual({
    rejected: 'needs a server without --workers',
  })
  await migrated(await opened(path), { seal: 'passphrase', passphrase })
  await expect(opened(path, { severalProcesses })).rejects.toThrow('opens one process')
})

describe('a crash', () => {
  /** Every step in turn, whole and half done. */
  const atEachStep = async (work: (root: SealedRootKey) => Promise<unknown>) => {
    for (const torn of [false, true])
      for (let steps = 0; ; steps++) {
        const path = newRootKeyFile()
        const keys = keysOf(await opened(path))
        const kms = keeper()
        const crashed = await work(await opened(path, { disk: failingDisk(steps, torn), kms })).then(
          (said) => JSON.stringify(said).includes('rejected'),
          (error) => error instanceof Crash,
        )
        const after = await opened(path, { kms })
        expect([steps, after.isSealed, keysOf(after).slice(0, 1)]).toEqual([steps, false, keys])
        if (!crashed) break
        expect(steps).toBeLessThan(10)
      }
  }

  test('at any step of a migration leaves one seal that works', () =>
    atEachStep(async (root) => {
      const prepared = await root.prepare({ seal: 'kms' })
      return 'rejected' in prepared ? prepared : root.adopt([])
    }))

  test('at any step of a new generation leaves the older ones at least', () =>
    atEachStep((root) => root.addGeneration()))
})

describe('the file', () => {
  test('that was replaced is overwritten where it lay, unless another name leads to it', async () => {
    const path = newRootKeyFile()
    const backup = `${path}.backup`
    linkSync(path, backup)
    const text = readFileSync(path, 'utf8')
    await (await opened(path)).addGeneration()
    expect(readFileSync(backup, 'utf8')).toBe(text)
  })

  test('that somebody else exchanged, or damaged, is told by its check', async () => {
    const path = newRootKeyFile()
    const root = await opened(path)
    expect(() => root.check()).not.toThrow()
    await root.prepare({ seal: 'file' })
    expect(() => root.check()).toThrow('a migration was not finished')
    await root.adopt([])
    expect(() => root.check()).not.toThrow()
    const other = newRootKeyFile()
    writeFileSync(path, readFileSync(other))
    expect(() => root.check()).toThrow('does not hold the root key that is in use')
    chmodSync(path, 0o644)
    expect(() => root.check()).toThrow('chmod 600')
    expect(() => createRootKeyFile(path)).toThrow('already')
    expect(() => disk.create('/nowhere/at/all', '')).toThrow('ENOENT')
  })
})

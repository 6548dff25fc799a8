/** A file has its name only when it is whole, and takes nobody's place unasked. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { writeWhole } from '../../src/file/whole.ts'
import { newFolder } from '../server/folders.ts'

const write = (path: string, force: boolean, during = () => {}) =>
  writeWhole(path, force, async (file) => {
    await file.writeFile('after')
    during()
  })

test('a file that is there is replaced when that is asked for, and nothing else ever is', async () => {
  const folder = newFolder()
  const [file, link, sub] = ['file', 'link', 'sub'].map((name) => join(folder, name)) as [string, string, string]
  writeFileSync(file, 'before')
  symlinkSync(file, link)
  mkdirSync(sub)
  for (const path of [file, link, sub]) await expect(write(path, false)).rejects.toThrow('is there already')
  for (const path of [link, sub]) await expect(write(path, true)).rejects.toThrow('is no file')
  expect(readFileSync(file, 'utf8')).toBe('before')
  await write(file, true)
  expect(readFileSync(file, 'utf8')).toBe('after')
  expect(readdirSync(folder).sort()).toEqual(['file', 'link', 'sub'])
})

test('a name that somebody else takes meanwhile is theirs', async () => {
  const folder = newFolder()
  const path = join(folder, 'file')
  await expect(write(path, false, () => writeFileSync(path, 'theirs'))).rejects.toThrow('EEXIST')
  expect(readFileSync(path, 'utf8')).toBe('theirs')
  expect(readdirSync(folder)).toEqual(['file'])
})

test.each(['SIGINT', 'SIGTERM'] as const)('where %s ends the program meanwhile, nothing is left', async (signal) => {
  const folder = newFolder()
  const module = join(import.meta.dirname, '../../src/file/whole.ts')
  const program = `
    import { writeWhole } from ${JSON.stringify(module)}
    await writeWhole(${JSON.stringify(join(folder, 'file'))}, false, async (file) => {
      await file.writeFile('a beginning')
      process.stdout.write('begun')
      await new Promise((resolve) => setTimeout(resolve, 60_000))
    })`
  const child = spawn(process.execPath, ['--no-warnings', '--input-type=module', '-e', program])
  await once(child.stdout, 'data')
  expect(readdirSync(folder)).toEqual([expect.stringMatching(/^\.keystead-[0-9a-f]{16}\.part$/)])
  child.kill(signal)
  const [, by] = await once(child, 'exit')
  expect(by).toBe(signal)
  expect(readdirSync(folder)).toEqual([])
})

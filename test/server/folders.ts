/** Folders that go when the test file that asked for them is done. */
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import { temporaryFolder } from '../harness/keystead.ts'

const made: string[] = []
afterAll(() => {
  for (const folder of made) rmSync(folder, { recursive: true, force: true })
})

export const newFolder = (): string => {
  const folder = temporaryFolder()
  made.push(folder)
  return folder
}

/** The path of a data folder that is not there yet. */
export const newData = (): string => join(newFolder(), 'data')

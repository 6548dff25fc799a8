/** `keystead seal …` in this process: what it printed. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { vi } from 'vitest'
import { sealCommand } from '../../src/cli/seal.ts'
import { newFolder } from '../server/folders.ts'

export const seal = async (data: string, ...args: readonly string[]): Promise<string> => {
  let said = ''
  const spy = vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    said += text
    return true
  })
  try {
    await sealCommand().parseAsync([...args, '--data', data], { from: 'user' })
  } finally {
    spy.mockRestore()
  }
  return said
}

/** A file of one line. */
export const lineFile = (line: string, mode = 0o600): string => {
  const path = join(newFolder(), 'line')
  writeFileSync(path, `${line}\n`, { mode })
  return path
}

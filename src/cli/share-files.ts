/** Where new shares go, and how they come back to show that they arrived. */
import { closeSync, fsyncSync, mkdirSync, openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { askSecret, secretFromFile } from './secret-input.ts'

export interface Kept {
  /** One share as its keeper has it; `at` counts from 1. */
  back(at: number, needed: number): Promise<string>
}

const writeShare = (path: string, share: string): void => {
  const file = openSync(path, 'wx', 0o600)
  try {
    writeSync(file, `${share}\n`)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}

/** In a file each, which are read again from there; without a folder, on the terminal, where they are typed again. */
export const keepShares = (shares: readonly string[], folder: string | undefined): Kept => {
  if (folder === undefined) {
    process.stdout.write(`These shares are shown this once. Give each to another keeper:\n\n${shares.join('\n')}\n\n`)
    return { back: (at, needed) => askSecret(`Share, as a keeper has it (${at} of ${needed}): `) }
  }
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const path = (at: number) => join(folder, `share-${at}`)
  for (const [index, share] of shares.entries()) writeShare(path(index + 1), share)
  return { back: async (at) => secretFromFile(path(at)) }
}

/** `backup`: one sealed file of everything but the root key, from a running server or from a folder that none uses. */
import { randomBytes } from 'node:crypto'
import { statSync } from 'node:fs'
import { Command } from 'commander'
import { readBackup, writeBackup } from '../adapters/backup/file.ts'
import { createBackupKeyFile, openBackupKeyFile } from '../adapters/backup/key-file.ts'
import type { BackupKey } from '../adapters/backup/sealed.ts'
import { adminCommand, administerLines, print, type Shared } from './admin.ts'
import { progress } from './progress.ts'

/** What the first line says, as far as a person wants to know it. */
interface Header {
  readonly installation: string
  readonly takenAt: number
  readonly rows: Readonly<Record<string, number>>
}

const totalOf = ({ rows }: Header): number => Object.values(rows).reduce((sum, count) => sum + count, 0)

/** The same lines, with a bar that follows them once the first one has said how many there are. */
async function* watched(lines: AsyncIterable<string>, label: string): AsyncGenerator<string> {
  let bar: ReturnType<typeof progress> | undefined
  try {
    for await (const line of lines) {
      if (bar) bar.advance(1)
      else bar = progress(label, totalOf(JSON.parse(line) as Header))
      yield line
    }
  } finally {
    bar?.done()
  }
}

/** Reads a backup to its end, and gives its header: every byte is as it was written then, and nothing is missing. */
const verify = async (path: string, key: BackupKey): Promise<Header> => {
  const bar = progress('verifying', statSync(path).size)
  let header: Header | undefined
  let [lines, end] = [-1, -1]
  for await (const line of readBackup(path, key, (bytes) => bar.advance(bytes))) {
    header ??= JSON.parse(line) as Header
    if (line.startsWith('{"end":')) end = Number((JSON.parse(line) as { end: number }).end)
    else lines += 1
  }
  bar.done()
  if (!header || lines !== end || end !== totalOf(header)) throw new Error(`${path}: it lacks rows that it should have`)
  return header
}

const told = (path: string, header: Header) => {
  const { installation, takenAt, rows } = header
  const answer = {
    file: path,
    installation,
    takenAt: new Date(takenAt).toISOString(),
    rows: totalOf(header),
    keys: rows.key,
  }
  return { answer, text: `${path}: ${answer.rows} rows, ${answer.keys} keys, as of ${answer.takenAt}` }
}

interface ToFile extends Shared {
  readonly to?: string
  readonly backupKey?: string
}

const make = async (options: ToFile): Promise<void> => {
  const { data, to, backupKey } = options
  if (to === undefined || backupKey === undefined)
    throw new Error('--to and --backup-key are needed. A new key: keystead backup key --out FILE')
  const key = openBackupKeyFile(backupKey)
  await administerLines(data, 'backup', {}, (lines) =>
    writeBackup(to, key, randomBytes(32), watched(lines, 'backing up')),
  )
  const { answer, text } = told(to, await verify(to, key))
  print(options, answer, text)
}

const keyCommand = (): Command =>
  new Command('key')
    .description('make a backup key')
    .requiredOption('--out <file>', 'where to; a file that is there is left alone')
    .action(({ out }: { out: string }) => {
      const id = createBackupKeyFile(out)
      process.stdout.write(`made backup key ${id} in ${out}: keep copies of it apart from the backups\n`)
    })

const verifyCommand = (): Command =>
  new Command('verify')
    .description('read a backup to its end')
    .argument('<file>', 'the backup')
    .requiredOption('--backup-key <file>', 'the key that it is sealed to')
    .action(async (file: string, options: { backupKey: string }) => {
      const { text } = told(file, await verify(file, openBackupKeyFile(options.backupKey)))
      process.stdout.write(`whole: ${text}\n`)
    })

export const backupCommand = (): Command =>
  adminCommand('backup', 'make one sealed file of everything but the root key')
    .enablePositionalOptions()
    .option('--to <file>', 'a new file')
    .option('--backup-key <file>', 'the key to seal it to')
    .action(make)
    .addCommand(keyCommand())
    .addCommand(verifyCommand())

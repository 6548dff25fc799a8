/** `backup`: one sealed file of everything but the root key, from a running server or from a folder that none uses. */
import { randomBytes } from 'node:crypto'
import { statSync } from 'node:fs'
import { Command } from 'commander'
import { refuseExisting, writeBackup } from '../adapters/backup/file.ts'
import { createBackupKeyFile, openBackupKeyFile } from '../adapters/backup/key-file.ts'
import type { BackupKey } from '../adapters/backup/sealed.ts'
import type { verifyBackup } from '../restore.ts'
import { adminCommand, administerLines, print, type Shared } from './admin.ts'
import { progress, rowsIn } from './progress.ts'

type Header = Awaited<ReturnType<typeof verifyBackup>>['header']

/** The same lines, with a bar that follows them once the first one has said how many there are. */
async function* watched(lines: AsyncIterable<string>, label: string): AsyncGenerator<string> {
  let bar: ReturnType<typeof progress> | undefined
  try {
    for await (const line of lines) {
      if (bar) bar.advance(1)
      else bar = progress(label, rowsIn(JSON.parse(line) as Header))
      yield line
    }
  } finally {
    bar?.done()
  }
}

const verify = async (path: string, key: BackupKey): Promise<Header> => {
  const bar = progress('verifying', statSync(path).size)
  const restoring = await import('../restore.ts')
  const { header } = await restoring.verifyBackup(path, key, (bytes) => bar.advance(bytes))
  bar.done()
  return header
}

const told = (path: string, header: Header) => {
  const { installation, takenAt, rows } = header
  const answer = {
    file: path,
    installation,
    takenAt: new Date(takenAt).toISOString(),
    rows: rowsIn(header),
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
  // Before the server begins with it.
  refuseExisting(to)
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

/** `migrate`: from the database in a data folder to a server that several nodes share. */
import type { Command } from 'commander'
import { databaseArgument, readSettings, type Settings } from '../config.ts'
import { adminCommand, print, type Shared, settingsFor } from './admin.ts'
import { checkEverything, findingsTable } from './checking.ts'
import { progress, rowsIn } from './progress.ts'

interface FromTo extends Shared {
  readonly from: string
  readonly to?: string
  readonly toFile?: string
}

const prefix = 'sqlite:'

const folderOf = (from: string): string => {
  if (!from.startsWith(prefix)) throw new Error('--from must be sqlite:FOLDER, the data folder that has keystead.db.')
  return from.slice(prefix.length)
}

/** With a password it comes from the environment or a file, as `serve` takes it. */
const settingsOf =
  ({ to, toFile }: FromTo) =>
  (data: string): Settings => {
    const settings = settingsFor(data)
    if (toFile !== undefined) return readSettings({ ...settings, databaseFile: toFile })
    return to === undefined ? settings : { ...settings, database: databaseArgument('--to', to) }
  }

const migrate = async (options: FromTo): Promise<void> => {
  process.umask(0o077)
  const settings = settingsOf(options)
  const { database } = settings(options.data)
  if (database === undefined) throw new Error('name the server with --to, --to-file or KEYSTEAD_DATABASE.')
  let writing: ReturnType<typeof progress> | undefined
  let checked = ''
  const { moveToServer } = await import('../move.ts')
  const header = await moveToServer({
    from: folderOf(options.from),
    to: database,
    data: options.data,
    onRows(found, count) {
      writing ??= progress('moving', rowsIn(found))
      writing.advance(count)
    },
    async check({ rows }) {
      writing?.done()
      const { ok, findings } = await checkEverything(options.data, { 'key versions': rows.key_version ?? 0 }, settings)
      checked = findingsTable(findings)
      if (!ok) throw new Error(`not everything opens, and ${options.from} is still what is served:\n${checked}`)
    },
  })
  const answer = { rows: rowsIn(header), keys: header.rows.key, data: options.data }
  const text = `moved ${answer.rows} rows, ${answer.keys} keys. Serve with --data ${options.data} and KEYSTEAD_DATABASE from now on.`
  print(options, answer, `${checked}\n${text}`)
}

export const migrateCommand = (): Command =>
  adminCommand('migrate', 'move from the database in a data folder to a server that nodes share')
    .requiredOption('--from <sqlite:folder>', 'the data folder that has keystead.db; no server runs on it')
    .option('--to <postgres:url>', 'the empty database; without a password')
    .option('--to-file <file>', 'file that holds its URL, password and all; or KEYSTEAD_DATABASE')
    .action(migrate)

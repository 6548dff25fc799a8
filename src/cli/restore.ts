/** `restore`: a backup into an empty place, and the end of the quarantine that it is in then. */
import { statSync } from 'node:fs'
import type { Command } from 'commander'
import { openBackupKeyFile } from '../adapters/backup/key-file.ts'
import type { SealState } from '../core/ports.ts'
import { adminCommand, administer, type Members, print, type Shared, settingsFor, table } from './admin.ts'
import { checkEverything, findingsTable } from './checking.ts'
import { progress, rowsIn } from './progress.ts'
import { askSecret, isTerminal, secretFromFile } from './secret-input.ts'

interface FromFile extends Shared {
  readonly backupKey?: string
  readonly rootKey?: string
  readonly sinceAudit: readonly string[]
  readonly newerDatabase?: string
  readonly passphraseFile?: string
  readonly shareFile?: readonly string[]
}

/**
 * Gives the counts by the names that the check of everything has for them; `sealed` where a person had to open the root
 * key, for then no other process has it open.
 */
const write = async (file: string, options: FromFile): Promise<Readonly<Record<string, number>> | 'sealed'> => {
  const { data, backupKey, rootKey, sinceAudit: journals, newerDatabase, ...secrets } = options
  if (backupKey === undefined) throw new Error('--backup-key is needed: the key that the backup is sealed to.')
  const key = openBackupKeyFile(backupKey)
  const verifying = progress('verifying', statSync(file).size)
  const give = secretGiver(secrets)
  let sealed = false
  let writing: ReturnType<typeof progress> | undefined
  const [{ operationsOf }, { restoreBackup }] = await Promise.all([import('../main.ts'), import('../restore.ts')])
  const { rows } = await restoreBackup({
    file,
    key,
    settings: settingsFor(data),
    ...(rootKey === undefined ? {} : { rootKey }),
    journals,
    ...(newerDatabase === undefined ? {} : { newerDatabase }),
    secret(state) {
      sealed = true
      return give(state)
    },
    operationsOf,
    onBytes: (bytes) => verifying.advance(bytes),
    onRows(header, count) {
      verifying.done()
      writing ??= progress('restoring', rowsIn(header))
      writing.advance(count)
    },
  })
  writing?.done()
  if (sealed) return 'sealed'
  const of = (table: string) => rows[table] ?? 0
  return { 'key versions': of('key_version'), 'data keys': of('data_key'), 'access keys': of('credential') }
}

/** What opens the root key: from files, one after the other, or typed. */
const secretGiver = ({ passphraseFile, shareFile = [] }: Pick<FromFile, 'passphraseFile' | 'shareFile'>) => {
  const files = [...(passphraseFile === undefined ? [] : [passphraseFile]), ...shareFile]
  return async ({ told, needed }: SealState): Promise<string> => {
    const next = files.shift()
    if (next !== undefined) return secretFromFile(next)
    if (!isTerminal()) throw new Error(`${told}. Give it with --passphrase-file or --share-file.`)
    return askSecret(needed === undefined ? 'Passphrase of the root key: ' : 'Share of the root key: ')
  }
}

const undoneText = ({ was, kind, id, key, at, by }: Members): readonly string[] => [
  String(was),
  String(kind),
  key === undefined ? String(id) : `${id} of key ${key}`,
  String(at ?? ''),
  String(by ?? ''),
]

const blind =
  'It cannot be known what the backup undoes: neither a journal (--since-audit) nor a newer database (--newer-database)\nwas given. Keys that were destroyed, access keys that were deleted and grants that were revoked since are back.'

const statusText = (answer: Members): string => {
  const { quarantined, takenAt, restoredAt } = answer
  const [sources, undone] = [answer.sources as readonly string[], answer.undone as readonly Members[]]
  if (!quarantined) return 'not in quarantine'
  const head = `in quarantine: a backup of ${takenAt}, restored ${restoredAt}. No client is answered.`
  const end = 'keystead restore accept ends it; with --redo it first does again what can be done again.'
  if (sources.length === 0) return [head, blind, end].join('\n')
  const found = `By the ${sources.join(' and the ')} of before, the backup undoes ${undone.length} things.`
  if (undone.length === 0) return [head, found, end].join('\n')
  return [head, found, table(['WAS', 'KIND', 'ID', 'AT', 'BY'], undone.map(undoneText)), end].join('\n')
}

const statusOf = (data: string): Promise<Members> => administer(data, 'restore-status', {})

const sealedText =
  'restored. The root key is sealed: start the server, open it with keystead seal unseal, and run keystead doctor.'

const restore = async (file: string | undefined, options: FromFile): Promise<void> => {
  if (file === undefined) throw new Error('name the backup, or: keystead restore status | accept')
  process.umask(0o077)
  const totals = await write(file, options)
  if (totals === 'sealed') {
    print(options, { sealed: true }, sealedText)
    return
  }
  const { ok, findings } = await checkEverything(options.data, totals)
  const status = await statusOf(options.data)
  const done = ok ? 'restored, and everything opens' : 'restored, and NOT everything is sound'
  print(options, { ok, findings, ...status }, [done, findingsTable(findings), statusText(status)].join('\n'))
  if (!ok) process.exitCode = 1
}

const statusCommand = (): Command =>
  adminCommand('status', 'tell whether this is in quarantine, and what its backup undoes').action(
    async (options: Shared) => {
      const status = await statusOf(options.data)
      print(options, status, statusText(status))
    },
  )

/** As short as both clouds let it be. */
const destructionDays = 7

type Redo = (undone: Members) => readonly [action: string, members: Members]

/** What an action calls what it is about. */
const named: Readonly<Record<string, string>> = { key: 'key', dataKey: 'dataKey' }
const about = ({ kind, id }: Members): Members => ({ [named[String(kind)] ?? 'id']: id })

const plan =
  (action: string): Redo =>
  (undone) => [action, { ...about(undone), days: destructionDays }]
const simply =
  (action: string): Redo =>
  (undone) => [action, about(undone)]

/** What does each thing again. What is not here is for a person. */
const redoes: Readonly<Record<string, Redo>> = {
  'destroyed key': plan('key-schedule-destruction'),
  'destructionScheduled key': plan('key-schedule-destruction'),
  'kept key': simply('key-cancel-destruction'),
  'suspended key': simply('key-suspend'),
  'deactivated key': simply('key-deactivate'),
  'emptied key': simply('key-delete-material'),
  'destroyed dataKey': plan('data-key-schedule-destruction'),
  'destructionScheduled dataKey': plan('data-key-schedule-destruction'),
  'kept dataKey': simply('data-key-cancel-destruction'),
  'suspended dataKey': simply('data-key-suspend'),
  'removed credential': simply('access-key-delete'),
  'suspended credential': simply('access-key-disable'),
  'removed grant': ({ id, key }) => ['grant-revoke', { grant: id, key }],
}

/** A key that is to be destroyed can no longer be suspended: what is kept comes first, and what is planned last. */
const inOrder = (undone: readonly Members[]): readonly Members[] => {
  const rank = ({ was }: Members) =>
    was === 'kept' ? 0 : was === 'destroyed' || was === 'destructionScheduled' ? 2 : 1
  return undone.toSorted((a, b) => rank(a) - rank(b))
}

interface Redone {
  readonly done: Members[]
  readonly left: Members[]
}

const redoAll = async (data: string, undone: readonly Members[]): Promise<Redone> => {
  const redone: Redone = { done: [], left: [] }
  for (const one of inOrder(undone)) {
    const [action, members] = redoes[`${one.was} ${one.kind}`]?.(one) ?? []
    if (action === undefined || members === undefined) redone.left.push(one)
    else
      await administer(data, action, members).then(
        () => redone.done.push(one),
        (error: Error) => redone.left.push({ ...one, by: error.message }),
      )
  }
  return redone
}

interface Accept extends Shared {
  readonly redo?: boolean
}

const acceptCommand = (): Command =>
  adminCommand('accept', 'end the quarantine: clients are answered again')
    .option(
      '--redo',
      'first do again what can be: cancel and plan destructions, suspend, archive, delete access keys, revoke grants',
    )
    .action(async (options: Accept) => {
      const { data, redo } = options
      const undone = redo ? ((await statusOf(data)).undone as readonly Members[] | undefined) : undefined
      const { done, left } = await redoAll(data, undone ?? [])
      const { takenAt } = await administer(data, 'restore-accept', {})
      // The server looks whether the quarantine has ended when somebody asks it something.
      await administer(data, 'status', {})
      const rest =
        left.length === 0 ? [] : ['for you to look at:', table(['WAS', 'KIND', 'ID', 'AT', 'BY'], left.map(undoneText))]
      const text = [`done again: ${done.length}`, ...rest, `the backup of ${takenAt} answers clients now`].join('\n')
      print(options, { takenAt, done, left }, text)
    })

export const restoreCommand = (): Command =>
  adminCommand('restore', 'put a backup into an empty place, in quarantine')
    .enablePositionalOptions()
    .argument('[file]', 'the backup')
    .option('--backup-key <file>', 'the key that it is sealed to')
    .option('--root-key <file>', 'the root key, unless root.key is in the folder already; it is copied there')
    .option(
      '--since-audit <folder...>',
      'journals of the lost installation: what they record after the backup is undone',
      [],
    )
    .option('--passphrase-file <file>', 'what opens the root key, where its seal is a passphrase')
    .option('--share-file <file...>', 'what opens the root key, where its seal is shares')
    .option('--newer-database <file>', 'a younger database file of the lost installation, to compare with')
    .action(restore)
    .addCommand(statusCommand())
    .addCommand(acceptCommand())

/** What earlier versions of the program left behind, and must always give again. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { newFolder } from '../server/folders.ts'

export interface Expected {
  /** Base64. */
  readonly plaintext: string
  readonly ciphertexts: { readonly blob: string; readonly context: string }[]
  /** Members of VerifyByAsymmetricKey. */
  readonly signed: Readonly<Record<string, string>>[]
}

const fixtures = join(import.meta.dirname, 'fixtures')

/** Versions of the tables, of which there is a fixture each. */
export const fixtureVersions = (): readonly number[] =>
  readdirSync(fixtures)
    .map(Number)
    .toSorted((a, b) => a - b)

export const fixturePath = (version: number, name: string): string => join(fixtures, String(version), name)

export const expectedOf = (version: number): Expected =>
  JSON.parse(readFileSync(fixturePath(version, 'expected.json'), 'utf8')) as Expected

/** For its owner alone, as the program wants such files and a checkout does not leave them. */
const copyPrivately = (from: string, to: string): void => writeFileSync(to, readFileSync(from), { mode: 0o600 })

/** A data folder as that version left it. */
export const unpack = (version: number): string => {
  const data = join(newFolder(), 'data')
  mkdirSync(data, { mode: 0o700 })
  for (const name of ['root.key', 'credentials.json']) copyPrivately(fixturePath(version, name), join(data, name))
  const database = gunzipSync(readFileSync(fixturePath(version, 'keystead.db.gz')))
  writeFileSync(join(data, 'keystead.db'), database, { mode: 0o600 })
  return data
}

/** The key file that the backup of that version is sealed to. */
export const unpackBackupKey = (version: number): string => {
  const path = join(newFolder(), 'backup.key')
  copyPrivately(fixturePath(version, 'backup.key'), path)
  return path
}

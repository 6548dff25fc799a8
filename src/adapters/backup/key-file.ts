/** A backup key in a file of its own: an id, the 32-byte key and a check value, as a root key file has them. */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { closeSync, fstatSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs'
import { secretFrom } from '../../crypto/secret.ts'
import { type BackupKey, BackupUnusable } from './sealed.ts'

const keyBytes = 32
const idForm = /^[0-9a-f]{32}$/

/** A MAC under the key of a fixed text: it says whether the key is the one that was meant, and nothing about it. */
const checkValue = (key: Buffer): Buffer =>
  createHmac('sha256', key).update('keystead backup key check').digest().subarray(0, 8)

/** Makes a new key in a new file, for its owner alone, and gives its id. A file that is there is left alone. */
export const createBackupKeyFile = (path: string): string => {
  const key = randomBytes(keyBytes)
  const id = randomBytes(16).toString('hex')
  const content = { format: 1, backupKey: { id, key: key.toString('base64'), check: checkValue(key).toString('hex') } }
  const file = openSync(path, 'wx', 0o600)
  writeSync(file, `${JSON.stringify(content, null, 2)}\n`)
  fsyncSync(file)
  closeSync(file)
  key.fill(0)
  return id
}

const readPrivately = (path: string): string => {
  const file = openSync(path, 'r')
  try {
    if ((fstatSync(file).mode & 0o077) !== 0)
      throw new BackupUnusable(`${path}: the backup key can be read by others. Run: chmod 600 ${path}`)
    return readFileSync(file, 'utf8')
  } finally {
    closeSync(file)
  }
}

const parse = (path: string): Record<string, unknown> => {
  const text = readPrivately(path)
  try {
    return (JSON.parse(text) as { backupKey?: Record<string, unknown> }).backupKey ?? {}
  } catch {
    return {}
  }
}

/** Throws `BackupUnusable` where the file is readable by others, damaged, or none. */
export const openBackupKeyFile = (path: string): BackupKey => {
  const { id, key: text, check } = parse(path)
  const key = Buffer.from(String(text), 'base64')
  const given = Buffer.from(String(check), 'hex')
  const right = key.length === keyBytes && given.length === 8 && timingSafeEqual(given, checkValue(key))
  if (typeof id !== 'string' || !idForm.test(id) || !right)
    throw new BackupUnusable(`${path}: this is no backup key, or it was damaged. Take another copy of it.`)
  const secret = secretFrom(key)
  key.fill(0)
  return { id, secret }
}

/**
 * A backup as a sealed stream (docs/spec/backup.md): chunks of AES-256-GCM by the STREAM construction of Hoang,
 * Reyhanitabar, Rogaway and Vizár (CRYPTO 2015), whose nonce has the number of the chunk and whether it is the last, so
 * that none can be changed, moved, left out or cut off. Nothing of a chunk is given out before it verified.
 */
import { aes256Gcm } from '../../crypto/aes-gcm.ts'
import { equalInConstantTime } from '../../crypto/compare.ts'
import { deriveBytes } from '../../crypto/kdf.ts'
import { labels } from '../../crypto/labels.ts'
import { type Secret, secretFrom } from '../../crypto/secret.ts'
import { streamNonce } from '../../crypto/stream.ts'

/** What is read is no backup, is damaged, or is sealed to another key; the message says which. */
export class BackupUnusable extends Error {}

export interface BackupKey {
  /** 16 bytes in hex. */
  readonly id: string
  readonly secret: Secret
}

const magic = Buffer.from('keystead backup\n')
const [format, suite] = [1, 1]
const saltBytes = 32
const at = { format: 16, suite: 17, keyId: 20, salt: 36, commitment: 68 } as const
const headerBytes = 100
const chunkBytes = 65_536
const tagBytes = 16
const nothing = new Uint8Array(0)

/** The key of one file, and the commitment that shows a wrong one: GCM alone does not commit to its key. */
const derive = ({ secret }: BackupKey, start: Uint8Array) => {
  const derived = deriveBytes('sha512', secret, labels.backup, start, 64)
  const [key, commitment] = [derived.subarray(0, 32), derived.slice(32)]
  const aead = aes256Gcm(secretFrom(key))
  derived.fill(0)
  return { aead, commitment }
}

const makeHeader = (key: BackupKey, salt: Uint8Array) => {
  const header = Buffer.alloc(headerBytes)
  magic.copy(header)
  header[at.format] = format
  header[at.suite] = suite
  header.write(key.id, at.keyId, 'hex')
  header.set(salt, at.salt)
  const { aead, commitment } = derive(key, header.subarray(0, at.commitment))
  header.set(commitment, at.commitment)
  return { header, aead }
}

/** `salt`: 32 bytes from a generator of SP 800-90A, never used again. */
export async function* seal(
  plain: AsyncIterable<Uint8Array>,
  key: BackupKey,
  salt: Uint8Array,
): AsyncGenerator<Uint8Array> {
  if (salt.length !== saltBytes) throw new RangeError('a salt of a backup has 32 bytes')
  const { header, aead } = makeHeader(key, salt)
  yield header
  let chunk = 0
  const sealed = (plaintext: Uint8Array, last: boolean): Uint8Array => {
    const out = new Uint8Array(plaintext.length + tagBytes)
    aead.seal(streamNonce(chunk, last), nothing, plaintext, out, 0)
    chunk += 1
    return out
  }
  let held: Buffer = Buffer.alloc(0)
  for await (const piece of plain) {
    held = Buffer.concat([held, piece])
    // A full chunk is held back: whether it is the last one shows when there is more.
    for (; held.length > chunkBytes; held = held.subarray(chunkBytes)) yield sealed(held.subarray(0, chunkBytes), false)
  }
  yield sealed(held, true)
}

const openHeader = (header: Buffer, key: BackupKey) => {
  if (header.length < headerBytes || !header.subarray(0, magic.length).equals(magic))
    throw new BackupUnusable('this is no backup of Keystead')
  const isKnown = header[at.format] === format && header[at.suite] === suite && header.readUInt16BE(18) === 0
  if (!isKnown) throw new BackupUnusable('a later Keystead made this backup, in a form that this one does not know')
  const keyId = header.toString('hex', at.keyId, at.salt)
  if (keyId !== key.id) throw new BackupUnusable(`this backup is sealed to backup key ${keyId}, and this is ${key.id}`)
  const { aead, commitment } = derive(key, header.subarray(0, at.commitment))
  if (!equalInConstantTime(commitment, header.subarray(at.commitment)))
    throw new BackupUnusable('the head of this backup was damaged or changed, or its backup key was')
  return aead
}

/** Throws `BackupUnusable` at the first byte that is not as it was written, and where the end is missing. */
export async function* open(sealed: AsyncIterable<Uint8Array>, key: BackupKey): AsyncGenerator<Uint8Array> {
  let aead: ReturnType<typeof openHeader> | undefined
  let chunk = 0
  const opened = (from: Buffer, last: boolean): Uint8Array => {
    const cut = from.length - tagBytes
    // An empty last chunk has one writing only: of an empty backup.
    const plaintext =
      cut < 0 || (cut === 0 && chunk > 0)
        ? undefined
        : aead?.open(streamNonce(chunk, last), nothing, from.subarray(0, cut), from.subarray(cut))
    if (!plaintext)
      throw new BackupUnusable(
        `the backup was damaged, changed or cut off, at or after byte ${headerBytes + chunk * (chunkBytes + tagBytes)}`,
      )
    chunk += 1
    return plaintext
  }
  let held: Buffer = Buffer.alloc(0)
  for await (const piece of sealed) {
    held = Buffer.concat([held, piece])
    if (!aead) {
      if (held.length < headerBytes) continue
      aead = openHeader(held.subarray(0, headerBytes), key)
      held = held.subarray(headerBytes)
    }
    const whole = chunkBytes + tagBytes
    for (; held.length > whole; held = held.subarray(whole)) yield opened(held.subarray(0, whole), false)
  }
  if (!aead) openHeader(held, key)
  yield opened(held, true)
}

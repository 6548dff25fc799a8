/**
 * A file as it is sealed under a data key (docs/spec/file.md): chunks of AES-256-GCM by the STREAM construction of Hoang,
 * Reyhanitabar, Rogaway and Vizár (CRYPTO 2015) under a key of this file alone, so that none can be changed, moved, left
 * out or cut off. Nothing of a chunk is given out before it verified.
 */
import type { Aead } from '../crypto/aead.ts'
import { aes256Gcm } from '../crypto/aes-gcm.ts'
import { equalInConstantTime } from '../crypto/compare.ts'
import { sha256 } from '../crypto/digest.ts'
import { hkdfSha256 } from '../crypto/kdf.ts'
import { labels } from '../crypto/labels.ts'
import { secretFrom } from '../crypto/secret.ts'
import { streamNonce } from '../crypto/stream.ts'
import { chunksOf, type Sink, type Source, writingBehind } from './chunks.ts'
import { commitmentBytes, type FileContext, type FileHeader, FileUnusable, readHeader, writeHeader } from './header.ts'

export const chunkBytes = 262_144
const tagBytes = 16
const dataKeyBytes = 32
const nothing = new Uint8Array(0)

/** The key of one file, and the commitment that shows a wrong one: GCM alone does not commit to its key. Zeroes the data key. */
const derive = (dataKey: Uint8Array, salt: Uint8Array, header: Uint8Array) => {
  const derived = hkdfSha256(secretFrom(dataKey), salt, labels.file, sha256(header), 32 + commitmentBytes)
  dataKey.fill(0)
  const key = derived.subarray(0, 32)
  const aead = aes256Gcm(secretFrom(key))
  key.fill(0)
  return { aead, commitment: derived.subarray(32) }
}

type OnBytes = (count: number) => void

/** What `make` makes of each chunk, one after the other. */
const throughChunks = async (
  from: Source,
  size: number,
  to: Sink,
  onBytes: OnBytes,
  make: (bytes: Uint8Array, index: number, last: boolean) => Uint8Array,
): Promise<void> => {
  const out = writingBehind(to)
  let index = 0
  try {
    for await (const { bytes, last } of chunksOf(from, size)) {
      await out.write(make(bytes, index++, last))
      onBytes(bytes.length)
    }
  } finally {
    await out.done()
  }
}

/** `salt`: 32 bytes from a generator of SP 800-90A, never used again. `dataKey` is the one in `wrapped`, and is zeroed. */
export const seal = async (
  from: Source,
  to: Sink,
  { dataKey, ...header }: FileHeader & { readonly dataKey: Uint8Array },
  onBytes: OnBytes = () => {},
): Promise<void> => {
  if (dataKey.length !== dataKeyBytes) throw new RangeError('a data key of a file has 32 bytes')
  const bytes = writeHeader(header)
  const { aead, commitment } = derive(dataKey, header.salt, bytes)
  await to(Buffer.concat([bytes, commitment]))
  // One is written while the other is filled.
  const outs = [new Uint8Array(chunkBytes + tagBytes), new Uint8Array(chunkBytes + tagBytes)]
  await throughChunks(from, chunkBytes, to, onBytes, (plaintext, index, last) => {
    const out = outs[index % 2] as Uint8Array
    aead.seal(streamNonce(index, last), nothing, plaintext, out, 0)
    return out.subarray(0, plaintext.length + tagBytes)
  })
}

const openChunk = (aead: Aead, sealed: Uint8Array, index: number, last: boolean): Uint8Array | undefined => {
  const cut = sealed.length - tagBytes
  // An empty last chunk has one writing only: of an empty file.
  if (cut < 0 || (cut === 0 && index > 0)) return undefined
  return aead.open(streamNonce(index, last), nothing, sealed.subarray(0, cut), sealed.subarray(cut))
}

/** Gives the data key that the service sealed. */
export type Unwrap = (wrapped: Uint8Array, context: FileContext) => Promise<Uint8Array>

/**
 * Writes whole, verified chunks. Throws `FileUnusable` at the first that is not as it was sealed, and where the end is
 * missing: what was written until then is a beginning of what was sealed, and no more is known of it.
 */
export const open = async (from: Source, to: Sink, unwrap: Unwrap, onBytes: OnBytes = () => {}): Promise<void> => {
  const { wrapped, context, salt, bytes, commitment } = await readHeader(from)
  const dataKey = await unwrap(wrapped, context)
  if (dataKey.length !== dataKeyBytes) throw new FileUnusable('what its header holds is no data key of a file')
  const derived = derive(dataKey, salt, bytes)
  if (!equalInConstantTime(commitment, derived.commitment)) throw new FileUnusable('its header was damaged or changed')
  const begin = bytes.length + commitmentBytes
  const size = chunkBytes + tagBytes
  await throughChunks(from, size, to, onBytes, (sealed, index, last) => {
    const plaintext = openChunk(derived.aead, sealed, index, last)
    if (plaintext) return plaintext
    throw new FileUnusable(`it was damaged, changed or cut off, at or after byte ${begin + index * size}`)
  })
}

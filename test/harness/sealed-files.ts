/** Files sealed and opened in memory. */
import { type Sink, type Source, streamSource } from '../../src/file/chunks.ts'
import type { FileHeader } from '../../src/file/header.ts'
import { open, seal } from '../../src/file/sealed.ts'

/** The bytes, in pieces of a size. */
export const sourceOf = (bytes: Uint8Array, size = 100_000): Source =>
  streamSource(
    (async function* () {
      for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
    })(),
  )

/** Copies what it is given, since the buffers are used again. */
export const collector = (): { readonly sink: Sink; readonly bytes: () => Buffer } => {
  const parts: Buffer[] = []
  const sink: Sink = async (bytes) => void parts.push(Buffer.from(bytes))
  return { sink, bytes: () => Buffer.concat(parts) }
}

export const sealBytes = async (content: Uint8Array, dataKey: Uint8Array, header: FileHeader): Promise<Buffer> => {
  const { sink, bytes } = collector()
  await seal(sourceOf(content), sink, { ...header, dataKey: Uint8Array.from(dataKey) })
  return bytes()
}

export const openBytes = async (file: Uint8Array, dataKey: Uint8Array): Promise<Buffer> => {
  const { sink, bytes } = collector()
  await open(sourceOf(file, 70_001), sink, async () => Uint8Array.from(dataKey))
  return bytes()
}

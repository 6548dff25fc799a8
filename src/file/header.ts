/** The header of a sealed file (docs/spec/file.md): what it takes to ask for the data key, and no secret. */
import type { Source } from './chunks.ts'

/** What is read is no sealed file, or was damaged, changed or cut off; the message says which. */
export class FileUnusable extends Error {}

/** What was said when the data key was made, and is said again to open it. */
export type FileContext = Readonly<Record<string, string>>

export interface FileHeader {
  readonly salt: Uint8Array
  /** The data key as the service sealed it. */
  readonly wrapped: Uint8Array
  readonly context: FileContext
}

const magic = Buffer.from('keystead file\n')
const [format, suite] = [1, 1]
const at = { format: 14, suite: 15, salt: 16, wrappedBytes: 48, contextBytes: 52 } as const
const fixedBytes = 56
const wrappedBytesMax = 16_384
const contextBytesMax = 32_768
export const saltBytes = 32
export const commitmentBytes = 32

const contextText = (context: FileContext): Buffer =>
  Buffer.from(Object.keys(context).length === 0 ? '' : JSON.stringify(context))

/** The header up to its commitment. */
export const writeHeader = ({ salt, wrapped, context }: FileHeader): Buffer => {
  if (salt.length !== saltBytes) throw new RangeError('a salt of a file has 32 bytes')
  const text = contextText(context)
  if (wrapped.length > wrappedBytesMax || text.length > contextBytesMax)
    throw new RangeError('the header of a file has no place for so much')
  const fixed = Buffer.alloc(fixedBytes)
  magic.copy(fixed)
  fixed[at.format] = format
  fixed[at.suite] = suite
  fixed.set(salt, at.salt)
  fixed.writeUInt32BE(wrapped.length, at.wrappedBytes)
  fixed.writeUInt32BE(text.length, at.contextBytes)
  return Buffer.concat([fixed, wrapped, text])
}

const damaged = () => new FileUnusable('its header was damaged or changed')

const isContext = (value: unknown): value is FileContext =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  Object.values(value).every((one) => typeof one === 'string')

const contextIn = (bytes: Uint8Array): FileContext => {
  if (bytes.length === 0) return {}
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes))
    if (isContext(value)) return value
  } catch {
    // It is told below, as everything is that no writer writes.
  }
  throw damaged()
}

const read = async (from: Source, bytes: number): Promise<Buffer> => {
  const into = Buffer.alloc(bytes)
  return into.subarray(0, await from(into))
}

const sizesIn = (fixed: Buffer): { wrapped: number; context: number } => {
  if (fixed.length < fixedBytes || !fixed.subarray(0, magic.length).equals(magic))
    throw new FileUnusable('this is no file that Keystead encrypted')
  if (fixed[at.format] !== format || fixed[at.suite] !== suite)
    throw new FileUnusable('a later Keystead encrypted it, in a form that this one does not know')
  const [wrapped, context] = [fixed.readUInt32BE(at.wrappedBytes), fixed.readUInt32BE(at.contextBytes)]
  if (wrapped > wrappedBytesMax || context > contextBytesMax) throw damaged()
  return { wrapped, context }
}

/** What the header says, and its bytes, which are not authenticated before `commitment` was compared. Throws `FileUnusable`. */
export const readHeader = async (
  from: Source,
): Promise<FileHeader & { readonly bytes: Buffer; readonly commitment: Buffer }> => {
  const fixed = await read(from, fixedBytes)
  const sizes = sizesIn(fixed)
  const rest = await read(from, sizes.wrapped + sizes.context + commitmentBytes)
  if (rest.length < sizes.wrapped + sizes.context + commitmentBytes) throw damaged()
  const bytes = Buffer.concat([fixed, rest.subarray(0, -commitmentBytes)])
  const afterWrapped = fixedBytes + sizes.wrapped
  return {
    salt: bytes.subarray(at.salt, at.salt + saltBytes),
    wrapped: bytes.subarray(fixedBytes, afterWrapped),
    context: contextIn(bytes.subarray(afterWrapped)),
    bytes,
    commitment: rest.subarray(-commitmentBytes),
  }
}

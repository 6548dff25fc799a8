/**
 * The root key file's two forms (docs/spec/root-key-file.md). Format 1 holds the generations in plain. Format 2 says in a
 * header how the seal key comes back, and holds the generations' keys as one AES-256-GCM ciphertext (SP 800-38D) under it,
 * whose additional data is the header: whoever changes any of it gets nothing.
 */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import {
  type Generation,
  type GenerationName,
  generationsMax,
  keyBytes,
  matchesCheck,
  nameOf,
  RootKeyUnusable,
} from './generations.ts'

/** Kinds whose seal key is not in the file. */
export const sealKinds = ['passphrase', 'shamir', 'pkcs11', 'kms'] as const
export type SealKind = (typeof sealKinds)[number]

/** What the seal key is found with; nothing of it is secret. */
export type Parameters = Readonly<Record<string, string>>

export interface PlainFile {
  readonly kind: 'file'
  readonly generations: readonly Generation[]
}

export interface SealedFile {
  readonly kind: SealKind
  readonly parameters: Parameters
  readonly generations: readonly GenerationName[]
  readonly nonce: Buffer
  readonly sealed: Buffer
}

export type RootKeyFile = PlainFile | SealedFile

type Header = Pick<SealedFile, 'kind' | 'parameters' | 'generations'>

const tagBytes = 16
const nonceBytes = 12
const parametersMax = 16
const valueCharactersMax = 8192

const prefixed = (text: string): Buffer => {
  const bytes = Buffer.from(text)
  const length = Buffer.alloc(4)
  length.writeUInt32BE(bytes.length)
  return Buffer.concat([length, bytes])
}

/** A sequence of length-prefixed texts with one reading only, in an order that does not depend on the file's. */
const headerBytes = ({ kind, parameters, generations }: Header): Buffer => {
  const names = Object.keys(parameters).sort()
  const texts = [
    ...['keystead root key file', '2', kind, String(names.length)],
    ...names.flatMap((name) => [name, parameters[name] ?? '']),
    ...generations.flatMap(({ id, number, check }) => [id, String(number), check]),
  ]
  return Buffer.concat(texts.map(prefixed))
}

/** A fresh nonce each time: a file is written a few times under one seal key, far below the bound for random nonces. */
export const sealGenerations = (
  kind: SealKind,
  parameters: Parameters,
  sealKey: Buffer,
  generations: readonly Generation[],
): SealedFile => {
  const header = { kind, parameters, generations: generations.map(nameOf) }
  const nonce = randomBytes(nonceBytes)
  const cipher = createCipheriv('aes-256-gcm', sealKey, nonce).setAAD(headerBytes(header))
  const keys = Buffer.concat(generations.map(({ key }) => key))
  const sealed = Buffer.concat([cipher.update(keys), cipher.final(), cipher.getAuthTag()])
  keys.fill(0)
  return { ...header, nonce, sealed }
}

/** undefined for a seal key that is not the file's, and for a file of which anything was changed. */
export const openGenerations = (file: SealedFile, sealKey: Buffer): readonly Generation[] | undefined => {
  const { generations, nonce, sealed } = file
  const cut = sealed.length - tagBytes
  const decipher = createDecipheriv('aes-256-gcm', sealKey, nonce, { authTagLength: tagBytes })
  decipher.setAAD(headerBytes(file)).setAuthTag(sealed.subarray(cut))
  const keys = decipher.update(sealed.subarray(0, cut))
  try {
    decipher.final()
    const opened = generations.map(({ id, number, check }, at) => {
      const key = Buffer.from(keys.subarray(at * keyBytes, (at + 1) * keyBytes))
      return matchesCheck(key, check) ? { id, number, key } : undefined
    })
    return opened.every((generation) => generation !== undefined) ? opened : undefined
  } catch {
    return undefined
  } finally {
    keys.fill(0)
  }
}

const plainContent = ({ generations }: PlainFile) => ({
  format: 1,
  generations: generations.map((generation) => {
    const { id, number, check } = nameOf(generation)
    return { id, number, key: generation.key.toString('base64'), check }
  }),
})

const sealedContent = ({ kind, parameters, generations, nonce, sealed }: SealedFile) => ({
  format: 2,
  seal: { kind, ...parameters },
  generations,
  nonce: nonce.toString('base64'),
  sealed: sealed.toString('base64'),
})

/** `file` is written as format 1, which older programs read. */
export const textOf = (file: RootKeyFile): string =>
  `${JSON.stringify(file.kind === 'file' ? plainContent(file) : sealedContent(file), null, 2)}\n`

type Fields = Readonly<Record<string, unknown>>
const fieldsOf = (value: unknown): Fields => (typeof value === 'object' && value !== null ? (value as Fields) : {})

/** Of what is no text at all, nothing: an object says for itself how it becomes one, and may throw. */
const bytesOf = (value: unknown): Buffer => Buffer.from(typeof value === 'string' ? value : '', 'base64')

/** Throws a sentence about what is wrong with the file. */
type Wrong = (what: string) => never

const readName = (value: unknown, wrong: Wrong): Omit<GenerationName, 'check'> => {
  const { id, number } = fieldsOf(value)
  if (typeof id !== 'string' || !/^[0-9a-f]{32}$/.test(id)) return wrong('a generation has no id')
  if (!Number.isSafeInteger(number) || Number(number) < 1) return wrong(`generation ${id} has no number`)
  return { id, number: Number(number) }
}

const readPlain = (value: unknown, wrong: Wrong): Generation => {
  const name = readName(value, wrong)
  const { key: text, check } = fieldsOf(value)
  const key = bytesOf(text)
  return typeof check === 'string' && matchesCheck(key, check)
    ? { ...name, key }
    : wrong(`the key of generation ${name.id} does not match its check value`)
}

const readPublic = (value: unknown, wrong: Wrong): GenerationName => {
  const name = readName(value, wrong)
  const { check } = fieldsOf(value)
  return typeof check === 'string' && /^[0-9a-f]{16}$/.test(check)
    ? { ...name, check }
    : wrong(`generation ${name.id} has no check value`)
}

const readParameters = (value: unknown, wrong: Wrong): Pick<SealedFile, 'kind' | 'parameters'> => {
  const { kind: named, ...parameters } = fieldsOf(value)
  const kind = sealKinds.find((known) => known === named)
  const isFine = ([name, text]: readonly [string, unknown]) =>
    /^[a-z][A-Za-z0-9]{0,31}$/.test(name) && typeof text === 'string' && text.length <= valueCharactersMax
  const entries = Object.entries(parameters)
  if (!kind || entries.length > parametersMax || !entries.every(isFine)) return wrong('its seal cannot be read')
  return { kind, parameters: parameters as Parameters }
}

const readSealed = (fields: Fields, list: readonly unknown[], wrong: Wrong): SealedFile => {
  const seal = readParameters(fields.seal, wrong)
  const generations = list.map((value) => readPublic(value, wrong))
  const nonce = bytesOf(fields.nonce)
  const sealed = bytesOf(fields.sealed)
  if (nonce.length !== nonceBytes || sealed.length !== generations.length * keyBytes + tagBytes)
    return wrong('what it seals was cut')
  return { ...seal, generations, nonce, sealed }
}

/** The parsed JSON of a file. Throws `RootKeyUnusable`. */
export const fileFrom = (path: string, content: unknown): RootKeyFile => {
  const wrong = (what: string): never => {
    throw new RootKeyUnusable(`${path}: ${what}. Restore the file from its backup.`)
  }
  const fields = fieldsOf(content)
  const { format, generations: list } = fields
  const known = (format === 1 || format === 2) && Array.isArray(list)
  if (!known || list.length === 0 || list.length > generationsMax)
    throw new RootKeyUnusable(`${path}: the root key file has a form that this program does not know.`)
  return format === 1
    ? { kind: 'file', generations: list.map((value) => readPlain(value, wrong)) }
    : readSealed(fields, list, wrong)
}

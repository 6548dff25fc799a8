/** Field builders that every dialect shares: what JSON carries as text or number, and the core as bytes and values. */

import { bytesFromHex } from '../core/bytes.ts'
import { parseSealed, type Sealed } from '../core/ciphertext.ts'
import { type Context, contextFromObject, contextFromText, noContext } from '../core/context.ts'
import { type FieldNotes, noted, z } from './schema.ts'

interface TextRule extends FieldNotes {
  readonly pattern?: RegExp
  /** UTF-8 bytes. */
  readonly bytesMax?: number
  /** UTF-16 code units, what JavaScript and most clouds call characters. */
  readonly charactersMax?: number
}

export const text = ({ pattern, bytesMax, charactersMax, ...fieldNotes }: TextRule = {}) => {
  let schema = z.string()
  if (charactersMax !== undefined) schema = schema.max(charactersMax, `must be at most ${charactersMax} characters`)
  if (pattern) schema = schema.regex(pattern, `must match ${pattern.source}`)
  if (bytesMax !== undefined)
    schema = schema.refine(
      (value) => Buffer.byteLength(value) <= bytesMax,
      `must be at most ${bytesMax} bytes in UTF-8`,
    )
  return noted(schema, bytesMax === undefined ? fieldNotes : { limit: `at most ${bytesMax} bytes`, ...fieldNotes })
}

export const choice = <const V extends readonly [string, ...string[]]>(values: V, fieldNotes: FieldNotes = {}) =>
  noted(z.enum(values, `must be one of ${values.join(', ')}`), fieldNotes)

interface IntegerRule extends FieldNotes {
  readonly min?: number
  readonly max?: number
}

const digits = /^-?\d{1,16}$/

/** A whole number; decimal digits in a string count as one, because published requests send them. */
export const integer = ({ min = 0, max = Number.MAX_SAFE_INTEGER, ...fieldNotes }: IntegerRule = {}) =>
  noted(
    z.preprocess(
      (value) => (typeof value === 'string' && digits.test(value) ? Number(value) : value),
      z.int('must be a whole number').min(min, `must be at least ${min}`).max(max, `must be at most ${max}`),
    ),
    fieldNotes,
  )

const decimalDigits = /^\d{1,16}$/

/**
 * A whole number, not negative, as decimal digits in text or as a JSON number: whatever is none is out of range too, so
 * that every fault of it has the one code of the field. `empty` is what empty text stands for, where it may be empty.
 */
export const decimal = ({ min = 0, max, empty, ...fieldNotes }: IntegerRule & { max: number; empty?: number }) => {
  const said = (value: unknown): unknown => {
    if (value === '' && empty !== undefined) return empty
    const number = typeof value === 'string' && decimalDigits.test(value) ? Number(value) : value
    return Number.isSafeInteger(number) ? number : -1
  }
  const why = `must be a whole number from ${min} to ${max}`
  return noted(z.preprocess(said, z.int().min(min, why).max(max, why)), { form: 'text or number', ...fieldNotes })
}

/** A whole number of a few that have a meaning each. */
export const code = (values: readonly number[], fieldNotes: FieldNotes = {}) =>
  noted(
    z.preprocess(
      (value) => (typeof value === 'string' && digits.test(value) ? Number(value) : value),
      z.int('must be a whole number').refine((value) => values.includes(value), `must be one of ${values.join(', ')}`),
    ),
    { limit: `one of ${values.join(', ')}`, ...fieldNotes },
  )

const bytesType = z.custom<Uint8Array>((value) => value instanceof Uint8Array)
const base64Text = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/

/** Base64 (RFC 4648, section 4, with padding), or undefined where it is none. */
export const bytesFromBase64 = (value: string): Uint8Array | undefined =>
  value.length % 4 === 0 && base64Text.test(value) ? Buffer.from(value, 'base64') : undefined

export const base64FromBytes = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64')

/** RFC 7468: lines of 64 characters. */
export const pemOf = (der: Uint8Array, lineEnd = '\n'): string => {
  const lines = base64FromBytes(der).match(/.{1,64}/g) ?? []
  return ['-----BEGIN PUBLIC KEY-----', ...lines, '-----END PUBLIC KEY-----', ''].join(lineEnd)
}

interface BytesRule extends FieldNotes {
  readonly bytesMin?: number
  readonly bytesMax?: number
}

type Wrong = { issues: unknown[]; value: unknown }

/** `code` is the cloud's own code for this fault alone. */
const wrong = (context: Wrong, message: string, code?: string): never => {
  const params = code === undefined ? {} : { params: { code } }
  context.issues.push({ code: 'custom', input: context.value, message, ...params })
  return z.NEVER
}

/** Bytes, as Base64 on the wire in both directions. */
export const base64 = ({ bytesMin = 0, bytesMax = 4096, ...fieldNotes }: BytesRule = {}) => {
  const textMax = 4 * Math.ceil(bytesMax / 3)
  const decode = (value: string, context: Wrong): Uint8Array => {
    const bytes = value.length <= textMax ? bytesFromBase64(value) : undefined
    if (value.length > textMax || (bytes && bytes.length > bytesMax))
      return wrong(context, `must be at most ${bytesMax} bytes before Base64`)
    if (!bytes) return wrong(context, 'must be Base64')
    return bytes.length < bytesMin ? wrong(context, `must be at least ${bytesMin} bytes before Base64`) : bytes
  }
  const limit = `${bytesMin} to ${bytesMax} bytes`
  return noted(z.codec(z.string(), bytesType, { decode, encode: base64FromBytes }), {
    form: 'Base64',
    limit,
    ...fieldNotes,
  })
}

/** Bytes, as hexadecimal digits on the wire: any case in, upper or lower case out. */
export const hex = ({
  bytesMin = 0,
  bytesMax = 4096,
  upperCase = false,
  ...fieldNotes
}: BytesRule & { readonly upperCase?: boolean } = {}) => {
  const decode = (value: string, context: Wrong): Uint8Array => {
    const bytes = value.length <= 2 * bytesMax ? bytesFromHex(value) : undefined
    if (value.length > 2 * bytesMax) return wrong(context, `must be at most ${bytesMax} bytes before hexadecimal`)
    if (!bytes) return wrong(context, 'must be hexadecimal')
    return bytes.length < bytesMin ? wrong(context, `must be at least ${bytesMin} bytes before hexadecimal`) : bytes
  }
  const encode = (bytes: Uint8Array): string => {
    const digits = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex')
    return upperCase ? digits.toUpperCase() : digits
  }
  const limit = `${bytesMin} to ${bytesMax} bytes`
  return noted(z.codec(z.string(), bytesType, { decode, encode }), { form: 'hexadecimal', limit, ...fieldNotes })
}

/** Text that stands for its UTF-8 bytes. What is not well-formed is refused: all lone surrogates have the same UTF-8. */
export const utf8Text = ({ bytesMin = 0, bytesMax = 4096, ...fieldNotes }: BytesRule = {}) => {
  const decode = (value: string, context: Wrong): Uint8Array => {
    if (!value.isWellFormed()) return wrong(context, 'must be well-formed Unicode')
    const bytes = Buffer.byteLength(value)
    if (bytes > bytesMax) return wrong(context, `must be at most ${bytesMax} bytes in UTF-8`)
    return bytes < bytesMin ? wrong(context, `must be at least ${bytesMin} bytes in UTF-8`) : Buffer.from(value)
  }
  const encode = (bytes: Uint8Array): string => Buffer.from(bytes).toString()
  const limit = `${bytesMin} to ${bytesMax} bytes in UTF-8`
  return noted(z.codec(z.string(), bytesType, { decode, encode }), { limit, ...fieldNotes })
}

const sealedType = z.custom<Sealed>()

interface SealedRule extends FieldNotes {
  readonly charactersMax?: number
  readonly written?: 'Base64' | 'hexadecimal'
  /** The cloud's own code for what is written well and is no ciphertext of ours; absent where it has one code for both. */
  readonly foreignCode?: string
}

/** A ciphertext in the form of docs/spec/ciphertext.md. */
export const sealed = ({ charactersMax = 16_384, written = 'Base64', foreignCode, ...fieldNotes }: SealedRule = {}) => {
  const read = written === 'Base64' ? bytesFromBase64 : bytesFromHex
  const why = 'is not a ciphertext of this service'
  const decode = (value: string, context: Wrong): Sealed => {
    const bytes = value.length <= charactersMax ? read(value) : undefined
    if (!bytes?.length) return wrong(context, why)
    return parseSealed(bytes) ?? wrong(context, why, foreignCode)
  }
  const encode = (value: Sealed) => base64FromBytes(value.bytes)
  return noted(z.codec(z.string(), sealedType, { decode, encode }), { form: written, ...fieldNotes })
}

const parsedObject = (value: string): unknown => {
  try {
    return JSON.parse(value)
  } catch {
    return undefined
  }
}

const contextType = z.custom<Context>()

/**
 * An encryption context written as the text of a JSON object. Order never matters; nested values, text that is not
 * well-formed Unicode and integers that JSON.parse cannot hold exactly are refused, because they would collide.
 */
export const contextText = ({ charactersMax }: { charactersMax: number }) => {
  const decode = (value: string, context: Wrong): Context => {
    if (value === '') return noContext
    if (value.length > charactersMax) return wrong(context, `must be at most ${charactersMax} characters`)
    return contextFromObject(parsedObject(value)) ?? wrong(context, 'must be a JSON object of plain values')
  }
  const encode = () => '' // Only requests have one.
  const limit = `at most ${charactersMax} characters`
  return noted(z.codec(z.string(), contextType, { decode, encode }), { form: 'JSON text', limit })
}

interface ContextRule extends FieldNotes {
  readonly charactersMax: number
}

/** An encryption context that is one text, and none where it is empty. */
export const contextBytes = ({ charactersMax, ...fieldNotes }: ContextRule) => {
  const decode = (value: string, context: Wrong): Context => {
    if (value.length > charactersMax) return wrong(context, `must be at most ${charactersMax} characters`)
    return contextFromText(value) ?? wrong(context, 'must be well-formed Unicode')
  }
  const encode = () => '' // Only requests have one.
  const limit = `at most ${charactersMax} characters`
  return noted(z.codec(z.string(), contextType, { decode, encode }), { limit, ...fieldNotes })
}

/** As `contextText`, or the object itself. */
export const contextObject = ({ charactersMax, ...fieldNotes }: ContextRule) => {
  const decode = (value: unknown, context: Wrong): Context => {
    if (value === '') return noContext
    const written = typeof value === 'string' ? value : (JSON.stringify(value) ?? '')
    if (written.length > charactersMax) return wrong(context, `must be at most ${charactersMax} characters`)
    const object = typeof value === 'string' ? parsedObject(value) : value
    return contextFromObject(object) ?? wrong(context, 'must be an object of plain values, or its JSON text')
  }
  const encode = () => '' // Only requests have one.
  const limit = `at most ${charactersMax} characters`
  return noted(z.codec(z.unknown(), contextType, { decode, encode }), {
    form: 'object, or JSON text',
    limit,
    ...fieldNotes,
  })
}

/** The message names what is wrong; `issueCode` is the cloud's own code for this rule alone. */
export const distinct = <S extends z.ZodType<readonly string[]>>(schema: S, issueCode: string) =>
  schema.superRefine((values, context) => {
    if (new Set(values).size !== values.length)
      context.addIssue({ code: 'custom', message: 'must not repeat an entry', params: { code: issueCode } })
  })

/** An answer that is long comes as lines, one after the other, in the member `lines` of a response. */
export const lines = z.custom<AsyncIterable<string>>()

/**
 * The encryption context: what a caller says beside a plaintext and must say again to get it back. One encoding serves
 * every dialect (docs/spec/ciphertext.md, "Context"): equal contexts have equal bytes and kinds, others never do.
 */
import { concat, lengthPrefixed, u32, utf8 } from './bytes.ts'

export type ContextValue = string | number | boolean | null
export type Context =
  | { readonly kind: 'none' }
  | { readonly kind: 'map'; readonly members: ReadonlyMap<string, ContextValue> }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
export type ContextKind = Context['kind']

export interface EncodedContext {
  /** The context kind byte of the ciphertext. */
  readonly kind: 0 | 1 | 2
  readonly bytes: Uint8Array
}

export const noContext: Context = { kind: 'none' }
const nothing: EncodedContext = { kind: 0, bytes: new Uint8Array(0) }

/**
 * The map context of a parsed JSON object; `{}` is no context. undefined where two different texts would be one
 * context, or a value is not a single one: anything but an object, a nested value, a string that is not well-formed (all
 * lone surrogates have the same UTF-8), an integer beyond 2^53-1 in magnitude (JSON.parse rounds it), no number.
 */
export const contextFromObject = (value: unknown): Context | undefined => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
  // A Map, not an object: to a Map, `__proto__` is a name like any other.
  const members = new Map<string, ContextValue>()
  for (const [name, member] of Object.entries(value)) {
    if (!name.isWellFormed() || !isContextValue(member)) return undefined
    members.set(name, member)
  }
  return members.size === 0 ? noContext : { kind: 'map', members }
}

/** The bytes context of a text's UTF-8; the empty text is no context. undefined where it is not well-formed. */
export const contextFromText = (text: string): Context | undefined =>
  text.isWellFormed() ? contextFromBytes(utf8(text)) : undefined

/** The bytes context; no bytes are no context. */
export const contextFromBytes = (bytes: Uint8Array): Context =>
  bytes.length === 0 ? noContext : { kind: 'bytes', bytes }

const isContextValue = (value: unknown): value is ContextValue => {
  if (typeof value === 'string') return value.isWellFormed()
  if (typeof value === 'number') return Number.isInteger(value) ? Number.isSafeInteger(value) : Number.isFinite(value)
  return typeof value === 'boolean' || value === null
}

/** An empty map and empty bytes encode as no context. A member that `contextFromObject` would refuse is a TypeError. */
export const encodeContext = (context: Context): EncodedContext => {
  if (context.kind === 'bytes' && context.bytes.length > 0) return { kind: 2, bytes: lengthPrefixed(context.bytes) }
  if (context.kind === 'map' && context.members.size > 0) return { kind: 1, bytes: encodeMembers(context.members) }
  return nothing
}

const encodeMembers = (members: ReadonlyMap<string, ContextValue>): Uint8Array => {
  const encoded: { name: Uint8Array; value: ContextValue }[] = []
  for (const [name, value] of members) {
    if (!name.isWellFormed() || !isContextValue(value)) throw new TypeError('a context member that has no encoding')
    encoded.push({ name: utf8(name), value })
  }
  encoded.sort((a, b) => compareBytes(a.name, b.name))
  const parts = [u32(encoded.length)]
  for (const { name, value } of encoded) parts.push(u32(name.length), name, ...encodeValue(value))
  return concat(...parts)
}

const textType = Uint8Array.of(0)
const literalType = Uint8Array.of(1)

const encodeValue = (value: ContextValue): readonly Uint8Array[] => {
  // RFC 8785, section 3.2.2.3: a number's form is ECMAScript's Number::toString, in which -0 is "0".
  const bytes = utf8(String(value))
  return [typeof value === 'string' ? textType : literalType, u32(bytes.length), bytes]
}

// By the UTF-8 bytes and not by JavaScript's own order, whose UTF-16 units sort U+FFFF after U+10000.
const compareBytes = (a: Uint8Array, b: Uint8Array): number => {
  const shorter = Math.min(a.length, b.length)
  for (let at = 0; at < shorter; at++) {
    const difference = (a[at] ?? 0) - (b[at] ?? 0)
    if (difference !== 0) return difference
  }
  return a.length - b.length
}

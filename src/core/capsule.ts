/** The form of a capsule: docs/spec/capsule.md is the norm. */
import { concat, lengthPrefixed, readU32, utf8 } from './bytes.ts'
import { parseSealed, type Sealed } from './ciphertext.ts'
import { type Context, contextFromBytes } from './context.ts'
import type { ReleaseTerms } from './object.ts'

/** The terms themselves, or the release policy that has them. */
export type CapsuleTerms = { readonly policyId: string } | { readonly terms: ReleaseTerms }

export interface Capsule {
  readonly terms: CapsuleTerms
  /** As they are written in the capsule; the sealed part is bound to these bytes. */
  readonly written: Uint8Array
  readonly sealed: Sealed
}

export const capsuleBytesMax = 16_384

export const writeTerms = (terms: CapsuleTerms): Uint8Array => utf8(JSON.stringify(terms))

/** What the sealed part is bound to. */
export const capsuleContext = (written: Uint8Array): Context =>
  contextFromBytes(concat(lengthPrefixed(utf8('keystead capsule')), lengthPrefixed(written)))

export const writeCapsule = (written: Uint8Array, sealed: Uint8Array): Uint8Array =>
  concat(lengthPrefixed(written), sealed)

const decoder = new TextDecoder('utf-8', { fatal: true })

/** undefined for what has not the form of a capsule. What it says is authentic only once the sealed part has opened. */
export const parseCapsule = (bytes: Uint8Array): Capsule | undefined => {
  if (bytes.length < 4 || bytes.length > capsuleBytesMax) return undefined
  const end = 4 + readU32(bytes, 0)
  const sealed = end <= bytes.length ? parseSealed(bytes.subarray(end)) : undefined
  if (sealed?.content !== 'token') return undefined
  const written = bytes.subarray(4, end)
  try {
    return { terms: JSON.parse(decoder.decode(written)) as CapsuleTerms, written, sealed }
  } catch {
    return undefined
  }
}

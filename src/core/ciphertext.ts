/**
 * The ciphertext format: docs/spec/ciphertext.md is the norm. One codec and one parser for data, data keys, wrapped
 * keys and tokens. The overhead is 140 bytes; of suite 3, which `ciphertext-kem.ts` writes, an encapsulation more.
 */
import type { Aead } from '../crypto/aead.ts'
import type { SymmetricAlgorithm } from '../crypto/algorithms.ts'
import { equalInConstantTime } from '../crypto/compare.ts'
import { encapsulationBytes } from '../crypto/kem.ts'
import { type Secret, secretFrom } from '../crypto/secret.ts'
import { type Suite, type SuiteNumber, suites } from '../crypto/suites.ts'
import { bytesFromHex, hexFromBytes, readU32, sameBytes, writeU32 } from './bytes.ts'
import { type Context, type ContextKind, encodeContext } from './context.ts'
import type { Clock, Random } from './ports.ts'

/** Spells `KEYStead` in Base64, so that a lost ciphertext can be searched for. */
const magic = Uint8Array.of(0x28, 0x46, 0x12, 0xb5, 0xe6, 0x9d)
const format = 1
export const offsets = {
  format: 6,
  suite: 7,
  content: 8,
  contextKind: 9,
  reserved: 10,
  installation: 12,
  lineage: 28,
  version: 44,
  salt: 48,
  nonce: 80,
  commitment: 92,
  ciphertext: 124,
} as const
export const saltBytes = 32
export const nonceBytes = 12
export const tagBytes = 16
const contextDigestBytes = 32

export const overheadBytes = offsets.ciphertext + tagBytes
export const kemOverheadBytes = overheadBytes + encapsulationBytes
const overheads: readonly (number | undefined)[] = [undefined, overheadBytes, overheadBytes, kemOverheadBytes]
/** Far above every caller's limit: what is longer is no ciphertext of ours. */
export const sealedPlaintextBytesMax = 1_048_576

/** SP 800-38D, section 8.3 allows 2^32 random nonces under one derived key; the collision bound wants far fewer. */
const messagesPerSaltMax = 65_536
const saltAgeMsMax = 60_000
/** Wall and monotonic clock further apart than this since the salt was drawn: the machine slept or was restored. */
const clockDisagreementMsMax = 500
const saltsMax = 64

export const contents = { data: 1, dataKey: 2, wrappedKey: 3, token: 4 } as const
export type Content = keyof typeof contents
const contentNames: readonly (Content | undefined)[] = [undefined, 'data', 'dataKey', 'wrappedKey', 'token']
const contextKinds: readonly (ContextKind | undefined)[] = ['none', 'map', 'bytes']

declare const parsed: unique symbol
/** The header of a ciphertext whose bounds were checked. Only `parseSealed` makes one; nothing in it is authentic yet. */
export interface Sealed {
  readonly [parsed]: true
  readonly suite: SuiteNumber
  readonly content: Content
  readonly contextKind: ContextKind
  /** Where it was made, 16 bytes in hex. */
  readonly installation: string
  /** The key that made it, 16 bytes in hex. */
  readonly lineage: string
  /** At least 1. */
  readonly version: number
  /** The whole ciphertext. */
  readonly bytes: Uint8Array
}

/** undefined for everything that is not exactly a ciphertext of format 1. Never throws. */
export const parseSealed = (bytes: Uint8Array): Sealed | undefined => {
  if (bytes.length < overheadBytes) return undefined
  if (!sameBytes(bytes.subarray(0, magic.length), magic) || bytes[offsets.format] !== format) return undefined
  if (bytes[offsets.reserved] !== 0 || bytes[offsets.reserved + 1] !== 0) return undefined
  const suite = bytes[offsets.suite] ?? 0
  const overhead = overheads[suite]
  if (overhead === undefined || bytes.length < overhead || bytes.length > overhead + sealedPlaintextBytesMax)
    return undefined
  const content = contentNames[bytes[offsets.content] ?? 0]
  const contextKind = contextKinds[bytes[offsets.contextKind] ?? 0]
  const version = readU32(bytes, offsets.version)
  if (!content || !contextKind || version === 0) return undefined
  return {
    suite,
    content,
    contextKind,
    installation: hexFromBytes(bytes.subarray(offsets.installation, offsets.lineage)),
    lineage: hexFromBytes(bytes.subarray(offsets.lineage, offsets.version)),
    version,
    bytes,
  } as Sealed
}

/** Who a piece of key material is. Installation and lineage are 16 bytes in hex, in lower case; the version is a u32 from 1. */
export interface MaterialIdentity {
  readonly installation: string
  readonly lineage: string
  readonly version: number
}

/** What sealing takes from outside. */
export interface SealSource {
  readonly random: Random
  readonly clock: Clock
}

/** What was derived from a salt. `aad` is a message's header, commitment, and what else its owner keeps there. */
interface Salt {
  readonly aead: Aead
  readonly aad: Uint8Array
}

/** A salt that messages are written with. `aad` is the header and the context's digest, rewritten per message. */
interface Window extends Salt {
  readonly openedAt: number
  /** Wall clock minus monotonic clock when it was opened, ms. */
  readonly clockOffset: number
  messages: number
}

/** Whether a message was written with this salt by the same key: the header says both. */
const isOf = ({ aad }: Salt, bytes: Uint8Array): boolean => {
  // The salt first: all else is the same in each message of a key.
  for (let at = offsets.salt; at < offsets.nonce; at++) if (aad[at] !== bytes[at]) return false
  return sameBytes(aad.subarray(0, offsets.salt), bytes.subarray(0, offsets.salt))
}

/**
 * The material of one key version, usable and not readable, with the derived keys that are in use. A process holds one for
 * each key that it remembers, nearly always with one window: so lists that are as long as what is in them, and no maps.
 */
export class Material {
  readonly identity: MaterialIdentity
  readonly suite: Suite
  readonly #secret: Secret
  /** One for each content and context kind, because both bytes are in the derivation. */
  #windows: readonly Window[] = []
  /** Least recently used first. */
  #salts: readonly Salt[] = []

  constructor(suite: Suite, secret: Secret, identity: MaterialIdentity) {
    this.identity = identity
    this.suite = suite
    this.#secret = secret
  }

  /** The writer's window with one message more in it: a new one when the last is used up. */
  window(content: number, contextKind: number, { random, clock }: SealSource): Window {
    const current = this.#windows.find(
      ({ aad }) => aad[offsets.content] === content && aad[offsets.contextKind] === contextKind,
    )
    const window =
      current && !isUsedUp(current, clock) ? current : this.#openWindow(content, contextKind, random, clock)
    if (window !== current) this.#windows = this.#windows.filter((other) => other !== current).concat(window)
    window.messages++
    return window
  }

  #openWindow(content: number, contextKind: number, random: Random, clock: Clock): Window {
    const aad = new Uint8Array(offsets.ciphertext + contextDigestBytes)
    aad.set(headerOf(this.suite.number, this.identity))
    aad[offsets.content] = content
    aad[offsets.contextKind] = contextKind
    aad.set(random.bytes(saltBytes), offsets.salt)
    const { aead, commitment } = this.suite.derive(this.#secret, aad.subarray(0, offsets.nonce))
    aad.set(commitment, offsets.commitment)
    const openedAt = clock.monotonic()
    const window = { aead, aad, openedAt, clockOffset: clock.now() - openedAt, messages: 0 }
    this.#remember(window)
    return window
  }

  /** The derived key of a ciphertext; undefined where it does not commit to this material. */
  reader(bytes: Uint8Array): Aead | undefined {
    const salt = this.#salts.findLast((each) => isOf(each, bytes)) ?? this.#derived(bytes)
    const commitment = salt.aad.subarray(offsets.commitment, offsets.ciphertext)
    if (!equalInConstantTime(commitment, bytes.subarray(offsets.commitment, offsets.ciphertext))) return undefined
    // Only after the commitment held: a stranger's salts push nothing out.
    this.#remember(salt)
    return salt.aead
  }

  /** The salt of a message as this material derives from it, whatever the message commits to. */
  #derived(bytes: Uint8Array): Salt {
    const aad = new Uint8Array(bytes.subarray(0, offsets.ciphertext))
    const { aead, commitment } = this.suite.derive(this.#secret, aad.subarray(0, offsets.nonce))
    aad.set(commitment, offsets.commitment)
    return { aead, aad }
  }

  #remember(salt: Salt): void {
    if (this.#salts.at(-1) === salt) return
    const others = this.#salts.filter((other) => other !== salt)
    this.#salts = others.slice(others.length < saltsMax ? 0 : 1).concat(salt)
  }
}

const isUsedUp = ({ messages, openedAt, clockOffset }: Window, clock: Clock): boolean => {
  if (messages >= messagesPerSaltMax) return true
  const monotonic = clock.monotonic()
  if (monotonic - openedAt >= saltAgeMsMax) return true
  return Math.abs(clock.now() - monotonic - clockOffset) > clockDisagreementMsMax
}

const checked = (identity: MaterialIdentity): MaterialIdentity => {
  const { installation, lineage, version } = identity
  if (!isId(installation) || !isId(lineage)) throw new RangeError('installation and lineage are 16 bytes in hex')
  if (!Number.isInteger(version) || version < 1 || version > 0xffff_ffff)
    throw new RangeError('a key version is a u32 from 1')
  return identity
}

const isId = (text: string): boolean => /^[0-9a-f]{32}$/.test(text)

/** Bytes 0 to 48 of every ciphertext of this material, content and context kind left open. */
export const headerOf = (suite: SuiteNumber, identity: MaterialIdentity): Uint8Array => {
  const { installation, lineage, version } = checked(identity)
  const header = new Uint8Array(offsets.salt)
  header.set(magic)
  header[offsets.format] = format
  header[offsets.suite] = suite
  header.set(bytesFromHex(installation) as Uint8Array, offsets.installation)
  header.set(bytesFromHex(lineage) as Uint8Array, offsets.lineage)
  writeU32(header, offsets.version, version)
  return header
}

/** Takes a copy of `secret`, which the caller then zeroes. A RangeError where its length is not the algorithm's. */
export const materialFrom = (
  algorithm: SymmetricAlgorithm,
  secret: Uint8Array,
  identity: MaterialIdentity,
): Material => {
  if (secret.length !== algorithm.keyBytes) throw new RangeError(`${algorithm.name} takes ${algorithm.keyBytes} bytes`)
  return new Material(suites[algorithm.suite], secretFrom(secret), checked(identity))
}

/** The ciphertext of a plaintext of at most `sealedPlaintextBytesMax` bytes (else a RangeError). */
export const seal = (
  material: Material,
  content: Content,
  context: Context,
  plaintext: Uint8Array,
  source: SealSource,
): Uint8Array => {
  if (plaintext.length > sealedPlaintextBytesMax) throw new RangeError('a plaintext beyond the format')
  const encoded = encodeContext(context)
  const { aead, aad } = material.window(contents[content], encoded.kind, source)
  const nonce = source.random.bytes(nonceBytes)
  aad.set(nonce, offsets.nonce)
  aad.set(material.suite.digest(encoded.bytes), offsets.ciphertext)
  const out = new Uint8Array(overheadBytes + plaintext.length)
  out.set(aad.subarray(0, offsets.ciphertext))
  aead.seal(nonce, aad, plaintext, out, offsets.ciphertext)
  return out
}

/** The plaintext; undefined for another key, version or context and for every change of any bit, all alike. */
export const open = (material: Material, sealed: Sealed, context: Context): Uint8Array | undefined => {
  const { bytes } = sealed
  // The installation is not compared: a key restored elsewhere goes on reading what it wrote.
  if (sealed.lineage !== material.identity.lineage || sealed.version !== material.identity.version) return undefined
  const encoded = encodeContext(context)
  if (sealed.suite !== material.suite.number || bytes[offsets.contextKind] !== encoded.kind) return undefined
  const aead = material.reader(bytes)
  if (!aead) return undefined
  const tagAt = bytes.length - tagBytes
  const aad = new Uint8Array(offsets.ciphertext + contextDigestBytes)
  aad.set(bytes.subarray(0, offsets.ciphertext))
  aad.set(material.suite.digest(encoded.bytes), offsets.ciphertext)
  const nonce = bytes.subarray(offsets.nonce, offsets.commitment)
  return aead.open(nonce, aad, bytes.subarray(offsets.ciphertext, tagAt), bytes.subarray(tagAt))
}

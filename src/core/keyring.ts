/**
 * The hierarchy of keys: a generation of the root key wraps the domain key of an account, the domain key wraps the
 * material of its objects. A wrap is bound to the object that it is for, so that rows cannot be exchanged in the store.
 */
import { symmetricAlgorithm } from '../crypto/algorithms.ts'
import { hmacSha256 } from '../crypto/digest.ts'
import { deriveBytes } from '../crypto/kdf.ts'
import { labels } from '../crypto/labels.ts'
import { type Secret, secretFrom } from '../crypto/secret.ts'
import { concat, hexFromBytes, hexFromUuid, lengthPrefixed, u32, utf8 } from './bytes.ts'
import { type Content, type Material, materialFrom, open, parseSealed, type SealSource, seal } from './ciphertext.ts'
import { type Context, contextFromBytes } from './context.ts'
import {
  type AccountId,
  type DomainKey,
  domainKeyId,
  type Instant,
  type KeyStore,
  type Kind,
  type WrappedKey,
} from './object.ts'
import type { Clock, Random, RootGeneration, RootKey } from './ports.ts'

/** The object that a wrap or a token is for. A kind without versions says 1. */
export interface Binding {
  readonly kind: Kind | 'session'
  readonly account: AccountId
  readonly id: string
  readonly version: number
}

export interface KeyringParts {
  /** The installation's id, 16 bytes in hex. */
  readonly installation: string
  readonly root: RootKey
  readonly random: Random
  readonly clock: Clock
}

interface Unwrapped {
  readonly material: Material
  readonly digestKey: Secret
}

const domainAlgorithm = symmetricAlgorithm('aes-256')

export class Keyring {
  readonly #installation: string
  readonly #root: RootKey
  readonly #source: SealSource
  /** By the row itself: a new row is unwrapped anew, and what the store forgets is forgotten here. */
  readonly #unwrapped = new WeakMap<DomainKey, Unwrapped>()

  constructor({ installation, root, random, clock }: KeyringParts) {
    this.#installation = installation
    this.#root = root
    this.#source = { random, clock }
  }

  /** A new domain key, wrapped by the root key's present generation; of a key store where one is named. */
  newDomainKey(account: AccountId, version: number, now: Instant, store?: Pick<KeyStore, 'id' | 'backing'>): DomainKey {
    const raw = this.#source.random.bytes(domainAlgorithm.keyBytes)
    const lineage = hexFromUuid(this.#source.random.id(now))
    const generation = store ? this.#root.backings?.get(store.backing) : this.#root.generation
    if (!generation) throw new Error(`there is no key store backing ${store?.backing}`)
    const { id, number } = generation
    const root = this.#rootMaterial(id, number)
    if (!root) throw new Error('the root key does not hold its own present generation')
    const binding = domainBinding({ id: domainKeyId(account, store?.id ?? version), account, version })
    const wrapped = seal(root, 'wrappedKey', contextOf(binding), raw, this.#source) as WrappedKey
    const row: DomainKey = {
      kind: 'domainKey',
      id: binding.id,
      account,
      revision: 1,
      version,
      lineage,
      wrapped,
      createdAt: now,
    }
    this.#unwrapped.set(row, this.#use(raw, row))
    return row
  }

  /** The generation of the root key that wraps a domain key. */
  generationOf({ wrapped }: DomainKey): RootGeneration | undefined {
    const sealed = parseSealed(wrapped)
    return sealed && { id: sealed.lineage, number: sealed.version }
  }

  /** Whether the root key still opens a domain key, tried anew. */
  opens(row: DomainKey): boolean {
    const raw = this.#unwrapDomainKey(row)
    raw?.fill(0)
    return raw !== undefined
  }

  /**
   * The domain key wrapped by the present generation of its root key instead: `same` where it is already, `broken` where it
   * does not open, since nothing is written over what cannot be read.
   */
  rewrapped(row: DomainKey): DomainKey | 'same' | 'broken' {
    const before = this.generationOf(row)
    const present = before && this.#root.present(before.id, before.number)
    if (before && present && before.id === present.id) return 'same'
    const raw = this.#unwrapDomainKey(row)
    const root = present && this.#rootMaterial(present.id, present.number)
    if (!raw || !root) return 'broken'
    const wrapped = seal(root, 'wrappedKey', contextOf(domainBinding(row)), raw, this.#source) as WrappedKey
    raw.fill(0)
    return { ...row, wrapped }
  }

  /** Material under a domain key, for one object and no other. */
  wrap(domain: DomainKey, binding: Binding, material: Uint8Array): WrappedKey {
    return this.#seal(domain, 'wrappedKey', binding, material) as WrappedKey
  }

  /** The material, which the caller zeroes; undefined where it was wrapped for another object or by another domain key. */
  unwrap(domain: DomainKey, binding: Binding, wrapped: WrappedKey): Uint8Array | undefined {
    return this.#open(domain, 'wrappedKey', binding, wrapped)
  }

  /** A token that its holder can neither read nor change. */
  token(domain: DomainKey, binding: Binding, payload: Uint8Array): Uint8Array {
    return this.#seal(domain, 'token', binding, payload)
  }

  /** The payload; undefined for what is not a token of this domain key and binding. */
  openToken(domain: DomainKey, binding: Binding, token: Uint8Array): Uint8Array | undefined {
    return this.#open(domain, 'token', binding, token)
  }

  /**
   * Tells whether material imported again is the same, in hex, and tells nothing to whoever reads the store: SM4 material
   * of a weak generator could be guessed from a digest without key. Equal material of two keys has two digests.
   */
  materialDigest(domain: DomainKey, keyId: string, material: Uint8Array): string {
    const input = concat(lengthPrefixed(utf8(keyId)), material)
    const digest = hexFromBytes(hmacSha256(this.#domain(domain).digestKey, input))
    input.fill(0)
    return digest
  }

  #seal(domain: DomainKey, content: Content, binding: Binding, plaintext: Uint8Array): Uint8Array {
    return seal(this.#domain(domain).material, content, contextOf(binding), plaintext, this.#source)
  }

  #open(domain: DomainKey, content: Content, binding: Binding, bytes: Uint8Array): Uint8Array | undefined {
    const sealed = parseSealed(bytes)
    if (sealed?.content !== content) return undefined
    return open(this.#domain(domain).material, sealed, contextOf(binding))
  }

  #domain(row: DomainKey): Unwrapped {
    const known = this.#unwrapped.get(row)
    if (known) return known
    const raw = this.#unwrapDomainKey(row)
    if (!raw) throw new Error(`the root key does not open domain key ${row.id}`)
    const unwrapped = this.#use(raw, row)
    this.#unwrapped.set(row, unwrapped)
    return unwrapped
  }

  #unwrapDomainKey(row: DomainKey): Uint8Array | undefined {
    const sealed = parseSealed(row.wrapped)
    if (sealed?.content !== 'wrappedKey') return undefined
    const root = this.#rootMaterial(sealed.lineage, sealed.version)
    return root && open(root, sealed, contextOf(domainBinding(row)))
  }

  #rootMaterial(generation: string, number: number): Material | undefined {
    const raw = this.#root.material(generation, number)
    const material = raw && materialFrom(domainAlgorithm, raw, this.#identity(generation, number))
    raw?.fill(0)
    return material
  }

  /** Zeroes `raw`. */
  #use(raw: Uint8Array, { lineage, version }: DomainKey): Unwrapped {
    const material = materialFrom(domainAlgorithm, raw, this.#identity(lineage, version))
    const secret = secretFrom(raw)
    raw.fill(0)
    const digestKey = deriveBytes('sha512', secret, labels.materialDigest, utf8(lineage), 32)
    const unwrapped = { material, digestKey: secretFrom(digestKey) }
    digestKey.fill(0)
    return unwrapped
  }

  #identity(lineage: string, version: number) {
    return { installation: this.#installation, lineage, version }
  }
}

const domainBinding = ({ id, account, version }: Pick<DomainKey, 'id' | 'account' | 'version'>): Binding => ({
  kind: 'domainKey',
  account,
  id,
  version,
})

const contextOf = ({ kind, account, id, version }: Binding): Context =>
  contextFromBytes(
    concat(
      lengthPrefixed(utf8(kind)),
      lengthPrefixed(utf8(account)),
      lengthPrefixed(utf8(id)),
      lengthPrefixed(u32(version)),
    ),
  )

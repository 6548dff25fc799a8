import { describe, expect, test } from 'vitest'
import { parseSealed } from '../../src/core/ciphertext.ts'
import { type Binding, Keyring } from '../../src/core/keyring.ts'
import type { DomainKey, WrappedKey } from '../../src/core/object.ts'
import type { RootKey } from '../../src/core/ports.ts'
import { identity, seededRandom, setClock, text, toHex } from '../spec/fixed.ts'

const { installation } = identity
const account = 'account-1'
const binding: Binding = { kind: 'keyVersion', account, id: 'key-1', version: 1 }
const material = seededRandom('material').bytes(32)

interface Asked extends RootKey {
  asked: number
}
const rootKey = (seed = 'root', number = 1): Asked => ({
  asked: 0,
  generation: { id: 'a1'.repeat(16), number },
  present(id, n) {
    return id === this.generation.id && n === number ? this.generation : undefined
  },
  material(id, n) {
    this.asked++
    return id === this.generation.id && n === number ? seededRandom(seed).bytes(32) : undefined
  },
})
const keyringOf = (root: RootKey, seed = 'keyring') =>
  new Keyring({ installation, root, random: seededRandom(seed), clock: setClock() })

const start = () => {
  const root = rootKey()
  const keyring = keyringOf(root)
  return { root, keyring, domain: keyring.newDomainKey(account, 1, 5) }
}

test('a domain key is a row whose material the root key wraps', () => {
  const { domain } = start()
  expect(domain).toMatchObject({
    kind: 'domainKey',
    id: `${account}.1`,
    account,
    revision: 1,
    version: 1,
    createdAt: 5,
  })
  expect(domain.lineage).toMatch(/^[0-9a-f]{32}$/)
  const { content, lineage, version } = parseSealed(domain.wrapped) ?? {}
  expect({ content, lineage, version }).toEqual({ content: 'wrappedKey', lineage: 'a1'.repeat(16), version: 1 })
})

test('wrapped material names the domain key and unwraps to what it was', () => {
  const { keyring, domain } = start()
  const wrapped = keyring.wrap(domain, binding, material)
  expect(parseSealed(wrapped)).toMatchObject({
    content: 'wrappedKey',
    lineage: domain.lineage,
    version: 1,
    installation,
  })
  expect(toHex(keyring.unwrap(domain, binding, wrapped) as Uint8Array)).toBe(toHex(material))
  expect(toHex(material)).not.toBe('00'.repeat(32))
})

test('another process with the same root key unwraps it', () => {
  const { keyring, domain } = start()
  const wrapped = keyring.wrap(domain, binding, material)
  const again = keyringOf(rootKey(), 'another process')
  expect(toHex(again.unwrap(structuredClone(domain), binding, wrapped) as Uint8Array)).toBe(toHex(material))
})

test('material of one object cannot stand for another', () => {
  const { keyring, domain } = start()
  const wrapped = keyring.wrap(domain, binding, material)
  const others: Binding[] = [
    { ...binding, kind: 'credential' },
    { ...binding, account: 'account-2' },
    { ...binding, id: 'key-2' },
    { ...binding, version: 2 },
    // The same text with its borders moved: what the length prefixes are for.
    { ...binding, account: 'account-1k', id: 'ey-1' },
  ]
  for (const other of others) expect(keyring.unwrap(domain, other, wrapped)).toBeUndefined()
})

test('another domain key of the same account opens nothing', () => {
  const { keyring, domain } = start()
  const wrapped = keyring.wrap(domain, binding, material)
  expect(keyring.unwrap(keyring.newDomainKey(account, 1, 6), binding, wrapped)).toBeUndefined()
  expect(keyring.unwrap(keyring.newDomainKey(account, 2, 6), binding, wrapped)).toBeUndefined()
})

test('a token is no wrapped key, and a wrapped key no token', () => {
  const { keyring, domain } = start()
  const token = keyring.token(domain, binding, material)
  const wrapped = keyring.wrap(domain, binding, material)
  expect(toHex(keyring.openToken(domain, binding, token) as Uint8Array)).toBe(toHex(material))
  expect(keyring.openToken(domain, binding, wrapped)).toBeUndefined()
  expect(keyring.unwrap(domain, binding, token as WrappedKey)).toBeUndefined()
})

test('a token of another object, a changed one and any other bytes are refused', () => {
  const { keyring, domain } = start()
  const token = keyring.token(domain, binding, text('payload'))
  expect(keyring.openToken(domain, { ...binding, id: 'key-2' }, token)).toBeUndefined()
  for (let at = 0; at < token.length; at++)
    expect(keyring.openToken(domain, binding, token.with(at, (token[at] as number) ^ 1))).toBeUndefined()
  for (const bytes of [new Uint8Array(0), text('token'), new Uint8Array(140)])
    expect(keyring.openToken(domain, binding, bytes)).toBeUndefined()
})

describe('the root key', () => {
  test('is not touched by wrapping, unwrapping and tokens under a known domain key', () => {
    const { root, keyring, domain } = start()
    const asked = root.asked
    const wrapped = keyring.wrap(domain, binding, material)
    keyring.unwrap(domain, binding, wrapped)
    keyring.openToken(domain, binding, keyring.token(domain, binding, material))
    keyring.materialDigest(domain, 'key-1', material)
    expect(root.asked).toBe(asked)
  })

  test('is asked once for a row that was loaded', () => {
    const { domain } = start()
    const root = rootKey()
    const keyring = keyringOf(root)
    const loaded = structuredClone(domain)
    for (let n = 0; n < 3; n++) keyring.unwrap(loaded, binding, keyring.wrap(loaded, binding, material))
    expect(root.asked).toBe(1)
  })

  test('that does not open a domain key is a defect and no refusal', () => {
    const { domain } = start()
    const strangers: [RootKey, DomainKey][] = [
      [rootKey('another root'), domain],
      [rootKey('root', 2), domain],
      [rootKey(), { ...domain, account: 'account-2' }],
      [rootKey(), { ...domain, version: 2 }],
      [rootKey(), { ...domain, wrapped: new Uint8Array(172) as WrappedKey }],
    ]
    for (const [root, row] of strangers)
      expect(() => keyringOf(root).wrap(row, binding, material)).toThrow('does not open domain key')
  })
})

describe('the digest of material', () => {
  test('is the same for the same key and material, in every process', () => {
    const { keyring, domain } = start()
    const digest = keyring.materialDigest(domain, 'key-1', material)
    expect(digest).toMatch(/^[0-9a-f]{64}$/)
    expect(keyringOf(rootKey(), 'another').materialDigest(structuredClone(domain), 'key-1', material)).toBe(digest)
  })

  test('differs for another key, another material and another domain key', () => {
    const { keyring, domain } = start()
    const digests = [
      keyring.materialDigest(domain, 'key-1', material),
      keyring.materialDigest(domain, 'key-2', material),
      keyring.materialDigest(domain, 'key-1', material.with(0, 1)),
      keyring.materialDigest(keyring.newDomainKey(account, 2, 5), 'key-1', material),
    ]
    expect(new Set(digests).size).toBe(4)
  })
})

test('the random bytes of a new domain key are zeroed', () => {
  const drawn: Uint8Array[] = []
  const { bytes, id } = seededRandom('seen')
  const random = { id, bytes: (length: number) => drawn[drawn.push(bytes(length)) - 1] as Uint8Array }
  new Keyring({ installation, root: rootKey(), random, clock: setClock() }).newDomainKey(account, 1, 5)
  expect(toHex(drawn[0] as Uint8Array)).toBe('00'.repeat(32))
})

/**
 * Writes ciphertext.vectors.json: `node test/spec/make-vectors.ts`. The file is the norm's; it is written again only when
 * vectors are added, and those that were there must come out as they were.
 */
import { writeFileSync } from 'node:fs'
import { ml_kem1024 } from '@noble/post-quantum/ml-kem.js'
import { type Content, materialFrom, seal } from '../../src/core/ciphertext.ts'
import { sealEncapsulated } from '../../src/core/ciphertext-kem.ts'
import { type Context, contextFromBytes, contextFromObject, noContext } from '../../src/core/context.ts'
import { Keyring } from '../../src/core/keyring.ts'
import { symmetricAlgorithm } from '../../src/crypto/algorithms.ts'
import { hex, identity, seededRandom, setClock, text, toHex } from './fixed.ts'

const clock = setClock()
const maps = [
  '{"a":"1"}',
  '{"tenant":"acme","env":"prod","path":"/a/b","é":"\\u00e9"}',
  '{"n":1e2,"zero":-0,"tenth":0.1,"big":9007199254740991,"yes":true,"no":false,"nil":null,"empty":""}',
  '{"\\uffff":"second of UTF-16, first of UTF-8","\\ud800\\udc00":"x","__proto__":"a name like any other"}',
]
interface Case {
  name: string
  content: Content
  map?: string | undefined
  bytes?: string | undefined
  plaintext: Uint8Array
}
const cases: Case[] = [
  { name: 'data without context', content: 'data', plaintext: text('Hello, Keystead') },
  { name: 'no plaintext', content: 'data', plaintext: text('') },
  { name: 'plaintext of several blocks', content: 'data', plaintext: seededRandom('plaintext').bytes(100) },
  ...maps.map((map, at) => ({
    name: `map ${at + 1}`,
    content: 'data' as const,
    map,
    plaintext: text(`map ${at + 1}`),
  })),
  { name: 'bytes that read like a map', content: 'data', bytes: toHex(text('{"a":"1"}')), plaintext: text('bytes') },
  { name: 'data key', content: 'dataKey', map: maps[0], plaintext: seededRandom('data key').bytes(32) },
  { name: 'wrapped key', content: 'wrappedKey', bytes: 'c0ffee', plaintext: seededRandom('wrapped').bytes(32) },
  { name: 'token', content: 'token', bytes: '00', plaintext: seededRandom('token').bytes(16) },
]

const contextOf = ({ map, bytes }: Pick<Case, 'map' | 'bytes'>): Context => {
  if (bytes !== undefined) return contextFromBytes(hex(bytes))
  const context = map === undefined ? noContext : contextFromObject(JSON.parse(map))
  if (!context) throw new Error(`refused: ${map}`)
  return context
}

const vectorsOf = (name: string) =>
  cases.map((each) => {
    const algorithm = symmetricAlgorithm(name)
    const random = seededRandom(`${name} ${each.name}`)
    const secret = random.bytes(algorithm.keyBytes)
    const material = materialFrom(algorithm, secret, identity)
    const { plaintext, content, map, bytes } = each
    return {
      name: `${name}: ${each.name}`,
      algorithm: name,
      suite: algorithm.suite,
      material: toHex(secret),
      ...identity,
      content,
      context: map === undefined && bytes === undefined ? null : { map, bytes },
      plaintext: toHex(plaintext),
      ciphertext: toHex(seal(material, content, contextOf(each), plaintext, { random, clock })),
    }
  })

/** Suite 3 has data alone. The encapsulation is made by the second implementation, because it can be told its randomness. */
const kemVectors = cases
  .filter(({ content }) => content === 'data')
  .map((each) => {
    const random = seededRandom(`ml-kem-1024 ${each.name}`)
    const seed = random.bytes(64)
    const { cipherText, sharedSecret } = ml_kem1024.encapsulate(ml_kem1024.keygen(seed).publicKey, random.bytes(32))
    const encapsulated = { encapsulation: cipherText, secret: sharedSecret }
    const { plaintext, content, map, bytes } = each
    return {
      name: `ml-kem-1024: ${each.name}`,
      algorithm: 'ml-kem-1024',
      suite: 3,
      material: toHex(seed),
      ...identity,
      content,
      context: map === undefined && bytes === undefined ? null : { map, bytes },
      plaintext: toHex(plaintext),
      ciphertext: toHex(
        sealEncapsulated(encapsulated, identity, content, contextOf(each), plaintext, { random, clock }),
      ),
    }
  })

const vectors = [...['aes-256', 'sm4'].flatMap(vectorsOf), ...kemVectors]
const first = hex(vectors[0]?.ciphertext ?? '')
const changed = (at: number, value: number) => toHex(first.with(at, value))
const refused = [
  { why: 'another magic', ciphertext: changed(5, 0x9c) },
  { why: 'format 0', ciphertext: changed(6, 0) },
  { why: 'format 2', ciphertext: changed(6, 2) },
  { why: 'suite 0', ciphertext: changed(7, 0) },
  { why: 'the other suite', ciphertext: changed(7, 2) },
  { why: 'suite 3 without an encapsulation', ciphertext: changed(7, 3) },
  { why: 'suite 4', ciphertext: changed(7, 4) },
  { why: 'content 0', ciphertext: changed(8, 0) },
  { why: 'another content', ciphertext: changed(8, 2) },
  { why: 'content 5', ciphertext: changed(8, 5) },
  { why: 'another context kind', ciphertext: changed(9, 1) },
  { why: 'context kind 3', ciphertext: changed(9, 3) },
  { why: 'reserved', ciphertext: changed(11, 1) },
  { why: 'another installation', ciphertext: changed(12, 1) },
  { why: 'another lineage', ciphertext: changed(28, 1) },
  { why: 'version 0', ciphertext: changed(47, 0) },
  { why: 'another version', ciphertext: changed(47, 8) },
  { why: 'another salt', ciphertext: changed(48, (first[48] ?? 0) ^ 1) },
  { why: 'another nonce', ciphertext: changed(80, (first[80] ?? 0) ^ 1) },
  { why: 'another commitment', ciphertext: changed(92, (first[92] ?? 0) ^ 1) },
  { why: 'another ciphertext', ciphertext: changed(124, (first[124] ?? 0) ^ 1) },
  { why: 'another tag', ciphertext: changed(first.length - 1, (first.at(-1) ?? 0) ^ 1) },
  { why: 'a byte less', ciphertext: toHex(first.subarray(0, -1)) },
  { why: 'a byte more', ciphertext: `${toHex(first)}00` },
  { why: 'a header alone', ciphertext: toHex(first.subarray(0, 124)) },
]

const hierarchyOf = () => {
  const random = seededRandom('hierarchy')
  const root = { id: 'a1'.repeat(16), number: 3, material: toHex(random.bytes(32)) }
  const { installation } = identity
  const port = { generation: root, present: () => root, material: () => hex(root.material) }
  const keyring = new Keyring({ installation, root: port, random, clock })
  const domain = keyring.newDomainKey('0197a000-0000-7000-8000-000000000001', 1, clock.now())
  const binding = { kind: 'keyVersion' as const, account: domain.account, id: 'key-1', version: 2 }
  const material = random.bytes(32)
  const { id, account, version, lineage, wrapped } = domain
  return {
    installation,
    root,
    domainKey: { id, account, version, lineage, wrapped: toHex(wrapped) },
    keyVersion: { ...binding, material: toHex(material), wrapped: toHex(keyring.wrap(domain, binding, material)) },
    digest: keyring.materialDigest(domain, binding.id, material),
  }
}

const file = new URL('ciphertext.vectors.json', import.meta.url)
writeFileSync(file, `${JSON.stringify({ vectors, refused, hierarchy: hierarchyOf() }, null, 2)}\n`)

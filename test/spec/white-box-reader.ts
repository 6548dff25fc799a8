/** A second decryptor, written from docs/spec/white-box.md alone, with nothing of the program's. */
import { createDecipheriv, hkdfSync } from 'node:crypto'

const gcmOpen = (key: Uint8Array, head: Buffer, box: Buffer): Buffer | undefined => {
  const decipher = createDecipheriv('aes-256-gcm', key, Buffer.alloc(12))
  decipher.setAAD(head)
  decipher.setAuthTag(box.subarray(-16))
  try {
    return Buffer.concat([decipher.update(box.subarray(0, -16)), decipher.final()])
  } catch {
    return undefined
  }
}

const nibbles = (word: Buffer): number[] => [...word].flatMap((byte) => [byte >> 4, byte % 16])
const fromNibbles = (list: readonly number[]): Buffer => Buffer.from(list.map((n) => n.toString(16)).join(''), 'hex')

const aes = (tables: Buffer, E: Buffer): Buffer => {
  const W = (table: number, b: number) => tables.subarray(table + 4 * b, table + 4 * b + 4)
  const sum = (at: number, a: Buffer, b: Buffer): Buffer => {
    const [p, q] = [nibbles(a), nibbles(b)]
    const entry = (i: number) => {
      const k = 16 * p[i]! + q[i]!
      const byte = tables[at + 128 * i + Math.floor(k / 2)]!
      return k % 2 === 0 ? byte >> 4 : byte % 16
    }
    return fromNibbles([0, 1, 2, 3, 4, 5, 6, 7].map(entry))
  }
  const step = (at: number, x: readonly number[]): Buffer => {
    const [T0, T1, T2, T3] = x.map((b, i) => W(at + 1024 * i, b)) as [Buffer, Buffer, Buffer, Buffer]
    return sum(at + 6144, sum(at + 4096, T0, T1), sum(at + 5120, T2, T3))
  }
  let state = E
  const byteFor = (c: number, r: number) => state[4 * ((c - r + 4) % 4) + r]!
  for (let round = 0; round < 13; round++) {
    const columns = [0, 1, 2, 3].map((c) => {
      const at = round * 4 * 14_336 + c * 14_336
      const mixed = step(
        at,
        [0, 1, 2, 3].map((r) => byteFor(c, r)),
      )
      return step(at + 7168, [...mixed])
    })
    state = Buffer.concat(columns)
  }
  const last = 13 * 4 * 14_336
  const output = Buffer.alloc(16)
  for (let c = 0; c < 4; c++)
    for (let r = 0; r < 4; r++) output[4 * c + r] = tables[last + 256 * (4 * c + r) + byteFor(c, r)]!
  return output
}

const add = (...words: Buffer[]): Buffer =>
  words.reduce((sum, word) => Buffer.from(sum.map((byte, i) => byte ^ word[i]!)), Buffer.alloc(4))

const sm4 = (tables: Buffer, E: Buffer): Buffer => {
  const map = (number: number, x: Buffer): Buffer =>
    add(...[0, 1, 2, 3].map((i) => tables.subarray(4096 * number + 1024 * i + 4 * x[i]!).subarray(0, 4)))
  const X = [0, 1, 2, 3].map((j) => map(j, E.subarray(4 * j, 4 * j + 4)))
  for (let i = 0; i < 32; i++) {
    const [M1, M2, M3, S, P, Q] = [4, 5, 6, 7, 8, 9].map((n) => n + 6 * i) as [
      number,
      number,
      number,
      number,
      number,
      number,
    ]
    const substituted = map(S, add(map(M1, X[i + 1]!), map(M2, X[i + 2]!), map(M3, X[i + 3]!)))
    X[i + 4] = add(map(P, X[i]!), map(Q, substituted))
  }
  return Buffer.concat([35, 34, 33, 32].map((i, at) => map(196 + at, X[i]!)))
}

/** The plaintext, or undefined for whatever the page says is to be refused. */
export const readWhiteBox = (
  decryptKey: Uint8Array,
  ciphertext: Uint8Array,
  initializationVector: Uint8Array,
  fingerprint = '',
): Buffer | undefined => {
  const key = Buffer.from(decryptKey.buffer, decryptKey.byteOffset, decryptKey.length)
  const head = key.subarray(0, 24)
  if (head.length < 24 || head.subarray(0, 4).toString('latin1') !== 'KWB1' || head[5] !== 0) return undefined
  if (head[4] !== 1 && head[4] !== 2) return undefined
  const n = head.readUInt16BE(6)
  const encodingAt = 24 + 48 * n
  const tablesAt = encodingAt + (n === 0 ? 4096 : 4112)
  if (key.length !== tablesAt + (head[4] === 1 ? 749_568 : 819_200)) return undefined

  let encoding: Buffer | undefined = key.subarray(encodingAt, tablesAt)
  if (n > 0) {
    const salt = head.subarray(8)
    const deviceKey = Buffer.from(hkdfSync('sha256', Buffer.from(fingerprint), salt, 'keystead 1 white-box lock', 32))
    let contentKey: Buffer | undefined
    for (let lock = 0; lock < n && !contentKey; lock++)
      contentKey = gcmOpen(deviceKey, head, key.subarray(24 + 48 * lock, 72 + 48 * lock))
    encoding = contentKey && gcmOpen(contentKey, head, encoding)
  }
  if (!encoding || ciphertext.length === 0 || ciphertext.length % 16 !== 0 || initializationVector.length !== 16)
    return undefined

  const tables = key.subarray(tablesAt)
  const chain = Buffer.concat([initializationVector, ciphertext])
  const plaintext = Buffer.alloc(ciphertext.length)
  for (let at = 0; at < ciphertext.length; at += 16) {
    const E = Buffer.from(ciphertext.subarray(at, at + 16).map((byte, i) => encoding[256 * i + byte]!))
    const block = head[4] === 1 ? aes(tables, E) : sm4(tables, E)
    for (let i = 0; i < 16; i++) plaintext[at + i] = block[i]! ^ chain[at + i]!
  }
  const padding = plaintext.at(-1)!
  const padded = padding >= 1 && padding <= 16 && plaintext.subarray(-padding).every((byte) => byte === padding)
  return padded ? plaintext.subarray(0, -padding) : undefined
}

/**
 * Decrypts with the tables of a white-box key, by look-ups and additions alone: no cipher, no key schedule, no key is in
 * here. The form of the tables is docs/spec/white-box.md. Runs wherever there is WebCrypto, which opens the locks of a
 * DecryptKey that is bound to devices; nothing is imported, so that the file can be taken along as it is.
 */

/** One block, each of its bytes encoded. */
type Block = (encoded: Uint8Array) => Uint8Array

const byteOf = (word: number, at: number): number => (word >>> (24 - 8 * at)) & 255
const four = <T>(each: (at: number) => T): T[] => [0, 1, 2, 3].map(each)

/** Four tables from a byte to a word, and three times eight that add two nibbles, two entries in a byte. */
const wordTables = 4 * 256 * 4
const sumTables = 8 * 128
const columnBytes = wordTables + 3 * sumTables
const aesRounds = 13

const aesBlock = (tables: Uint8Array): Block => {
  const view = new DataView(tables.buffer, tables.byteOffset)
  const sum = (from: number, a = 0, b = 0): number => {
    let word = 0
    for (let shift = 28, table = from; shift >= 0; shift -= 4, table += 128) {
      const index = (((a >>> shift) & 15) << 4) | ((b >>> shift) & 15)
      const pair = tables[table + (index >> 1)] as number
      word |= ((index & 1 ? pair : pair >> 4) & 15) << shift
    }
    return word >>> 0
  }
  const column = (from: number, byte: (at: number) => number): number => {
    const words = four((at) => view.getUint32(from + 4 * (256 * at + byte(at))))
    const sums = from + wordTables
    return sum(sums + 2 * sumTables, sum(sums, words[0], words[1]), sum(sums + sumTables, words[2], words[3]))
  }
  return (encoded) => {
    let [state, from] = [encoded, 0]
    const shifted = (at: number): number => state[4 * (((at >> 2) - (at & 3) + 4) % 4) + (at & 3)] as number
    for (let round = 0; round < aesRounds; round++) {
      const columns = four((index) => {
        const mixed = column(from, (row) => shifted(4 * index + row))
        const masked = column(from + columnBytes, (row) => byteOf(mixed, row))
        from += 2 * columnBytes
        return four((row) => byteOf(masked, row))
      })
      state = Uint8Array.from(columns.flat())
    }
    return encoded.map((_byte, at) => tables[from + 256 * at + shifted(at)] as number)
  }
}

const sm4Rounds = 32

const sm4Block = (tables: Uint8Array): Block => {
  const view = new DataView(tables.buffer, tables.byteOffset)
  return (encoded) => {
    let from = 0
    const map = (word = 0): number => {
      let sum = 0
      for (let at = 0; at < 4; at++, from += 1024) sum ^= view.getUint32(from + 4 * byteOf(word, at))
      return sum >>> 0
    }
    const block = new DataView(Uint8Array.from(encoded).buffer)
    const words = four((at) => map(block.getUint32(4 * at)))
    for (let round = 0; round < sm4Rounds; round++) {
      const [first, second, third, fourth] = words
      const substituted = map(map(second) ^ map(third) ^ map(fourth))
      words.shift()
      words.push((map(first) ^ map(substituted)) >>> 0)
    }
    for (const [at, word] of words.reverse().entries()) block.setUint32(4 * at, map(word))
    return new Uint8Array(block.buffer)
  }
}

const ciphers: Readonly<Record<number, { bytes: number; block(tables: Uint8Array): Block }>> = {
  1: { bytes: aesRounds * 8 * columnBytes + 16 * 256, block: aesBlock },
  2: { bytes: (4 + 6 * sm4Rounds + 4) * wordTables, block: sm4Block },
}

const headBytes = 24
const lockBytes = 48
const utf8 = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text)
const own = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => new Uint8Array(bytes)

/** AES-256-GCM under a key that seals this and nothing else, so its nonce is zero; undefined where it does not open. */
const unseal = async (key: Uint8Array, sealed: Uint8Array, head: Uint8Array): Promise<Uint8Array | undefined> => {
  const gcm = { name: 'AES-GCM', iv: new Uint8Array(12), additionalData: own(head) }
  const imported = await crypto.subtle.importKey('raw', own(key), 'AES-GCM', false, ['decrypt'])
  const opened = await crypto.subtle.decrypt(gcm, imported, own(sealed)).catch(() => undefined)
  return opened && new Uint8Array(opened)
}

const unlock = async (head: Uint8Array, locks: Uint8Array, sealed: Uint8Array, fingerprint: string) => {
  const secret = await crypto.subtle.importKey('raw', utf8(fingerprint), 'HKDF', false, ['deriveBits'])
  const hkdf = { name: 'HKDF', hash: 'SHA-256', salt: own(head.subarray(8)), info: utf8('keystead 1 white-box lock') }
  const key = new Uint8Array(await crypto.subtle.deriveBits(hkdf, secret, 256))
  for (let at = 0; at < locks.length; at += lockBytes) {
    const contentKey = await unseal(key, locks.subarray(at, at + lockBytes), head)
    if (contentKey) return unseal(contentKey, sealed, head)
  }
  return undefined
}

/** CBC (SP 800-38A, section 6.2) with PKCS#7 (RFC 5652, section 6.3). */
const decryptWith = (block: Block, ciphertext: Uint8Array, initializationVector: Uint8Array): Uint8Array => {
  if (ciphertext.length === 0 || ciphertext.length % 16 > 0 || initializationVector.length !== 16)
    throw new Error('the ciphertext must be blocks of 16 bytes, and the initialization vector one of them')
  const padded = new Uint8Array(ciphertext.length)
  for (let at = 0; at < ciphertext.length; at += 16) {
    const before = at === 0 ? initializationVector : ciphertext.subarray(at - 16, at)
    const plain = block(ciphertext.slice(at, at + 16))
    for (let byte = 0; byte < 16; byte++) padded[at + byte] = (plain[byte] as number) ^ (before[byte] as number)
  }
  const count = padded.at(-1) ?? 0
  if (count < 1 || count > 16 || padded.subarray(-count).some((byte) => byte !== count))
    throw new Error('the ciphertext does not decrypt with these tables')
  return padded.slice(0, -count)
}

export interface WhiteBox {
  /** Throws where the padding is wrong; that it is right says nothing of who wrote the ciphertext. */
  decrypt(ciphertext: Uint8Array, initializationVector: Uint8Array): Uint8Array
}

/** `decryptKey`: the bytes of a DecryptKey. Rejects for anything else, and where it is bound to other devices. */
export const openWhiteBox = async (decryptKey: Uint8Array, fingerprint = ''): Promise<WhiteBox> => {
  const head = decryptKey.subarray(0, headBytes)
  const cipher = String.fromCharCode(...head.subarray(0, 4)) === 'KWB1' && head[5] === 0 && ciphers[head[4] ?? 0]
  const locked = 256 * (head[6] ?? 0) + (head[7] ?? 0)
  const from = headBytes + lockBytes * locked
  const tablesAt = from + 16 * 256 + (locked > 0 ? 16 : 0)
  if (!cipher || decryptKey.length !== tablesAt + cipher.bytes) throw new Error('this is no DecryptKey')
  const [locks, sealed] = [decryptKey.subarray(headBytes, from), decryptKey.subarray(from, tablesAt)]
  const encoding = locked > 0 ? await unlock(head, locks, sealed, fingerprint) : sealed
  if (!encoding) throw new Error('the DecryptKey is bound to other devices')
  const inner = cipher.block(decryptKey.subarray(tablesAt))
  const block: Block = (bytes) => inner(bytes.map((byte, at) => encoding[256 * at + byte] as number))
  return { decrypt: (ciphertext, vector) => decryptWith(block, ciphertext, vector) }
}

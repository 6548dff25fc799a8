/** The little of DER (X.690) that signatures, SM2 ciphertexts and keys need. The reader takes one spelling of each value. */

export const tags = { integer: 0x02, octets: 0x04, sequence: 0x30 } as const

const lengthOf = (length: number): readonly number[] => {
  if (length < 0x80) return [length]
  return length < 0x100 ? [0x81, length] : [0x82, length >>> 8, length & 0xff]
}

/** A value of at most 65,535 bytes. */
export const derOf = (tag: number, ...parts: readonly Uint8Array[]): Uint8Array => {
  const length = parts.reduce((sum, part) => sum + part.length, 0)
  const head = Uint8Array.of(tag, ...lengthOf(length))
  return new Uint8Array(Buffer.concat([head, ...parts]))
}

/** A number that is not negative, given in big-endian bytes. */
export const derInteger = (bytes: Uint8Array): Uint8Array => {
  const first = bytes.findIndex((byte) => byte !== 0)
  const shortest = first < 0 ? Uint8Array.of(0) : bytes.subarray(first)
  const [top = 0] = shortest
  return top < 0x80 ? derOf(tags.integer, shortest) : derOf(tags.integer, Uint8Array.of(0), shortest)
}

/** Reads values one after the other; `undefined` for whatever is not the one DER spelling of what is asked for. */
export class DerReader {
  readonly #bytes: Uint8Array
  #at = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  get isDone(): boolean {
    return this.#at === this.#bytes.length
  }

  /** The content of the next value, which must have this tag. */
  read(tag: number): Uint8Array | undefined {
    if (this.#bytes[this.#at] !== tag) return undefined
    this.#at += 1
    const length = this.#length()
    if (length === undefined || this.#at + length > this.#bytes.length) return undefined
    this.#at += length
    return this.#bytes.subarray(this.#at - length, this.#at)
  }

  /** The next integer as `width` bytes; undefined where it is negative, longer, or not in its shortest form. */
  unsigned(width: number): Uint8Array | undefined {
    const content = this.read(tags.integer)
    const [first = 0x80, second = 0] = content ?? []
    if (!content || first >= 0x80 || (first === 0 && content.length > 1 && second < 0x80)) return undefined
    const digits = first === 0 ? content.subarray(1) : content
    if (digits.length > width) return undefined
    const out = new Uint8Array(width)
    out.set(digits, width - digits.length)
    return out
  }

  #length(): number | undefined {
    const first = this.#bytes[this.#at++]
    if (first === undefined || first < 0x80) return first
    const count = first - 0x80
    if (count !== 1 && count !== 2) return undefined
    let length = 0
    for (let each = 0; each < count; each++) {
      const byte = this.#bytes[this.#at++]
      if (byte === undefined) return undefined
      length = length * 256 + byte
    }
    return length < (count === 1 ? 0x80 : 0x100) ? undefined : length
  }
}

/** The content of a SEQUENCE that is all there is. */
export const sequenceIn = (bytes: Uint8Array): DerReader | undefined => {
  const outer = new DerReader(bytes)
  const content = outer.read(tags.sequence)
  return content && outer.isDone ? new DerReader(content) : undefined
}

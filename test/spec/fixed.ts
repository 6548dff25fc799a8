/** Randomness and time that a test can say. */
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesFromHex, hexFromBytes, uuidFromBytes } from '../../src/core/bytes.ts'
import { type Material, materialFrom } from '../../src/core/ciphertext.ts'
import type { Clock, Random } from '../../src/core/ports.ts'
import { symmetricAlgorithm } from '../../src/crypto/algorithms.ts'

/** A stream that a seed decides: SHA-256 of the seed and a counter. */
export const seededRandom = (seed: string): Random => {
  let counter = 0
  const bytes = (length: number): Uint8Array => {
    const out = new Uint8Array(length)
    for (let at = 0; at < length; at += 32) {
      const block = sha256(new TextEncoder().encode(`${seed} ${counter++}`))
      out.set(block.subarray(0, length - at), at)
    }
    return out
  }
  return { bytes, id: () => uuidFromBytes(bytes(16)) }
}

export interface SetClock extends Clock {
  wall: number
  running: number
  /** Both clocks go on by so many ms. */
  pass(ms: number): void
}

export const setClock = (): SetClock => ({
  wall: Date.UTC(2026, 0, 1),
  running: 1000,
  now() {
    return this.wall
  },
  monotonic() {
    return this.running
  },
  pass(ms) {
    this.wall += ms
    this.running += ms
  },
})

export const hex = (text: string): Uint8Array => {
  const bytes = bytesFromHex(text)
  if (!bytes) throw new Error(`not hex: ${text}`)
  return bytes
}

export const toHex = hexFromBytes
export const text = (value: string): Uint8Array => new TextEncoder().encode(value)

export const identity = { installation: '00112233445566778899aabbccddeeff', lineage: 'f0'.repeat(16), version: 7 }

export const algorithms = ['aes-256', 'sm4'] as const

/** Material of an algorithm, made from a seed. */
export const materialOf = (algorithm: string, seed = 'material', who = identity): Material => {
  const row = symmetricAlgorithm(algorithm)
  return materialFrom(row, seededRandom(`${algorithm} ${seed}`).bytes(row.keyBytes), who)
}

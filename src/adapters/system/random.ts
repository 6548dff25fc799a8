import { randomFillSync } from 'node:crypto'
import type { Random } from '../../core/ports.ts'
import { systemClock } from './clock.ts'

const poolBytes = 8192
const pooledBytesMax = 256
/** Between the two clocks, in ms: beyond it the machine slept or was restored. */
const disagreementMax = 500

/**
 * OpenSSL's generator (SP 800-90A CTR_DRBG), drawn in blocks: a draw costs 2 us, whatever its length. What was served is
 * wiped from the block. A block is dropped when wall and monotonic clock no longer agree with when it was drawn: what
 * was restored from a snapshot may not serve its bytes a second time.
 */
export const systemRandom = (clock = systemClock): Random => {
  const pool = new Uint8Array(poolBytes)
  let at = poolBytes
  let offset = 0

  const bytes = (length: number): Uint8Array => {
    if (length > pooledBytesMax) return randomFillSync(new Uint8Array(length))
    const offsetNow = clock.now() - clock.monotonic()
    if (at + length > poolBytes || Math.abs(offsetNow - offset) > disagreementMax) {
      randomFillSync(pool)
      at = 0
      offset = offsetNow
    }
    const served = pool.slice(at, at + length)
    pool.fill(0, at, at + length)
    at += length
    return served
  }

  return { bytes, id: (now) => uuidV7(now, bytes(10)) }
}

const uuidBytes = 16
/** Written anew for every id: each request has one, and nothing in here is a secret. */
const uuid = Buffer.alloc(uuidBytes)
const uuidText = Buffer.alloc(36)
const digits = Buffer.from('0123456789abcdef')
const dash = '-'.charCodeAt(0)

/** RFC 9562, section 5.7: 48 bits of ms, then version, variant and 74 random bits. */
const uuidV7 = (now: number, random: Uint8Array): string => {
  uuid.writeUIntBE(now, 0, 6)
  uuid.set(random, 6)
  uuid[6] = ((random[0] as number) & 0x0f) | 0x70
  uuid[8] = ((random[2] as number) & 0x3f) | 0x80
  let to = 0
  for (let at = 0; at < uuidBytes; at++) {
    if (at === 4 || at === 6 || at === 8 || at === 10) uuidText[to++] = dash
    const byte = uuid[at] as number
    uuidText[to++] = digits[byte >> 4] as number
    uuidText[to++] = digits[byte & 0x0f] as number
  }
  return uuidText.toString('latin1')
}

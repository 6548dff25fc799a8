/**
 * Password records: `scrypt$N$r$p$salt$hash`, salt and hash in base64url (RFC 7914). About 80 ms and 32 MiB each, so they
 * run in the slow queue's worker. Passwords are taken in NFKC (SP 800-63B, section 5.1.1.2).
 */
import { scryptSync } from 'node:crypto'
import { equalInConstantTime } from './compare.ts'

interface Cost {
  readonly N: number
  readonly r: number
  readonly p: number
}

const cost: Cost = { N: 32_768, r: 8, p: 1 }
const hashBytes = 32
export const passwordSaltBytes = 16
/** A record is data from the store: beyond these it would take the machine's memory or prove nothing. */
const recordForm = /^scrypt\$([1-9]\d{0,5})\$([1-9]\d?)\$([1-9])\$([\w-]{16,86})\$([\w-]{43})$/
const memoryBytesMax = 128 * 1024 * 1024

/** A new record; the salt has 16 random bytes. */
export const passwordRecord = (password: string, salt: Uint8Array): string => {
  if (salt.length !== passwordSaltBytes) throw new RangeError('a password salt has 16 bytes')
  const { N, r, p } = cost
  return `scrypt$${N}$${r}$${p}$${toText(salt)}$${toText(hashOf(password, salt, cost))}`
}

/** False for a wrong password and for whatever is not a record. */
export const passwordMatches = (password: string, record: string): boolean => {
  const parsed = parseRecord(record)
  return parsed !== undefined && equalInConstantTime(parsed.hash, hashOf(password, parsed.salt, parsed.cost))
}

const hashOf = (password: string, salt: Uint8Array, parameters: Cost): Uint8Array =>
  scryptSync(password.normalize('NFKC'), salt, hashBytes, { ...parameters, maxmem: memoryBytesMax + 1024 * 1024 })

const parseRecord = (record: string): { cost: Cost; salt: Uint8Array; hash: Uint8Array } | undefined => {
  const [, N, r, p, salt, hash] = recordForm.exec(record) ?? []
  if (salt === undefined || hash === undefined) return undefined
  const parsed = { N: Number(N), r: Number(r), p: Number(p) }
  if (!isOffered(parsed)) return undefined
  return { cost: parsed, salt: Buffer.from(salt, 'base64url'), hash: Buffer.from(hash, 'base64url') }
}

const isOffered = ({ N, r, p }: Cost): boolean =>
  N >= 16_384 &&
  Number.isInteger(Math.log2(N)) &&
  r >= 8 &&
  r <= 16 &&
  p >= 1 &&
  p <= 4 &&
  128 * N * r <= memoryBytesMax

const toText = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url')

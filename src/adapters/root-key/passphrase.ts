/** The seal key derived from a passphrase by scrypt (RFC 7914). */
import { randomBytes, scrypt } from 'node:crypto'
import type { Parameters } from './format.ts'
import { keyBytes, RootKeyUnusable } from './generations.ts'

/** Half a second and 128 MiB; whoever guesses pays it for each guess. */
const cost = { N: 131_072, r: 8, p: 1 }
const saltBytes = 32
/** Beyond it a file could take the machine's memory. */
const memoryBytesMax = 1024 ** 3
export const passphraseCharactersMin = 12

const outOfBounds = (): never => {
  throw new RootKeyUnusable('the root key file asks for a scrypt that is out of bounds.')
}

const bounded = (text: string | undefined, min: number, max: number): number => {
  const value = /^[1-9]\d{0,8}$/.test(text ?? '') ? Number(text) : 0
  return value < min || value > max ? outOfBounds() : value
}

const costIn = ({ n, r, p }: Parameters): typeof cost => {
  const read = { N: bounded(n, 32_768, 4_194_304), r: bounded(r, 8, 32), p: bounded(p, 1, 16) }
  const isFine = Number.isInteger(Math.log2(read.N)) && 128 * read.N * read.r <= memoryBytesMax
  return isFine ? read : outOfBounds()
}

/** On a thread of its own; a text is taken in NFKC, as passwords are (SP 800-63B). */
export const passphraseKey = (parameters: Parameters, passphrase: string): Promise<Buffer> => {
  const options = { ...costIn(parameters), maxmem: memoryBytesMax + 1024 ** 2 }
  const salt = Buffer.from(parameters.salt ?? '', 'hex')
  return new Promise((resolve, reject) => {
    scrypt(passphrase.normalize('NFKC'), salt, keyBytes, options, (error, key) =>
      error ? reject(error) : resolve(key),
    )
  })
}

export const newPassphraseParameters = (): Parameters => ({
  kdf: 'scrypt',
  n: String(cost.N),
  r: String(cost.r),
  p: String(cost.p),
  salt: randomBytes(saltBytes).toString('hex'),
})

import { scryptSync } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { passwordMatches, passwordRecord } from '../../src/crypto/password.ts'
import { seededRandom } from '../spec/fixed.ts'

const salt = seededRandom('salt').bytes(16)
const record = passwordRecord('correct horse', salt)

test('a record says its function, cost, salt and hash', () => {
  expect(record).toMatch(/^scrypt\$32768\$8\$1\$[\w-]{22}\$[\w-]{43}$/)
  expect(record).toContain(Buffer.from(salt).toString('base64url'))
})

test('a password matches its own record alone', () => {
  expect(passwordMatches('correct horse', record)).toBe(true)
  for (const wrong of ['', 'correct horse ', 'Correct horse', 'correct'])
    expect(passwordMatches(wrong, record)).toBe(false)
})

test('two salts give two hashes', () => {
  const other = passwordRecord('correct horse', seededRandom('other').bytes(16))
  expect(other.split('$').at(-1)).not.toBe(record.split('$').at(-1))
})

test('the third vector of RFC 7914 is a record that matches', () => {
  const text = Buffer.from('SodiumChloride').toString('base64url')
  const hash = Buffer.from('7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2', 'hex')
  const vector = `scrypt$16384$8$1$${text}$${hash.toString('base64url')}`
  expect(passwordMatches('pleaseletmein', vector)).toBe(true)
  expect(passwordMatches('pleaseletmeout', vector)).toBe(false)
})

test('one password in two Unicode forms is one password', () => {
  expect(passwordMatches('caf\u00e9', passwordRecord('cafe\u0301', salt))).toBe(true)
})

describe('what is no record is matched by nothing', () => {
  const [, , , , saltText, hashText] = record.split('$')
  test.each([
    '',
    'scrypt',
    record.slice(0, -1),
    `${record}a`,
    `${record}\n`,
    record.replace('scrypt', 'bcrypt'),
    record.replace('scrypt', 'Scrypt'),
    `scrypt$32768$8$1$$${hashText}`,
    `scrypt$32768$8$1$${saltText}$`,
    `scrypt$032768$8$1$${saltText}$${hashText}`,
  ])('%j', (bad) => {
    expect(passwordMatches('correct horse', bad)).toBe(false)
  })

  // Each is the right hash of the right password: only its cost is refused.
  test.each([
    ['too cheap', 1024, 8, 1],
    ['of small blocks', 16_384, 1, 1],
    ['of large blocks', 16_384, 17, 1],
    ['too parallel', 16_384, 8, 5],
    ['too large', 131_072, 9, 1],
  ])('a cost that is %s', (_, N, r, p) => {
    const hash = scryptSync('correct horse', salt, 32, { N, r, p, maxmem: 2 ** 30 }).toString('base64url')
    expect(passwordMatches('correct horse', `scrypt$${N}$${r}$${p}$${saltText}$${hash}`)).toBe(false)
  })

  test('a cost that would take a gigabyte or no power of two is not even tried', () => {
    for (const cost of ['999999$8$1', '524288$16$1', '32767$8$1', '32768$0$1', '32768$8$0'])
      expect(passwordMatches('correct horse', `scrypt$${cost}$${saltText}$${hashText}`)).toBe(false)
  })
})

test('a salt of another length is a defect', () => {
  expect(() => passwordRecord('x', new Uint8Array(8))).toThrow(RangeError)
})

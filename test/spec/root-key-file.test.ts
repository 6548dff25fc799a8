/** docs/spec/root-key-file.md, read by a reader that was written from the page alone. */
import { createDecipheriv, createHash, createHmac, scryptSync } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fileFrom } from '../../src/adapters/root-key/format.ts'
import { RootKeyUnusable } from '../../src/adapters/root-key/generations.ts'
import { readShare } from '../../src/adapters/root-key/shares.ts'
import type { NewSeal } from '../../src/core/ports.ts'
import { newRootKeyFile, opened, passphrase } from '../seal/files.ts'
import vectors from './root-key-file.vectors.json' with { type: 'json' }

interface Read {
  readonly format: number
  readonly seal?: Readonly<Record<string, string>>
  readonly generations: readonly { id: string; number: number; check: string; key?: string }[]
  readonly nonce?: string
  readonly sealed?: string
}

const prefixed = (text: string) => {
  const bytes = Buffer.from(text, 'utf8')
  return Buffer.concat([Buffer.from(bytes.length.toString(16).padStart(8, '0'), 'hex'), bytes])
}
const checkOf = (key: Buffer) => createHmac('sha256', key).update('keystead root key check').digest('hex').slice(0, 16)

/** The keys in hex; throws where the page says that there is nothing. */
const readSealed = ({ seal = {}, generations, nonce = '', sealed = '' }: Read, sealKey: Buffer): string[] => {
  const { kind = '', ...parameters } = seal
  const named = Object.entries(parameters).sort(([a], [b]) => (a < b ? -1 : 1))
  const additional = [
    ...['keystead root key file', '2', kind, `${named.length}`],
    ...named.flat(),
    ...generations.flatMap(({ id, number, check }) => [id, `${number}`, check]),
  ].map(prefixed)
  const bytes = Buffer.from(sealed, 'base64')
  const decipher = createDecipheriv('aes-256-gcm', sealKey, Buffer.from(nonce, 'base64'))
  decipher.setAAD(Buffer.concat(additional)).setAuthTag(bytes.subarray(-16))
  const keys = Buffer.concat([decipher.update(bytes.subarray(0, -16)), decipher.final()])
  return generations.map(({ check }, at) => {
    const key = keys.subarray(32 * at, 32 * at + 32)
    if (checkOf(key) !== check) throw new Error('check value')
    return key.toString('hex')
  })
}

const keyOfPassphrase = ({ seal: { n, r, p, salt = '' } = {} }: Read, text: string) =>
  scryptSync(text.normalize('NFKC'), Buffer.from(salt, 'hex'), 32, {
    N: Number(n),
    r: Number(r),
    p: Number(p),
    maxmem: 2 ** 30,
  })

// Logarithms to the base 3, which generates the field: another way than the program's.
const [exp, log]: [number[], number[]] = [[], []]
for (let power = 0, value = 1; power < 255; power++) {
  exp[power] = value
  log[value] = power
  const doubled = value << 1
  value ^= doubled & 0x100 ? doubled ^ 0x11b : doubled
}
const over = (a: number, b: number) => (a === 0 ? 0 : (exp[(log[a]! - log[b]! + 255) % 255] as number))
const by = (a: number, b: number) => (a === 0 || b === 0 ? 0 : (exp[(log[a]! + log[b]!) % 255] as number))

const keyOfShares = (shares: readonly string[]): Buffer => {
  const points = shares.map((share) => {
    const bytes = Buffer.from(share.replace(/^kss1/i, '').replace(/[\s-]/g, ''), 'hex')
    const body = bytes.subarray(0, 42)
    const sum = createHash('sha256').update('keystead share').update(body).digest().subarray(0, 4)
    if (!sum.equals(bytes.subarray(42))) throw new Error('checksum')
    return { x: body[9] as number, y: body.subarray(10) }
  })
  return Buffer.from(
    Array.from({ length: 32 }, (_, at) =>
      points.reduce((sum, { x, y }) => {
        const weight = points.reduce((w, other) => (other.x === x ? w : by(w, over(other.x, other.x ^ x))), 1)
        return sum ^ by(y[at] as number, weight)
      }, 0),
    ),
  )
}

const read = (path: string): Read => JSON.parse(readFileSync(path, 'utf8'))
const heldBy = ({ root }: Awaited<ReturnType<typeof opened>>) => root.generations.map(({ key }) => key.toString('hex'))

describe('the second reader', () => {
  test('opens the vectors', () => {
    const { keys, shamir, kms, file } = vectors
    expect(
      readSealed(vectors.passphrase.file, keyOfPassphrase(vectors.passphrase.file, vectors.passphrase.passphrase)),
    ).toEqual(keys)
    for (const at of [0, 1, 2]) {
      const sealKey = keyOfShares(shamir.shares.slice(at, at + 3))
      expect(sealKey.toString('hex')).toBe(shamir.sealKey)
      expect(readSealed(shamir.file, sealKey)).toEqual(keys)
    }
    expect(readSealed(kms.file, Buffer.from(kms.sealKey, 'hex'))).toEqual(keys)
    expect(file.file.generations.map(({ key }) => Buffer.from(key, 'base64').toString('hex'))).toEqual(keys)
    for (const { key, check } of file.file.generations) expect(checkOf(Buffer.from(key, 'base64'))).toBe(check)
  })

  test('opens what the program writes', async () => {
    const path = newRootKeyFile()
    const root = await opened(path)
    await root.addGeneration()
    const put = async (to: NewSeal) => {
      const made = (await root.prepare(to)) as { shares: string[] }
      await root.adopt(to.seal === 'passphrase' ? [to.passphrase] : made.shares)
      return made.shares
    }
    await put({ seal: 'passphrase', passphrase })
    expect(readSealed(read(path), keyOfPassphrase(read(path), passphrase))).toEqual(heldBy(root))
    const shares = await put({ seal: 'shamir', threshold: 4, shares: 6 })
    expect(readSealed(read(path), keyOfShares(shares.slice(2)))).toEqual(heldBy(root))
  })
})

describe('the program', () => {
  const fileOf = (content: unknown): string => {
    const path = newRootKeyFile()
    writeFileSync(path, JSON.stringify(content))
    return path
  }

  test('opens the vectors', async () => {
    const { keys, shamir, file } = vectors
    expect(heldBy(await opened(fileOf(file.file)))).toEqual(keys)
    const byPassphrase = await opened(fileOf(vectors.passphrase.file))
    await byPassphrase.unseal(vectors.passphrase.passphrase)
    expect(heldBy(byPassphrase)).toEqual(keys)
    const byShares = await opened(fileOf(shamir.file))
    for (const share of shamir.shares.slice(1, 4)) await byShares.unseal(share)
    expect(heldBy(byShares)).toEqual(keys)
  })

  test('opens nothing of which anything was changed', async () => {
    const { shares, file } = vectors.shamir
    const [first, second] = file.generations
    const flipped = (text: string) => (text[0] === 'A' ? 'B' : 'A') + text.slice(1)
    const changes = [
      { seal: { ...file.seal, shares: '6' } },
      { seal: { ...file.seal, more: 'x' } },
      { generations: [second, first] },
      { generations: [{ ...first, number: 9 }, second] },
      { generations: [{ ...first, check: second?.check }, second] },
      { generations: [{ ...first, id: second?.id }, second] },
      { nonce: flipped(file.nonce) },
      { sealed: flipped(file.sealed) },
    ]
    for (const change of changes) {
      const root = await opened(fileOf({ ...file, ...change }))
      const said = []
      for (const share of shares.slice(0, 3)) said.push(await root.unseal(share))
      expect([change, said.at(-1), root.isSealed]).toEqual([change, { rejected: expect.any(String) }, true])
    }
  })

  test('reads whatever it is given: a file, a share, or a sentence about what is wrong', () => {
    const { file } = vectors.shamir
    const member = fc.constantFrom(...Object.keys(file))
    fc.assert(
      fc.property(fc.oneof(fc.json(), fc.tuple(member, fc.jsonValue())), (given) => {
        const content = typeof given === 'string' ? JSON.parse(given) : { ...file, [given[0]]: given[1] }
        try {
          fileFrom('root.key', content)
        } catch (error) {
          expect(error).toBeInstanceOf(RootKeyUnusable)
        }
      }),
      { numRuns: 300 },
    )
    const [share = ''] = vectors.shamir.shares
    const changed = fc.tuple(fc.nat(share.length - 1), fc.string({ minLength: 0, maxLength: 2 }))
    fc.assert(
      fc.property(fc.oneof(fc.string(), changed), (given) => {
        const text = typeof given === 'string' ? given : share.slice(0, given[0]) + given[1] + share.slice(given[0] + 1)
        const [was, is] = [readShare(share), readShare(text)]
        if (is) expect(is).toEqual(was)
      }),
      { numRuns: 300 },
    )
  })

  test.each([
    { seal: { kind: 'nonsense' } },
    { seal: null },
    { seal: { kind: 'shamir', split: 7 } },
    { seal: { kind: 'kms', wrapped: 'x'.repeat(8193) } },
    { generations: [] },
    { generations: 7 },
    { generations: [{ id: 'x', number: 1, check: '' }] },
    { nonce: '' },
    { sealed: 'AAAA' },
    { sealed: { toString: '' } },
    { nonce: { toString: '' } },
    { format: 1, generations: [{ id: '0'.repeat(32), number: 1, key: { toString: '' }, check: '' }] },
    { format: 1, generations: [{ id: '0'.repeat(32), number: 1, key: '', check: { toString: '' } }] },
    { format: 3 },
  ])('takes no file with %j', async (change) => {
    await expect(opened(fileOf({ ...vectors.shamir.file, ...change }))).rejects.toThrow(/root\.key: /)
  })
})

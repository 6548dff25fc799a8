/**
 * The instant of a rotation, over real HTTP: no ciphertext is lost, whichever version protected it and however many
 * rotations run beside each other.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parseSealed } from '../../src/core/ciphertext.ts'
import { Refusal } from '../../src/core/failure.ts'
import { keyVersionId } from '../../src/core/object.ts'
import { rotate } from '../../src/core/operations/rotation.ts'
import { perform } from '../../src/core/perform.ts'
import { createKey } from '../harness/keys.ts'
import { startKeystead, type TestKeystead } from '../harness/keystead.ts'

const keysCount = 32
const clientsCount = 24
const ciphertextsMin = 12_800
const rotationsAtOnce = 3

interface Made {
  readonly key: string
  readonly text: string
  readonly blob: string
}

let keystead: TestKeystead
let keys: string[]
beforeAll(async () => {
  keystead = await startKeystead()
  keys = await Promise.all(Array.from({ length: keysCount }, () => createKey(keystead)))
})
afterAll(() => keystead.end())

const each = <T>(times: number, work: (n: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: times }, (_, n) => work(n)))

/** All clients work through the items, each taking the next one that nobody has. */
const shared = async <T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> => {
  const results: R[] = []
  let next = 0
  await each(clientsCount, async () => {
    for (let at = next++; at < items.length; at = next++) results[at] = await work(items[at] as T)
  })
  return results
}

const base64 = (text: string) => Buffer.from(text).toString('base64')
const primaryOf = async (key: string) => {
  const view = await keystead.running.installation.house.coherence.view()
  return (await view.reload('key', key))!.primaryVersion
}
const versionOf = (blob: string) => parseSealed(Buffer.from(blob, 'base64'))!.version

/** The system's own rotation: due as soon as it is asked for. Gives the version, or undefined where another one won. */
const rotateNow = async (keyId: string): Promise<number | undefined> => {
  const { house } = keystead.running.installation
  const view = await house.coherence.view()
  const { account: accountId, region } = (await view.get('key', keyId))!
  const account = (await view.get('account', accountId))!
  const principal = (await view.get('principal', accountId))!
  const request = house.random.id(house.clock.now())
  const caller = { dialect: 'system', credential: undefined, principal, account, source: '', request } as const
  const bound = { operation: rotate, action: 'rotate', narrow: {} }
  const asked = { keyId, onlyEnabled: false, intervalMinMs: 0 }
  const result = await perform(house, { ...caller, reach: 'everything' }, view, region, bound, asked)
  if (!(result instanceof Refusal)) return result.version
  expect(result.failures).toEqual([{ reason: 'rotationRunning' }])
  return undefined
}

/** Rotates every key again and again, several times at once, until `done`. Gives the versions that were made. */
const rotateUntil = async (done: Promise<unknown>): Promise<ReadonlyMap<string, number[]>> => {
  const won = new Map(keys.map((key) => [key, [] as number[]]))
  let going = true
  const stopped = done.finally(() => {
    going = false
  })
  for (let n = 0; going; n++) {
    const key = keys[n % keysCount]!
    for (const version of await each(rotationsAtOnce, () => rotateNow(key)))
      if (version !== undefined) won.get(key)!.push(version)
  }
  await stopped
  return won
}

describe('keys that are rotated again and again while clients use them', () => {
  let made: Made[]
  let won: ReadonlyMap<string, number[]>

  beforeAll(async () => {
    const asked = Array.from({ length: ciphertextsMin }, (_, n) => ({
      key: keys[n % keysCount]!,
      text: `message ${n}`,
    }))
    const encrypting = shared(asked, async ({ key, text }): Promise<Made> => {
      const { CiphertextBlob } = await keystead.ok('Encrypt', { KeyId: key, Plaintext: base64(text) })
      return { key, text, blob: CiphertextBlob }
    })
    won = await rotateUntil(encrypting)
    made = await encrypting
  })

  test('have consecutive versions, each made once and none lost', async () => {
    const { house } = keystead.running.installation
    const view = await house.coherence.view()
    for (const [key, versions] of won) {
      const sorted = versions.toSorted((a, b) => a - b)
      expect(sorted).toEqual(Array.from({ length: sorted.length }, (_, n) => n + 2))
      expect(await primaryOf(key)).toBe(sorted.length + 1)
      for (const version of [1, ...sorted])
        expect(await view.get('keyVersion', keyVersionId(key, version))).toBeDefined()
    }
  })

  test('protect with many versions, so that the race was one', () => {
    expect(made).toHaveLength(ciphertextsMin)
    for (const key of keys) {
      const versions = new Set(made.filter((one) => one.key === key).map(({ blob }) => versionOf(blob)))
      expect(versions.size).toBeGreaterThan(3)
    }
  })

  test('open every ciphertext that they made', async () => {
    const texts = await shared(made, async ({ blob }) => {
      const { Plaintext } = await keystead.ok('Decrypt', { CiphertextBlob: blob })
      return Buffer.from(Plaintext, 'base64').toString()
    })
    expect(texts).toEqual(made.map(({ text }) => text))
  })

  test('re-encrypt every one of them to the newest version, which opens it', async () => {
    const newest = new Map(await Promise.all(keys.map(async (key) => [key, await primaryOf(key)] as const)))
    const texts = await shared(made, async ({ key, blob }) => {
      const { CiphertextBlob } = await keystead.ok('ReEncrypt', { CiphertextBlob: blob })
      expect(versionOf(CiphertextBlob)).toBe(newest.get(key))
      const { Plaintext } = await keystead.ok('Decrypt', { CiphertextBlob })
      return Buffer.from(Plaintext, 'base64').toString()
    })
    expect(texts).toEqual(made.map(({ text }) => text))
  })
})

test('of RotateKey calls at the same time one wins, and the others are told so', async () => {
  const KeyId = await createKey(keystead)
  await keystead.ok('EnableKeyRotation', { KeyId })
  for (let version = 2; version <= 6; version++) {
    const answers = await each(clientsCount, () => keystead.call('RotateKey', { KeyId }))
    const codes = answers.map(({ code }) => code)
    expect(codes.filter((code) => code === undefined)).toHaveLength(1)
    for (const code of codes)
      expect([undefined, 'FailedOperation.RotateTaskRunning', 'RequestLimitExceeded.RotateRateLimited']).toContain(code)
    expect(await primaryOf(KeyId)).toBe(version)
    keystead.clock.pass(86_400_000)
  }
})

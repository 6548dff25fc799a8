import { writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { afterEach, describe, expect, test } from 'vitest'
import { ownMemory } from '../../src/adapters/slow-queue/messages.ts'
import { type OpenSlowQueue, openSlowQueue, type SlowQueueOptions } from '../../src/adapters/slow-queue/queue.ts'
import { openWrappingPairs } from '../../src/adapters/slow-queue/wrapping-pairs.ts'
import { QueueFull, type SlowQueue } from '../../src/core/ports.ts'
import { asymmetricAlgorithm } from '../../src/crypto/algorithms.ts'
import { generatePair, privateKeyFrom } from '../../src/crypto/private-key.ts'
import { type SignatureScheme, signatureSchemes } from '../../src/crypto/signature.ts'
import { seededRandom, toHex } from '../spec/fixed.ts'

const opened: OpenSlowQueue[] = []
const queueOf = (options: SlowQueueOptions): OpenSlowQueue => {
  const queue = openSlowQueue(options)
  opened.push(queue)
  return queue
}
afterEach(async () => {
  for (const queue of opened.splice(0)) await queue.close()
})

const salt = seededRandom('salt').bytes(16)
const hash = (queue: SlowQueue, password = 'password') => queue.run('hashPassword', { password, salt })

test('every job of the port answers', async () => {
  const queue = queueOf({ workers: 1, waitingMax: 10 })
  const { publicKey, privateKey } = await queue.run('generatePair', { algorithm: 'rsa-2048' })
  expect(publicKey.length).toBe(294)
  const key = privateKeyFrom(privateKey)
  const wrapped = seededRandom('wrapped').bytes(256)
  const copy = new Uint8Array(privateKey)
  expect(await queue.run('unwrap', { privateKey: copy, padding: 'pkcs1', wrapped, length: 32 })).toBeUndefined()
  const asked = { publicKey, scheme: 'rsaPssSha256', signed: { type: 'message', bytes: wrapped } } as const
  const signature = await queue.run('sign', { key, ...asked })
  expect(signature.length).toBe(256)
  expect(await queue.run('verify', { ...asked, signature })).toBe(true)
  const plaintext = seededRandom('plaintext').bytes(100)
  const scheme = 'rsaOaepSha256'
  const ciphertext = await queue.run('encryptTo', { publicKey, scheme, plaintext })
  expect(await queue.run('decryptWith', { key, scheme, ciphertext: ciphertext as Uint8Array })).toEqual(plaintext)
  const kem = await queue.run('generatePair', { algorithm: 'ml-kem-1024' })
  const { secret, encapsulation } = await queue.run('encapsulate', { publicKey: kem.publicKey })
  const kemKey = privateKeyFrom(kem.privateKey)
  expect(await queue.run('decapsulate', { key: kemKey, encapsulation })).toEqual(secret)
  const record = await hash(queue)
  expect(await queue.run('checkPassword', { password: 'password', record })).toBe(true)
  expect(await queue.run('checkPassword', { password: 'another', record })).toBe(false)
})

test('jobs are done in the order in which they came', async () => {
  const queue = queueOf({ workers: 1, waitingMax: 10 })
  const done: number[] = []
  await Promise.all([0, 1, 2, 3].map((n) => hash(queue).then(() => done.push(n))))
  expect(done).toEqual([0, 1, 2, 3])
})

test('what is beyond the waiting list is refused, and the rest is done', async () => {
  const queue = queueOf({ workers: 1, waitingMax: 2 })
  const taken = [hash(queue), hash(queue), hash(queue)]
  expect(queue.waiting).toBe(2)
  await expect(hash(queue)).rejects.toBeInstanceOf(QueueFull)
  expect(await Promise.all(taken)).toHaveLength(3)
  expect(queue.waiting).toBe(0)
  await expect(hash(queue)).resolves.toMatch(/^scrypt/)
})

test('the event loop and the flush to disk stay free while jobs run', async () => {
  const queue = queueOf({ workers: 1, waitingMax: 20 })
  await hash(queue)
  const delay = monitorEventLoopDelay({ resolution: 5 })
  delay.enable()
  const jobs = Promise.all(Array.from({ length: 12 }, () => hash(queue)))
  const path = join(tmpdir(), `keystead-slow-queue-${process.pid}`)
  await writeFile(path, 'flushed', { flush: true })
  // The list is still long: the flush did not stand in line with it.
  expect(queue.waiting).toBeGreaterThan(5)
  await jobs
  delay.disable()
  expect(delay.percentile(50) / 1e6).toBeLessThan(40)
})

describe('a job that breaks its thread', () => {
  test('is rejected with its cause, and the next job has a new thread', async () => {
    const queue = queueOf({ workers: 1, waitingMax: 10 })
    const broken = queue.run('generatePair', { algorithm: 'rot-13' })
    const after = hash(queue)
    await expect(broken).rejects.toThrow('slow cryptography ended its thread in generatePair')
    await expect(broken).rejects.toHaveProperty('cause.message', 'unknown algorithm rot-13')
    expect(await after).toMatch(/^scrypt/)
  })

  test('takes no other thread’s job with it', async () => {
    const queue = queueOf({ workers: 2, waitingMax: 10 })
    const [broken, whole] = await Promise.allSettled([queue.run('generatePair', { algorithm: 'rot-13' }), hash(queue)])
    expect([broken.status, whole.status]).toEqual(['rejected', 'fulfilled'])
  })
})

describe('brief jobs, which are sent before the thread has done what it had,', () => {
  const { publicKey, privateKey } = generatePair(asymmetricAlgorithm('rsa-2048'))
  const key = privateKeyFrom(privateKey)
  const sign = (queue: SlowQueue, bytes: Uint8Array, scheme: SignatureScheme = 'rsaPssSha256') =>
    queue.run('sign', { key, publicKey, scheme, signed: { type: 'message', bytes } })
  const messages = Array.from({ length: 40 }, (_, at) => Uint8Array.of(at))

  test('are done in their order, each with its own answer', async () => {
    const queue = queueOf({ workers: 1, waitingMax: 100 })
    const done: number[] = []
    const signatures = await Promise.all(
      messages.map(async (bytes, at) => {
        const signature = await sign(queue, bytes)
        done.push(at)
        return signature
      }),
    )
    expect(done).toEqual([...messages.keys()])
    for (const [at, signature] of signatures.entries()) {
      const signed = { type: 'message', bytes: messages[at] as Uint8Array } as const
      expect(signatureSchemes.rsaPssSha256.verify(publicKey, signed, signature)).toBe(true)
    }
  })

  test('count as waiting until the thread does them', async () => {
    const queue = queueOf({ workers: 1, waitingMax: 3 })
    const taken = messages.slice(0, 4).map((bytes) => sign(queue, bytes))
    expect(queue.waiting).toBe(3)
    await expect(sign(queue, salt)).rejects.toBeInstanceOf(QueueFull)
    expect(await Promise.all(taken)).toHaveLength(4)
    expect(queue.waiting).toBe(0)
  })

  test('are done by the next thread where one before them breaks theirs', async () => {
    const queue = queueOf({ workers: 1, waitingMax: 100 })
    const before = sign(queue, salt)
    const broken = sign(queue, salt, 'rot13' as SignatureScheme)
    const after = messages.slice(0, 5).map((bytes) => sign(queue, bytes))
    await expect(broken).rejects.toThrow('ended its thread in sign')
    expect((await before).length).toBe(256)
    expect(await Promise.all(after)).toHaveLength(5)
  })

  test('do not wait behind a long one while another thread is free sooner', async () => {
    const queue = queueOf({ workers: 2, waitingMax: 100 })
    await Promise.all([hash(queue), hash(queue)])
    const done: string[] = []
    const long = hash(queue).then(() => done.push('long'))
    const brief = Promise.all(messages.map((bytes) => sign(queue, bytes))).then(() => done.push('brief'))
    await Promise.all([long, brief])
    expect(done).toEqual(['brief', 'long'])
  })
})

test('the private key of an import is zeroed when it was taken, also by a full queue', async () => {
  const queue = queueOf({ workers: 1, waitingMax: 0 })
  const { privateKey } = generatePair(asymmetricAlgorithm('rsa-2048'))
  const [first, second] = [new Uint8Array(privateKey), new Uint8Array(privateKey)]
  const unwrap = (key: Uint8Array) =>
    queue.run('unwrap', { privateKey: key, padding: 'pkcs1', wrapped: new Uint8Array(256), length: 32 })
  const unwrapped = unwrap(first)
  await expect(unwrap(second)).rejects.toBeInstanceOf(QueueFull)
  for (const key of [first, second]) expect(key.every((byte) => byte === 0)).toBe(true)
  expect(await unwrapped).toBeUndefined()
})

test('64 signatures at once leave the event loop free', async () => {
  const queue = queueOf({ workers: 1, waitingMax: 100 })
  const { publicKey, privateKey } = generatePair(asymmetricAlgorithm('rsa-2048'))
  const key = privateKeyFrom(privateKey)
  const signed = { type: 'message', bytes: salt } as const
  const sign = () => queue.run('sign', { key, publicKey, scheme: 'rsaPssSha256', signed })
  await sign()
  const delay = monitorEventLoopDelay({ resolution: 2 })
  delay.enable()
  const signatures = await Promise.all(Array.from({ length: 64 }, sign))
  delay.disable()
  expect(new Set(signatures.map(toHex)).size).toBe(64)
  expect(delay.percentile(50) / 1e6).toBeLessThan(20)
})

test('what a job is given and gives shares its memory with nothing else', async () => {
  const pool = new Uint8Array(8192).fill(7)
  const message = ownMemory({ name: 'x', bytes: pool.subarray(5, 9), inner: { bytes: pool } })
  expect(message.bytes.buffer.byteLength).toBe(4)
  expect(message.inner.bytes).toBe(pool)
})

describe('a thread', () => {
  test('starts with the first job that needs it', async () => {
    const queue = queueOf({ workers: 2, waitingMax: 10 })
    expect(queue.threads).toBe(0)
    await hash(queue)
    await hash(queue)
    expect(queue.threads).toBe(1)
    await Promise.all([hash(queue), hash(queue)])
    expect(queue.threads).toBe(2)
  })

  test('ends when it was idle for long, and the next job has a new one', async () => {
    const queue = queueOf({ workers: 1, waitingMax: 10, idleMs: 20 })
    await Promise.all([hash(queue), hash(queue)])
    await expect.poll(() => queue.threads).toBe(0)
    expect(await hash(queue)).toMatch(/^scrypt/)
  })
})

test('a closed queue rejects what ran, what waited and what comes', async () => {
  const queue = queueOf({ workers: 1, waitingMax: 10 })
  const jobs = [hash(queue), hash(queue)]
  const settled = Promise.allSettled(jobs)
  await queue.close()
  expect((await settled).map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  await expect(hash(queue)).rejects.toThrow('closed')
})

describe('wrapping pairs', () => {
  test('are each given out once', async () => {
    const pairs = openWrappingPairs(queueOf({ workers: 1, waitingMax: 20 }), 2)
    const taken = await Promise.all(Array.from({ length: 5 }, () => pairs.take()))
    expect(new Set(taken.map(({ privateKey }) => toHex(privateKey))).size).toBe(5)
  })

  test('are made from the first that is taken on, one at a time, as many as are kept, and again as they are taken', async () => {
    let [made, running, runningMax] = [0, 0, 0]
    const queue = {
      async run() {
        runningMax = Math.max(runningMax, ++running)
        await new Promise((resolve) => setImmediate(resolve))
        running--
        return { publicKey: Uint8Array.of(++made), privateKey: new Uint8Array(1) }
      },
    } as unknown as SlowQueue
    const settle = () => new Promise((resolve) => setTimeout(resolve, 20))
    const pairs = openWrappingPairs(queue, 3)
    await settle()
    expect(made).toBe(0)
    await pairs.take()
    await settle()
    runningMax = 0
    expect(made).toBe(4)
    expect((await pairs.take()).publicKey).toEqual(Uint8Array.of(2))
    await settle()
    expect([made, runningMax]).toEqual([5, 1])
  })

  test('that are ready are given out while the queue is full; then it is heard', async () => {
    let full = false
    const queue = {
      run: async () => {
        if (full) throw new QueueFull('full')
        return { publicKey: new Uint8Array(1), privateKey: new Uint8Array(1) }
      },
    } as unknown as SlowQueue
    const pairs = openWrappingPairs(queue, 2)
    await pairs.take()
    await new Promise((resolve) => setTimeout(resolve, 5))
    full = true
    await pairs.take()
    await pairs.take()
    await expect(pairs.take()).rejects.toBeInstanceOf(QueueFull)
    full = false
    await expect(pairs.take()).resolves.toBeDefined()
  })
})

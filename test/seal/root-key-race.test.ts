import { chmodSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { expect, test } from 'vitest'
import { copyRootKeyFile, createRootKeyFile } from '../../src/adapters/root-key/file.ts'
import { newFolder } from '../server/folders.ts'

const together = 4

test('nodes that start at the same moment and find no root key file make one, and all of them read that one', async () => {
  for (let round = 0; round < 3; round += 1) {
    const path = join(newFolder(), 'root.key')
    const go = new SharedArrayBuffer(4)
    const workers = Array.from({ length: together }, () => {
      return new Worker(new URL('./make-root-key.ts', import.meta.url), { workerData: { path, go } })
    })
    const next = () => Promise.all(workers.map((worker) => new Promise((resolve) => worker.once('message', resolve))))
    await next()
    const read = next()
    Atomics.store(new Int32Array(go), 0, 1)
    Atomics.notify(new Int32Array(go), 0)
    expect(new Set([...(await read), readFileSync(path, 'utf8')]).size).toBe(1)
    expect(readdirSync(dirname(path))).toEqual(['root.key'])
    await Promise.all(workers.map((worker) => worker.terminate()))
  }
})

test('a copy of a root key file is for its owner alone, and is put over none', () => {
  const [from, to] = [join(newFolder(), 'root.key'), join(newFolder(), 'root.key')]
  createRootKeyFile(from)
  chmodSync(from, 0o644)
  copyRootKeyFile(from, to)
  expect(readFileSync(to, 'utf8')).toBe(readFileSync(from, 'utf8'))
  expect(statSync(to).mode & 0o777).toBe(0o600)
  createRootKeyFile(join(dirname(from), 'other.key'))
  expect(() => copyRootKeyFile(join(dirname(from), 'other.key'), to)).toThrow('already')
  expect(readFileSync(to, 'utf8')).toBe(readFileSync(from, 'utf8'))
  expect(readdirSync(dirname(to))).toEqual(['root.key'])
})

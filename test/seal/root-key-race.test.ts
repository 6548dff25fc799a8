import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { expect, test } from 'vitest'
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

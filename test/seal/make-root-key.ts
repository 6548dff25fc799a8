/** Makes a root key file where there is none, at the same moment as others, and tells what it reads then. */
import { readFileSync } from 'node:fs'
import { parentPort, workerData } from 'node:worker_threads'
import { ensureRootKeyFile } from '../../src/adapters/root-key/file.ts'

const { path, go } = workerData as { path: string; go: SharedArrayBuffer }
parentPort?.postMessage('ready')
Atomics.wait(new Int32Array(go), 0, 0)
ensureRootKeyFile(path)
parentPort?.postMessage(readFileSync(path, 'utf8'))

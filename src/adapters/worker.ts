import { setFlagsFromString } from 'node:v8'
import { Worker, type WorkerOptions } from 'node:worker_threads'

/**
 * A thread's own garbage is collected every 2 MiB. The process's `--max-semi-space-size` is for the thread that answers calls,
 * and goes before a worker's `resourceLimits`; V8 reads it when a heap is made, so that heap stays as it is
 * (docs/decisions/0036).
 */
const youngGeneration = '--max-semi-space-size=2'

/** Starts the worker that stands beside the caller: `.ts` when run from sources, `.js` when built. */
export const startWorker = (besides: string, name: string, options?: WorkerOptions): Worker => {
  setFlagsFromString(youngGeneration)
  return new Worker(new URL(`./${name}${besides.endsWith('.ts') ? '.ts' : '.js'}`, besides), options)
}

import { Worker, type WorkerOptions } from 'node:worker_threads'

/** Starts the worker that stands beside the caller: `.ts` when run from sources, `.js` when built. */
export const startWorker = (besides: string, name: string, options?: WorkerOptions): Worker =>
  new Worker(new URL(`./${name}${besides.endsWith('.ts') ? '.ts' : '.js'}`, besides), options)

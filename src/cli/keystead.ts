#!/usr/bin/env -S node --max-semi-space-size=32 --no-parallel-scavenge --no-allocation-site-pretenuring --heap-growing-percent=100
// The flags: a larger young generation, collected by one thread. Calls leave short-lived objects only, and the four threads
// that would collect them cost more than they save (docs/decisions/0009). None of them is to be made in the old generation,
// which V8 would take for wise after a crowd, and never take back (0048).
/** Looks at Node's version before anything is imported that an older one does not have, such as `node:sqlite`. */
const oldest = 24

if (Number.parseInt(process.versions.node, 10) >= oldest) {
  // What V8 compiled is kept for the next start, beside the program: who can write it there can write the program as well,
  // while the data folder may be in other hands. Where it cannot be written, every start compiles.
  const { enableCompileCache } = await import('node:module')
  enableCompileCache(`${import.meta.dirname}/../../.compiled`)
  await import('./program.ts')
} else {
  process.stderr.write(`keystead: Node ${oldest} or later is needed; this is Node ${process.versions.node}.\n`)
  process.exitCode = 1
}

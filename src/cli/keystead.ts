#!/usr/bin/env node
/** Looks at Node's version before anything is imported that an older one does not have, such as `node:sqlite`. */
const oldest = 24

if (Number.parseInt(process.versions.node, 10) >= oldest) await import('./program.ts')
else {
  process.stderr.write(`keystead: Node ${oldest} or later is needed; this is Node ${process.versions.node}.\n`)
  process.exitCode = 1
}

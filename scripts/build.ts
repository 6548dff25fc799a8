/** `npm run build`: what is published, into dist/, from src/ alone: the program, its types, and the console in dist/console. */
import { spawnSync } from 'node:child_process'
import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { bundleInto } from './bundle.ts'

const root = join(import.meta.dirname, '..')
const dist = join(root, 'dist')

await bundleInto(dist)
const tsc = join(root, 'node_modules', '.bin', 'tsc')
const run = (program: string, args: readonly string[]): boolean =>
  spawnSync(program, args, { cwd: root, stdio: 'inherit' }).status === 0

const built = run(tsc, ['-p', 'tsconfig.build.json']) && run(process.execPath, ['console/build.mjs'])
if (built) cpSync(join(root, 'console', 'dist'), join(dist, 'console'), { recursive: true })
process.exitCode = built ? 0 : 1

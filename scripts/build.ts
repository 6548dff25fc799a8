/** `npm run build`: plain JavaScript and types into dist/, from src/ alone, and the console into dist/console. */
import { spawnSync } from 'node:child_process'
import { chmodSync, cpSync, rmSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')

rmSync(join(root, 'dist'), { recursive: true, force: true })
const tsc = join(root, 'node_modules', '.bin', 'tsc')
const run = (program: string, args: readonly string[]): boolean =>
  spawnSync(program, args, { cwd: root, stdio: 'inherit' }).status === 0

const built = run(tsc, ['-p', 'tsconfig.build.json']) && run(process.execPath, ['console/build.mjs'])
if (built) {
  chmodSync(join(root, 'dist', 'cli', 'keystead.js'), 0o755)
  cpSync(join(root, 'console', 'dist'), join(root, 'dist', 'console'), { recursive: true })
}
process.exitCode = built ? 0 : 1

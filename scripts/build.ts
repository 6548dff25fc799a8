/** `npm run build`: plain JavaScript and types into dist/, from src/ alone. */
import { spawnSync } from 'node:child_process'
import { chmodSync, rmSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')

rmSync(join(root, 'dist'), { recursive: true, force: true })
const tsc = join(root, 'node_modules', '.bin', 'tsc')
const { status } = spawnSync(tsc, ['-p', 'tsconfig.build.json'], { cwd: root, stdio: 'inherit' })
if (status === 0) chmodSync(join(root, 'dist', 'cli', 'keystead.js'), 0o755)
process.exitCode = status ?? 1

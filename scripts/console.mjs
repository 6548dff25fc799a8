// Before `npm start`: a console that is missing or older than its sources is built beside the server, which serves at once and
// tells at /console how far that is. It runs on whatever Node the machine has; what it starts runs on Keystead's own.
import { spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const node = join(root, 'node_modules', '.bin', 'node')
const building = spawn(node, ['console/build.mjs'], { cwd: root, detached: true, stdio: 'ignore' })
building.on('error', (error) => process.stderr.write(`keystead: the console is not built: ${error.message}\n`))
// Written here too: the server may be asked before the build has begun.
if (building.pid !== undefined)
  writeFileSync(join(root, 'console', '.build.json'), JSON.stringify({ state: 'building', process: building.pid }))
building.unref()

// Installs what a script needs when it is missing or older than the lock file. It runs on whatever Node the machine
// has (18 or later): the Node that Keystead itself runs on is one of the things it installs.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const stamp = join(root, 'node_modules', '.keystead-setup')
const wanted = process.argv[2] === 'all' ? 'all' : 'run'

const lockHash = createHash('sha256')
  .update(readFileSync(join(root, 'package-lock.json')))
  .digest('hex')
const [installed, hash] = existsSync(stamp) ? readFileSync(stamp, 'utf8').split(' ') : []
const enough = hash === lockHash && (installed === 'all' || installed === wanted)

if (!enough) {
  const what = wanted === 'all' ? 'everything (with test packages)' : 'the server (without test packages)'
  process.stderr.write(`keystead: installing ${what} from the npm registry, once for this lock file ...\n`)
  const flags = [
    'ci',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
    ...(wanted === 'run' ? ['--workspaces=false'] : []),
  ]
  const npm = process.env.npm_execpath
  const [command, args] = npm ? [process.execPath, [npm, ...flags]] : ['npm', flags]
  const { status } = spawnSync(command, args, { cwd: root, stdio: ['ignore', 2, 2] })
  if (status !== 0) {
    process.stderr.write('keystead: npm ci failed; its message above says why. Is the npm registry reachable?\n')
    process.exit(1)
  }
  writeFileSync(stamp, `${wanted} ${lockHash}`)
}

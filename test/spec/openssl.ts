/** The openssl command, version 3: an implementation that is not ours. Where a machine has none, its tests are skipped. */
import { execFileSync, spawnSync } from 'node:child_process'

const { stdout, error } = spawnSync('openssl', ['version'], { encoding: 'utf8' })
export const hasOpenssl = !error && /^OpenSSL [3-9]/.test(stdout)

export const openssl = (args: readonly string[], input?: Uint8Array): Buffer =>
  execFileSync('openssl', args, { input, stdio: 'pipe' })

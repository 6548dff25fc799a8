/** The server under load, in a process of its own: the real one, with everything on. */
import { privateKeyFrom } from '../src/crypto/private-key.ts'
import { start } from '../src/main.ts'
import { temporaryFolder, testSettings } from '../test/harness/keystead.ts'

const running = await start(
  testSettings(process.env.BENCH_DATA ?? temporaryFolder(), { logLevel: 'error', quotaWhiteBoxKeys: 1000 }),
)
const { slow } = running.installation.house

const { publicKey, privateKey } = await slow.run('generatePair', { algorithm: 'rsa-2048' })
const key = privateKeyFrom(privateKey)
const signed = { type: 'message', bytes: new Uint8Array(64) } as const
let busy = false

/** Keeps 64 signatures and 16 passwords in flight until told to stop. */
const keepBusy = async (work: () => Promise<unknown>): Promise<void> => {
  // What still waits when the server stops is rejected, and nobody misses it.
  while (busy) await work().catch(() => undefined)
}
const sign = () => slow.run('sign', { key, publicKey, scheme: 'rsaPssSha256', signed })
const hash = () => slow.run('hashPassword', { password: 'a wrong password', salt: new Uint8Array(16) })

process.on('message', async (order: 'busy' | 'idle' | 'stop') => {
  if (order === 'stop') {
    await running.stop()
    process.exit(0)
  }
  busy = order === 'busy'
  if (!busy) return
  for (let each = 0; each < 64; each++) void keepBusy(sign)
  for (let each = 0; each < 16; each++) void keepBusy(hash)
})
process.send?.({ endpoint: running.endpoint, credentials: running.credentials })

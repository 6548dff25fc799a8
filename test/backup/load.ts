/** Clients that make, use and change keys without a pause, and remember what they were told. */
import { randomBytes } from 'node:crypto'
import type { Served } from '../administration/command.ts'

export interface Told {
  readonly key: string
  readonly blob: string
  readonly plaintext: string
}

export interface Load {
  /** Ciphertexts that were acknowledged so far. */
  readonly told: Told[]
  readonly faults: string[]
  calls: number
  stop(): Promise<void>
}

const clients = 4

/** Each client has one key that it suspends and resumes, and makes others that it only uses. */
export const underLoad = (server: Pick<Served, 'call'>, name = 'first'): Load => {
  let going = true
  const load: Load = { told: [], faults: [], calls: 0, stop: async () => {} }
  const ask = async (action: string, members: object) => {
    const { code, response } = await server.call(action, members)
    load.calls += 1
    if (code !== undefined) load.faults.push(`${action}: ${code}`)
    return response
  }
  const client = async (number: number) => {
    const { KeyId: moved } = await ask('CreateKey', { Alias: `${name}-moved-${number}` })
    for (let turn = 0; going; turn++) {
      const { KeyId: key } = await ask('CreateKey', { Alias: `${name}-key-${number}-${turn}` })
      for (let use = 0; use < 3; use++) {
        const plaintext = randomBytes(24).toString('base64')
        const { CiphertextBlob: blob } = await ask('Encrypt', { KeyId: key, Plaintext: plaintext })
        load.told.push({ key, blob, plaintext })
      }
      await ask('DisableKey', { KeyId: moved })
      await ask('EnableKey', { KeyId: moved })
    }
  }
  const running = Array.from({ length: clients }, (_, number) => client(number))
  load.stop = async () => {
    going = false
    await Promise.all(running)
  }
  return load
}

/** What of the ciphertexts does not open to its plaintext. */
export const unopened = async (server: Pick<Served, 'call'>, told: readonly Told[]): Promise<string[]> => {
  const faults: string[] = []
  for (const { key, blob, plaintext } of told) {
    const { code, response } = await server.call('Decrypt', { CiphertextBlob: blob })
    if (response.Plaintext !== plaintext) faults.push(`${key}: ${code ?? 'another plaintext'}`)
  }
  return faults
}

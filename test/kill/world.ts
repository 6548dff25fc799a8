/** What clients of a server were told, so that a server that was killed can be held to it. */
import { constants, createPublicKey, publicEncrypt, randomBytes } from 'node:crypto'
import type { Credentials } from '../../src/first-account.ts'
import { type Members, signedCall } from '../harness/keystead.ts'

/** In Tencent's words, as DescribeKeys answers. */
type State = 'Enabled' | 'Disabled' | 'PendingDelete' | 'PendingImport'

export interface KnownKey {
  readonly id: string
  /** The last one that was acknowledged. */
  state: State
  /** Where an unanswered call may have moved it. */
  maybe: State | undefined
  /** Of an imported key: the bytes that were wrapped. */
  readonly material: Buffer | undefined
  readonly ciphertexts: { readonly blob: string; readonly plaintext: string }[]
}

/** A stream of numbers from 0 to 1 that a seed decides (mulberry32). */
export const numbersFrom = (seed: number): (() => number) => {
  let at = seed >>> 0
  return () => {
    at = (at + 0x6d2b79f5) >>> 0
    let value = Math.imul(at ^ (at >>> 15), at | 1)
    value ^= value + Math.imul(value ^ (value >>> 7), value | 61)
    return ((value ^ (value >>> 14)) >>> 0) / 4_294_967_296
  }
}

const batchMax = 100

export class World {
  readonly keys: KnownKey[] = []
  /** Request ids of every answered call. */
  readonly acknowledged = new Set<string>()
  readonly violations: string[] = []
  ciphertexts = 0
  #names = 0
  /** Keys from here on were made or used since the last check. */
  #checked = 0

  /** Every answered call is recorded here. Rejects where no answer came. */
  async #call(endpoint: string, { tencent }: Credentials, action: string, members: Members): Promise<Members> {
    const timestamp = Math.floor(Date.now() / 1000)
    const { response, code } = await signedCall(endpoint, tencent, timestamp, action, members)
    // Nothing was promised then, but nothing went wrong either that would excuse it.
    if (code !== 'InternalError') this.acknowledged.add(response.RequestId)
    if (code !== undefined) this.violations.push(`${action} of ${JSON.stringify(members)} answered ${code}`)
    return response
  }

  /** One client: calls one after the other, on keys of its own, until the server is gone, or until it is told to end. */
  async client(
    endpoint: string,
    credentials: Credentials,
    next: () => number,
    going: () => boolean = () => true,
  ): Promise<void> {
    const own: KnownKey[] = []
    try {
      while (going()) {
        const key = own[Math.floor(next() * own.length)]
        if (!key || next() < 0.15) own.push(await this.#create(endpoint, credentials, next() < 0.3))
        else await this.#use(endpoint, credentials, key, next())
      }
    } catch {
      // The server was killed: what this call asked for may be there or not.
    }
  }

  async #create(endpoint: string, credentials: Credentials, imported: boolean): Promise<KnownKey> {
    this.#names += 1
    const members = { Alias: `key-${this.#names}`, Type: imported ? 2 : 1 }
    const { KeyId: id } = await this.#call(endpoint, credentials, 'CreateKey', members)
    const material = imported ? randomBytes(32) : undefined
    const state: State = imported ? 'PendingImport' : 'Enabled'
    const key: KnownKey = { id, state, maybe: undefined, material, ciphertexts: [] }
    this.keys.push(key)
    return key
  }

  async #use(endpoint: string, credentials: Credentials, key: KnownKey, choice: number): Promise<void> {
    const move = (action: string, to: State, members: object = {}) =>
      this.#move(endpoint, credentials, key, action, to, members)
    if (key.state === 'PendingImport') return this.#import(endpoint, credentials, key)
    if (key.state === 'PendingDelete') return move('CancelKeyDeletion', 'Disabled')
    if (key.state === 'Disabled')
      return choice < 0.5
        ? move('ScheduleKeyDeletion', 'PendingDelete', { PendingWindowInDays: 7 })
        : move('EnableKey', 'Enabled')
    if (choice < 0.2) return move('DisableKey', 'Disabled')
    if (choice < 0.3 && key.material) return move('DeleteImportedKeyMaterial', 'PendingImport')
    await this.#encrypt(endpoint, credentials, key)
  }

  async #move(
    endpoint: string,
    credentials: Credentials,
    key: KnownKey,
    action: string,
    to: State,
    members: object,
  ): Promise<void> {
    key.maybe = to
    await this.#call(endpoint, credentials, action, { KeyId: key.id, ...members })
    key.state = to
    key.maybe = undefined
  }

  async #encrypt(endpoint: string, credentials: Credentials, key: KnownKey): Promise<void> {
    const plaintext = randomBytes(32).toString('base64')
    const members = { KeyId: key.id, Plaintext: plaintext }
    const { CiphertextBlob: blob } = await this.#call(endpoint, credentials, 'Encrypt', members)
    key.ciphertexts.push({ blob, plaintext })
    this.ciphertexts += 1
  }

  async #import(endpoint: string, credentials: Credentials, key: KnownKey): Promise<void> {
    const asked = { KeyId: key.id, WrappingAlgorithm: 'RSAES_OAEP_SHA_256', WrappingKeySpec: 'RSA_2048' }
    const { PublicKey, ImportToken } = await this.#call(endpoint, credentials, 'GetParametersForImport', asked)
    const publicKey = createPublicKey({ key: Buffer.from(PublicKey, 'base64'), format: 'der', type: 'spki' })
    const padding = { padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' }
    const wrapped = publicEncrypt({ key: publicKey, ...padding }, key.material ?? Buffer.alloc(0))
    const members = { EncryptedKeyMaterial: wrapped.toString('base64'), ImportToken }
    await this.#move(endpoint, credentials, key, 'ImportKeyMaterial', 'Enabled', members)
  }

  /** What was done so far, and what was found. */
  get sofar() {
    const { acknowledged, keys, ciphertexts, violations } = this
    return { acknowledged: acknowledged.size, keys: keys.length, ciphertexts, violations }
  }

  /** Keys of which something was said since the last time, and some older ones. */
  toCheck(next: () => number, older: number): readonly KnownKey[] {
    const again = Array.from({ length: older }, () => this.keys[Math.floor(next() * this.#checked)])
    const recent = this.keys.slice(this.#checked)
    this.#checked = this.keys.length
    return [...new Set([...again.filter((key) => key !== undefined), ...recent])]
  }

  /** Holds the server to the states of these keys, and then to their ciphertexts; a key is enabled for that. */
  async check(endpoint: string, credentials: Credentials, keys: readonly KnownKey[]): Promise<void> {
    for (let from = 0; from < keys.length; from += batchMax)
      await this.#checkStates(endpoint, credentials, keys.slice(from, from + batchMax))
    for (const key of keys.filter(({ ciphertexts }) => ciphertexts.length > 0))
      await this.#checkCiphertexts(endpoint, credentials, key)
  }

  async #checkStates(endpoint: string, credentials: Credentials, keys: readonly KnownKey[]): Promise<void> {
    const asked = { KeyIds: keys.map(({ id }) => id) }
    const { KeyMetadatas = [] } = await this.#call(endpoint, credentials, 'DescribeKeys', asked)
    for (const [index, key] of keys.entries()) {
      const found: State | undefined = KeyMetadatas[index]?.KeyState
      if (found === undefined) continue // The refusal of the whole batch is a violation already.
      if (found !== key.state && found !== key.maybe)
        this.violations.push(`key ${key.id} was ${key.state} (perhaps ${key.maybe}) and is ${found}`)
      key.state = found
      key.maybe = undefined
    }
  }

  async #checkCiphertexts(endpoint: string, credentials: Credentials, key: KnownKey): Promise<void> {
    // Through the calls that lead there, each of which must be allowed in the state that was acknowledged.
    while (key.state !== 'Enabled') await this.#use(endpoint, credentials, key, 1)
    for (const { blob, plaintext } of key.ciphertexts) {
      const { Plaintext } = await this.#call(endpoint, credentials, 'Decrypt', { CiphertextBlob: blob })
      if (Plaintext !== plaintext) this.violations.push(`a ciphertext of key ${key.id} gives another plaintext`)
    }
  }
}

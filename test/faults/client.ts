/** A client of a server that is a process of its own, which remembers what it was promised. */
import { join } from 'node:path'
import { expect } from 'vitest'
import type { Credentials } from '../../src/first-account.ts'
import { MovableClock } from '../harness/clock.ts'
import { exchange } from '../harness/http.ts'
import { huaweiCall } from '../harness/huawei.ts'
import { type Answered, type Members, signedCall } from '../harness/keystead.ts'
import { type Child, credentialsOf } from '../server/child.ts'

export const plaintext = Buffer.from('through the fault').toString('base64')

export class Client {
  readonly #credentials: Credentials
  #endpoint: string
  /** Request ids of what was answered with success. */
  readonly answered: string[] = []
  readonly keys: string[] = []
  readonly ciphertexts: string[] = []

  private constructor(endpoint: string, credentials: Credentials) {
    this.#endpoint = endpoint
    this.#credentials = credentials
  }

  static async of(child: Child, data: string): Promise<Client> {
    return new Client(await child.endpoint, credentialsOf(data))
  }

  async moveTo(child: Child): Promise<void> {
    this.#endpoint = await child.endpoint
  }

  async call(action: string, members: Members = {}): Promise<Answered> {
    const now = Math.floor(Date.now() / 1000)
    const answered = await signedCall(this.#endpoint, this.#credentials.tencent, now, action, members)
    if (answered.code === undefined) this.answered.push(answered.response.RequestId)
    return answered
  }

  /** Gives the code, or `success`. */
  async create(alias: string): Promise<string> {
    const { code = 'success', response } = await this.call('CreateKey', { Alias: alias })
    if (code === 'success') this.keys.push(response.KeyId)
    return code
  }

  async encrypt(): Promise<string> {
    const { code = 'success', response } = await this.call('Encrypt', { KeyId: this.keys[0], Plaintext: plaintext })
    if (code === 'success') this.ciphertexts.push(response.CiphertextBlob)
    return code
  }

  /** Gives status and code. */
  async huawei(call: string, members: Members = {}): Promise<readonly [number, string | undefined]> {
    const here = { endpoint: this.#endpoint, credentials: this.#credentials, clock: new MovableClock() }
    const { status, code } = await huaweiCall(here, call, members)
    return [status, code]
  }

  async get(path: string): Promise<{ status: number; body: string }> {
    const { status, body } = await exchange(this.#endpoint, { method: 'GET', path })
    return { status, body }
  }

  /** Every key that was promised is there, and every ciphertext opens. */
  async findsEverything(): Promise<void> {
    const found = await Promise.all(this.keys.map((KeyId) => this.call('DescribeKey', { KeyId })))
    expect(found.filter(({ code }) => code !== undefined)).toEqual([])
    const last = this.ciphertexts.slice(-20)
    const opened = await Promise.all(last.map((CiphertextBlob) => this.call('Decrypt', { CiphertextBlob })))
    expect(opened.map(({ response }) => response.Plaintext)).toEqual(last.map(() => plaintext))
  }
}

export interface LogLine {
  readonly msg: string
  readonly advice?: string
  readonly err?: { readonly type: string; readonly message: string }
}

export const logOf = (child: Child): LogLine[] =>
  child
    .stderr()
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line))

export const auditOf = (data: string): string => join(data, 'audit')

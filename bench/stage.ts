/** A server with keys in it, as scenarios find them: what they ask for is made once. */
import type { Members } from '../test/harness/keystead.ts'
import type { Bench } from './measure.ts'

/** One call, in the words of the dialect that it is made in. */
export interface Call {
  readonly action: string
  readonly members: Members
}

/** How a dialect is spoken. */
export interface Speech {
  readonly dialect: 'tencent' | 'huawei'
  ask(bench: Bench, call: Call): Promise<Members>
  request(bench: Bench, call: Call): string
  /** The body of an answer with these members. */
  body(members: Members): string
}

export const tencent: Speech = {
  dialect: 'tencent',
  ask: (bench, { action, members }) => bench.call(action, members),
  request: (bench, { action, members }) => bench.request(action, members),
  body: (members) => JSON.stringify({ Response: members }),
}

export const huawei: Speech = {
  dialect: 'huawei',
  ask: (bench, { action, members }) => bench.callHuawei(action, members),
  request: (bench, { action, members }) => bench.requestHuawei(action, members),
  body: (members) => JSON.stringify(members),
}

/** Tencent Cloud pages at most so many. */
const pageMax = 200

export class Stage {
  readonly bench: Bench
  /** Apart from those of every other run over the same folder. */
  readonly #run = Date.now().toString(36)
  readonly #made = new Map<string, Promise<string>>()
  #aliases = 0

  constructor(bench: Bench) {
    this.bench = bench
  }

  /** An alias that no key has. */
  alias(): string {
    this.#aliases += 1
    return `bench-${this.#run}-${this.#aliases}`
  }

  /** A key by Huawei Cloud's name of its kind; both dialects can use it. */
  key(spec: string, which = 1): Promise<string> {
    const name = `${spec} ${which}`
    const known = this.#made.get(name) ?? this.#make(spec)
    this.#made.set(name, known)
    return known
  }

  async #make(key_spec: string): Promise<string> {
    const key_usage = /^(?:AES|SM4)/.test(key_spec) ? 'ENCRYPT_DECRYPT' : 'SIGN_VERIFY'
    const { key_info } = await this.bench.callHuawei('create-key', { key_alias: this.alias(), key_spec, key_usage })
    return key_info.key_id
  }

  async keysInAll(): Promise<number> {
    return (await this.bench.call('ListKeys', { Limit: 1 })).TotalCount
  }

  /** At least so many keys are there. */
  async fill(keys: number): Promise<void> {
    const missing = keys - (await this.keysInAll())
    if (missing <= 0) return
    const requests = Array.from({ length: missing }, () => this.bench.request('CreateKey', { Alias: this.alias() }))
    const load = { requests, expect: 'KeyId', connections: 16, seconds: 600, once: true }
    const { errors, wrong } = await this.bench.run(this.bench.server, load)
    if (errors > 0) throw new Error(`keys could not be made: ${wrong}`)
  }

  /** Ids of about so many keys that encrypt, from all over the list. */
  async keysAllOver(keys: number): Promise<string[]> {
    // KeyState 1: enabled.
    const asked = { KeyState: 1, KeyUsage: 'ENCRYPT_DECRYPT', Limit: pageMax }
    const all = (await this.bench.call('ListKeyDetail', asked)).TotalCount
    const pages = Math.ceil(Math.min(keys, all) / pageMax)
    const found: string[] = []
    for (let page = 0; page < pages; page++) {
      const Offset = Math.floor((page / pages) * all)
      const { KeyMetadatas } = await this.bench.call('ListKeyDetail', { ...asked, Offset })
      found.push(...KeyMetadatas.map(({ KeyId }: { KeyId: string }) => KeyId))
    }
    return found
  }
}

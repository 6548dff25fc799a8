/** The root keys of an installation: its own, those of key stores, what opens them, and what is told while one is sealed. */
import { setTimeout } from 'node:timers/promises'
import { disk } from './adapters/root-key/disk.ts'
import { ensureRootKeyFile, rootKeyPath } from './adapters/root-key/file.ts'
import { RootKeyUnusable } from './adapters/root-key/generations.ts'
import { withBackings } from './adapters/root-key/held.ts'
import { kmsCustodian } from './adapters/root-key/kms.ts'
import { pkcs11Custodian } from './adapters/root-key/pkcs11.ts'
import { SealedRootKey } from './adapters/root-key/sealed-root-key.ts'
import type { OpenDatabase } from './adapters/sql/open-database.ts'
import { huaweiKey } from './clouds/huawei.ts'
import { tencentKey } from './clouds/tencent.ts'
import type { Settings } from './config.ts'
import type { NotServing } from './core/failure.ts'
import type { RootGeneration, RootKey, RootKeySeal, SealState } from './core/ports.ts'
import { generationOfCheck, makeRootCheck, passesRootCheck } from './core/root-check.ts'

const clouds = { tencent: tencentKey, huawei: huaweiKey }

export const rootKeyFileOf = ({ data, seal }: Settings): string => seal ?? rootKeyPath(data)

/** What is remembered of an installation's root key, and how that is written. */
export interface Remembered {
  readonly id: string
  readonly rootCheck: Uint8Array
}
type Source = Parameters<typeof makeRootCheck>[2]

export class RootKeys {
  readonly #own: SealedRootKey
  readonly #backings: ReadonlyMap<string, SealedRootKey>

  /** Reads the files; with `--init`, one that is configured for the first time is made. Throws `RootKeyUnusable`. */
  constructor(settings: Settings, onFault: (error: unknown) => void) {
    const { keyStore, init, sealConfig, worker } = settings
    const severalProcesses = worker !== undefined
    const custodians = { pkcs11: pkcs11Custodian(sealConfig), kms: kmsCustodian(sealConfig, clouds) }
    const sleep = (milliseconds: number) => setTimeout(milliseconds, undefined, { ref: false })
    const read = (path: string) => new SealedRootKey({ path, severalProcesses, disk, custodians, sleep, onFault })
    this.#own = read(rootKeyFileOf(settings))
    this.#backings = new Map(
      keyStore.map(([name, path]) => {
        if (init) ensureRootKeyFile(path)
        return [name, read(path)]
      }),
    )
  }

  /** `remembered` is absent for an installation that is being founded. Gives all of them, as the keyring asks. */
  async open(remembered: Remembered | undefined): Promise<RootKey> {
    await this.#own.open((root) => !remembered || passesRootCheck(root, remembered.id, remembered.rootCheck))
    for (const [name, one] of this.#backings) {
      await one.open(() => true)
      if (one.isSealed) throw new RootKeyUnusable(`--key-store ${name}: the root key file of a key store has no seal.`)
    }
    const roots = new Map([...this.#backings].map(([name, { root }]) => [name, root]))
    return withBackings(this.#own.root, roots)
  }

  /** The one that seals now, after another look at the file, since others wait for it; undefined while it is sealed itself. */
  loaded(): RootGeneration | undefined {
    this.#own.lookAgain()
    return this.#own.isSealed ? undefined : this.#own.root.generation
  }

  /** Throws where an installation was founded meanwhile by another node, under another root key. */
  mustOpen({ id, rootCheck }: Remembered): void {
    if (!passesRootCheck(this.#own.root, id, rootCheck))
      throw new RootKeyUnusable(
        'another node set up the database at the same time, with another root key: give this node that one.',
      )
  }

  /** Asks for what opens it until it is open; whoever is asked ends it by rejecting. */
  async unsealed(ask: (state: SealState) => Promise<string>): Promise<void> {
    while (this.#own.isSealed) {
      const answer = await this.#own.unseal(await ask(this.#own.state()))
      if ('rejected' in answer) throw new RootKeyUnusable(`what was given ${answer.rejected}`)
    }
  }

  get backings(): readonly string[] {
    return [...this.#backings.keys()]
  }

  unavailable(): NotServing | undefined {
    return this.#own.isSealed ? { reason: 'notServing', state: 'sealed', told: this.#own.state().told } : undefined
  }

  /** Takes in what another process wrote. */
  async refresh(): Promise<void> {
    for (const one of [this.#own, ...this.#backings.values()]) await one.refresh()
  }

  state(): SealState {
    return this.#own.state()
  }

  /** Throws a sentence where a file, as it is now, would not give what is in use. */
  check(): void {
    for (const one of [this.#own, ...this.#backings.values()]) one.check()
  }

  /** As the core sees the seal; the store remembers another check. */
  seal(remembered: Remembered, source: Source, store: Pick<OpenDatabase, 'writeRootCheck' | 'members'>): RootKeySeal {
    const own = this.#own
    let known = generationOfCheck(remembered.rootCheck)
    return {
      state: () => own.state(),
      unseal: (input) => own.unseal(input),
      prepare: (to) => own.prepare(to),
      adopt: (inputs) => own.adopt(inputs),
      addGeneration: (backing) => this.#addGeneration(backing),
      members: async () => {
        const others = await store.members()
        if (others.length === 0) return [{ name: 'this process', generation: this.loaded() }]
        return others.map(({ node, rootGeneration }) => ({ name: `node ${node}`, generation: rootGeneration }))
      },
      isSettled: () => known?.id === own.root.generation.id,
      async settle() {
        const rootGeneration = own.root.generation
        await store.writeRootCheck({ rootGeneration, rootCheck: makeRootCheck(own.root, remembered.id, source) })
        known = rootGeneration
      },
    }
  }

  close(): void {
    for (const one of [this.#own, ...this.#backings.values()]) one.close()
  }

  async #addGeneration(backing: string | undefined) {
    const one = backing === undefined ? this.#own : this.#backings.get(backing)
    if (!one) return { rejected: `is unknown: there is no key store backing ${backing}` }
    const added = await one.addGeneration()
    return 'rejected' in added ? added : added.generation
  }
}

/** The root key in memory: none while it is sealed, and more when a generation is added. */
import type { RootKey } from '../../core/ports.ts'
import { type Generation, newest, zero } from './generations.ts'

export class HeldRootKey implements RootKey {
  #generations: readonly Generation[] = []
  readonly #lookAgain: () => void

  /** `lookAgain` is called for a generation that is not held: another process may have added it. */
  constructor(lookAgain: () => void = () => {}) {
    this.#lookAgain = lookAgain
  }

  /** The earlier ones are zeroed. */
  hold(generations: readonly Generation[]): void {
    const before = this.#generations
    this.#generations = generations.map((one) => ({ ...one, key: Buffer.from(one.key) }))
    zero(before)
  }

  get generations(): readonly Generation[] {
    return this.#generations
  }

  get generation() {
    if (this.#generations.length === 0) throw new Error('the root key is sealed')
    const { id, number } = newest(this.#generations)
    return { id, number }
  }

  present(id: string, number: number) {
    return this.#find(id, number) && this.generation
  }

  material(id: string, number: number): Uint8Array | undefined {
    const found = this.#find(id, number)
    return found && Uint8Array.from(found.key)
  }

  #find(id: string, number: number): Generation | undefined {
    const isIt = (generation: Generation) => generation.id === id && generation.number === number
    const found = this.#generations.find(isIt)
    if (found || this.#generations.length === 0) return found
    this.#lookAgain()
    return this.#generations.find(isIt)
  }
}

/** The installation's root key, and beside it those of key stores by their names. */
export const withBackings = (root: RootKey, backings: ReadonlyMap<string, RootKey>): RootKey => {
  const all = [root, ...backings.values()]
  const first = <T>(ask: (one: RootKey) => T | undefined): T | undefined => {
    for (const one of all) {
      const found = ask(one)
      if (found) return found
    }
    return undefined
  }
  return {
    get generation() {
      return root.generation
    },
    get backings() {
      return new Map([...backings].map(([name, { generation }]) => [name, generation]))
    },
    present: (id, number) => first((one) => one.present(id, number)),
    material: (id, number) => first((one) => one.material(id, number)),
  }
}

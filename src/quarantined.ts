/** Whether the installation is in quarantine, at hand for every request: nearly always it is not, and nothing is asked. */
import type { NotServing } from './core/failure.ts'
import type { Coherence } from './core/ports.ts'
import { type Quarantine, quarantineId } from './core/upkeep.ts'

const told =
  'This installation was restored from a backup and answers no client before its operator has looked at what the backup undoes. See: keystead restore status'

export class Quarantined {
  readonly #coherence: Coherence
  #row: Quarantine | undefined

  private constructor(coherence: Coherence) {
    this.#coherence = coherence
  }

  static async over(coherence: Coherence): Promise<Quarantined> {
    const quarantined = new Quarantined(coherence)
    await quarantined.#look()
    return quarantined
  }

  /** A quarantine begins with a restore, so only its end is looked for: by whoever is still refused. */
  failure(): NotServing | undefined {
    if (!this.#row) return undefined
    void this.#look().catch(() => undefined)
    return { reason: 'notServing', state: 'quarantined', told }
  }

  async #look(): Promise<void> {
    const view = await this.#coherence.view()
    this.#row = await view.get('quarantine', quarantineId)
  }
}

/** The barrier over several nodes, for the core. */
import type { Coherence, Epoch, View } from '../../../core/ports.ts'
import type { CachedView } from '../cached-view.ts'
import type { Membership } from './membership.ts'
import type { Settling } from './settling.ts'

export interface PostgresCoherenceParts {
  readonly view: CachedView
  readonly membership: Membership
  readonly settling: Settling
  /** Hints to the others that something was committed. Nothing rests on it. */
  announce(): void
  currentEpoch(): Promise<Epoch>
}

export class PostgresCoherence implements Coherence {
  readonly #parts: PostgresCoherenceParts

  constructor(parts: PostgresCoherenceParts) {
    this.#parts = parts
  }

  view(): View | Promise<View> {
    const { membership, view } = this.#parts
    return membership.valid ? view : membership.renewed().then(() => view)
  }

  /** Without an epoch there was nothing to change: whoever caused what was found may still be waiting. */
  async settle(epoch: Epoch | undefined): Promise<void> {
    const { membership, settling, announce, currentEpoch } = this.#parts
    announce()
    membership.hint()
    await settling.settle(epoch ?? (await currentEpoch()))
  }
}

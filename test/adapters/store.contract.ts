/** What every engine of the store keeps to. */
import { describe } from 'vitest'
import { aliasesContract } from './contract/aliases.ts'
import { type Harness, newBench } from './contract/bench.ts'
import { claimsContract } from './contract/claims.ts'
import { coherenceContract } from './contract/coherence.ts'
import { commitsContract } from './contract/commits.ts'
import { dataKeyListsContract } from './contract/data-key-lists.ts'
import { dueContract } from './contract/due.ts'
import { grantsContract } from './contract/grants.ts'
import { keyCountsContract } from './contract/key-counts.ts'
import { listsContract } from './contract/lists.ts'
import { rowsContract } from './contract/rows.ts'
import { tagsContract } from './contract/tags.ts'
import { usesContract } from './contract/uses.ts'

export type { Fault, Harness } from './contract/bench.ts'

export const storeContract = (name: string, newHarness: () => Promise<Harness>): void => {
  describe(name, () => {
    const bench = newBench(newHarness)
    rowsContract(bench)
    claimsContract(bench)
    commitsContract(bench)
    coherenceContract(bench)
    listsContract(bench)
    keyCountsContract(bench)
    dataKeyListsContract(bench)
    tagsContract(bench)
    grantsContract(bench)
    aliasesContract(bench)
    dueContract(bench)
    usesContract(bench)
  })
}

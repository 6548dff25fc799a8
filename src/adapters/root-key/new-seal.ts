/** A root key file under another seal: its seal key, drawn or derived, and what its operators must keep. */
import { randomBytes } from 'node:crypto'
import type { NewSeal } from '../../core/ports.ts'
import type { Custodian } from './custodian.ts'
import { type Parameters, type RootKeyFile, sealGenerations } from './format.ts'
import { type Generation, keyBytes } from './generations.ts'
import { newPassphraseParameters, passphraseCharactersMin, passphraseKey } from './passphrase.ts'
import { newShares, splitFault } from './shares.ts'

export type Custodians = Readonly<Record<'pkcs11' | 'kms', Custodian>>

export interface Sealed {
  readonly file: RootKeyFile
  /** Nowhere else. */
  readonly shares: readonly string[]
}

/** Why there can be no such seal, or undefined. */
export const faultOf = (to: NewSeal): string | undefined => {
  if (to.seal === 'shamir') return splitFault(to.threshold, to.shares)
  if (to.seal === 'passphrase' && to.passphrase.length < passphraseCharactersMin)
    return `needs a passphrase of at least ${passphraseCharactersMin} characters`
  return undefined
}

interface Way {
  readonly parameters: Parameters
  readonly sealKey: Buffer
  readonly shares: readonly string[]
}

const wayTo = async (to: Exclude<NewSeal, { seal: 'file' }>, custodians: Custodians): Promise<Way> => {
  if (to.seal === 'passphrase') {
    const parameters = newPassphraseParameters()
    return { parameters, sealKey: await passphraseKey(parameters, to.passphrase), shares: [] }
  }
  const sealKey = randomBytes(keyBytes)
  if (to.seal === 'shamir') return { sealKey, ...newShares(sealKey, to.threshold, to.shares) }
  return { sealKey, parameters: await custodians[to.seal].wrap(sealKey), shares: [] }
}

/** Rejects where a custodian does. */
export const underSeal = async (
  to: NewSeal,
  generations: readonly Generation[],
  custodians: Custodians,
): Promise<Sealed> => {
  if (to.seal === 'file') return { file: { kind: to.seal, generations }, shares: [] }
  const { parameters, sealKey, shares } = await wayTo(to, custodians)
  const file = sealGenerations(to.seal, parameters, sealKey, generations)
  sealKey.fill(0)
  return { file, shares }
}

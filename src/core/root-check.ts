/** Tells whether a root key is the one that an installation was founded with, before any key is asked for. */
import { symmetricAlgorithm } from '../crypto/algorithms.ts'
import { utf8 } from './bytes.ts'
import { type Material, materialFrom, open, parseSealed, type SealSource, seal } from './ciphertext.ts'
import type { Context } from './context.ts'
import type { RootGeneration, RootKey } from './ports.ts'

const context: Context = { kind: 'bytes', bytes: utf8('keystead root check') }
const plaintext = utf8('the root key opens this installation')

const rootMaterial = (root: RootKey, installation: string, id: string, number: number): Material | undefined => {
  const raw = root.material(id, number)
  const material =
    raw && materialFrom(symmetricAlgorithm('aes-256'), raw, { installation, lineage: id, version: number })
  raw?.fill(0)
  return material
}

/** A known text under the root key's present generation. */
export const makeRootCheck = (root: RootKey, installation: string, source: SealSource): Uint8Array => {
  const { id, number } = root.generation
  const material = rootMaterial(root, installation, id, number)
  if (!material) throw new Error('the root key does not hold its own present generation')
  return seal(material, 'token', context, plaintext, source)
}

/** The generation that a check is under. */
export const generationOfCheck = (check: Uint8Array): RootGeneration | undefined => {
  const sealed = parseSealed(check)
  return sealed && { id: sealed.lineage, number: sealed.version }
}

export const passesRootCheck = (root: RootKey, installation: string, check: Uint8Array): boolean => {
  const sealed = parseSealed(check)
  const material = sealed && rootMaterial(root, installation, sealed.lineage, sealed.version)
  return sealed !== undefined && material !== undefined && open(material, sealed, context) !== undefined
}

/** Which id the copy of a key has in a region: worked out, so that a ciphertext leads to it without an index. */
import { sha256 } from '../crypto/digest.ts'
import { uuidFromBytes } from './bytes.ts'
import type { Copies, Key, RegionId } from './object.ts'

/** A UUID of version 8 (RFC 9562, section 5.8) from the lineage and the region. */
export const copyIdIn = (lineage: string, region: RegionId): string => {
  const bytes = new Uint8Array(sha256(`keystead copy ${lineage} ${region}`)).slice(0, 16)
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  return uuidFromBytes(bytes)
}

/** The copies beside this one, by their ids. */
export const otherCopies = ({ lineage, region: own, copies }: Key): readonly string[] =>
  (copies?.regions ?? [])
    .filter((region) => region !== own)
    .map((region) => (region === copies?.birth ? uuidFromBytes(lineage) : copyIdIn(lineage, region)))

/** Only here does the key's material change. */
export const isPrimary = ({ region, copies }: Key): boolean => copies === null || copies.primary === region

/** With a copy in one more region. */
export const copiesWith = ({ id, lineage, region, copies }: Key, added: RegionId): Copies => {
  const birth = id === uuidFromBytes(lineage) ? region : null
  const { regions, ...known } = copies ?? { birth, regions: [region] }
  return { ...known, primary: region, regions: [...regions, added] }
}

/** Without the copy of one region; null where one is left. */
export const copiesWithout = (copies: Copies, gone: RegionId): Copies | null => {
  const regions = copies.regions.filter((region) => region !== gone)
  const birth = copies.birth === gone ? null : copies.birth
  return regions.length > 1 ? { ...copies, birth, regions } : null
}

/** One row says everything about an algorithm; callers are handed the row and nothing below enumerates names. */
export interface SymmetricAlgorithm {
  readonly name: string
  /** Length of key material, bytes. */
  readonly keyBytes: number
  /** Suite byte of the ciphertext format (docs/spec/ciphertext.md). */
  readonly suite: 1 | 2
}

const rows: readonly SymmetricAlgorithm[] = [
  { name: 'aes-256', keyBytes: 32, suite: 1 },
  { name: 'sm4', keyBytes: 16, suite: 2 },
]

const byName: ReadonlyMap<string, SymmetricAlgorithm> = new Map(rows.map((row) => [row.name, row]))

/** The row of a stored name; an unknown one is a defect, not a caller's mistake. */
export const symmetricAlgorithm = (name: string): SymmetricAlgorithm => {
  const row = byName.get(name)
  if (!row) throw new Error(`unknown algorithm ${name}`)
  return row
}

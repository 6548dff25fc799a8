/** How we know what a declaration says. The reference prints it: inferred is allowed, hidden is not. */
export interface Evidence {
  readonly grade: 'recorded' | 'documented' | 'inferred'
  /** Where it is said; for an inference, also why. */
  readonly source: string
}

/** Stated by the vendor's pages, API description or SDK source. */
export const documented = (source: string): Evidence => ({ grade: 'documented', source })

/** Our own reading, with the reason. */
export const inferred = (source: string): Evidence => ({ grade: 'inferred', source })

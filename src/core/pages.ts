/** Which rows a list asks for: what they must be, in which order, and how many of them. */
import type { AccountId, Origin, RegionId, Usage } from './object.ts'
import type { State } from './state.ts'

export interface KeyFilter {
  readonly states?: readonly State[]
  readonly usages?: readonly Usage[]
  /** Names of `crypto/algorithms.ts`. */
  readonly algorithms?: readonly string[]
  readonly origin?: Origin
  /** `user`, or everything else. */
  readonly owner?: 'user' | 'product'
  /** Substring of id or name, ASCII case ignored; `%` and `_` are literal. */
  readonly search?: string
  /** Substring of the name, as `search`. */
  readonly nameSearch?: string
  /** What keys are grouped under; empty for those of no group. */
  readonly group?: string
  /** All of them must hold. */
  readonly tags?: readonly TagCondition[]
}

/** The object has a tag of this key, with one of these values where there are some. */
export interface TagCondition {
  readonly key: string
  readonly values: readonly string[]
}

/** Tagged objects of an account in some regions, ordered by id. */
export interface TaggedPage {
  readonly regions: readonly RegionId[]
  readonly conditions: readonly TagCondition[]
  /** The last id of the page before. */
  readonly after?: string
  /** 1 to 1,000. */
  readonly limit: number
}

export interface KeyPage {
  /** Absent for the place's own account. */
  readonly accounts?: readonly AccountId[]
  readonly filter: KeyFilter
  readonly order: 'newestFirst' | 'oldestFirst'
  readonly offset: number
  readonly limit: number
  /** Past 10,000 the total may be a least one: counting very many means reading them. */
  readonly roughly?: boolean
}

/** Aliases of a place, ordered by name. */
export interface AliasPage {
  /** Absent for every key. */
  readonly key?: string
  /** The last name of the page before. */
  readonly after: string
  readonly limit: number
}

export interface DataKeyFilter extends Omit<KeyFilter, 'usages' | 'algorithms' | 'nameSearch' | 'group'> {
  /** The key that protects them. */
  readonly key?: string
  /** Their length. */
  readonly bytes?: number
}

export interface DataKeyPage extends Omit<KeyPage, 'filter' | 'roughly'> {
  readonly filter: DataKeyFilter
}

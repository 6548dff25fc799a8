/**
 * An operation says what the service can do: which targets it names, and what it does once `perform` has let it. Three
 * modes, told apart by type: `use` runs cryptography, `look` reads lists, and only `change` can ask for effects.
 */

import type { Family } from '../crypto/algorithms.ts'
import type { Secret } from '../crypto/secret.ts'
import type { Caller } from './access/caller.ts'
import type { RequestFacts } from './access/policy.ts'
import type { Right } from './access/right.ts'
import type { Material } from './ciphertext.ts'
import type { Refusal } from './failure.ts'
import type { House } from './house.ts'
import type { AliasRef } from './key-name.ts'
import type { HeldPair } from './material.ts'
import type {
  Account,
  Instant,
  Key,
  Kind,
  ManagedKind,
  Origin,
  Place,
  Principal,
  RegionId,
  Snapshot,
  Tags,
  Usage,
} from './object.ts'
import type { Effect, Reader, View } from './ports.ts'
import type { State } from './state.ts'

/**
 * What a caller wrote, what a ciphertext says, or the data key that the key protects. Read by one function, `resolve`.
 */
export type Ref =
  | { readonly id: string; readonly version?: number }
  | { readonly lineage: string; readonly version?: number }
  | { readonly protects: string }
  | (AliasRef & { readonly version?: number })

/** What can be said of every target that has states. */
interface Sought {
  /** The states in which the operation is allowed; absent for every state but destroyed. */
  readonly states?: readonly State[]
  /** What else the caller wrote of it: one of another region or creator is not the one that is meant. */
  readonly where?: Whereabouts
  /** One that is not found is left out, and no reason to refuse. */
  readonly optional?: true
}

/** A key that the operation acts on. */
export interface KeyTarget extends Sought {
  readonly ref: Ref
  readonly usage?: Usage
  /** Of the key's algorithm; absent for any. */
  readonly families?: readonly Family[]
  /** Absent for either. */
  readonly origin?: Origin
  /** Refused while something is bound to the key. */
  readonly unbound?: true
  /** Refused for a key that a product owns. */
  readonly userOwned?: true
}

export interface Whereabouts {
  /** Absent for the region that the caller speaks to. */
  readonly region?: RegionId
  readonly creator?: Principal['id']
}

/** Another object with states, found in the caller's account and region as a key is. */
export interface ManagedTarget<K extends Exclude<ManagedKind, 'key'> = Exclude<ManagedKind, 'key'>> extends Sought {
  readonly managed: K
  readonly id: string
}

/** Any object without states, by its id. */
export interface ObjectTarget<K extends Kind = Kind> {
  readonly kind: K
  readonly id: string
  /** Whom the object itself lets in, beside what the caller's own policies say; absent for everybody in its account. */
  entrusts?(row: Snapshot<K>, caller: Caller): boolean
  /** The caller's own needs no policy to allow it. */
  readonly own?: true
}

/** A collection that the operation creates in, lists, or draws from. */
export interface CollectionTarget {
  readonly in: Place
  readonly kind: Kind | 'service'
}

export type Target = KeyTarget | ManagedTarget | ObjectTarget | CollectionTarget
/** What has states; an operation may act on several at once. */
export type ActedOn = KeyTarget | ManagedTarget
export type Targets = Readonly<Record<string, Target | readonly ActedOn[] | readonly CollectionTarget[]>>

/** A key as found, and judged. */
export interface Found {
  readonly key: Key
  /** The account that the key is in. */
  readonly account: Account
  readonly state: State
  /** The version that the ref named, or the primary one. */
  readonly version: number
  /** The caller's policies alone would not have let it: a grant did. */
  readonly granted?: true
}

/** Another object with states, as found and judged. */
export interface FoundManaged<K extends ManagedKind = ManagedKind> {
  readonly row: Snapshot<K>
  readonly account: Account
  readonly state: State
}

type AtOne<T> = T extends CollectionTarget
  ? Place
  : T extends ManagedTarget<infer K>
    ? FoundManaged<K>
    : T extends ObjectTarget<infer K>
      ? Snapshot<K>
      : Found

export type At<T extends Targets> = {
  readonly [N in keyof T]: T[N] extends readonly (infer E)[] ? readonly AtOne<E>[] : AtOne<T[N]>
}

export interface Call<T extends Targets> {
  readonly at: At<T>
  readonly caller: Caller
  readonly now: Instant
  readonly house: House
  /** The request's picture of the store, for rows that are no targets: versions, tickets, domain keys. */
  readonly view: View
  /** Unwrapped material of a version, or undefined where there is none. Only operations are handed this. */
  material(key: Key, version: number): Material | undefined | Promise<Material | undefined>
  /** The same of a key whose algorithm works on the secret itself. */
  secret(key: Key, version: number): Promise<Secret | undefined>
  /** The same of a key in two halves. */
  privateKey(key: Key, version: number): Promise<HeldPair | undefined>
}

export type RightIn = Partial<Readonly<Record<State, Right>>>

interface Common<R, T extends Targets> {
  readonly name: string
  readonly summary: string
  /** What a caller needs for each target. */
  readonly rights: { readonly [N in keyof T]: Right }
  /** What is needed instead for a target that is found in such a state. */
  readonly rightsIn?: { readonly [N in keyof T]?: RightIn }
  /** Pure: from the request alone. */
  targets(request: R): T
  /** Pure: the tags that the request brings, which policies may ask about. */
  requestTags?(request: R): Tags
  /** Pure: what else of it policies may ask about. */
  requestFacts?(request: R): RequestFacts
}

export interface Use<R, T extends Targets, A> extends Common<R, T> {
  readonly mode: 'use'
  run(call: Call<T>, request: R): A | Refusal | Promise<A | Refusal>
}

export interface Look<R, T extends Targets, A> extends Common<R, T> {
  readonly mode: 'look'
  run(call: Call<T>, request: R, read: Reader): A | Refusal | Promise<A | Refusal>
}

export interface Decided<A> {
  readonly result: A
  readonly effects: readonly Effect[]
}

export interface Change<R, T extends Targets, A, P> extends Common<R, T> {
  readonly mode: 'change'
  /** Slow work, done once however often the decision is taken again: new material, unwrapping. */
  prepare(call: Call<T>, request: R): P | Refusal | Promise<P | Refusal>
  /** Where the decision rests on rows that are no targets: what was made, with those rows read anew. */
  refresh?(call: Call<T>, request: R, made: P): Promise<P>
  /** Pure: the same rows give the same effects. A refusal may carry effects that must happen all the same. */
  decide(call: Call<T>, request: R, made: P): Decided<A> | Refusal | { refusal: Refusal; effects: readonly Effect[] }
}

export type Operation<R, T extends Targets, A, P = void> = Use<R, T, A> | Look<R, T, A> | Change<R, T, A, P>

export const use = <R, T extends Targets, A>(operation: Omit<Use<R, T, A>, 'mode'>): Use<R, T, A> => ({
  mode: 'use',
  ...operation,
})
export const look = <R, T extends Targets, A>(operation: Omit<Look<R, T, A>, 'mode'>): Look<R, T, A> => ({
  mode: 'look',
  ...operation,
})
export const change = <R, T extends Targets, A, P>(
  operation: Omit<Change<R, T, A, P>, 'mode'>,
): Change<R, T, A, P> => ({ mode: 'change', ...operation })

/** Which states an action takes away from its operation; it never adds one. */
export type Narrow<T extends Targets> = { readonly [N in keyof T]?: readonly State[] }

/** Members of an object <-> columns of a row, for `rows.ts`. */
import { bytesFromHex, hexFromBytes } from '../../core/bytes.ts'
import type { Context, ContextValue } from '../../core/context.ts'
import type { WrappedKey } from '../../core/object.ts'
import type { SqlValue } from './schema.ts'

export type Columns = Record<string, SqlValue>

interface Codec<V> {
  write(value: V): SqlValue
  read(stored: SqlValue): V
}

/** How a column is found in a row as a driver gives it: `undefined` or null where it holds nothing. */
export type ColumnOf<Row> = (name: string) => (row: Row) => SqlValue | undefined

/** One member of an object, or a nested object, as one or more columns. */
export interface Part<V> {
  write(value: V, into: Columns): void
  /** Made once for the rows of a statement, so that where a column stands is not looked for in each of them. */
  reader<Row>(columnOf: ColumnOf<Row>): (row: Row) => V
}

/** A column that does not hold its type was not written by this program: nothing is guessed from it. */
const damaged = (): never => {
  throw new Error('the database holds a value that this program does not write')
}

export const text: Codec<string> = {
  write: (value) => value,
  read: (stored) => (typeof stored === 'string' ? stored : damaged()),
}
/** What many rows say: remembered once, and not once for each of them. */
const common = new Map<string, string>()
const commonMax = 10_000

/** A text that many rows have in common, such as whose they are. */
export const commonText: Codec<string> = {
  write: text.write,
  read: (stored) => {
    const read = text.read(stored)
    const known = common.get(read)
    if (known !== undefined) return known
    if (common.size >= commonMax) common.clear()
    common.set(read, read)
    return read
  },
}
export const integer: Codec<number> = {
  write: (value) => value,
  read: (stored) => (Number.isSafeInteger(stored) ? (stored as number) : damaged()),
}
export const flag: Codec<boolean> = {
  write: (value) => (value ? 1 : 0),
  read: (stored) => (stored === 1 ? true : stored === 0 ? false : damaged()),
}
export const bytes: Codec<Uint8Array> = {
  write: (value) => value,
  read: (stored) => (stored instanceof Uint8Array ? stored : damaged()),
}
export const json = <V>(): Codec<V> => ({
  write: (value) => JSON.stringify(value),
  read: (stored) => JSON.parse(text.read(stored)) as V,
})
/** What most rows say; each would have lists and maps of its own, with nothing in them. */
const nothing = '[]'
const noList: readonly never[] = Object.freeze([])
const noPairs = new Map<string, never>()

export const list = <V>(): Codec<readonly V[]> => ({
  write: (value) => JSON.stringify(value),
  read: (stored) => (stored === nothing ? noList : (JSON.parse(text.read(stored)) as V[])),
})
/** Pairs and no object, which would put keys that look like numbers first, and take `__proto__` for something else. */
export const pairs = <V>(): Codec<ReadonlyMap<string, V>> => ({
  write: (value) => JSON.stringify([...value]),
  read: (stored) => (stored === nothing ? noPairs : new Map(JSON.parse(text.read(stored)) as [string, V][])),
})
const members = pairs<ContextValue>()
export const context: Codec<Context> = {
  write: (value) => {
    if (value.kind === 'none') return ''
    return value.kind === 'map' ? members.write(value.members) : hexFromBytes(value.bytes)
  },
  read: (stored) => {
    const written = text.read(stored)
    if (written === '') return { kind: 'none' }
    if (written.startsWith('[')) return { kind: 'map', members: members.read(written) }
    return { kind: 'bytes', bytes: bytesFromHex(written) ?? damaged() }
  },
}
export const word = <W extends string>(...words: readonly W[]): Codec<W> => ({
  write: (value) => value,
  read: (stored) => words.find((known) => known === stored) ?? damaged(),
})
export const orNull = <V>(codec: Codec<V>): Codec<V | null> => ({
  write: (value) => (value === null ? null : codec.write(value)),
  read: (stored) => (stored === null ? null : codec.read(stored)),
})

const readerOf =
  <Row, V>(read: (stored: SqlValue) => V, of: (row: Row) => SqlValue | undefined) =>
  (row: Row): V =>
    read(of(row) ?? null)

export const column = <V>(name: string, codec: Codec<V>): Part<V> => ({
  write: (value, into) => {
    into[name] = codec.write(value)
  },
  reader: (columnOf) => readerOf(codec.read, columnOf(name)),
})

/** What no column says. */
export const constant = <V>(value: V): Part<V> => ({
  write: () => undefined,
  reader: () => () => value,
})

/** Material lives in slots of its own (`material.ts`): the row names the slot, and a read joins the bytes to it. */
export const slot = <V extends WrappedKey | null>(codec: Codec<Uint8Array | null>): Part<V> => ({
  write: () => undefined,
  reader: (columnOf) => readerOf((stored) => codec.read(stored) as V, columnOf('bytes')),
})

export type Parts<T> = { readonly [M in keyof T]-?: Part<T[M]> }

export const nested = <T extends object>(parts: Parts<T>): Part<T> => {
  const entries = Object.entries(parts) as [keyof T, Part<T[keyof T]>][]
  // Copied and filled: an object that grows member by member is moved again and again.
  const empty = Object.fromEntries(entries.map(([member]) => [member, null])) as T
  return {
    write: (value, into) => {
      for (const [member, part] of entries) part.write(value[member], into)
    },
    reader: (columnOf) => {
      const readers = entries.map(([member, part]) => [member, part.reader(columnOf)] as const)
      return (row) => {
        const value = { ...empty }
        for (const [member, read] of readers) value[member] = read(row)
        return value
      }
    },
  }
}

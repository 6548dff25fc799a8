/** From method and path to a call and what its path names. */

/** One place in a path: what may follow, the calls that end here, and whether a name in it takes everything that follows. */
interface Node<T> {
  readonly literal: Map<string, Node<T>>
  named: Node<T> | undefined
  readonly ends: Map<string, { readonly value: T; readonly names: readonly string[] }>
}

export interface Routed<T> {
  readonly value: T
  readonly path: Readonly<Record<string, string>>
}

export interface Route<T> {
  readonly method: string
  /** `{name}` stands for one segment; for the last one, for everything that follows. */
  readonly path: string
  readonly value: T
}

const nodeOf = <T>(): Node<T> => ({ literal: new Map(), named: undefined, ends: new Map() })

const nameIn = (segment: string): string | undefined => /^\{(.+)\}$/.exec(segment)?.[1]

const plant = <T>(root: Node<T>, { method, path, value }: Route<T>): void => {
  const names: string[] = []
  let at = root
  for (const segment of path.slice(1).split('/')) {
    const name = nameIn(segment)
    let next = name === undefined ? at.literal.get(segment) : at.named
    if (!next) {
      next = nodeOf<T>()
      if (name === undefined) at.literal.set(segment, next)
      else at.named = next
    }
    if (name !== undefined) names.push(name)
    at = next
  }
  at.ends.set(method, { value, names })
}

interface Reached<T> {
  readonly node: Node<T>
  readonly values: readonly string[]
}

/**
 * A tag key may hold a slash that its client did not escape: a name that nothing follows takes the rest, but for one at
 * the very beginning, which would take every path.
 */
const takesRest = <T>({ literal, named, ends }: Node<T>, values: readonly string[]): boolean =>
  values.length > 0 && ends.size > 0 && literal.size === 0 && !named

/** With a method, what has it: a tag may be called as a call is that follows the tags in the path. */
const reach = <T>(
  node: Node<T>,
  segments: readonly string[],
  values: readonly string[],
  method?: string,
): Reached<T> | undefined => {
  const [segment, ...rest] = segments
  const endsAt = ({ ends }: Node<T>) => (method === undefined ? ends.size > 0 : ends.has(method))
  if (segment === undefined) return endsAt(node) ? { node, values } : undefined
  const next = node.literal.get(segment)
  const found = next && reach(next, rest, values, method)
  if (found || !node.named) return found
  if (!takesRest(node.named, values)) return reach(node.named, rest, [...values, segment], method)
  return endsAt(node.named) ? { node: node.named, values: [...values, segments.join('/')] } : undefined
}

const decoded = (text: string): string | undefined => {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}

/** No call has more; a longer path is none of ours and is not looked at. */
const segmentsMax = 16

/** Finds a call: itself with what its path names, or why there is none. */
export const routing = <T>(routes: readonly Route<T>[]) => {
  const root = nodeOf<T>()
  for (const route of routes) plant(root, route)
  return (method: string, path: string): Routed<T> | 'unknownPath' | 'unknownMethod' => {
    const segments = path.slice(1).split('/', segmentsMax + 1)
    if (segments.length > segmentsMax) return 'unknownPath'
    const reached = reach(root, segments, [], method)
    const end = reached?.node.ends.get(method)
    if (!reached || !end) return reach(root, segments, []) ? 'unknownMethod' : 'unknownPath'
    const values = reached.values.map(decoded)
    if (values.includes(undefined) || values.includes('')) return 'unknownPath'
    return { value: end.value, path: Object.fromEntries(end.names.map((name, at) => [name, values[at] ?? ''])) }
  }
}

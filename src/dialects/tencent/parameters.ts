/**
 * Parameters as a query or form carries them: flattened names (`KeyIds.0`, `TagFilters.0.TagKey`), values as text. What
 * is built from them is validated by the action's declaration, like a JSON body.
 */

/** More than any action has, and little enough that building them costs nothing. */
const parametersMax = 1024
const depthMax = 6

/** Decoded names and values, `+` and `%20` both a space; undefined where a name stands twice or there are too many. */
export const readParameters = (encoded: string): ReadonlyMap<string, string> | undefined => {
  const parameters = new Map<string, string>()
  for (const [name, value] of new URLSearchParams(encoded)) {
    if (parameters.has(name) || parameters.size >= parametersMax) return undefined
    parameters.set(name, value)
  }
  return parameters
}

type Node = string | Map<string, Node>

const put = (tree: Map<string, Node>, path: readonly string[], value: string): boolean => {
  let at = tree
  for (const step of path.slice(0, -1)) {
    const next = at.get(step) ?? new Map<string, Node>()
    if (typeof next === 'string') return false
    at.set(step, next)
    at = next
  }
  const last = path.at(-1) ?? ''
  if (at.has(last)) return false
  at.set(last, value)
  return true
}

const index = /^\d{1,6}$/

/** Names that are all numbers make an array in their order, from whatever they start and whatever they leave out. */
const build = (node: Node): unknown => {
  if (typeof node === 'string') return node
  const entries = [...node].map(([name, child]) => [name, build(child)] as const)
  if (entries.every(([name]) => index.test(name)))
    return entries.sort(([a], [b]) => Number(a) - Number(b)).map(([, child]) => child)
  return Object.fromEntries(entries)
}

/** The members that the parameters spell; undefined where two of them contradict each other. */
export const unflatten = (
  parameters: ReadonlyMap<string, string>,
  common: ReadonlySet<string>,
): Record<string, unknown> | undefined => {
  const members: [string, unknown][] = []
  const tree = new Map<string, Node>()
  for (const [name, value] of parameters) {
    if (common.has(name)) continue
    const path = name.split('.')
    if (path.length > depthMax || !put(tree, path, value)) return undefined
  }
  for (const [name, child] of tree) members.push([name, build(child)])
  return Object.fromEntries(members)
}

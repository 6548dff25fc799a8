/** A raw query as the names and values that it stands for. */

const decoded = (text: string): string | undefined => {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return undefined
  }
}

/** In the order in which they stand; undefined where an escape is broken. A name without a value has an empty one. */
export const readQuery = (query: string): readonly (readonly [name: string, value: string])[] | undefined => {
  const pairs: [string, string][] = []
  for (const part of query.split('&')) {
    if (part === '') continue
    const at = part.indexOf('=')
    const name = decoded(at < 0 ? part : part.slice(0, at))
    const value = at < 0 ? '' : decoded(part.slice(at + 1))
    if (name === undefined || value === undefined) return undefined
    pairs.push([name, value])
  }
  return pairs
}

/**
 * The query as members; undefined where a name stands twice: what is signed is sorted, so both orders of the values would
 * have one signature, and mean two things.
 */
export const queryMembers = (query: string): Readonly<Record<string, string>> | undefined => {
  const pairs = readQuery(query)
  const members = pairs && Object.fromEntries(pairs)
  return members && Object.keys(members).length === pairs.length ? members : undefined
}

/** Policy documents as JSON text, read more strictly than JSON asks for. */

const tokens = /"(?:[^"\\]|\\.)*"|[{}[\]:]/g

/**
 * The first member name that an object of the JSON text has twice. JSON.parse keeps the last one in silence, and a person
 * who reads the document may see the other: `"effect":"deny"`.
 */
const repeatedMember = (text: string): string | undefined => {
  const open: Set<string>[] = []
  let last = ''
  for (const [token] of text.matchAll(tokens)) {
    if (token === '{' || token === '[') open.push(new Set())
    else if (token === '}' || token === ']') open.pop()
    else if (token !== ':') last = token
    else {
      const name: string = JSON.parse(last)
      const names = open.at(-1)
      if (names?.has(name)) return name
      names?.add(name)
    }
  }
  return undefined
}

/** The parsed text, or why it is no document. */
export const readDocument = (text: string): { readonly value: unknown } | { readonly fault: string } => {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return { fault: 'the document is not JSON' }
  }
  const repeated = repeatedMember(text)
  return repeated === undefined ? { value } : { fault: `the member ${JSON.stringify(repeated)} is there twice` }
}

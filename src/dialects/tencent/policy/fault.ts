/** Thrown where a document stops being a policy, caught where its reading began. The message names the place. */
export class DocumentFault extends Error {}

/** A piece of a document inside a message: short, and on one line. */
export const shown = (text: string): string => text.replace(/\p{C}/gu, '?').slice(0, 80)

/** Where this grammar takes one value or a list of them; a list without any would say nothing in silence. */
export const valuesOf = (value: unknown, where: string): readonly unknown[] => {
  const values: readonly unknown[] = Array.isArray(value) ? value : [value]
  if (values.length === 0) throw new DocumentFault(`${where}: the list is empty`)
  return values
}

export const textsOf = (value: unknown, where: string): readonly string[] =>
  valuesOf(value, where).map((text) => {
    if (typeof text !== 'string') throw new DocumentFault(`${where}: must be a string or a list of strings`)
    return text
  })

/** What this cloud's variables are in the core. */
const variables: ReadonlyMap<string, string> = new Map([
  // biome-ignore-start lint/suspicious/noTemplateCurlyInString: these are the policy languages' own variables.
  ['${uin}', '${principal}'],
  ['${owner_uin}', '${account}'],
  ['${app_id}', '${appId}'],
  // biome-ignore-end lint/suspicious/noTemplateCurlyInString: as above.
])

/** The text with the core's variables in the place of this cloud's. */
export const withCoreVariables = (text: string, where: string): string =>
  text.replace(/\$\{[^}]*\}?/g, (written) => {
    const variable = variables.get(written)
    if (variable === undefined) throw new DocumentFault(`${where}: ${shown(written)}: unknown variable`)
    return variable
  })

import { DocumentFault, shown } from '../../../contract/policy-document.ts'

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

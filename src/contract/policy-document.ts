/** What the policy languages of the clouds share: how a document is walked, and how a fault in it is told. */
import { readDocument } from '../core/access/document.ts'
import { PolicyFault, type PolicyLanguage, type Statement } from '../core/access/policy.ts'

/** Thrown where a document stops being a policy, caught where its reading began. The message names the place. */
export class DocumentFault extends Error {}

/** A piece of a document inside a message: short, and on one line. */
export const shown = (text: string): string => text.replace(/\p{C}/gu, '?').slice(0, 80)

/** Where the grammars take one value or a list of them; a list without any would say nothing in silence. */
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

type Members = Readonly<Record<string, unknown>>

const isObject = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** An object with these members: all of the required ones, and no others than the optional ones. */
export const readMembers = (
  value: unknown,
  required: readonly string[],
  optional: readonly string[],
  where: string,
): Members => {
  if (!isObject(value)) throw new DocumentFault(`${where}: must be an object`)
  for (const name of Object.keys(value))
    if (![...required, ...optional].includes(name)) throw new DocumentFault(`${where}: ${shown(name)}: unknown element`)
  for (const name of required) if (!Object.hasOwn(value, name)) throw new DocumentFault(`${where}: ${name} is missing`)
  return value
}

/** The members of an object that is not empty. */
export const membersOf = (value: unknown, where: string): readonly (readonly [string, unknown])[] => {
  const members = isObject(value) ? Object.entries(value) : []
  if (members.length === 0) throw new DocumentFault(`${where}: must be an object that is not empty`)
  return members
}

/** The types that the condition operators of the clouds compare. */
export type ConditionType = 'text' | 'number' | 'date' | 'boolean' | 'network'

/** What values of a type are called in a fault, and the JSON that they may be written as. */
const conditionForms: Readonly<Record<ConditionType, { readonly called: string; readonly json: readonly string[] }>> = {
  text: { called: 'a string', json: ['string'] },
  number: { called: 'a number', json: ['number', 'string'] },
  date: { called: 'a time in ISO 8601 and UTC', json: ['string'] },
  boolean: { called: 'true or false', json: ['boolean', 'string'] },
  network: { called: 'an address or a network in CIDR notation', json: ['string'] },
}

export const conditionTypeCalled = (type: ConditionType): string => conditionForms[type].called

/** A value of a condition as text, where the JSON it was written as may be of the type. */
export const conditionTextOf = (type: ConditionType, value: unknown, where: string): string => {
  const { called, json } = conditionForms[type]
  if (!json.includes(typeof value)) throw new DocumentFault(`${where}: must be ${called}`)
  return String(value)
}

/** The JSON of a document. `charactersMax` without spaces, and ten times that with them, so that nothing endless is parsed. */
export const parseDocument = (text: string, charactersMax: number): unknown => {
  if (text.length > 10 * charactersMax || text.replace(/\s/g, '').length > charactersMax)
    throw new DocumentFault(`the document: at most ${charactersMax} characters without spaces`)
  const read = readDocument(text)
  if ('fault' in read) throw new DocumentFault(read.fault)
  return read.value
}

/** A language whose reader throws `DocumentFault`. */
export const languageOf =
  (read: (document: string) => readonly Statement[]): PolicyLanguage =>
  (document) => {
    try {
      return read(document)
    } catch (error) {
      if (error instanceof DocumentFault) return new PolicyFault(error.message)
      throw error
    }
  }

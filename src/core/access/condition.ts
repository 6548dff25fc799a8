/**
 * Conditions of policies, for every policy language: an attribute of the question is compared with what the author wrote.
 * A comparison that cannot be made is told apart from one that fails: it must neither open an allow nor lift a deny.
 */
import { isWithin, readAddress, readNetwork } from './network.ts'
import { globMatches, type Question, type Statement, withVariables } from './policy.ts'

/** undefined: it cannot be told. */
export type Told = boolean | undefined
export type Condition = (question: Question) => Told

/** What a question says of something: absent, one value, or several. */
export type Attribute = (question: Question) => readonly string[] | undefined

/** Compares an actual value; it cannot be told where that is not of the comparison's form. */
type Matcher = (actual: string) => Told
/** Reads a written value; undefined where it is not of the comparison's form. */
export type Comparison = (written: string) => Matcher | undefined

const comparing =
  <A, W>(
    readActual: (text: string) => A | undefined,
    readWritten: (text: string) => W | undefined,
    matches: (actual: A, written: W) => boolean,
  ): Comparison =>
  (text) => {
    const written = readWritten(text)
    if (written === undefined) return undefined
    return (value) => {
      const actual = readActual(value)
      return actual === undefined ? undefined : matches(actual, written)
    }
  }

const asText = (text: string): string => text
const inLowerCase = (text: string): string => text.toLowerCase()

const decimal = /^-?\d+(?:\.\d+)?$/
/** At most 15 digits: such numbers a double tells apart, longer ones not always. */
const asNumber = (text: string): number | undefined =>
  decimal.test(text) && text.replace(/\D/g, '').length <= 15 ? Number(text) : undefined

const utc = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.\d{1,3})?Z$/
/** ISO 8601 in UTC, to the second or the millisecond. */
const asInstant = (text: string): number | undefined => {
  const second = utc.exec(text)?.[1]
  const value = second === undefined ? Number.NaN : Date.parse(text)
  // The 30th of February is read as a day of March.
  return Number.isNaN(value) || !new Date(value).toISOString().startsWith(second ?? '') ? undefined : value
}

const asBoolean = (text: string): boolean | undefined => (text === 'true' ? true : text === 'false' ? false : undefined)

const equal = <T>(actual: T, written: T): boolean => actual === written
const less = (actual: number, written: number): boolean => actual < written
const atMost = (actual: number, written: number): boolean => actual <= written
const more = (actual: number, written: number): boolean => actual > written
const atLeast = (actual: number, written: number): boolean => actual >= written

const same = <T>(read: (text: string) => T | undefined, matches: (actual: T, written: T) => boolean): Comparison =>
  comparing(read, read, matches)

export const comparisons = {
  textEqual: same(asText, equal),
  textEqualIgnoringCase: same(inLowerCase, equal),
  /** The written value has `*` for any run of characters. */
  textLike: same(asText, (actual, written) => globMatches(written, actual)),
  numberEqual: same(asNumber, equal),
  numberLess: same(asNumber, less),
  numberAtMost: same(asNumber, atMost),
  numberMore: same(asNumber, more),
  numberAtLeast: same(asNumber, atLeast),
  instantEqual: same(asInstant, equal),
  instantLess: same(asInstant, less),
  instantAtMost: same(asInstant, atMost),
  instantMore: same(asInstant, more),
  instantAtLeast: same(asInstant, atLeast),
  booleanEqual: same(asBoolean, equal),
  addressWithin: comparing(readAddress, readNetwork, isWithin),
} as const satisfies Record<string, Comparison>

const some = (all: readonly Told[]): Told => all.includes(true) || (all.includes(undefined) ? undefined : false)
const not = (told: Told): Told => (told === undefined ? undefined : !told)
const every = (all: readonly Told[]): Told => not(some(all.map(not)))

type Written = (caller: Question['caller']) => Matcher | undefined

/** A value with variables is read when they are known. */
const writtenOf = (text: string, comparison: Comparison): Written | undefined => {
  if (text.includes('${'))
    return (caller) => {
      const filled = withVariables(text, caller)
      return filled === undefined ? undefined : comparison(filled)
    }
  const matcher = comparison(text)
  return matcher && (() => matcher)
}

export interface ConditionForm {
  readonly attribute: Attribute
  readonly comparison: Comparison
  /** One of these is enough. */
  readonly written: readonly string[]
  /** The actual value must match none of the written ones. */
  readonly negated: boolean
  /** Whether one of several actual values is enough, or each has to. */
  readonly quantifier: 'any' | 'all'
  /** What holds where the attribute is absent. */
  readonly ifAbsent: boolean
}

/** The condition, or the written value that is not of the comparison's form. */
export const conditionOf = (form: ConditionForm): Condition | { readonly unreadable: string } => {
  const { attribute, comparison, negated, quantifier, ifAbsent } = form
  const written: Written[] = []
  for (const text of form.written) {
    const read = writtenOf(text, comparison)
    if (!read) return { unreadable: text }
    written.push(read)
  }
  const quantified = quantifier === 'any' ? some : every
  return (question) => {
    const actual = attribute(question)
    if (!actual || actual.length === 0) return ifAbsent
    const matchers = written.map((each) => each(question.caller))
    const one = (value: string): Told => {
      const told = some(matchers.map((matches) => matches?.(value)))
      return negated ? not(told) : told
    }
    return quantified(actual.map(one))
  }
}

/** Whether the attribute is absent, or has no value but the empty text. */
export const absenceOf =
  (attribute: Attribute) =>
  (question: Question): boolean =>
    (attribute(question) ?? []).every((value) => value === '')

/** All of them; what cannot be told speaks against the caller. */
export const allHold =
  (conditions: readonly Condition[], effect: Statement['effect']) =>
  (question: Question): boolean =>
    conditions.every((condition) => condition(question) ?? effect === 'deny')

/** The `Condition` of a statement: operators AND, keys of an operator AND, values of a key OR. */
import {
  type ConditionType,
  conditionTextOf,
  conditionTypeCalled,
  DocumentFault,
  membersOf,
  shown,
  valuesOf,
} from '../../../contract/policy-document.ts'
import {
  absenceOf,
  allHold,
  type Comparison,
  type Condition,
  comparisons,
  conditionOf,
} from '../../../core/access/condition.ts'
import type { Statement } from '../../../core/access/policy.ts'
import { type Key, keyOf } from './keys.ts'

interface Operator {
  readonly type: ConditionType
  readonly comparison: Comparison
  readonly negated?: true
  /** Whether `*` stands for any run of characters in what is written. */
  readonly pattern?: true
  /** What is put around what is written. */
  readonly around?: readonly [before: string, after: string]
}

const negated = true
const pattern = true
const { textLike } = comparisons

const operators: ReadonlyMap<string, Operator> = new Map<string, Operator>([
  ['StringEquals', { type: 'text', comparison: comparisons.textEqual }],
  ['StringNotEquals', { type: 'text', comparison: comparisons.textEqual, negated }],
  ['StringEqualsIgnoreCase', { type: 'text', comparison: comparisons.textEqualIgnoringCase }],
  ['StringNotEqualsIgnoreCase', { type: 'text', comparison: comparisons.textEqualIgnoringCase, negated }],
  ['StringMatch', { type: 'text', comparison: textLike, pattern }],
  ['StringNotMatch', { type: 'text', comparison: textLike, pattern, negated }],
  ['StringStartWith', { type: 'text', comparison: textLike, around: ['', '*'] }],
  ['StringNotStartWith', { type: 'text', comparison: textLike, around: ['', '*'], negated }],
  ['StringEndWith', { type: 'text', comparison: textLike, around: ['*', ''] }],
  ['StringNotEndWith', { type: 'text', comparison: textLike, around: ['*', ''], negated }],
  ['NumberEquals', { type: 'number', comparison: comparisons.numberEqual }],
  ['NumberNotEquals', { type: 'number', comparison: comparisons.numberEqual, negated }],
  ['NumberLessThan', { type: 'number', comparison: comparisons.numberLess }],
  ['NumberLessThanEquals', { type: 'number', comparison: comparisons.numberAtMost }],
  ['NumberGreaterThan', { type: 'number', comparison: comparisons.numberMore }],
  ['NumberGreaterThanEquals', { type: 'number', comparison: comparisons.numberAtLeast }],
  ['DateLessThan', { type: 'date', comparison: comparisons.instantLess }],
  ['DateLessThanEquals', { type: 'date', comparison: comparisons.instantAtMost }],
  ['DateGreaterThan', { type: 'date', comparison: comparisons.instantMore }],
  ['DateGreaterThanEquals', { type: 'date', comparison: comparisons.instantAtLeast }],
  ['Bool', { type: 'boolean', comparison: comparisons.booleanEqual }],
  ['IpAddress', { type: 'network', comparison: comparisons.addressWithin }],
  ['NotIpAddress', { type: 'network', comparison: comparisons.addressWithin, negated }],
])

const operatorForm = /^(?:For(Any|All)Values?:)?(.*?)(IfExists)?$/s
const absenceOperators: ReadonlySet<string> = new Set(['Null', 'IsNullOrEmpty'])

const writtenAs = (type: ConditionType, value: unknown, where: string): string => {
  const written = conditionTextOf(type, value, where)
  if (written.includes('${')) throw new DocumentFault(`${where}: variables are not offered`)
  return written
}

const around = (written: string, operator: Operator, where: string): string => {
  if (operator.pattern && written.includes('?')) throw new DocumentFault(`${where}: \`?\` is not offered`)
  if (!operator.around) return written
  if (written.includes('*')) throw new DocumentFault(`${where}: \`*\` is not offered here`)
  const [before, after] = operator.around
  return `${before}${written}${after}`
}

const readAbsence = (key: Key, value: unknown, where: string): Condition => {
  const wanted = valuesOf(value, where).map((each) => writtenAs('boolean', each, where))
  if (!wanted.every((each) => each === 'true' || each === 'false'))
    throw new DocumentFault(`${where}: must be ${conditionTypeCalled('boolean')}`)
  const isAbsent = absenceOf(key.attribute)
  return (question) => wanted.includes(isAbsent(question) ? 'true' : 'false')
}

interface Compared {
  readonly operator: Operator
  readonly quantifier: string | undefined
  readonly ifExists: boolean
}

const readComparison = (
  { operator, quantifier, ifExists }: Compared,
  key: Key,
  value: unknown,
  effect: Statement['effect'],
  where: string,
): Condition => {
  if (key.type !== operator.type) throw new DocumentFault(`${where}: is not ${conditionTypeCalled(operator.type)}`)
  const written = valuesOf(value, where).map((each) => around(writtenAs(operator.type, each, where), operator, where))
  const condition = conditionOf({
    attribute: key.attribute,
    comparison: operator.comparison,
    written,
    negated: operator.negated === true,
    // Said of several values without a word on how many: an allow means each of them, a deny one of them.
    quantifier: quantifier === 'Any' || (quantifier === undefined && effect === 'deny') ? 'any' : 'all',
    // A deny of all but some value is one of what has no value at all.
    ifAbsent: ifExists || (operator.negated === true && effect === 'deny'),
  })
  if ('unreadable' in condition)
    throw new DocumentFault(`${where} ${shown(condition.unreadable)}: must be ${conditionTypeCalled(operator.type)}`)
  return condition
}

const readOperator = (name: string, value: unknown, effect: Statement['effect'], place: string): Condition[] => {
  const where = `${place} ${shown(name)}`
  const [, quantifier, base = '', ifExists] = operatorForm.exec(name) ?? []
  const operator = operators.get(base)
  const isAbsence = absenceOperators.has(name)
  if (!operator && !isAbsence) throw new DocumentFault(`${where}: unknown operator`)
  return membersOf(value, where).map(([written, values]) => {
    const key = keyOf(written)
    const at = `${where}: ${shown(written)}`
    if (!key) throw new DocumentFault(`${at}: unknown key`)
    const condition = operator
      ? readComparison({ operator, quantifier, ifExists: ifExists !== undefined }, key, values, effect, at)
      : readAbsence(key, values, at)
    return (question) => ((key.tells?.(question) ?? true) ? condition(question) : undefined)
  })
}

export const readCondition = (
  value: unknown,
  effect: Statement['effect'],
  where: string,
): NonNullable<Statement['holds']> =>
  allHold(
    membersOf(value, where).flatMap(([name, written]) => readOperator(name, written, effect, where)),
    effect,
  )

/** The `condition` of a statement: operators AND, keys of an operator AND, values of a key OR. */
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
  type Attribute,
  absenceOf,
  allHold,
  type Comparison,
  type Condition,
  comparisons,
  conditionOf,
} from '../../../core/access/condition.ts'
import type { Question, Statement } from '../../../core/access/policy.ts'
import type { Tags } from '../../../core/object.ts'
import { withCoreVariables } from './variables.ts'

interface Operator {
  readonly type: ConditionType
  readonly comparison: Comparison
  readonly negated?: true
}

const text = 'text'
const number = 'number'
const date = 'date'
const negated = true

const operators: ReadonlyMap<string, Operator> = new Map<string, Operator>([
  ['string_equal', { type: text, comparison: comparisons.textEqual }],
  ['string_not_equal', { type: text, comparison: comparisons.textEqual, negated }],
  ['string_equal_ignore_case', { type: text, comparison: comparisons.textEqualIgnoringCase }],
  ['string_not_equal_ignore_case', { type: text, comparison: comparisons.textEqualIgnoringCase, negated }],
  ['string_like', { type: text, comparison: comparisons.textLike }],
  ['binary_equal', { type: text, comparison: comparisons.textEqual }],
  ['numeric_equal', { type: number, comparison: comparisons.numberEqual }],
  ['numeric_not_equal', { type: number, comparison: comparisons.numberEqual, negated }],
  ['numeric_less_than', { type: number, comparison: comparisons.numberLess }],
  ['numeric_less_than_equal', { type: number, comparison: comparisons.numberAtMost }],
  ['numeric_greater_than', { type: number, comparison: comparisons.numberMore }],
  ['numeric_greater_than_equal', { type: number, comparison: comparisons.numberAtLeast }],
  ['date_equal', { type: date, comparison: comparisons.instantEqual }],
  ['date_not_equal', { type: date, comparison: comparisons.instantEqual, negated }],
  ['date_less_than', { type: date, comparison: comparisons.instantLess }],
  ['date_less_than_equal', { type: date, comparison: comparisons.instantAtMost }],
  ['date_greater_than', { type: date, comparison: comparisons.instantMore }],
  ['date_greater_than_equal', { type: date, comparison: comparisons.instantAtLeast }],
  ['bool_equal', { type: 'boolean', comparison: comparisons.booleanEqual }],
  ['ip_equal', { type: 'network', comparison: comparisons.addressWithin }],
  ['ip_not_equal', { type: 'network', comparison: comparisons.addressWithin, negated }],
])

interface Key {
  readonly types: readonly ConditionType[]
  readonly attribute: Attribute
  readonly source?: true
  /** Values are `key&value`. */
  readonly pairs?: true
}

const present = (value: string | undefined): readonly string[] | undefined => (value ? [value] : undefined)
const pairsOf = (tags: Tags | undefined): readonly string[] =>
  [...(tags ?? [])].map(([key, value]) => `${key}&${value}`)

const keys: ReadonlyMap<string, Key> = new Map<string, Key>([
  ['qcs:ip', { types: ['network'], attribute: ({ caller }) => present(caller.source), source: true }],
  ['qcs:current_time', { types: [date], attribute: ({ now }) => [new Date(now).toISOString()] }],
  ['qcs:uin', { types: [text, number], attribute: ({ caller }) => [caller.principal.id] }],
  ['qcs:owner_uin', { types: [text, number], attribute: ({ caller }) => [caller.account.id] }],
  ['qcs:create_uin', { types: [text, number], attribute: ({ resource }) => present(resource.creator) }],
  // Nobody has a second factor here.
  ['qcs:mfa', { types: ['boolean'], attribute: () => ['false'] }],
  ['qcs:resource_tag', { types: [text], attribute: ({ resource }) => pairsOf(resource.tags), pairs: true }],
  ['qcs:request_tag', { types: [text], attribute: ({ requestTags }) => pairsOf(requestTags), pairs: true }],
])

const tagKey = 'qcs:tag/'

const keyOf = (name: string): Key | undefined => {
  if (!name.startsWith(tagKey) || name === tagKey) return keys.get(name)
  const tag = name.slice(tagKey.length)
  const attribute: Attribute = ({ resource }) => {
    const value = resource.tags?.get(tag)
    return value === undefined ? undefined : [value]
  }
  return { types: [text], attribute }
}

const absenceOperator = 'null_equal'
const operatorForm = /^(?:for_(any|all)_value:)?(.*?)(_if_exist)?$/s

/** Conditions on the address of the caller do not apply to this one action. */
const exempt = ({ word }: Question): boolean => word === 'kms:BindCloudResource'

const writtenAs = (type: ConditionType, value: unknown, where: string): string =>
  withCoreVariables(conditionTextOf(type, value, where), where)

const checkText = (operator: string, { pairs }: Key, written: string, where: string): void => {
  if (operator === 'string_like') {
    if (!/^\*?[^*]*\*?$/.test(written))
      throw new DocumentFault(`${where}: \`*\` may only be at the start and at the end`)
  } else if (pairs && !written.includes('&')) throw new DocumentFault(`${where}: must be <key>&<value>`)
}

const readAbsence = (key: Key, value: unknown, where: string): Condition => {
  const wanted = valuesOf(value, where).map((each) => writtenAs('boolean', each, where))
  if (!wanted.every((each) => each === 'true' || each === 'false'))
    throw new DocumentFault(`${where}: must be ${conditionTypeCalled('boolean')}`)
  const isAbsent = absenceOf(key.attribute)
  return (question) => wanted.includes(isAbsent(question) ? 'true' : 'false')
}

const readComparison = (name: string, key: Key, value: unknown, effect: Statement['effect'], where: string) => {
  const [, quantifier, base = '', ifExist] = operatorForm.exec(name) ?? []
  const operator = operators.get(base)
  if (!operator) throw new DocumentFault(`${where}: unknown operator`)
  if (!key.types.includes(operator.type))
    throw new DocumentFault(`${where}: is not ${conditionTypeCalled(operator.type)}`)
  const written = valuesOf(value, where).map((each) => writtenAs(operator.type, each, where))
  for (const each of written) checkText(base, key, each, `${where} ${shown(each)}`)
  const condition = conditionOf({
    attribute: key.attribute,
    comparison: operator.comparison,
    written,
    negated: operator.negated === true,
    // Said of several values without a word on how many: an allow means each of them, a deny one of them.
    quantifier: quantifier === 'any' || (quantifier === undefined && effect === 'deny') ? 'any' : 'all',
    ifAbsent: ifExist !== undefined,
  })
  if ('unreadable' in condition)
    throw new DocumentFault(`${where} ${shown(condition.unreadable)}: must be ${conditionTypeCalled(operator.type)}`)
  return condition
}

const readOperator = (name: string, value: unknown, effect: Statement['effect'], place: string): Condition[] => {
  const where = `${place} ${shown(name)}`
  const base = operatorForm.exec(name)?.[2] ?? ''
  if (name !== absenceOperator && !operators.has(base)) throw new DocumentFault(`${where}: unknown operator`)
  return membersOf(value, where).map(([keyName, written]) => {
    const key = keyOf(keyName)
    const at = `${where}: ${shown(keyName)}`
    if (!key) throw new DocumentFault(`${at}: unknown key`)
    const condition =
      name === absenceOperator ? readAbsence(key, written, at) : readComparison(name, key, written, effect, at)
    return key.source ? (question) => exempt(question) || condition(question) : condition
  })
}

export const readCondition = (value: unknown, effect: Statement['effect'], where: string): Statement['holds'] =>
  allHold(
    membersOf(value, where).flatMap(([name, written]) => readOperator(name, written, effect, where)),
    effect,
  )

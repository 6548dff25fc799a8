/** `stateOf` of `core/state.ts` as an SQL expression over the columns of a kind, generated from the same rules. */
import { type RawBuilder, sql } from 'kysely'
import type { Instant, ManagedKind } from '../../core/object.ts'
import { type Condition, type State, stateRules } from '../../core/state.ts'

const columns: Readonly<Record<Condition['fact'], RawBuilder<unknown>>> = {
  destroyAt: sql.ref('destroy_at'),
  materialPresent: sql.ref('material_present'),
  materialExpiresAt: sql.ref('material_expires_at'),
  deactivated: sql.ref('deactivated'),
  suspended: sql.ref('suspended'),
}

/** A date that is null has not passed: the comparison is null, which CASE takes for false. */
const holds = ({ fact, is }: Condition, now: Instant): RawBuilder<unknown> => {
  if (is === 'passed') return sql`${columns[fact]} <= ${now}`
  if (is === 'set') return sql`${columns[fact]} is not null`
  return sql`${columns[fact]} = ${sql.lit(is ? 1 : 0)}`
}

type Fact = Condition['fact']

/** The facts of a kind are columns of its table; a rule about another fact never holds. */
const factsOf: Readonly<Record<ManagedKind, ReadonlySet<Fact>>> = {
  key: new Set(Object.keys(columns) as Fact[]),
  dataKey: new Set<Fact>(['destroyAt', 'suspended']),
  whiteBoxKey: new Set<Fact>(['suspended']),
}

export const stateSql = (kind: ManagedKind, now: Instant): RawBuilder<State> => {
  const facts = factsOf[kind]
  const rules = stateRules.flatMap((rule) =>
    rule.any
      .filter(({ fact }) => facts.has(fact))
      .map((condition) => sql`when ${holds(condition, now)} then ${sql.lit(rule.state)}`),
  )
  return sql<State>`case ${sql.join(rules, sql` `)} else ${sql.lit('active')} end`
}

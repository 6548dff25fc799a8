/** Every page of the reference: its path in `docs/reference/` and its text. */
import { codeOf } from '../../src/contract/errors.ts'
import type { Failure } from '../../src/core/failure.ts'
import type { State } from '../../src/core/state.ts'
import { readRegions } from '../../src/regions.ts'
import { actionPage } from './action-page.ts'
import { cliPage } from './cli.ts'
import { cloudsPage } from './clouds.ts'
import type { ReferenceAction, ReferenceDialect } from './dialect.ts'
import { huawei } from './huawei.ts'
import { identityPage } from './identity.ts'
import { code, generatedNote, kebab, page, table } from './markdown.ts'
import { nativePage } from './native.ts'
import { asDialect, type Neighbour, neighbours } from './neighbours.ts'
import { codesOf, statesOf } from './reachable.ts'
import { tencent } from './tencent.ts'

const link = (dialect: ReferenceDialect, name: string): string => `[${name}](${dialect.name}/${kebab(name)}.md)`

const dialects: readonly ReferenceDialect[] = [tencent, huawei]

const neighboursOf = (dialect: ReferenceDialect): readonly Neighbour[] => (dialect === tencent ? neighbours : [])

const isOffered = (dialect: ReferenceDialect, name: string): boolean => dialect.actions.some((one) => one.name === name)

const coverage = (dialect: ReferenceDialect): string => {
  const rows = Object.entries(dialect.groups).map(([group, title]) => {
    const all = dialect.vendorActions.filter((one) => one.group === group).map(({ name }) => name)
    const offered = all.filter((name) => isOffered(dialect, name))
    const missing = all.filter((name) => !isOffered(dialect, name))
    return [
      title,
      `${offered.length} of ${all.length}`,
      offered.map((name) => link(dialect, name)).join(', '),
      missing.join(', '),
    ]
  })
  return table(['Group', 'Offered', 'Actions', 'Not yet'], rows)
}

const grades = (dialect: ReferenceDialect): string =>
  (['recorded', 'documented', 'inferred'] as const)
    .map((grade) => `${dialect.actions.filter(({ evidence }) => evidence.grade === grade).length} ${grade}`)
    .join(', ')

/** What clients of the dialect also ask, of other services of the cloud. */
const beside = (dialect: ReferenceDialect): string => {
  if (neighboursOf(dialect).length === 0) return ''
  const rows = neighboursOf(dialect).map(({ title, name, version, offered, actions }) => [
    `${title} (\`${name}\`, ${version})`,
    `${offered.length} of ${actions.length}`,
    offered.map((action) => link(dialect, action.name)).join(', '),
  ])
  return `### Beside it\n\nClients of the API also ask other services of the cloud. They are the same server, told apart by action and version.\n\n${table(['Service', 'Offered', 'Actions'], rows)}`
}

const summary = (dialect: ReferenceDialect): string =>
  [
    `## Coverage: [${dialect.title}](${dialect.name}.md)`,
    `${dialect.actions.length} of ${dialect.vendorActions.length} ${dialect.noun}. Evidence of the declarations: ${grades(dialect)}.`,
    coverage(dialect),
    beside(dialect),
    `[What is relied on, and where Keystead differs](../../src/dialects/${dialect.name}/evidence.md)`,
  ]
    .filter((part) => part !== '')
    .join('\n\n')

const index = (): string =>
  page(
    '# Reference',
    'What Keystead offers, read from the declarations that also run it: a page that is not true of the program fails a test.',
    ...dialects.map(summary),
    '## More',
    "- [Keystead's own API](native.md), and its [OpenAPI document](openapi.json)\n- [Commands](cli.md)\n- [One key, two clouds](clouds.md)\n- [Regions](regions.md)\n- [Huawei Cloud's identity service](huawei-identity.md)",
    `## Evidence

Every action says how its declaration is known:

- \`recorded\`: seen in the answers of the cloud.
- \`documented\`: stated by the vendor's pages, its API description, or the source of its SDKs.
- \`inferred\`: our own reading, with its reason.`,
    generatedNote,
  )

const actionIndex = (dialect: ReferenceDialect): string =>
  table(
    ['Action', 'What it does', 'Evidence'],
    dialect.actions.map(({ name, summary, evidence }) => [link(dialect, name), summary, evidence.grade]),
  )

const reasonsOf = (dialect: ReferenceDialect): ReadonlyMap<string, readonly string[]> => {
  const reasons = new Map<string, string[]>()
  for (const reason of dialect.precedence) {
    const failure = { reason, member: '', why: '', state: 'active', feature: '', kind: 'key' } as unknown as Failure
    const answered = codeOf(dialect.errors, {}, failure)
    reasons.set(answered, [...(reasons.get(answered) ?? []), reason])
  }
  return reasons
}

/** Who answers which codes. */
const answers = (dialect: ReferenceDialect): { name: string; codes: ReadonlyMap<string, unknown> }[] => {
  const of = (actions: readonly ReferenceAction[], { errors, memberRefusals }: ReferenceDialect) =>
    actions.map((action) => ({ name: action.name, codes: codesOf(action, errors, memberRefusals) }))
  return [
    ...of(dialect.actions, dialect),
    ...neighboursOf(dialect).flatMap((neighbour) => of(neighbour.offered, asDialect(neighbour))),
  ]
}

const errorIndex = (dialect: ReferenceDialect): string => {
  const reasons = reasonsOf(dialect)
  const all = answers(dialect)
  const rows = Object.entries(dialect.texts).map(([answered, text]) => {
    const names = all.filter(({ codes }) => codes.has(answered)).map(({ name }) => name)
    const everybody = names.length === all.length
    const where = names.length === 0 ? 'before or beside the action' : everybody ? 'every action' : names.join(', ')
    return [code(answered), text, (reasons.get(answered) ?? []).join(', '), where]
  })
  return table(['Code', 'Text', 'Core reason', 'Answered by'], rows)
}

const stateRow = (dialect: ReferenceDialect, action: ReferenceAction, shown: readonly State[]): string[][] =>
  statesOf(action).map(({ name, kind, possible, allowed }, _index, targets) => [
    targets.length === 1 ? action.name : `${action.name} (${name})`,
    ...shown.map((state) => {
      if (!possible.includes(state)) return '—'
      if (allowed.has(state)) return 'ok'
      return code(codeOf(dialect.errors, action.errors, { reason: 'wrongKeyLifecycleState', kind, state }))
    }),
  ])

const stateIndex = (dialect: ReferenceDialect): string => {
  const shown = (Object.keys(dialect.keyStates) as State[]).filter((state) => state !== 'destroyed')
  const rows = dialect.actions.flatMap((action) => stateRow(dialect, action, shown))
  return table(['Action', ...shown.map((state) => dialect.keyStates[state])], rows)
}

const dialectPage = (dialect: ReferenceDialect): string =>
  page(
    `# ${dialect.title}`,
    `${dialect.requests} [What is relied on and where Keystead differs](../../src/dialects/${dialect.name}/evidence.md).`,
    `## Actions\n\n${actionIndex(dialect)}`,
    `## States\n\nA key in another state is refused with the code in the cell; — is a state that a data key cannot be in.\n\n${stateIndex(dialect)}`,
    `## Order of checks\n\nOf several reasons to refuse, the first in this order is answered: ${dialect.precedence.join(', ')}.`,
    `## Errors\n\n${dialect.answers}\n\n${errorIndex(dialect)}`,
    generatedNote,
  )

const regionPage = (): string => {
  const rows = readRegions(undefined).map(({ id, algorithm, names }) => [
    code(id),
    algorithm,
    names.tencent ? code(names.tencent) : '',
    names.huawei ? code(names.huawei) : '',
  ])
  return page(
    '# Regions',
    'A place has one id, and a name in each cloud that has a region there: a key made through either is in the same place. `--regions` replaces this table.',
    table(['Id', 'Algorithm of new keys', 'Tencent Cloud', 'Huawei Cloud'], rows),
    generatedNote,
  )
}

const neighbourPages = (dialect: ReferenceDialect, neighbour: Neighbour): (readonly [string, string])[] =>
  neighbour.offered.map((action) => [
    `${dialect.name}/${kebab(action.name)}.md`,
    actionPage(action, asDialect(neighbour), true),
  ])

const pagesOf = (dialect: ReferenceDialect): (readonly [string, string])[] => [
  [`${dialect.name}.md`, dialectPage(dialect)],
  ...neighboursOf(dialect).flatMap((neighbour) => neighbourPages(dialect, neighbour)),
  ...dialect.actions.map(
    (action) => [`${dialect.name}/${kebab(action.name)}.md`, actionPage(action, dialect)] as const,
  ),
]

export const referencePages = (): ReadonlyMap<string, string> =>
  new Map([
    ['README.md', index()],
    ['regions.md', regionPage()],
    ['clouds.md', cloudsPage()],
    ['huawei-identity.md', identityPage()],
    ['native.md', nativePage()],
    ['cli.md', cliPage()],
    ...dialects.flatMap(pagesOf),
  ])

/** The page of one action. */
import type { ReferenceAction, ReferenceDialect } from './dialect.ts'
import { code, generatedNote, page, table } from './markdown.ts'
import { type Member, membersOf } from './members.ts'
import { codesOf, statesOf } from './reachable.ts'
import { whyUnreached } from './unreached.ts'

const memberTable = (members: readonly Member[], empty: string): string => {
  if (members.length === 0) return empty
  const rows = members.map(({ name, type, required, bounds, description, sensitive }) => [
    code(name),
    type,
    required ? 'yes' : '',
    bounds,
    sensitive ? `${description} Never logged.`.trim() : description,
  ])
  return table(['Member', 'Type', 'Required', 'Bounds', 'Meaning'], rows)
}

/** What an answer has: bounds are for requests, and every member is there. */
const responseTable = (members: readonly Member[], { always }: ReferenceDialect): string => {
  const rows = members.map(({ name, type, description, sensitive }) => [
    code(name),
    type,
    sensitive ? `${description} Never logged.`.trim() : description,
  ])
  return table(['Member', 'Type', 'Meaning'], [...rows, ...always])
}

/** What the operations call what an action acts on, where that is not the word for a reader. */
const targetNames: Readonly<Record<string, string>> = { keys: 'key', dataKey: 'data key', dataKeys: 'data key' }

const stateTable = (action: ReferenceAction, dialect: ReferenceDialect): string => {
  const { destroyed, ...visible } = dialect.keyStates
  const targets = statesOf(action)
  if (targets.length === 0) return ''
  const shown = Object.keys(visible) as (keyof typeof visible)[]
  const rows = targets.map(({ name, possible, allowed }) => [
    targetNames[name] ?? name,
    ...shown.map((state) => (possible.includes(state) ? (allowed.has(state) ? 'yes' : 'no') : '—')),
  ])
  const note = `A ${destroyed.toLowerCase()} key is not found.`
  return `## States\n\n${table(['Key', ...Object.values(visible)], rows)}\n\n${note}`
}

const standing = (action: ReferenceAction, dialect: ReferenceDialect, answered: string): string => {
  const { vendorActions, commonErrors, statedDifferences } = dialect
  const listed = vendorActions.find(({ name }) => name === action.name)?.errors ?? []
  if (listed.includes(answered)) return 'by the action'
  if (commonErrors.includes(answered)) return 'as a common code'
  return `no. ${statedDifferences[`${action.name} ${answered}`] ?? ''}`.trim()
}

/** Codes that are listed for a whole service say nothing of what one action lacks. */
const missingCodes = (listed: readonly string[], codes: ReadonlyMap<string, unknown>, wholeService: boolean) =>
  wholeService ? [] : listed.filter((one) => !codes.has(one) && one !== 'InternalError')

const errorTables = (action: ReferenceAction, dialect: ReferenceDialect, wholeService: boolean): string => {
  const codes = codesOf(action, dialect.errors, dialect.memberRefusals)
  const { errors: listed = [] } = dialect.vendorActions.find(({ name }) => name === action.name) ?? {}
  const shown = (answered: string) => (listed.includes(answered) ? code(`${action.name} ${answered}`) : '')
  const rows = [...codes]
    .sort(([a], [b]) => a.localeCompare(b, 'en'))
    .map(([answered, reasons]) => [
      code(answered),
      [...reasons].sort().join(', '),
      standing(action, dialect, answered),
      shown(answered),
    ])
  const missing = missingCodes(listed, codes, wholeService)
  const later = missing.map((one) => [code(one), whyUnreached(action.name, one) ?? ''])
  return [
    `## Errors\n\nBeside these, every action may answer the codes that come before it: see [the table](../${dialect.name}.md#errors).`,
    table(['Code', 'Why', 'Documented', 'Test'], rows),
    `The tests are in [errors.test.ts](../../../${dialect.errorTests}): each gets its code by a real request.`,
    wholeService
      ? 'The vendor lists codes for the service as a whole.'
      : later.length === 0
        ? 'Every code that the vendor lists for the action can be reached.'
        : `Documented, and never answered here:\n\n${table(['Code', 'Because'], later)}`,
  ].join('\n\n')
}

/** The server's default, `--limits management`, leaves cryptography free. */
const enforced = ({ operation }: ReferenceAction): string =>
  operation.mode === 'use' ? 'not enforced unless `--limits` says so' : 'enforced unless `--limits` says otherwise'

/** `wholeService`: the vendor lists codes for the service of the action, and not for the action. */
export const actionPage = (action: ReferenceAction, dialect: ReferenceDialect, wholeService = false): string => {
  const { perSecond, route } = dialect.vendorActions.find(({ name }) => name === action.name) ?? {}
  const rights = [...new Set(Object.values(action.rights))].map(code).join(', ')
  return page(
    `# ${action.name}`,
    action.summary,
    table(
      ['', ''],
      [
        ...(route === undefined ? [] : [['Request', code(route)]]),
        ['Evidence', `${action.evidence.grade}: ${action.evidence.source}`],
        ['Permission', rights],
        ['Core operation', code(action.operation.name)],
        ...(perSecond === undefined
          ? []
          : [[wholeService ? 'Rate' : 'Documented rate', `${perSecond} a second; ${enforced(action)}`]]),
      ],
    ),
    `## Request\n\n${memberTable(membersOf(action.request), 'No members.')}`,
    `## Response\n\n${responseTable(membersOf(action.response), dialect)}`,
    stateTable(action, dialect),
    errorTables(action, dialect, wholeService),
    generatedNote,
  )
}

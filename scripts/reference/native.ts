/** The pages of Keystead's own API: one for people, and the document for programs. */
import type { Action } from '../../src/contract/action.ts'
import { actions } from '../../src/dialects/native/actions.ts'
import { type Code, codes } from '../../src/dialects/native/codes.ts'
import { openApiOf } from '../../src/dialects/native/openapi.ts'
import { isOfAccounts, isOfInstallation, isOnMachine } from '../../src/dialects/native/ours.ts'
import { code, generatedNote, page, table } from './markdown.ts'
import { membersOf } from './members.ts'

/** Of no release: what the running server answers has its own. */
export const openApiText = (): string => `${JSON.stringify(openApiOf(actions, 'unreleased'), null, 1)}\n`

const whoMay = (action: Action<Code>): string => {
  if (isOnMachine(action)) return 'the admin socket alone'
  if (isOfInstallation(action)) return 'operators'
  return isOfAccounts(action) ? 'rights; operators in every account' : 'rights'
}

const membersTable = (action: Action<Code>): string => {
  const rows = membersOf(action.request).map(({ name, type, required, bounds, description }) => [
    code(name),
    type,
    required ? 'yes' : '',
    bounds,
    description,
  ])
  return rows.length === 0 ? 'No members.' : table(['Member', 'Type', 'Required', 'Bounds', 'Meaning'], rows)
}

const section = (action: Action<Code>): string => {
  const words = [...new Set(Object.values(action.rights))].map(code).join(', ')
  const answered = Object.keys(action.response).map(code).join(', ')
  const facts = [`Who may: ${whoMay(action)}${words === '' ? '' : ` (${words})`}.`, `Answers ${answered || 'nothing'}.`]
  return [`### ${action.name}`, action.summary, facts.join(' '), membersTable(action)].join('\n\n')
}

export const nativePage = (): string =>
  page(
    "# Keystead's own API",
    'Every action is `POST /api/v1/<action>` with a JSON object, and is answered by a JSON object, by lines of JSON, or by a problem (RFC 9457). [The guide](../guides/administer.md#over-the-network) says how to sign in.',
    '## Problems',
    table(
      ['`type`', 'Status', 'Title'],
      Object.entries(codes).map(([type, [status, title]]) => [code(type), String(status), title]),
    ),
    '## Actions',
    ...actions.toSorted((a, b) => (a.name < b.name ? -1 : 1)).map(section),
    generatedNote,
  )

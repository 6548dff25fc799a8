/** Whose an action is to ask: of who looks after the installation, of who is signed in, or of both. */
import type { Action } from '../../contract/action.ts'
import type { Code } from './codes.ts'

/** What the operator takes away, and keeps, wherever it is. None of it shows or uses material. */
const withdrawals: ReadonlySet<string> = new Set([
  'key-suspend',
  'key-deactivate',
  'key-schedule-destruction',
  'key-cancel-destruction',
  'key-delete-material',
  'grant-revoke',
  'data-key-suspend',
  'data-key-schedule-destruction',
  'data-key-cancel-destruction',
])

/** What handles the seal of the root key, and every row at once: for who is on the machine, whoever may operate. */
const onMachine: ReadonlySet<string> = new Set([
  'seal-prepare',
  'seal-adopt',
  'seal-unseal',
  'seal-rotate',
  'seal-rewrap',
  'seal-settle',
  'backup',
  'restore-accept',
])

export const isOnMachine = ({ name }: Pick<Action<Code>, 'name'>): boolean => onMachine.has(name)

/** Of the whole installation: nobody's own rights in an account are enough. */
export const isOfInstallation = ({ operation }: Action<Code>): boolean =>
  Object.values(operation.rights).includes('administer')

/** Can be asked in any account that is named, by who may operate. */
export const isOfAccounts = (action: Action<Code>): boolean =>
  Object.hasOwn(action.request, 'account') && !isSessions(action)

/** What whoever may open the admin socket can ask without signing in. */
export const isOperators = (action: Action<Code>): boolean =>
  isOfInstallation(action) || isOfAccounts(action) || withdrawals.has(action.name)

/** Answers a session, which a console keeps in a cookie. */
export const isSessions = ({ name }: Action<Code>): boolean => name === 'session-create' || name === 'session-renew'

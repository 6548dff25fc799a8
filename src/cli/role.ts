/** `role`: what principals of an account, or of another one, may become for a while. */
import { Command } from 'commander'
import { type Members, print, table } from './admin.ts'
import { ask, clientCommand, type Reach } from './client.ts'

interface WithAccount extends Reach {
  readonly account?: string
}

const roleCommandOf = (name: string, description: string): Command =>
  clientCommand(name, description).option(
    '--account <account>',
    'name or number of the account; the first one without it',
  )

const inAccount = ({ account }: WithAccount): Members => (account === undefined ? {} : { account })

interface NewRole extends WithAccount {
  readonly trust: readonly string[]
  readonly externalId?: string
  readonly sessionMax?: string
}

const create = () =>
  roleCommandOf('create', 'make a role; it may do nothing until a policy says so')
    .argument('<name>', 'name, unique among the roles of the account')
    .requiredOption('--trust <who...>', 'who may take sessions of it: accounts, or users as <account>/<user>')
    .option('--external-id <text>', 'what a caller must say beside')
    .option('--session-max <seconds>', 'longest session; 43200 without it')
    .action(async (name: string, options: NewRole) => {
      const answer = await ask(options, 'role-create', {
        name,
        trusts: options.trust,
        ...(options.externalId === undefined ? {} : { externalId: options.externalId }),
        ...(options.sessionMax === undefined ? {} : { sessionSecondsMax: options.sessionMax }),
        ...inAccount(options),
      })
      print(options, answer, `made role ${answer.name}, id ${answer.id}`)
    })

const list = () =>
  roleCommandOf('list', 'list the roles of an account').action(async (options: WithAccount) => {
    const answer = await ask(options, 'role-list', inAccount(options))
    const rows = (answer.roles as readonly Members[]).map((row) => [
      String(row.id),
      String(row.name),
      (row.trusts as readonly string[]).join(' '),
      `${row.policies} policies`,
      String(row.createdAt),
    ])
    print(options, answer, table(['ID', 'NAME', 'TRUSTS', 'MAY DO', 'CREATED'], rows))
  })

const remove = () =>
  roleCommandOf('delete', 'remove a role and its policies; its sessions end')
    .argument('<name>', 'name or id of the role')
    .action(async (name: string, options: WithAccount) => {
      const answer = await ask(options, 'role-delete', { name, ...inAccount(options) })
      print(options, answer, `deleted role ${answer.name}`)
    })

export const roleCommand = (): Command =>
  new Command('role').description('look after roles').addCommand(create()).addCommand(list()).addCommand(remove())

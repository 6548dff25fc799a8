/** `account`, `user`, `access-key` and `product-key`. */
import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { Command, Option } from 'commander'
import { print, table } from './admin.ts'
import { ask, clientCommand, type Reach } from './client.ts'
import { revisionOption } from './verbs.ts'

interface WithAccount extends Reach {
  readonly account?: string
}

const accountOption = () => new Option('--account <account>', 'name or number of the account; the first one without it')

const inAccount = ({ account }: WithAccount) => (account === undefined ? {} : { account })

const rowsOf = (answer: Readonly<Record<string, unknown>>, member: string) =>
  answer[member] as readonly Readonly<Record<string, unknown>>[]

type Answer = Readonly<Record<string, unknown>>

/** Of whom the commands tell no more than this; their numbers are what one of the clouds calls uin. */
const told = ({ id, name }: Answer) => ({ uin: id, name })

const made = (what: string, { id, name }: Answer): string => `made ${what} ${name}, number ${id}`

export const accountCommand = (): Command =>
  new Command('account')
    .description('look after accounts')
    .addCommand(
      clientCommand('create', 'make an account')
        .argument('<name>', 'name, unique in the installation')
        .action(async (name: string, options: Reach) => {
          const answer = await ask(options, 'account-create', { name })
          print(options, told(answer), made('account', answer))
        }),
    )
    .addCommand(administratorCommand())
    .addCommand(
      clientCommand('list', 'list the accounts').action(async (options: Reach) => {
        const answer = await ask(options, 'account-list', {})
        const accounts = rowsOf(answer, 'accounts')
        const rows = accounts.map((row) => [String(row.id), String(row.name), String(row.createdAt)])
        const shown = accounts.map((row) => ({ ...told(row), createdAt: row.createdAt }))
        print(options, { accounts: shown }, table(['NUMBER', 'NAME', 'CREATED'], rows))
      }),
    )

/** Beside the others: which account another one looks after. */
const administratorCommand = (): Command =>
  clientCommand('administrator', 'let the users of another account act for an account, as far as their policies say')
    .argument('<account>', 'name or number of the account')
    .addOption(new Option('--is <account>', 'name or number of the account that administers it').conflicts('nobody'))
    .addOption(new Option('--nobody', 'no other account administers it'))
    .action(async (account: string, options: Reach & { is?: string; nobody?: boolean }) => {
      if (options.is === undefined && !options.nobody) throw new Error('say who it --is, or --nobody.')
      const by = options.is === undefined ? {} : { administrator: options.is }
      const answer = await ask(options, 'account-administrator', { account, ...by })
      const { administrator } = answer
      print(
        options,
        { ...told(answer), administrator },
        `${answer.name} is administered by ${administrator ?? 'nobody else'}`,
      )
    })

const readPassword = (file: string): string => {
  try {
    return readFileSync(file, 'utf8').split('\n', 1)[0] ?? ''
  } catch {
    throw new Error(`${file}: the password file cannot be read.`)
  }
}

const passwordCommand = (): Command =>
  clientCommand('password', 'give a user a new password for signing in, shown this once; its tokens end')
    .argument('<name>', 'name or number of the user')
    .addOption(accountOption())
    .addOption(new Option('--file <file>', 'take the first line of a file for the password').conflicts('none'))
    .addOption(new Option('--none', 'take the password away'))
    .addOption(revisionOption())
    .action(async (user: string, options: WithAccount & { file?: string; none?: boolean }) => {
      const drawn = options.file === undefined && !options.none ? randomBytes(18).toString('base64url') : undefined
      const password = options.file === undefined ? drawn : readPassword(options.file)
      const asked = { user, ...(password === undefined ? {} : { password }), ...inAccount(options) }
      const answer = await ask(options, 'user-password', asked)
      const shown = drawn === undefined ? {} : { password: drawn }
      const { name } = answer
      const line = answer.password ? `${name} has a new password` : `${name} has no password`
      print(options, { ...told(answer), ...shown }, drawn === undefined ? line : `password  ${drawn}`)
    })

export const userCommand = (): Command =>
  new Command('user')
    .description('look after users')
    .addCommand(
      clientCommand('create', 'make a user; it may do nothing until a policy says so')
        .argument('<name>', 'name, unique in the account')
        .addOption(accountOption())
        .action(async (name: string, options: WithAccount) => {
          const answer = await ask(options, 'user-create', { name, ...inAccount(options) })
          print(options, told(answer), made('user', answer))
        }),
    )
    .addCommand(passwordCommand())
    .addCommand(
      clientCommand('list', 'list the users of an account')
        .addOption(accountOption())
        .action(async (options: WithAccount) => {
          const answer = await ask(options, 'user-list', inAccount(options))
          const users = rowsOf(answer, 'users')
          const rows = users.map((row) => [
            String(row.id),
            String(row.name),
            row.root ? 'everything' : `${row.policies} policies`,
            String(row.createdAt),
          ])
          const shown = users.map((row) => {
            const { root, policies, createdAt } = row
            return { ...told(row), root, policies, createdAt }
          })
          print(options, { users: shown }, table(['NUMBER', 'NAME', 'MAY DO', 'CREATED'], rows))
        }),
    )

/** The pair in the words of its cloud. */
const pairOf = ({ dialect, id, secret }: Readonly<Record<string, unknown>>) =>
  dialect === 'huawei' ? { accessKey: id, secretKey: secret } : { secretId: id, secretKey: secret }

const changeOf = (verb: 'disable' | 'enable' | 'delete', description: string, done: string): Command =>
  clientCommand(verb, description)
    .argument('<id>', 'id of the access key')
    .action(async (id: string, options: Reach) => {
      const answer = await ask(options, `access-key-${verb}`, { id })
      print(options, answer, `${done} ${answer.id}`)
    })

export const accessKeyCommand = (): Command =>
  new Command('access-key')
    .description('look after access keys')
    .addCommand(
      clientCommand('create', 'make an access key; its secret is shown this once')
        .requiredOption('--user <user>', 'name or number of the user')
        .addOption(accountOption())
        .addOption(
          new Option('--dialect <dialect>', 'cloud whose API it signs')
            .choices(['tencent', 'huawei'])
            .default('tencent'),
        )
        .action(async (options: WithAccount & { user: string; dialect: string }) => {
          const { user, dialect } = options
          const answer = await ask(options, 'access-key-create', { user, dialect, ...inAccount(options) })
          const pair = pairOf(answer)
          const lines = Object.entries(pair).map(([name, value]) => `${name}  ${value}`)
          print(options, pair, lines.join('\n'))
        }),
    )
    .addCommand(
      clientCommand('list', 'list the access keys of an account')
        .addOption(accountOption())
        .action(async (options: WithAccount) => {
          const answer = await ask(options, 'access-key-list', inAccount(options))
          const rows = rowsOf(answer, 'accessKeys').map((row) => [
            String(row.id),
            String(row.dialect),
            String(row.user),
            row.disabled ? 'disabled' : 'in use',
            String(row.createdAt),
          ])
          print(options, answer, table(['ID', 'DIALECT', 'USER', 'STATE', 'CREATED'], rows))
        }),
    )
    .addCommand(changeOf('disable', 'take an access key out of use', 'disabled'))
    .addCommand(changeOf('enable', 'return an access key to use', 'enabled'))
    .addCommand(changeOf('delete', 'remove an access key for good', 'deleted'))

export const productKeyCommand = (): Command =>
  new Command('product-key').description('look after keys that products own').addCommand(
    clientCommand('create', 'make a key that a product owns: users cannot disable or delete it')
      .argument('<name>', 'name, which begins with kms-')
      .requiredOption('--product <product>', 'name of the product, such as cbs')
      .requiredOption('--region <region>', 'region, by the name that any dialect has for it')
      .addOption(accountOption())
      .action(async (name: string, options: WithAccount & { product: string; region: string }) => {
        const { product, region } = options
        const answer = await ask(options, 'product-key-create', {
          name,
          product,
          region,
          ...inAccount(options),
        })
        print(options, answer, `made key ${answer.id} of ${answer.product}`)
      }),
  )

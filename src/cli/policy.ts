/** `policy`: what users may do. */
import { readFileSync } from 'node:fs'
import { Command, Option } from 'commander'
import { type Members, print, table } from './admin.ts'
import { ask, clientCommand, type Reach } from './client.ts'

interface OfUser extends Reach {
  readonly user?: string
  readonly role?: string
  readonly account?: string
}

const userCommandOf = (name: string, description: string): Command =>
  clientCommand(name, description)
    .option('--user <user>', 'name or number of the user')
    .option('--role <role>', 'name or id of a role, instead of a user')
    .option('--account <account>', 'name or number of the account; the first one without it')

const whose = ({ user, role, account }: OfUser): Members => {
  if ((user === undefined) === (role === undefined)) throw new Error('name either a --user or a --role.')
  return { ...(user === undefined ? { role } : { user }), ...(account === undefined ? {} : { account }) }
}

const called = ({ user, role }: OfUser): string => user ?? `role ${role}`

const readDocument = (file: string): string => {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    throw new Error(`${file}: the policy file cannot be read.`)
  }
}

interface Attached {
  readonly name: string
  readonly file?: string
  readonly preset?: string
  readonly dialect: string
}

const documentOf = ({ file, preset }: Attached): Members => {
  if (preset !== undefined) return { preset }
  if (file === undefined) throw new Error('give either a --file or a --preset.')
  return { document: readDocument(file) }
}

const attach = () =>
  userCommandOf('attach', 'give a user a policy, in the place of one of the same name')
    .requiredOption('--name <name>', 'name of the policy')
    .option('--file <file>', 'the policy document')
    .addOption(
      new Option('--preset <preset>', "one of the cloud's own policies by its name, instead of a file").conflicts(
        'file',
      ),
    )
    .addOption(
      new Option('--dialect <dialect>', 'language of the document')
        .choices(['tencent', 'huawei', 'rights'])
        .default('tencent'),
    )
    .action(async (options: OfUser & Attached) => {
      const { name, dialect } = options
      const what = documentOf(options)
      const answer = await ask(options, 'policy-attach', {
        ...whose(options),
        name,
        language: dialect,
        ...what,
      })
      print(options, answer, `attached ${name} to ${called(options)}`)
    })

const detach = () =>
  userCommandOf('detach', 'take a policy from a user')
    .requiredOption('--name <name>', 'name of the policy')
    .action(async (options: OfUser & { name: string }) => {
      const { name } = options
      const answer = await ask(options, 'policy-detach', { ...whose(options), policy: name })
      print(options, answer, `detached ${name} from ${called(options)}`)
    })

const list = () =>
  userCommandOf('list', 'list the policies of a user').action(async (options: OfUser) => {
    const answer = await ask(options, 'policy-list', whose(options))
    const policies = (answer.policies as readonly Members[]).map(({ name, language: dialect, document }) => ({
      name,
      dialect,
      document,
    }))
    const rows = policies.map((row) => [
      String(row.name),
      String(row.dialect),
      String(row.document).replace(/\s+/g, ' ').slice(0, 80),
    ])
    print(options, { policies }, table(['NAME', 'DIALECT', 'DOCUMENT'], rows))
  })

const because = ({ rule, policy, statement }: Members): string =>
  rule === 'statement'
    ? `statement ${Number(statement) + 1} of policy ${policy}`
    : `${rule}${policy ? ` (${policy})` : ''}`

interface Checked {
  readonly action: string
  readonly resource: string
  readonly region?: string
  readonly source: string
  readonly dialect: string
}

const check = () =>
  userCommandOf('check', 'tell whether a user may do something, and which statement says so')
    .requiredOption('--action <word>', 'permission word, such as kms:Encrypt')
    .option('--resource <id>', 'id of a key; * for the account itself', '*')
    .option('--region <region>', 'region, in the words of the dialect')
    .option('--source <address>', 'source address', '127.0.0.1')
    .addOption(
      new Option('--dialect <dialect>', 'cloud whose word it is').choices(['tencent', 'huawei']).default('tencent'),
    )
    .action(async (options: OfUser & Checked) => {
      const { action, resource, region, source, dialect } = options
      const where = region === undefined ? {} : { region }
      const asked = { ...whose(options), action, resource, source, dialect, ...where }
      const answer = await ask(options, 'policy-check', asked)
      print(options, answer, `${answer.allowed ? 'allowed' : 'denied'}: ${because(answer)}`)
    })

export const policyCommand = (): Command =>
  new Command('policy')
    .description('look after what users may do')
    .addCommand(attach())
    .addCommand(detach())
    .addCommand(list())
    .addCommand(check())

/** Every command there is. A command says what it does in its own file. */
import { Command, Help } from 'commander'
import { auditCommand } from './audit.ts'
import { backupCommand } from './backup.ts'
import { callCommand } from './call.ts'
import { completionCommand } from './completion.ts'
import { decryptCommand, encryptCommand } from './file.ts'
import { loginCommand, logoutCommand, whoamiCommand } from './login.ts'
import { migrateCommand } from './migrate.ts'
import { accessKeyCommand, accountCommand, productKeyCommand, userCommand } from './people.ts'
import { policyCommand } from './policy.ts'
import { restoreCommand } from './restore.ts'
import { roleCommand } from './role.ts'
import { sealCommand } from './seal.ts'
import { serveCommand } from './serve.ts'
import { doctorCommand, statusCommand } from './status.ts'
import { upgradeCommand } from './upgrade.ts'
import { aroundVerbs } from './verbs/around-keys.ts'
import { keyVerbs } from './verbs/keys.ts'
import { serviceVerbs } from './verbs/service.ts'
import { useVerbs } from './verbs/use.ts'
import { whiteBoxVerbs } from './verbs/white-box.ts'
import { addVerbs, type Verb } from './verbs.ts'

export const program: Command = new Command('keystead')
  .description('A self-hosted Key Management Service that official cloud SDKs use unmodified.')
  // The plurals are for who writes them, and say nothing to who reads.
  .configureHelp({ subcommandTerm: (command) => new Help().subcommandTerm(command).replace(/^([\w-]+)\|[\w-]+/, '$1') })
  .showHelpAfterError('(see keystead --help)')
  // So that an option that a command and one below it have is the one's that it stands after.
  .enablePositionalOptions()
  .addCommand(serveCommand())
  .addCommand(loginCommand())
  .addCommand(logoutCommand())
  .addCommand(whoamiCommand())
  .addCommand(accountCommand())
  .addCommand(userCommand())
  .addCommand(roleCommand())
  .addCommand(accessKeyCommand())
  .addCommand(productKeyCommand())
  .addCommand(policyCommand())
  .addCommand(auditCommand())
  .addCommand(encryptCommand())
  .addCommand(decryptCommand())
  .addCommand(sealCommand())
  .addCommand(upgradeCommand())
  .addCommand(backupCommand())
  .addCommand(restoreCommand())
  .addCommand(migrateCommand())
  .addCommand(statusCommand())
  .addCommand(doctorCommand())
  .addCommand(callCommand())

/** All commands that are values. */
export const verbs: readonly Verb[] = [...keyVerbs, ...useVerbs, ...aroundVerbs, ...serviceVerbs, ...whiteBoxVerbs]

/** Commands that only hold others, beside those above. */
const groups: Readonly<Record<string, string>> = {
  key: 'look after keys',
  alias: 'look after the aliases of keys',
  grant: 'let others use a key',
  'data-key': 'look after data keys that are kept',
  'white-box': 'look after white-box keys',
}

/** Many of what a command looks after, as people say it as well. */
const plurals: Readonly<Record<string, string>> = { alias: 'aliases', policy: 'policies' }
const held = ['account', 'user', 'role', 'access-key', 'policy', 'key', 'alias', 'grant', 'data-key']

addVerbs(program, verbs, groups).addCommand(completionCommand(program))
for (const command of program.commands) {
  const name = command.name()
  if (held.includes(name)) command.alias(plurals[name] ?? `${name}s`)
}

/** The command line. A command says what it does in its own file; an error is one sentence on standard error. */
import { Command } from 'commander'
import { sentenceOf } from '../fault-log.ts'
import { auditCommand } from './audit.ts'
import { backupCommand } from './backup.ts'
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

const program = new Command('keystead')
  .description('A self-hosted Key Management Service that official cloud SDKs use unmodified.')
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

try {
  await program.parseAsync()
} catch (error) {
  process.stderr.write(`keystead: ${sentenceOf(error)}\n`)
  process.exitCode = 1
}

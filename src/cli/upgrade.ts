/** `upgrade`: one node after the other runs a newer program, and then older ones are refused. */
import { Command } from 'commander'
import { adminCommand, administer, type Members, print, type Shared } from './admin.ts'
import { mustAllOpen } from './checking.ts'

const shown = ({ tables, program, oldestProgram, finished, members }: Members): string =>
  [
    `tables    version ${tables}; this program writes ${program}, programs from ${oldestProgram} on may run`,
    ...(members as readonly Members[]).map(
      (member) => `serves    ${member.name}, a program of version ${member.program}`,
    ),
    finished
      ? 'finished  older programs are refused'
      : 'open      older programs may still run; end it with keystead upgrade finish once none does',
  ].join('\n')

const command = (name: 'status' | 'finish', description: string): Command =>
  adminCommand(name, description).action(async (options: Shared) => {
    // There is no way back afterwards: an older program is refused.
    if (name === 'finish') await mustAllOpen(options.data)
    const state = await administer(options.data, `upgrade-${name}`, {})
    print(options, state, shown(state))
  })

export const upgradeCommand = (): Command =>
  new Command('upgrade')
    .description('roll a newer program out, one node after the other')
    .addCommand(command('status', 'tell which programs may run on the database, and which ones do'))
    .addCommand(command('finish', 'refuse older programs, and let what they cannot read be written'))

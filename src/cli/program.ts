/** The command line: an error is one sentence on standard error. */
import { type Command, CommanderError } from 'commander'
import { sentenceOf } from '../fault-log.ts'
import { program } from './commands.ts'

/** So that what a line lacks can be told from what was refused. */
const throwInstead = (command: Command): void => {
  command.exitOverride()
  for (const below of command.commands) throwInstead(below)
}
throwInstead(program)

/** 2 where the line is no command, 1 where a command failed. */
const exitCodeOf = ({ code, exitCode }: CommanderError): number =>
  exitCode === 0 ? 0 : code === 'commander.error' ? exitCode : 2

try {
  await program.parseAsync()
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = exitCodeOf(error)
  else {
    process.stderr.write(`keystead: ${sentenceOf(error)}\n`)
    process.exitCode = 1
  }
}

/** The options of a command for developers. */
import { type ParseArgsOptionsConfig, parseArgs } from 'node:util'

/**
 * What was given of `options`. `--help` prints `help` and ends the process; an option that there is not, or that lacks its
 * value, ends it with a sentence and exit code 2.
 */
export const optionsFrom = <const O extends ParseArgsOptionsConfig>(
  help: string,
  options: O,
  args: readonly string[] = process.argv.slice(2),
) => {
  if (args.includes('--help')) {
    process.stdout.write(help)
    process.exit(0)
  }
  try {
    return parseArgs({ options, args: [...args] }).values
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\nWith --help it says what there is.\n`)
    process.exit(2)
  }
}

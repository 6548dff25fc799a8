/** `call`: any action of the API, for what no command of its own does. */
import { text } from 'node:stream/consumers'
import { type Command, Option } from 'commander'
import { ask, clientCommand, type Reach } from './client.ts'
import type { Members } from './reply.ts'

const standard = '-'

const membersIn = (written: string): Members => {
  try {
    return JSON.parse(written) as Members
  } catch {
    throw new Error('the members must be one JSON object')
  }
}

export const callCommand = (): Command =>
  clientCommand('call', 'ask any action of the API (docs/reference/native.md), and print its answer as JSON')
    .argument('<action>', 'its name, such as sign')
    .argument('[members]', 'a JSON object; - reads it from the standard input, where secrets belong', '{}')
    .addOption(new Option('--region <region>', "where; the server's first region without it").env('KEYSTEAD_REGION'))
    .addHelpText('after', `\nExample:\n  $ keystead call random '{"bytes":32}'`)
    .action(async (action: string, written: string, options: Reach) => {
      const members = membersIn(written === standard ? await text(process.stdin) : written)
      process.stdout.write(`${JSON.stringify(await ask(options, action, members))}\n`)
    })

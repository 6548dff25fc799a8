/** `encrypt` and `decrypt` in a process of their own, which ask a server at KEYSTEAD_TEST_ENDPOINT with a token. */
import { Command } from 'commander'
import { type AskWith, decryptCommand, encryptCommand } from '../../src/cli/file.ts'
import { clientOf } from '../harness/native.ts'

const { KEYSTEAD_TEST_ENDPOINT: endpoint = '', KEYSTEAD_TEST_TOKEN: token = '' } = process.env
const client = clientOf({ endpoint } as Parameters<typeof clientOf>[0], token)
const reach: AskWith = () => (action, members) => client.ok(action, members)

await new Command('keystead')
  .addCommand(encryptCommand(reach))
  .addCommand(decryptCommand(reach))
  .parseAsync()
  .catch((error: Error) => {
    process.stderr.write(`keystead: ${error.message}\n`)
    process.exitCode = 1
  })

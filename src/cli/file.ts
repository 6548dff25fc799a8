/** `encrypt` and `decrypt`: files of any size by envelope encryption (docs/spec/file.md). */
import { type Command, InvalidArgumentError, Option } from 'commander'
import type { FileContext } from '../file/header.ts'
import { print } from './admin.ts'
import { ask, clientCommand, type Reach } from './client.ts'
import { type Ask, type Done, decryptFile, eachOf, encryptFile, type Job, standard, suffix } from './file-work.ts'

interface FileOptions extends Reach {
  readonly context: FileContext
  readonly output?: string
  readonly force?: boolean
}

/** How the service is asked, as the options of the command line say. */
export type AskWith = (options: Reach) => Ask

const askWith: AskWith = (options) => (action, members) => ask(options, action, members)

const addPair = (written: string, before: FileContext): FileContext => {
  const cut = written.indexOf('=')
  const name = written.slice(0, cut)
  if (cut < 1) throw new InvalidArgumentError('Write it as NAME=VALUE.')
  if (Object.hasOwn(before, name)) throw new InvalidArgumentError(`${name} is there twice.`)
  return Object.fromEntries([...Object.entries(before), [name, written.slice(cut + 1)]])
}

/** What comes out of a file is called like it, unless `output` says how. */
const jobsOf = (inputs: readonly string[], { output, force = false }: FileOptions, named: (from: string) => string) => {
  if (inputs.length > 1 && output !== undefined) throw new Error('-o names one file, and there are several to read')
  const sources = inputs.length === 0 ? [standard] : inputs
  return sources.map((from): Job => ({ from, to: output ?? (from === standard ? standard : named(from)), force }))
}

const tell = (options: FileOptions, verb: string, done: Done): void => {
  // Standard output holds the file itself.
  if (done.to !== standard) print(options, done, `${verb} ${done.from} as ${done.to}, key ${done.keyId}`)
}

const withoutSuffix = (from: string): string => {
  if (from.endsWith(suffix) && from.length > suffix.length) return from.slice(0, -suffix.length)
  throw new Error(`${from} does not end in ${suffix}: say with -o what its content shall be called`)
}

const fileCommand = (name: string, description: string, contextMeaning: string): Command =>
  clientCommand(name, description)
    .argument('[files...]', `what to ${name}; - or nothing is the standard input`)
    .addOption(new Option('--context <name=value>', contextMeaning).argParser(addPair).default({}, 'none'))
    .option('-o, --output <file>', 'where to; - is the standard output')
    .option('--force', 'replace a file that is there')

export const encryptCommand = (reach = askWith): Command =>
  fileCommand(
    'encrypt',
    'encrypt files under data keys of a key, each as NAME.keystead',
    'what the data key is bound to',
  )
    .addOption(
      new Option('--key <key>', 'id of the key, or alias::: and the name of an alias')
        .env('KEYSTEAD_KEY')
        .makeOptionMandatory(),
    )
    .action(async (files: string[], options: FileOptions & { readonly key: string }) => {
      const jobs = jobsOf(files, options, (from) => `${from}${suffix}`)
      if (process.stdout.isTTY && jobs.some(({ to }) => to === standard))
        throw new Error('what is encrypted is nothing for a terminal: name a file with -o')
      const service = reach(options)
      await eachOf(jobs, async (job) =>
        tell(options, 'encrypted', await encryptFile(service, job, options.key, options.context)),
      )
    })

export const decryptCommand = (reach = askWith): Command =>
  fileCommand('decrypt', 'decrypt files that encrypt made', 'what must be in its context').action(
    async (files: string[], options: FileOptions) => {
      const jobs = jobsOf(files, options, withoutSuffix)
      const service = reach(options)
      await eachOf(jobs, async (job) => tell(options, 'decrypted', await decryptFile(service, job, options.context)))
    },
  )

/** `seal`: how the root key is kept, what opens it, and its generations. */
import { Command, InvalidArgumentError, Option } from 'commander'
import { adminCommand, administer, type Members, print, type Shared } from './admin.ts'
import { mustAllOpen } from './checking.ts'
import { askSecret, isTerminal, secretFromFile, secretLines } from './secret-input.ts'
import { type Kept, keepShares } from './share-files.ts'

const shown = (state: Members): string => {
  if (state.sealed) return [state.told, state.fault].filter(Boolean).join(': ')
  const domainKeys = (state.domainKeys ?? []) as readonly Members[]
  const members = (state.members ?? []) as readonly Members[]
  return [
    `seal         ${state.seal}, open`,
    `generation   ${state.generation}, of ${state.generations}`,
    ...domainKeys.map(({ number, id, count }) => `wraps        ${count} domain keys by generation ${number} (${id})`),
    ...members.map(({ name, generation }) => `loaded       generation ${generation} by ${name}`),
    ...(state.settled === false ? ['rotation     under way; keystead seal rotate-root --resume ends it'] : []),
  ].join('\n')
}

const statusOf = (data: string): Promise<Members> => administer(data, 'seal-status', {})

const status = (): Command =>
  adminCommand('status', 'tell how the root key is kept, and what each generation of it wraps').action(
    async (options: Shared) => {
      const state = await statusOf(options.data)
      print(options, state, shown(state))
    },
  )

interface Secrets {
  readonly passphraseFile?: string
  readonly shareFile?: readonly string[]
}

const passphraseFileOption = () =>
  new Option('--passphrase-file <file>', 'file whose first line is the passphrase, instead of typing it')

const progressOf = ({ sharesGiven, sharesNeeded }: Members): string =>
  sharesNeeded === null ? 'open' : `${sharesGiven} of ${sharesNeeded} shares given`

/** What was given by files or standard input; undefined where a person is to be asked. */
const givenSecrets = async ({ passphraseFile, shareFile = [] }: Secrets): Promise<readonly string[] | undefined> => {
  const files = passphraseFile === undefined ? shareFile : [passphraseFile, ...shareFile]
  if (files.length > 0) return files.map(secretFromFile)
  return isTerminal() ? undefined : secretLines()
}

/** One after the other, as long as it is sealed. */
const give = async (data: string, before: Members, inputs: readonly string[]): Promise<Members> => {
  let state = before
  for (const input of inputs) if (state.sealed) state = await administer(data, 'seal-unseal', { input })
  return state
}

/** A person may mistype, and is asked again. */
const giveByHand = async (data: string, before: Members): Promise<Members> => {
  let state = before
  while (state.sealed) {
    const input = await askSecret(state.sharesNeeded === null ? 'Passphrase: ' : `Share (${progressOf(state)}): `)
    try {
      state = await administer(data, 'seal-unseal', { input })
    } catch (error) {
      process.stderr.write(`${(error as Error).message}\n`)
    }
  }
  return state
}

/** Where no server runs, each action opens the folder anew. */
const expectServer = async (data: string, state: Members): Promise<void> => {
  if (state.sealed || !(await statusOf(data)).sealed) return
  throw new Error('No server runs in this folder, so it is sealed again. Start the server first, then unseal it.')
}

const unseal = (): Command =>
  adminCommand('unseal', 'open the root key of a running server by its passphrase, or by shares one after the other')
    .addOption(passphraseFileOption())
    .addOption(new Option('--share-file <file...>', 'files with one share each, instead of typing them'))
    .action(async (options: Shared & Secrets) => {
      const { data } = options
      const before = await statusOf(data)
      const inputs = await givenSecrets(options)
      const state = inputs ? await give(data, before, inputs) : await giveByHand(data, before)
      await expectServer(data, state)
      print(options, state, state.sealed ? `still sealed: ${progressOf(state)}` : 'the root key is open')
    })

interface Migration extends Shared, Secrets {
  readonly to: string
  readonly shares?: number
  readonly threshold?: number
  readonly sharesTo?: string
}

/** Twice by hand: what was mistyped would open nothing. */
const newPassphrase = async (options: Secrets): Promise<{ first: string; again: string }> => {
  const [given, ...more] = (await givenSecrets(options)) ?? []
  if (more.length > 0) throw new Error('The passphrase must be one line.')
  if (given !== undefined) return { first: given, again: given }
  if (!isTerminal()) throw new Error('There is no passphrase on standard input.')
  return { first: await askSecret('New passphrase: '), again: await askSecret('The same again: ') }
}

const toPassphrase = async (options: Migration): Promise<Members> => {
  const { first, again } = await newPassphrase(options)
  await administer(options.data, 'seal-prepare', { to: 'passphrase', passphrase: first })
  return administer(options.data, 'seal-adopt', { inputs: [again] })
}

/** The shares have reached their keepers when as many as are needed have come back from them. */
const toShares = async ({ data, shares, threshold, sharesTo }: Migration): Promise<Members> => {
  if (shares === undefined || threshold === undefined) throw new Error('Say how many: --shares N --threshold K.')
  if (sharesTo === undefined && !isTerminal())
    throw new Error('Say where the shares go, with --shares-to FOLDER, or run this on a terminal.')
  const made = await administer(data, 'seal-prepare', { to: 'shamir', shares, threshold })
  const kept: Kept = keepShares(made.shares as readonly string[], sharesTo)
  const inputs: string[] = []
  while (inputs.length < threshold) inputs.push(await kept.back(inputs.length + 1, threshold))
  return administer(data, 'seal-adopt', { inputs })
}

const toOther = async ({ data, to }: Migration): Promise<Members> => {
  await administer(data, 'seal-prepare', { to })
  return administer(data, 'seal-adopt', { inputs: [] })
}

const count = (text: string): number => {
  if (!/^[1-9]\d{0,2}$/.test(text)) throw new InvalidArgumentError('It must be a whole number.')
  return Number(text)
}

const migrate = (): Command =>
  adminCommand('migrate', 'put the root key under another seal; the old one stays until the new one has opened')
    .addOption(
      new Option('--to <seal>', 'the new seal')
        .choices(['file', 'passphrase', 'shamir', 'pkcs11', 'kms'])
        .makeOptionMandatory(),
    )
    .addOption(new Option('--shares <n>', 'for shamir: how many shares there are').argParser(count))
    .addOption(new Option('--threshold <k>', 'for shamir: how many of them open it').argParser(count))
    .addOption(new Option('--shares-to <folder>', 'for shamir: write each share into a file there'))
    .addOption(passphraseFileOption())
    .action(async (options: Migration) => {
      const ways: Readonly<Record<string, typeof toOther>> = { passphrase: toPassphrase, shamir: toShares }
      const state = await (ways[options.to] ?? toOther)(options)
      print(options, state, `the root key is under the seal ${state.seal}`)
    })

const backUp = 'Back up the root key file now: an older copy does not open what was wrapped anew.'

const waitMs = 1000
const barWidth = 30

/** Over itself on a terminal, and only the end elsewhere. */
const bar = (done: number, total: number): void => {
  if (!process.stderr.isTTY) return
  const filled = total === 0 ? barWidth : Math.min(barWidth, Math.round((done / total) * barWidth))
  const line = `[${'#'.repeat(filled)}${'.'.repeat(barWidth - filled)}] ${done} of ${total} domain keys`
  process.stderr.write(`\r${line}${done >= total ? '\n' : ''}`)
}

const waitFor = async (behind: readonly string[]): Promise<void> => {
  process.stderr.write(`waiting for ${behind.join(', ')} to load the new generation\n`)
  await new Promise((resolve) => setTimeout(resolve, waitMs))
}

interface Rewrapped {
  readonly rewrapped: number
  readonly broken: readonly string[]
}

const rewrapAll = async (data: string): Promise<Rewrapped> => {
  const { domainKeys } = await statusOf(data)
  const total = (domainKeys as readonly { count: number }[]).reduce((sum, row) => sum + row.count, 0)
  let [looked, rewrapped] = [0, 0]
  const broken: string[] = []
  for (let after: unknown = ''; after !== null; ) {
    const page = await administer(data, 'seal-rewrap', { after })
    looked += Number(page.looked)
    rewrapped += Number(page.rewrapped)
    broken.push(...(page.broken as readonly string[]))
    bar(looked, total)
    after = page.next
    const behind = page.behind as readonly string[]
    if (behind.length > 0) await waitFor(behind)
  }
  return { rewrapped, broken }
}

interface Rotation extends Shared {
  readonly keyStore?: string
  readonly resume?: boolean
}

const rotate = (): Command =>
  adminCommand('rotate-root', 'give the root key another generation, and wrap the domain keys by it')
    .addOption(new Option('--key-store <name>', 'the root key of key stores of this name, instead'))
    .addOption(new Option('--resume', 'only wrap what an interrupted rotation left').conflicts('keyStore'))
    .action(async (options: Rotation) => {
      const { data, keyStore, resume } = options
      if (!resume) await administer(data, 'seal-rotate', keyStore === undefined ? {} : { keyStore })
      const { rewrapped, broken } = await rewrapAll(data)
      let behind: readonly string[]
      do {
        behind = (await administer(data, 'seal-settle', {})).behind as readonly string[]
        if (behind.length > 0) await waitFor(behind)
      } while (behind.length > 0)
      const state = await statusOf(data)
      if (broken.length === 0) await mustAllOpen(data)
      print(
        options,
        { ...state, rewrapped, broken },
        `${rewrapped} domain keys were wrapped anew\n${shown(state)}\n${backUp}`,
      )
      if (broken.length > 0)
        throw new Error(
          `These domain keys do not open, and stay as they are: ${broken.join(', ')}. Run keystead doctor.`,
        )
    })

export const sealCommand = (): Command =>
  new Command('seal')
    .description('look after the root key: how it is kept, what opens it, its generations')
    .addCommand(status())
    .addCommand(unseal())
    .addCommand(migrate())
    .addCommand(rotate())

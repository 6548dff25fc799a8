/**
 * A root key and the seal on its file: opened at the start or by its operators, put under another seal, and given new
 * generations, each in two phases. The new file is written beside and opened again from the disk by what will open it
 * later, and only then takes the place of the old one, so that a crash at any moment leaves a file that opens.
 */
import { existsSync, statSync } from 'node:fs'
import type { NewSeal, Rejected, RootKey, SealState } from '../../core/ports.ts'
import { type Disk, putInPlace, readRootKeyFile, writeBeside } from './disk.ts'
import { openGenerations, type RootKeyFile, type SealedFile, sealGenerations } from './format.ts'
import {
  areSame,
  type Generation,
  type GenerationName,
  generationsMax,
  holdsAll,
  keyBytes,
  newest,
  newGeneration,
  RootKeyUnusable,
  zero,
} from './generations.ts'
import { HeldRootKey } from './held.ts'
import { type Custodians, faultOf, underSeal } from './new-seal.ts'
import { passphraseKey } from './passphrase.ts'
import { GivenShares } from './shares.ts'

export interface SealedRootKeyParts {
  readonly path: string
  /** Several processes of this folder serve; what opens one of them opens no other. */
  readonly severalProcesses: boolean
  readonly disk: Disk
  readonly custodians: Custodians
  /** So many ms. */
  sleep(milliseconds: number): Promise<unknown>
  /** Hears of what keeps a custodian's seal closed. */
  onFault(error: unknown): void
}

/** Whether a root key is the one that belongs here. */
type IsRight = (root: RootKey) => boolean

/** Between two tries of a custodian that is away, ms. */
const retryMs = 2000
/** After what was wrong, ms: whoever tries at random is slow. */
const wrongMs = 1000

const rejected = (why: string): Rejected => ({ rejected: why })
const isCustodian = (kind: string): kind is 'pkcs11' | 'kms' => kind === 'pkcs11' || kind === 'kms'
/** What is wrong with the file is told to who asked. */
const orRejected = (error: unknown): Rejected => {
  if (error instanceof RootKeyUnusable) return rejected(`cannot open it: ${error.message}`)
  throw error
}
const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

export class SealedRootKey {
  readonly root = new HeldRootKey(() => this.lookAgain())
  readonly #parts: SealedRootKeyParts
  #isRight: IsRight = () => true
  #file: RootKeyFile
  #readAt: string
  #sealKey: Buffer | undefined
  #given: GivenShares | undefined
  #why = ''
  #isUnderAnotherKey = false
  #trying = false
  #closed = false
  #last: Promise<unknown> = Promise.resolve()

  /** Reads the file. Throws `RootKeyUnusable`. */
  constructor(parts: SealedRootKeyParts) {
    this.#parts = parts
    this.#file = readRootKeyFile(parts.path)
    this.#readAt = this.#mark()
    this.#given = this.#sharesOf(this.#file)
  }

  /** Opens what opens by itself. Throws `RootKeyUnusable` where the root key is another's; a custodian is waited for. */
  async open(isRight: IsRight): Promise<void> {
    this.#isRight = isRight
    const { kind } = this.#file
    if (kind === 'file') return this.#accept(this.#file.generations, undefined)
    if (!isCustodian(kind) && this.#parts.severalProcesses)
      throw new RootKeyUnusable(
        `${this.#parts.path}: the seal ${kind} opens one process. Start without --workers, or use the seal pkcs11 or kms.`,
      )
    if (isCustodian(this.#file.kind) && !(await this.#tryCustodian())) void this.#keepTrying()
  }

  close(): void {
    this.#closed = true
    this.#forgetSealKey()
    this.root.hold([])
  }

  get isSealed(): boolean {
    return this.root.generations.length === 0
  }

  state(): SealState {
    const { kind, generations } = this.#file
    const { id, number } = newest<GenerationName | Generation>(generations)
    const needed = this.#given?.needed
    return {
      seal: kind,
      sealed: this.isSealed,
      told: this.isSealed ? this.#told(kind) : '',
      fault: this.isSealed ? this.#why : '',
      generation: { id, number },
      generations: generations.length,
      ...(needed === undefined ? {} : { needed, given: this.#given?.count ?? 0 }),
    }
  }

  /** A passphrase, or one share of those that are needed. What is wrong counts for nothing. */
  unseal(input: string): Promise<SealState | Rejected> {
    return this.#oneByOne(async () => {
      if (!this.isSealed) return rejected('is not needed: the root key is not sealed')
      const file = this.#file
      if (file.kind === 'file' || isCustodian(file.kind)) return rejected('does not open this kind of seal')
      const sealKey = await this.#keyFrom(file, this.#given, [input])
      if (sealKey === 'more') return this.state()
      if (typeof sealKey === 'string') return this.#wrong(sealKey)
      const generations = openOrZero(file, sealKey)
      if (!generations)
        return this.#wrong(this.#given ? 'and those before do not open it; begin anew' : 'does not open it')
      this.#accept(generations, sealKey)
      return this.state()
    }).catch(orRejected)
  }

  /** Phase one of another seal: the file is written beside, and in use nowhere. Shares are in the answer, this once. */
  prepare(to: NewSeal): Promise<{ readonly shares: readonly string[] } | Rejected> {
    return this.#oneByOne(async () => {
      if (this.isSealed) return rejected('must wait: the root key is sealed')
      const fault = this.#parts.severalProcesses ? 'needs a server without --workers' : faultOf(to)
      if (fault !== undefined) return rejected(fault)
      try {
        const { file, shares } = await underSeal(to, this.root.generations, this.#parts.custodians)
        writeBeside(this.#parts.disk, this.#next, file)
        return { shares }
      } catch (error) {
        return rejected(`cannot be done: ${messageOf(error)}`)
      }
    })
  }

  /** Phase two: what was prepared is opened from the disk, by what its operators kept, and takes the place of the old. */
  adopt(inputs: readonly string[]): Promise<SealState | Rejected> {
    return this.#oneByOne(async () => {
      if (this.isSealed) return rejected('must wait: the root key is sealed')
      if (!existsSync(this.#next)) return rejected('has nothing to adopt: prepare a seal first')
      const opened = await this.#openBeside(this.#next, inputs).catch((error) => `did not open: ${messageOf(error)}`)
      if (typeof opened === 'string') return this.#wrong(opened)
      const { file, sealKey, generations } = opened
      if (!areSame(generations, this.root.generations)) return rejected('is of older generations: prepare it again')
      this.#replace(this.#next, file, generations, sealKey)
      return this.state()
    })
  }

  /** A new generation, which wraps from now on; the older ones stay, for what they wrapped and for backups. */
  addGeneration(): Promise<SealState | Rejected> {
    return this.#oneByOne(async () => {
      if (this.isSealed) return rejected('must wait: the root key is sealed')
      await this.#takeIn()
      if (this.root.generations.length >= generationsMax) return rejected('has as many generations as it may')
      const made = newGeneration(this.root.generation.number + 1)
      const generations = [...this.root.generations, made]
      const beside = `${this.#parts.path}.new`
      writeBeside(this.#parts.disk, beside, this.#sameSeal(generations))
      const file = readRootKeyFile(beside)
      const again = this.#openHeld(file)
      if (!again || !areSame(again, generations)) throw new Error(`${beside}: it does not open again`)
      this.#replace(beside, file, again, this.#sealKey)
      made.key.fill(0)
      return this.state()
    })
  }

  /** Takes in what another process wrote: more generations under the same seal. Under another seal, what is held stays. */
  refresh(): Promise<void> {
    return this.#oneByOne(() => this.#takeIn())
  }

  /** Throws where the file, as it is now, would not give what is in use. */
  check(): void {
    if (existsSync(this.#next))
      throw new RootKeyUnusable(`${this.#next}: a migration was not finished. Run it again, or remove this file.`)
    const file = readRootKeyFile(this.#parts.path)
    const opened = this.isSealed ? undefined : this.#openHeld(file)
    const isGood = opened !== undefined && areSame(opened, this.root.generations)
    if (opened) zero(opened)
    if (!isGood) throw new RootKeyUnusable(`${this.#parts.path}: it does not hold the root key that is in use.`)
  }

  async #takeIn(): Promise<void> {
    this.#readAgain()
    if (this.isSealed) await this.open(this.#isRight)
    else if (this.#isUnderAnotherKey && isCustodian(this.#file.kind)) await this.#tryCustodian()
  }

  /** Where the file is another one by now, what the seal key at hand opens of it is held from now on. */
  #readAgain(): void {
    const mark = this.#mark()
    if (mark === this.#readAt) return
    const file = readRootKeyFile(this.#parts.path)
    this.#readAt = mark
    const generations = this.isSealed ? undefined : this.#openHeld(file)
    if (generations) this.#expectAll(generations)
    this.#file = file
    this.#given = this.#sharesOf(file)
    this.#isUnderAnotherKey = !generations
    if (!generations) return
    this.root.hold(generations)
    zero(generations)
  }

  #expectAll(generations: readonly Generation[]): void {
    if (holdsAll(generations, this.root.generations)) return
    throw new RootKeyUnusable(`${this.#parts.path}: it lacks generations that are in use; it is not taken in.`)
  }

  /** What another process added under the same seal is held from now on; there is nobody to tell of a fault but the log. */
  lookAgain(): void {
    try {
      this.#readAgain()
    } catch (error) {
      this.#parts.onFault(error)
    }
  }

  get #next(): string {
    return `${this.#parts.path}.next`
  }

  #sharesOf({ kind, ...file }: RootKeyFile): GivenShares | undefined {
    return kind === 'shamir' ? new GivenShares((file as SealedFile).parameters) : undefined
  }

  /** Changes whenever the file is replaced. */
  #mark(): string {
    const { ino, mtimeMs, size } = statSync(this.#parts.path)
    return `${ino} ${mtimeMs} ${size}`
  }

  #told(kind: RootKeyFile['kind']): string {
    if (isCustodian(kind)) return `the root key is sealed (${kind}), and what opens it does not answer`
    const progress = this.#given ? `, ${this.#given.count} of ${this.#given.needed} shares given` : ''
    return `the root key is sealed (${kind}${progress}); run: keystead seal unseal`
  }

  #accept(generations: readonly Generation[], sealKey: Buffer | undefined): void {
    this.#expectAll(generations)
    const candidate = new HeldRootKey()
    candidate.hold(generations)
    const right = this.#isRight(candidate)
    candidate.hold([])
    if (!right)
      throw new RootKeyUnusable(
        `${this.#parts.path}: this root key does not open the database beside it. Restore the right one.`,
      )
    this.root.hold(generations)
    zero(generations)
    this.#sealKey?.fill(0)
    this.#sealKey = sealKey
    this.#isUnderAnotherKey = false
  }

  #forgetSealKey(): void {
    this.#sealKey?.fill(0)
    this.#sealKey = undefined
    this.#given?.forget()
  }

  async #tryCustodian(): Promise<boolean> {
    try {
      const file = this.#file as SealedFile
      const sealKey = await this.#parts.custodians[file.kind as 'pkcs11' | 'kms'].unwrap(file.parameters)
      const generations = openOrZero(file, sealKey)
      if (!generations) throw new Error('what it gave does not open the file')
      this.#accept(generations, sealKey)
      return true
    } catch (error) {
      if (error instanceof RootKeyUnusable) throw error
      this.#noteFault(error)
      return false
    }
  }

  /** Told once: it is tried again and again. */
  #noteFault(error: unknown): void {
    const why = messageOf(error)
    if (why !== this.#why) this.#parts.onFault(error)
    this.#why = why
  }

  async #keepTrying(): Promise<void> {
    if (this.#trying) return
    this.#trying = true
    try {
      do await this.#parts.sleep(retryMs)
      while (!this.#closed && this.isSealed && isCustodian(this.#file.kind) && !(await this.#tryCustodian()))
    } catch (error) {
      this.#noteFault(error)
    } finally {
      this.#trying = false
    }
  }

  /** The seal key that these inputs give; `more` where shares are missing; else what is wrong with them. */
  async #keyFrom(
    file: SealedFile,
    given: GivenShares | undefined,
    inputs: readonly string[],
  ): Promise<Buffer | string> {
    if (isCustodian(file.kind)) return this.#parts.custodians[file.kind].unwrap(file.parameters)
    if (!given) return passphraseKey(file.parameters, inputs[0] ?? '')
    for (const input of inputs) {
      const fault = given.give(input)
      if (fault !== undefined) return fault
    }
    return given.count < given.needed ? 'more' : given.take()
  }

  async #openBeside(path: string, inputs: readonly string[]) {
    const file = readRootKeyFile(path)
    if (file.kind === 'file') return { file, sealKey: undefined, generations: file.generations }
    const sealKey = await this.#keyFrom(file, this.#sharesOf(file), inputs)
    if (typeof sealKey === 'string') return sealKey === 'more' ? 'needs more shares' : sealKey
    const generations = openOrZero(file, sealKey)
    return generations ? { file, sealKey, generations } : 'does not open what was prepared'
  }

  #openHeld(file: RootKeyFile): readonly Generation[] | undefined {
    if (file.kind === 'file') return file.generations
    return this.#sealKey && openGenerations(file, this.#sealKey)
  }

  /** The same seal around other generations. */
  #sameSeal(generations: readonly Generation[]): RootKeyFile {
    const { kind } = this.#file
    if (kind === 'file') return { kind, generations }
    if (!this.#sealKey) throw new Error('the seal of the file was changed by another process; unseal it again')
    return sealGenerations(kind, (this.#file as SealedFile).parameters, this.#sealKey, generations)
  }

  #replace(beside: string, file: RootKeyFile, generations: readonly Generation[], sealKey: Buffer | undefined): void {
    putInPlace(this.#parts.disk, beside, this.#parts.path)
    if (sealKey !== this.#sealKey) this.#forgetSealKey()
    this.#file = file
    this.#readAt = this.#mark()
    this.#given = this.#sharesOf(file)
    this.#sealKey = sealKey
    this.#isUnderAnotherKey = false
    this.root.hold(generations)
    zero(generations)
  }

  async #wrong(why: string): Promise<Rejected> {
    await this.#parts.sleep(wrongMs)
    return rejected(why)
  }

  /** Two commands at once would write one file. */
  #oneByOne<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#last.then(work)
    this.#last = done.catch(() => {})
    return done
  }
}

/** A seal key that opens nothing is not kept. */
const openOrZero = (file: SealedFile, sealKey: Buffer): readonly Generation[] | undefined => {
  const generations = sealKey.length === keyBytes ? openGenerations(file, sealKey) : undefined
  if (!generations) sealKey.fill(0)
  return generations
}

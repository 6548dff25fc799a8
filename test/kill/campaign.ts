/**
 * kill -9 at any moment, over and over on one folder: what was acknowledged is there afterwards, and the audit journal
 * has every acknowledged call exactly once.
 */
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Child, credentialsOf, serving } from '../server/child.ts'
import { checkJournals } from './journals.ts'
import { numbersFrom, World } from './world.ts'

export interface Campaign {
  readonly folder: string
  readonly cycles: number
  readonly seed: number
  /** The journal is read as a whole after every so many cycles, and at the end. */
  readonly journalEvery: number
  onCycle?(cycle: number, report: Report): void
}

export interface Report {
  readonly killedWhileStarting: number
  readonly acknowledged: number
  readonly keys: number
  readonly ciphertexts: number
  readonly journalLines: number
  readonly violations: readonly string[]
}

const clients = 4
/** Keys that are looked at again although the last cycle did not touch them. */
const olderKeys = 10

class Run {
  readonly #campaign: Campaign
  readonly #next: () => number
  readonly #world = new World()
  #killedWhileStarting = 0
  #journalLines = 0

  constructor(campaign: Campaign) {
    this.#campaign = campaign
    this.#next = numbersFrom(campaign.seed)
  }

  get report(): Report {
    return { ...this.#world.sofar, killedWhileStarting: this.#killedWhileStarting, journalLines: this.#journalLines }
  }

  async #kill(child: Child): Promise<void> {
    child.process.kill('SIGKILL')
    const { code, stderr } = await child.exited
    if (code !== null || stderr !== '') this.#world.violations.push(`the server (${code}) said: ${stderr}`)
  }

  /** One in eight is killed before it listens, the first set-up included. */
  async #killStarting(): Promise<void> {
    const child = serving(this.#campaign.folder)
    await sleep(30 + this.#next() * 500)
    await this.#kill(child)
    this.#killedWhileStarting += 1
  }

  async cycle(): Promise<void> {
    if (this.#next() < 0.125) return this.#killStarting()
    const child = serving(this.#campaign.folder)
    const endpoint = await child.endpoint
    const credentials = credentialsOf(this.#campaign.folder)
    await this.#world.check(endpoint, credentials, this.#world.toCheck(this.#next, olderKeys)).catch((error) => {
      this.#world.violations.push(`a check was not answered: ${error}`)
    })
    const load = Array.from({ length: clients }, () => {
      const next = numbersFrom(this.#next() * 4_294_967_296)
      return this.#world.client(endpoint, credentials, next)
    })
    await sleep(100 + this.#next() * 300)
    await this.#kill(child)
    await Promise.all(load)
  }

  /** The whole journal, after a start has repaired its end. */
  async journal(): Promise<void> {
    this.#journalLines = await checkJournals([join(this.#campaign.folder, 'audit')], this.#world)
  }

  /** A last start, everything looked at, and a stop by SIGTERM. */
  async end(): Promise<void> {
    const child = serving(this.#campaign.folder)
    const endpoint = await child.endpoint
    await this.#world.check(endpoint, credentialsOf(this.#campaign.folder), this.#world.keys)
    const { code } = await child.stop()
    if (code !== 0) this.#world.violations.push(`the last server ended with ${code}`)
    await this.journal()
  }
}

export const runCampaign = async (campaign: Campaign): Promise<Report> => {
  const run = new Run(campaign)
  for (let cycle = 1; cycle <= campaign.cycles && run.report.violations.length === 0; cycle++) {
    await run.cycle()
    if (cycle % campaign.journalEvery === 0) {
      const child = serving(campaign.folder)
      await child.endpoint
      await child.stop()
      await run.journal()
    }
    campaign.onCycle?.(cycle, run.report)
  }
  await run.end()
  return run.report
}

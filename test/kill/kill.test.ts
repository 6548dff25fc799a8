import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../harness/keystead.ts'
import { runCampaign } from './campaign.ts'

const cycles = Number(process.env.KEYSTEAD_KILL_CYCLES ?? 50)
const seed = Number(process.env.KEYSTEAD_KILL_SEED ?? Date.now() % 4_294_967_296)

test(
  `kill -9 loses no acknowledged key, ciphertext or record, ${cycles} times (seed ${seed})`,
  async () => {
    const parent = temporaryFolder()
    const folder = join(parent, 'data')
    const report = await runCampaign({ folder, cycles, seed, journalEvery: Math.max(10, Math.ceil(cycles / 5)) })
    expect(report.violations).toEqual([])
    // The campaign met what it is about.
    expect(report.acknowledged).toBeGreaterThan(cycles * 5)
    expect(report.keys).toBeGreaterThan(cycles)
    expect(report.ciphertexts).toBeGreaterThan(cycles)
    rmSync(parent, { recursive: true })
  },
  cycles * 10_000 + 60_000,
)

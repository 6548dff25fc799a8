import { expect, test } from 'vitest'
import { newDatabase } from '../harness/postgres.ts'
import { runNodesCampaign } from './nodes.ts'

const cycles = Number(process.env.KEYSTEAD_KILL_NODES_CYCLES ?? 4)
const seed = Number(process.env.KEYSTEAD_KILL_SEED ?? Date.now() % 4_294_967_296)

test(
  `kill -9 of one of three nodes loses no acknowledged key, ciphertext or record, ${cycles} times (seed ${seed})`,
  async () => {
    const { url } = await newDatabase()
    const report = await runNodesCampaign({ nodes: 3, cycles, seed, url })
    expect(report.violations).toEqual([])
    expect(report.acknowledged).toBeGreaterThan(cycles * 10)
    expect(report.keys).toBeGreaterThan(cycles)
    expect(report.ciphertexts).toBeGreaterThan(cycles)
  },
  cycles * 15_000 + 60_000,
)

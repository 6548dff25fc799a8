/**
 * `npm run campaign`: the long form of test/kill, and of the fuzzing of our own API.
 */
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fuzzNative } from '../test/dialects/native/campaign.ts'
import { type Report, runCampaign } from '../test/kill/campaign.ts'
import { runNodesCampaign } from '../test/kill/nodes.ts'
import { optionsFrom } from './options.ts'

const help = `npm run campaign                  kills a server under load and looks what it kept, 500 times

  --cycles N    how often
  --seed N      which campaign: each prints its own, and the same one does the same again
  --data DIR    where; it must not be there yet, and stays where something was found
  --nodes N     so many nodes, at most 9, over one PostgreSQL server; one of them is killed at a time
  --native N    another campaign: so many requests to our own API, drawn from its OpenAPI document
`
const values = optionsFrom(help, {
  cycles: { type: 'string' },
  seed: { type: 'string' },
  data: { type: 'string' },
  nodes: { type: 'string' },
  native: { type: 'string' },
})
const cycles = Number(values.cycles ?? 500)
const seed = Number(values.seed ?? Date.now() % 4_294_967_296)
const nodes = Number(values.nodes ?? 1)
const folder = values.data ?? join(mkdtempSync(join(tmpdir(), 'keystead-campaign-')), 'data')
if (
  !Number.isSafeInteger(cycles) ||
  cycles < 1 ||
  !(nodes >= 1 && nodes <= 9) ||
  !Number.isSafeInteger(seed) ||
  existsSync(folder)
) {
  process.stderr.write(
    'campaign: --cycles, --seed and --nodes are whole numbers, and --data is a folder that is not there yet\n',
  )
  process.exit(1)
}

if (values.native !== undefined) {
  const { answered, wrong } = await fuzzNative(Number(values.native), seed)
  for (const { asked, what } of wrong) process.stdout.write(`${JSON.stringify(asked)}\n  ${what}\n`)
  const counts = [...answered].toSorted(([a], [b]) => a - b).map(([status, count]) => `${count} times ${status}`)
  process.stdout.write(`${counts.join(', ')}; again with --seed ${seed}\n`)
  process.exit(wrong.length === 0 ? 0 : 1)
}

const told = ({ killedWhileStarting, acknowledged, keys, ciphertexts, journalLines }: Report): string =>
  `${keys} keys, ${ciphertexts} ciphertexts, ${acknowledged} calls, ${journalLines} journal lines, ` +
  `${killedWhileStarting} killed while starting`

const over = process.stdout.isTTY ? '\r\x1b[K' : ''
const progress = (text: string): void => {
  process.stdout.write(process.stdout.isTTY ? `${over}${text}` : `${text}\n`)
}

const where = nodes > 1 ? `one of ${nodes} nodes` : folder
process.stdout.write(`kill -9, ${cycles} times in ${where}; again with --seed ${seed}\n`)
const started = performance.now()
const onCycle = (cycle: number, sofar: Report): void => {
  if (process.stdout.isTTY || cycle % 25 === 0) progress(`${cycle}/${cycles}: ${told(sofar)}`)
}
const report = await (nodes > 1
  ? runNodesCampaign({ nodes, cycles, seed, onCycle })
  : runCampaign({ folder, cycles, seed, journalEvery: 25, onCycle }))

process.stdout.write(`${over}${told(report)}, in ${((performance.now() - started) / 1000).toFixed(0)} s\n`)
for (const violation of report.violations) process.stdout.write(`${violation}\n`)
process.stdout.write(report.violations.length === 0 ? 'nothing was lost\n' : `the folder is kept: ${folder}\n`)
if (report.violations.length === 0) rmSync(folder, { recursive: true, force: true })
process.exitCode = report.violations.length === 0 ? 0 : 1

/** Asks for a check of everything, and follows it. */
import { administerLines, settingsFor, table } from './admin.ts'
import { askLines, type Reach } from './client.ts'
import { progress } from './progress.ts'

interface Checked {
  readonly checked: string
  readonly count: number
}
interface Finding {
  readonly name: string
  readonly ok: boolean
  readonly detail: string
}

/** A bar for each kind of thing that is checked, with as many of them as `totals` knows. */
const follow = async (lines: AsyncIterable<string>, totals: Readonly<Record<string, number>>): Promise<Finding[]> => {
  const findings: Finding[] = []
  let bar: { name: string; count: number; shown: ReturnType<typeof progress> } | undefined
  for await (const line of lines) {
    const step = JSON.parse(line) as Checked | Finding
    if ('ok' in step) {
      findings.push(step)
      bar?.shown.done()
      bar = undefined
      continue
    }
    const { checked: name, count } = step
    bar ??= { name, count: 0, shown: progress(`checking ${name}`, totals[name] ?? 0) }
    bar.shown.advance(count - bar.count)
    bar.count = count
  }
  return findings
}

export interface Checks {
  readonly ok: boolean
  readonly findings: readonly Finding[]
}

const checksOf = (findings: readonly Finding[]): Checks => ({ ok: findings.every(({ ok }) => ok), findings })

/** The same of any server. */
export const checkAnywhere = async (reach: Reach): Promise<Checks> =>
  checksOf(await askLines(reach, 'doctor', {}, (lines) => follow(lines, {})))

export const checkEverything = async (
  data: string,
  totals: Readonly<Record<string, number>> = {},
  settings = settingsFor,
): Promise<Checks> => {
  return checksOf(await administerLines(data, 'doctor', {}, (lines) => follow(lines, totals), settings))
}

/** For people: what is broken, or all of it. */
export const findingsTable = (findings: readonly Finding[]): string =>
  table(
    ['', '', ''],
    findings.map(({ ok, name, detail }) => [ok ? 'ok' : 'BROKEN', name, detail]),
  ).trimStart()

/** Before a command says that it is done: everything still opens. Throws what does not, and what to do. */
export const mustAllOpen = async (data: string): Promise<void> => {
  const { ok, findings } = await checkEverything(data)
  if (ok) return
  const broken = findingsTable(findings.filter((finding) => !finding.ok))
  throw new Error(`not everything is sound; see keystead doctor.\n${broken}`)
}

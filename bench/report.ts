/** What a run found, as JSON for programs and as one page for people. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { arch, cpus, release, totalmem, type } from 'node:os'
import { join } from 'node:path'
import { escaped } from './charts.ts'

export interface Machine {
  readonly processors: string
  readonly memory: string
  readonly system: string
  readonly node: string
  readonly takenAt: string
}

export const machineHere = (): Machine => {
  const [processor] = cpus()
  return {
    processors: `${cpus().length} x ${processor?.model ?? arch()}`,
    memory: `${Math.round(totalmem() / 2 ** 30)} GiB`,
    system: `${type()} ${release()}, ${arch()}`,
    node: process.version,
    takenAt: new Date().toISOString(),
  }
}

export const machineLine = ({ processors, memory, system, node }: Machine): string =>
  `${processors}, ${memory}, ${system}, Node ${node}`

export interface Table {
  readonly columns: readonly string[]
  readonly rows: readonly (readonly string[])[]
}

export interface Section {
  readonly title: string
  /** Sentences below the title. */
  readonly told?: string
  readonly table?: Table
  /** SVG. */
  readonly charts?: readonly string[]
}

const style = `body{font:14px/1.5 system-ui,sans-serif;max-width:1000px;margin:2em auto;padding:0 1em;color:#1c1917}
table{border-collapse:collapse;font-variant-numeric:tabular-nums;width:100%}th,td{padding:2px 8px;text-align:right;
border-bottom:1px solid #e7e5e4}th:first-child,td:first-child{text-align:left}svg{width:100%;font:11px system-ui,sans-serif}
.bar{fill:#0b6bcb}.floor{fill:#a8a29e}.label{text-anchor:end}.grid{stroke:#e7e5e4}`

const tableOf = ({ columns, rows }: Table): string => {
  const row = (cells: readonly string[], tag: string) =>
    `<tr>${cells.map((cell) => `<${tag}>${escaped(cell)}</${tag}>`).join('')}</tr>`
  return `<table>${row(columns, 'th')}\n${rows.map((cells) => row(cells, 'td')).join('\n')}</table>`
}

const sectionOf = ({ title, told = '', table, charts = [] }: Section): string =>
  [`<h2>${escaped(title)}</h2>`, `<p>${escaped(told)}</p>`, ...charts, table ? tableOf(table) : ''].join('\n')

/** A whole page; nothing in it is loaded from elsewhere. */
export const page = (title: string, machine: Machine, sections: readonly Section[]): string => `<!doctype html>
<html lang="en"><meta charset="utf-8"><title>${escaped(title)}</title><style>${style}</style>
<h1>${escaped(title)}</h1>
<p>${escaped(machineLine(machine))}; ${escaped(machine.takenAt)}</p>
${sections.map(sectionOf).join('\n')}
</html>
`

/** Writes `NAME.json` and `NAME.html` into a folder, and says where. */
export const writeReport = (folder: string, name: string, found: object, html: string): void => {
  mkdirSync(folder, { recursive: true })
  const [json, htmlFile] = [join(folder, `${name}.json`), join(folder, `${name}.html`)]
  writeFileSync(json, `${JSON.stringify(found, null, 2)}\n`)
  writeFileSync(htmlFile, html)
  process.stdout.write(`\n${json}\n${htmlFile}\n`)
}

/** `status` and `doctor`. */
import type { Command } from 'commander'
import { type Members, print, table } from './admin.ts'
import { checkAnywhere, findingsTable } from './checking.ts'
import { ask, clientCommand, type Reach } from './client.ts'

export const statusCommand = (): Command =>
  clientCommand('status', 'tell how the installation is').action(async (options: Reach) => {
    const { status } = await ask(options, 'status', {})
    const rows = Object.entries(status as Members).map(([name, value]) => [name, String(value)])
    print(options, status, table(['', ''], rows).trimStart())
  })

export const doctorCommand = (): Command =>
  clientCommand(
    'doctor',
    'check everything: files, database, journal, and that every key still opens what it sealed',
  ).action(async (options: Reach) => {
    const checks = await checkAnywhere(options)
    print(options, checks, findingsTable(checks.findings))
    if (!checks.ok) process.exitCode = 1
  })

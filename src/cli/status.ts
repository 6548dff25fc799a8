/** `status` and `doctor`. */
import type { Command } from 'commander'
import { adminCommand, administer, type Members, print, type Shared, table } from './admin.ts'
import { checkEverything, findingsTable } from './checking.ts'

export const statusCommand = (): Command =>
  adminCommand('status', 'tell how the installation is').action(async (options: Shared) => {
    const { status } = await administer(options.data, 'status', {})
    const rows = Object.entries(status as Members).map(([name, value]) => [name, String(value)])
    print(options, status, table(['', ''], rows).trimStart())
  })

export const doctorCommand = (): Command =>
  adminCommand(
    'doctor',
    'check everything: files, database, journal, and that every key still opens what it sealed',
  ).action(async (options: Shared) => {
    const checks = await checkEverything(options.data)
    print(options, checks, findingsTable(checks.findings))
    if (!checks.ok) process.exitCode = 1
  })

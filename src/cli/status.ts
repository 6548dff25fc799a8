/** `status` and `doctor`. */
import type { Command } from 'commander'
import { adminCommand, administer, type Members, print, type Shared, table } from './admin.ts'

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
    const answer = await administer(options.data, 'doctor', {})
    const rows = (answer.findings as readonly Members[]).map((one) => [
      one.ok ? 'ok' : 'BROKEN',
      String(one.name),
      String(one.detail),
    ])
    print(options, answer, table(['', '', ''], rows).trimStart())
    if (!answer.ok) process.exitCode = 1
  })

import { execFileSync, spawn } from 'node:child_process'
import { appendFileSync, readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { describe, expect, test } from 'vitest'
import { type AuditLog, JournalFault } from '../../src/adapters/audit-log/journal.ts'
import {
  chainHolds,
  dataFolder,
  dayMs,
  entry,
  filesOf,
  linesOf,
  MovedClock,
  opened,
  requestsOf,
  until,
} from './journal-folder.ts'

const childOf = (file: string): string => join(import.meta.dirname, file)

/** A journal with one entry `r0`, its newest part, and what it said of its faults. */
const running = async (): Promise<{
  data: string
  log: AuditLog
  clock: MovedClock
  part: string
  faults: string[]
}> => {
  const data = dataFolder()
  const clock = new MovedClock()
  const faults: string[] = []
  const log = await opened(data, { clock, onFault: ({ message }) => faults.push(message) })
  await log.append(entry('r0'))
  return { data, log, clock, part: join(data, 'audit', filesOf(data)[0]!), faults }
}

const notesOf = (data: string) =>
  linesOf(data)
    .map((line) => JSON.parse(line))
    .filter(({ type }) => type === 'note')

describe('a fault', () => {
  test('of a full disk refuses everything that waits, and passes by itself without a hole in the chain', () => {
    const data = dataFolder()
    // `ulimit -f` counts blocks of 512 bytes (POSIX). Writing beyond fails with EFBIG, on any machine and for any user.
    const command = `ulimit -f 128 && exec "${process.execPath}" --no-warnings "${childOf('limited.ts')}" "${data}/audit"`
    const report = JSON.parse(execFileSync('sh', ['-c', command], { encoding: 'utf8' }))
    const names = (word: string): string[] => Array.from({ length: 10 }, (_, index) => `${word} ${index}`)
    expect(report).toMatchObject({ healthyAfterFault: false, meanwhile: report.many[0] })
    expect(report.many).toEqual(['The audit journal cannot be written: EFBIG: file too large, write'])
    expect(report.faults).toEqual(report.many)
    expect(report.acknowledged).toEqual([...names('small'), ...names('again')])
    expect(requestsOf(data)).toEqual(report.acknowledged)
    expect(chainHolds(linesOf(data))).toBe(true)
    expect(notesOf(data)).toMatchObject([{ note: 'fault', bytes: expect.any(Number) }])
    expect(notesOf(data)[0].bytes).toBeGreaterThan(60_000)
  })

  test('of the folder rejects with a JournalFault, is told once, and passes when the folder is back', async () => {
    const { data, log, clock, faults } = await running()
    renameSync(join(data, 'audit'), join(data, 'elsewhere'))
    writeFileSync(join(data, 'audit'), 'in the way')
    clock.move(dayMs)
    const refusals = await Promise.all(
      ['r1', 'r2'].map((request) => log.append(entry(request)).catch((error) => error)),
    )
    for (const refusal of refusals) expect(refusal).toBeInstanceOf(JournalFault)
    await expect(log.append(entry('r3'))).rejects.toThrow('The audit journal cannot be written: ENOTDIR')
    await expect(log.has(['r0'])).rejects.toThrow(JournalFault)
    await new Promise((resolve) => setTimeout(resolve, 2500))
    expect(log.healthy).toBe(false)
    expect(new Set(faults).size).toBe(faults.length)
    rmSync(join(data, 'audit'))
    renameSync(join(data, 'elsewhere'), join(data, 'audit'))
    await until(() => log.healthy)
    await log.append(entry('r4'))
    expect(requestsOf(data)).toEqual(['r0', 'r4'])
    expect(chainHolds(linesOf(data))).toBe(true)
  })

  test('of another program writing into the part is seen at the next flush, and what it wrote is cut', async () => {
    const { data, log, part, faults } = await running()
    appendFileSync(part, 'not ours\n')
    await expect(log.append(entry('r1'))).rejects.toThrow('was changed by another program')
    expect(log.healthy).toBe(false)
    await until(() => log.healthy)
    await log.append(entry('r2'))
    expect(requestsOf(data)).toEqual(['r0', 'r2'])
    expect(notesOf(data)).toMatchObject([{ note: 'fault', bytes: expect.any(Number) }])
    expect(notesOf(data)[0].bytes).toBeGreaterThan(9)
    expect(chainHolds(linesOf(data))).toBe(true)
    expect(faults.length).toBe(1)
  })

  test('of a deleted part is seen at the next flush, and lasts until what was durable is there again', async () => {
    const { data, log, part, faults } = await running()
    const kept = readFileSync(part)
    rmSync(part)
    await expect(log.append(entry('r1'))).rejects.toThrow('was deleted')
    await until(() => faults.length === 2)
    expect(faults[1]).toContain('line 1 of the journal, which was durable, is no longer its last')
    await expect(log.append(entry('r2'))).rejects.toThrow('which was durable')
    writeFileSync(part, kept, { mode: 0o600 })
    await until(() => log.healthy)
    await log.append(entry('r3'))
    expect(requestsOf(data)).toEqual(['r0', 'r3'])
    expect(chainHolds(linesOf(data))).toBe(true)
  })

  test('of a part cut short is not papered over', async () => {
    const { log, part, faults } = await running()
    truncateSync(part, 20)
    await expect(log.append(entry('r1'))).rejects.toThrow('was changed by another program')
    await until(() => faults.length === 2)
    expect(log.healthy).toBe(false)
  })

  test('does not keep a closing journal from its end', async () => {
    const { log, part } = await running()
    rmSync(part)
    await expect(log.append(entry('r1'))).rejects.toThrow()
    await log.close()
    await expect(log.append(entry('r2'))).rejects.toThrow('it is closed')
  })
})

describe('kill -9', () => {
  /** Runs the appender until some lines were acknowledged and then for `ms` more; gives what it acknowledged. */
  const killed = async (folder: string, round: number, ms: number): Promise<string[]> => {
    const child = spawn(process.execPath, ['--no-warnings', childOf('appender.ts'), folder, `${round}`])
    const acknowledged: string[] = []
    const lines = createInterface({ input: child.stdout })
    lines.once('line', () => setTimeout(() => child.kill('SIGKILL'), ms))
    lines.on('line', (line) => acknowledged.push(line))
    await new Promise((resolve) => lines.once('close', resolve))
    expect(child.exitCode).toBeNull()
    // A line of stdout may itself be torn by the kill: it is then no acknowledged request.
    return acknowledged.filter((line, index) => index < acknowledged.length - 1 || /-\d+$/.test(line))
  }

  test('loses no acknowledged entry and leaves a whole chain, over and over', async () => {
    const data = dataFolder()
    const acknowledged: string[] = []
    for (let round = 0; round < 6; round += 1) {
      acknowledged.push(...(await killed(join(data, 'audit'), round, 20 + round * 37)))
      const log = await opened(data)
      await log.close()
      const written = new Set(requestsOf(data))
      expect(acknowledged.filter((request) => !written.has(request))).toEqual([])
      expect(chainHolds(linesOf(data))).toBe(true)
    }
    expect(acknowledged.length).toBeGreaterThan(1000)
  })
})

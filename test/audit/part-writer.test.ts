import type * as FileSystem from 'node:fs'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, expect, test, vi } from 'vitest'
import { entryBody } from '../../src/adapters/audit-log/line.ts'
import { PartWriter } from '../../src/adapters/audit-log/part-writer.ts'
import { openFolder, reopenFolder } from '../../src/adapters/audit-log/recover.ts'
import { chainHolds, dataFolder, entry, linesOf, noon, requestsOf } from './journal-folder.ts'

const disk = vi.hoisted(() => ({ calls: [] as string[], failing: false, writeAtMost: Number.POSITIVE_INFINITY }))

vi.mock('node:fs', async (original) => {
  const real = await original<typeof FileSystem>()
  const writeSync = (fd: number, bytes: Buffer, from = 0): number => {
    disk.calls.push('write')
    return real.writeSync(fd, bytes, from, Math.min(bytes.length - from, disk.writeAtMost))
  }
  const fdatasyncSync = (fd: number): void => {
    disk.calls.push('flush')
    if (disk.failing) throw new Error('EIO: i/o error, fdatasync')
    real.fdatasyncSync(fd)
  }
  return { ...real, writeSync, fdatasyncSync }
})

let folder: string
let data: string
beforeEach(() => {
  data = dataFolder()
  folder = join(data, 'audit')
  mkdirSync(folder)
  Object.assign(disk, { calls: [], failing: false, writeAtMost: Number.POSITIVE_INFINITY })
})

const bodies = (...requests: string[]): string[] => requests.map((request) => entryBody(entry(request)))
const newWriter = (): PartWriter => PartWriter.create(folder, 1e9, { seq: 0, hash: '0'.repeat(64) }, noon)

test('a thousand lines take one write and one flush, in this order', () => {
  const writer = newWriter()
  writer.append(bodies(...Array.from({ length: 1000 }, (_, index) => `r${index}`)), 1000)
  expect(disk.calls).toEqual(['write', 'flush'])
  expect(writer.durable).toMatchObject({ seq: 1000, entries: 1000 })
  writer.close()
})

test('a write that the system takes in pieces is written to its end before the flush', () => {
  const writer = newWriter()
  disk.writeAtMost = 100
  writer.append(bodies('r0', 'r1', 'r2'), 3)
  expect(disk.calls.length).toBeGreaterThan(7)
  expect(disk.calls.indexOf('flush')).toBe(disk.calls.length - 1)
  expect(requestsOf(data)).toEqual(['r0', 'r1', 'r2'])
  writer.close()
})

test('lines whose flush failed are not durable, and are taken back though they can be read', async () => {
  const writer = newWriter()
  writer.append(bodies('r0'), 1)
  const durable = writer.durable
  disk.failing = true
  expect(() => writer.append(bodies('r1'), 1)).toThrow('EIO')
  expect(writer.durable).toBe(durable)
  expect(requestsOf(data)).toEqual(['r0', 'r1'])
  await expect(reopenFolder(folder, 1e9, noon, durable)).rejects.toThrow('EIO')
  disk.failing = false
  const { writer: next } = await reopenFolder(folder, 1e9, noon, durable)
  next.append(bodies('r2'), 1)
  expect(requestsOf(data)).toEqual(['r0', 'r2'])
  expect(linesOf(data).map((line) => JSON.parse(line).type)).toEqual(['entry', 'close', 'note', 'entry'])
  expect(chainHolds(linesOf(data))).toBe(true)
  writer.close()
  next.close()
})

test('what a crashed process left unflushed is flushed before the chain goes on', async () => {
  const writer = newWriter()
  disk.failing = true
  expect(() => writer.append(bodies('r0'), 1)).toThrow('EIO')
  writer.close()
  disk.failing = false
  disk.calls = []
  const { writer: next } = await openFolder(folder, 1e9, noon)
  expect(disk.calls).toEqual(['flush'])
  next.append(bodies('r1'), 1)
  expect(requestsOf(data)).toEqual(['r0', 'r1'])
  next.close()
})

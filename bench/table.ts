/** The rows of a run on a terminal, as they come. */
import type { BenchRow, Figures } from './rows.ts'

const widths = [58, 9, 9, 9, 9, 7, 10]
export const columns = ['', 'calls/s', 'p50 ms', 'p99 ms', 'CPU us', 'ratio', 'primitive']

export const line = (cells: readonly string[]): string =>
  `${cells.map((cell, at) => (at === 0 ? cell.padEnd(widths[0] as number) : cell.padStart(widths[at] as number))).join('')}\n`

export const figure = (value: number | undefined, digits: number): string =>
  value === undefined || Number.isNaN(value) ? '-' : value.toFixed(digits)

const cellsOf = ({ perSecond, p50Ms, p99Ms, cpuPerRequest }: Figures): string[] => [
  figure(perSecond, 0),
  figure(p50Ms, 2),
  figure(p99Ms, 2),
  figure(cpuPerRequest, 1),
]

/** A row, and below it the floor's. */
export const linesOf = (row: BenchRow): string[][] => [
  [row.name, ...cellsOf(row), figure(row.ratio, 2), figure(row.primitive, 1)],
  ...(row.floor ? [['  floor', ...cellsOf(row.floor), '1.00', '']] : []),
]

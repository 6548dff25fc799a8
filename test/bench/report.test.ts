import { describe, expect, test } from 'vitest'
import { bars, lines } from '../../bench/charts.ts'
import type { LoadSample } from '../../bench/load.ts'
import { judged as judgedOverload } from '../../bench/overload.ts'
import { planned, rowName } from '../../bench/plan.ts'
import { machineHere, page } from '../../bench/report.ts'
import { judged as judgedSoak } from '../../bench/soak.ts'

describe('the page of a run', () => {
  test('loads nothing from elsewhere, and shows names as they are', () => {
    const charts = [
      bars([{ label: 'a < b', value: 2, beside: 1, told: '2 us' }]),
      lines(
        [
          {
            name: 'p99',
            points: [
              [0, 1],
              [1, Number.NaN],
              [2, 3],
            ],
          },
        ],
        'minutes',
        'ms',
      ),
    ]
    const html = page('What "calls" cost', machineHere(), [
      { title: 'R&D', charts, table: { columns: ['', 'ms'], rows: [['<row>', '1.0']] } },
    ])
    expect(html).not.toMatch(/https?:|src=|@import|NaN|undefined/)
    for (const text of ['R&amp;D', '&lt;row&gt;', 'a &lt; b', 'What &quot;calls&quot; cost'])
      expect(html).toContain(text)
    expect(html.match(/<svg /g)).toHaveLength(2)
  })

  test('a bar is as long as its value', () => {
    const [, long, short] = bars([
      { label: 'a', value: 4, told: '' },
      { label: 'b', value: 1, told: '' },
    ]).split('class="label"')
    const width = (text = '') => Number(/width="([\d.]+)" height="10"/.exec(text)?.[1])
    expect(width(long)).toBe(4 * width(short))
  })
})

describe('what is planned', () => {
  const database = 'postgres://localhost/x'
  const asked = {
    full: true,
    only: '',
    connections: [1, 64],
    databaseUrl: database,
    keysData: '/keys',
    keysNode: { data: '/node', database },
  }

  test('has no row twice', () => {
    const names = planned(asked).flatMap(({ name, steps }) => steps.map((step) => rowName(name, step)))
    expect(names.length).toBeGreaterThan(80)
    expect(new Set(names).size).toBe(names.length)
  })

  test('is what has the text in its name, and no server without a row', () => {
    const settings = planned({ ...asked, only: 'postgresql' })
    expect(settings.map(({ name }) => name)).toEqual(['PostgreSQL', 'many keys, PostgreSQL'])
    expect(planned({ ...asked, only: 'nothing is called so' })).toEqual([])
  })
})

describe('a soak', () => {
  const sample = (at: number, changed = {}): LoadSample & { rssBytes: number; heapBytes: number } => ({
    at,
    perSecond: 1000,
    p50Ms: 1,
    p99Ms: 4,
    errors: 0,
    shed: 0,
    rssBytes: 200e6,
    heapBytes: 30e6,
    ...changed,
  })
  const quiet = {
    minutes: 20,
    rounds: Array.from({ length: 20 }, (_, at) => ({ at: at * 60, capacity: 1250, floor: 5000, perSecond: 1000 })),
    samples: Array.from({ length: 40 }, (_, at) => sample(at)),
    lives: 10,
    faults: [] as string[],
    errors: 0,
    collected: [20e6, 21e6] as const,
  }
  const grown = (changed: object) => quiet.samples.map((each, at) => (at >= 30 ? { ...each, ...changed } : each))

  test('in which nothing grows is fine', () => expect(judgedSoak(quiet)).toEqual([]))

  test.each([
    ['memory that grows', { samples: grown({ rssBytes: 240e6 }) }],
    ['a p99 that grows', { samples: grown({ p99Ms: 8 }) }],
    ['objects that stay', { collected: [20e6, 30e6] as const }],
    [
      'a server that can do less',
      { rounds: quiet.rounds.map((each, at) => (at < 15 ? each : { ...each, capacity: 900 })) },
    ],
    ['an error', { errors: 1 }],
    ['a disabled key that encrypted', { faults: ['a disabled key encrypted'] }],
  ])('tells %s', (_name, changed) => expect(judgedSoak({ ...quiet, ...changed })).toHaveLength(1))
})

describe('an overload', () => {
  const phase = {
    name: 'a phase',
    duePerSecond: 1000,
    acceptedPerSecond: 900,
    shedPerSecond: 0,
    unsentPerSecond: 0,
    p50Ms: 1,
    p99Ms: 40,
    maxMs: 50,
    errors: 0,
  }
  const over = { ...phase, shedPerSecond: 2000 }

  test('that sheds, answers in time and is over at once is fine', () => {
    expect(judgedOverload([phase, over, phase])).toEqual([])
  })

  test.each([
    ['that shed before', [over, over, phase]],
    ['in which calls waited', [phase, { ...over, p99Ms: 101 }, phase]],
    ['that shed nothing', [phase, phase, phase]],
    ['that went on', [phase, over, over]],
    ['with errors', [phase, { ...over, errors: 1 }, phase]],
    ['that did not end', [phase, over]],
  ])('%s is told', (_name, phases) => expect(judgedOverload(phases)).toHaveLength(1))
})

/** A process's half of the barrier, over a connection that answers as the server would. */
import type pg from 'pg'
import { expect, test } from 'vitest'
import { CachedView } from '../../src/adapters/sql/cached-view.ts'
import { Membership } from '../../src/adapters/sql/postgres/membership.ts'
import { systemClock } from '../../src/adapters/system/clock.ts'

test('a hint that comes while a process leaves does not make it a member again', async () => {
  const members = new Set<unknown>()
  let notify = () => {}
  let joins = 0
  const client = {
    on: (event: string, told: () => void) => {
      if (event === 'notification') notify = told
    },
    query: async (statement: string, [id]: readonly unknown[] = []) => {
      if (statement.startsWith('insert into member')) {
        members.add(id)
        joins += 1
      }
      if (statement.startsWith('delete from member')) {
        members.delete(id)
        notify()
      }
      if (!statement.startsWith('with mine')) return { rows: [] }
      return { rows: [{ generation: 'one', epoch: 0, alive: members.has(id) ? 1 : 0, changed: [] }] }
    },
    end: async () => {},
  }
  const membership = new Membership({
    clock: systemClock,
    leaseMs: 1_000,
    node: 'node',
    view: new CachedView(0, 10, async () => undefined),
    hints: true,
    connect: async () => client as unknown as pg.Client,
    rootGeneration: () => undefined,
    onWentBack: () => {},
  })
  await membership.renewed()
  expect([joins, members.size]).toEqual([1, 1])
  await membership.close()
  await new Promise((resolve) => setTimeout(resolve, 20))
  expect([joins, members.size, membership.valid]).toEqual([1, 0, false])
})

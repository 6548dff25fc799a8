import { describe, expect, test } from 'vitest'
import { modifyDescription, rename } from '../../src/core/operations/attributes.ts'
import { create } from '../../src/core/operations/create.ts'
import { createRequest, openHouse } from './house.ts'

const withTwo = async () => {
  const house = openHouse()
  const [a, b] = [
    await house.ok(create, createRequest({ name: 'a' })),
    await house.ok(create, createRequest({ name: 'b' })),
  ]
  return { house, a, b }
}

describe('a new name', () => {
  test('frees the old one and takes nothing away from anybody', async () => {
    const { house, a, b } = await withTwo()
    await house.ok(rename, { keyId: a.id, name: 'c' })
    await house.ok(rename, { keyId: b.id, name: 'a' })
    expect(house.store.all('key').map(({ name }) => name)).toEqual(['c', 'a'])
  })

  test('that another key has is refused', async () => {
    const { house, a } = await withTwo()
    expect(await house.refused(rename, { keyId: a.id, name: 'b' })).toEqual([{ reason: 'nonUniqueNameAttribute' }])
    expect(house.store.get('key', a.id)).toEqual(a)
    expect(house.journal.last).toMatchObject({
      action: 'rename',
      outcome: 'refused',
      reason: 'nonUniqueNameAttribute',
      objects: [{ kind: 'key', id: a.id, version: 1 }],
    })
  })

  test('that is the present one changes nothing', async () => {
    const { house, a } = await withTwo()
    const commits = house.store.commits.length
    await house.ok(rename, { keyId: a.id, name: 'a' })
    expect(house.store.commits).toHaveLength(commits)
  })
})

test('a new description is put in place and stays out of the record', async () => {
  const { house, a } = await withTwo()
  await house.ok(modifyDescription, { keyId: a.id, description: 'of the payroll' })
  expect(house.store.get('key', a.id)).toEqual({ ...a, description: 'of the payroll', revision: 2 })
  expect(house.coherence.settled.at(-1)).toBe(house.store.epoch)
  expect(JSON.stringify(house.journal.entries)).not.toContain('payroll')
  const commits = house.store.commits.length
  await house.ok(modifyDescription, { keyId: a.id, description: 'of the payroll' })
  expect(house.store.commits).toHaveLength(commits)
})

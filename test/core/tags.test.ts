import { describe, expect, test } from 'vitest'
import { noTags, type Tags } from '../../src/core/object.ts'
import { create } from '../../src/core/operations/create.ts'
import { describeTags, listTagged, retag, tag, tagsMax, untag } from '../../src/core/operations/tags.ts'
import { dataKey } from '../adapters/objects.ts'
import { createRequest, here, openHouse, statement } from './house.ts'

const tags = (pairs: Readonly<Record<string, string>>): Tags => new Map(Object.entries(pairs))
const many = (count: number): Tags => new Map(Array.from({ length: count }, (_, at) => [`k${at}`, 'v']))
const subject = (id: string, where = {}) => ({ id, where })
const unknown = subject('00000000-0000-7000-8000-000000000000')

const house = openHouse()
const tagged = async (pairs: Readonly<Record<string, string>> = {}) => {
  const name = `key ${house.random.id(house.clock.now())}`
  return house.ok(create, createRequest({ name, tags: tags(pairs) }))
}
const now = (id: string) => house.store.get('key', id)?.tags

describe('tags', () => {
  test('are given at creation, replaced and removed in one change', async () => {
    const { id } = await tagged({ a: '1', b: '2' })
    expect(now(id)).toEqual(tags({ a: '1', b: '2' }))
    await house.ok(retag, { subject: subject(id), replace: tags({ b: '3', c: '4' }), remove: ['a', 'never'] })
    expect(now(id)).toEqual(tags({ b: '3', c: '4' }))
  })

  test('that change nothing write nothing', async () => {
    const { id } = await tagged({ a: '1' })
    const { revision } = house.store.get('key', id)!
    await house.ok(retag, { subject: subject(id), replace: tags({ a: '1' }), remove: ['b'] })
    expect(house.store.get('key', id)?.revision).toBe(revision)
  })

  test('are waited for before they are answered, since policies may rest on them', async () => {
    const { id } = await tagged()
    await house.ok(retag, { subject: subject(id), replace: tags({ a: '1' }), remove: [] })
    const effect = house.store.commits.at(-1)?.effects[0]
    expect(effect && 'only' in effect).toBe(false)
    expect(house.coherence.settled.at(-1)).toBe(house.store.epoch)
  })

  test('are at most fifty, at creation and after', async () => {
    const made = createRequest({ name: 'too many tags', tags: many(tagsMax + 1) })
    expect(await house.refused(create, made)).toEqual([{ reason: 'tooManyTags' }])
    const { id } = await tagged()
    await house.ok(retag, { subject: subject(id), replace: many(tagsMax), remove: [] })
    const more = { subject: subject(id), replace: tags({ more: 'v' }), remove: [] }
    expect(await house.refused(retag, more)).toEqual([{ reason: 'tooManyTags' }])
    await house.ok(retag, { ...more, remove: ['k0'] })
    expect(now(id)?.size).toBe(tagsMax)
  })

  test('of several objects change all at once; what is not found is left out, and an object named twice changes once', async () => {
    const [one, two] = [await tagged(), await tagged({ b: '9' })]
    const subjects = [subject(one.id), unknown, subject(two.id), subject(one.id, { creator: one.creator })]
    const found = await house.ok(tag, { subjects, tags: tags({ b: '2' }) })
    expect(found.map((row) => row?.id)).toEqual([one.id, undefined, two.id, one.id])
    expect([now(one.id), now(two.id)]).toEqual([tags({ b: '2' }), tags({ b: '2' })])
    await house.ok(untag, { subjects, tagKeys: ['b'] })
    expect([now(one.id), now(two.id)]).toEqual([noTags, noTags])
  })

  test('of one that would have too many leave all of them as they were', async () => {
    const [one, full] = [await tagged(), await tagged()]
    await house.ok(retag, { subject: subject(full.id), replace: many(tagsMax), remove: [] })
    const asked = { subjects: [subject(one.id), subject(full.id)], tags: tags({ more: 'v' }) }
    expect(await house.refused(tag, asked)).toEqual([{ reason: 'tooManyTags' }])
    expect(now(one.id)).toEqual(noTags)
  })

  test('are looked for where the caller says that the object is', async () => {
    const { id, creator } = await tagged({ a: '1' })
    const has = async (where: object) =>
      (await house.ok(describeTags, { subjects: [subject(id, where)] }))[0]?.tags.get('a') === '1'
    expect(await has({})).toBe(true)
    expect(await has({ region: here.region, creator })).toBe(true)
    expect(await has({ region: 'shanghai' })).toBe(false)
    expect(await has({ creator: 'somebody else' })).toBe(false)
    const elsewhere = { subject: subject(id, { region: 'shanghai' }), replace: tags({ a: '2' }), remove: [] }
    expect(await house.refused(retag, elsewhere)).toEqual([{ reason: 'objectNotFound', kind: 'key' }])
  })

  test('are those of a data key just as well', async () => {
    const parent = await tagged({ a: '1' })
    const { account, region, project, creator } = parent
    const row = dataKey({ account, region, project, creator, key: parent.id, tags: noTags, destroyAt: null })
    house.store.set(row)
    await house.ok(retag, { subject: subject(row.id), replace: tags({ d: '1' }), remove: [] })
    expect(house.store.get('dataKey', row.id)).toEqual({ ...row, revision: 2, tags: tags({ d: '1' }) })
    const subjects = [subject(parent.id), subject(row.id)]
    const found = await house.ok(tag, { subjects, tags: tags({ e: '2' }) })
    expect(found.map((one) => [one?.kind, one?.id])).toEqual([
      ['key', parent.id],
      ['dataKey', row.id],
    ])
    const conditions = [{ key: 'e', values: ['2'] }]
    const listed = await house.ok(listTagged, { places: [here], subjects: [], conditions, limit: 10 })
    expect(listed.objects.map(({ kind }) => kind).sort()).toEqual(['dataKey', 'key'])
  })

  test('each need their own right, on the object that has them', async () => {
    const [one, two] = [await tagged(), await tagged()]
    const subjects = [subject(one.id)]
    const asks = {
      retag: () => house.ask(retag, { subject: subject(one.id), replace: noTags, remove: ['a'] }, { caller }),
      tag: () => house.ask(tag, { subjects, tags: tags({ a: '1' }) }, { caller }),
      untag: () => house.ask(untag, { subjects, tagKeys: ['a'] }, { caller }),
      describeTags: () => house.ask(describeTags, { subjects }, { caller }),
      listTagged: () => house.ask(listTagged, { places: [], subjects, conditions: [], limit: 1 }, { caller }),
    }
    let caller = house.caller()
    for (const right of Object.keys(asks) as (keyof typeof asks)[])
      for (const id of [one.id, two.id]) {
        caller = house.principal([statement('allow', [right], { id })])
        for (const asked of Object.keys(asks) as (keyof typeof asks)[]) {
          const refused = 'failures' in ((await asks[asked]()) ?? {})
          expect([right, asked, refused]).toEqual([right, asked, asked !== right || id === two.id])
        }
      }
  })

  test('are listed by conditions and page, of the places that are named, and not of what is gone', async () => {
    const one = await tagged({ t: 'x' })
    house.clock.pass(1) // Ids of one millisecond are in no order.
    const [two, gone] = [await tagged({ t: 'y', u: '1' }), await tagged({ t: 'x' })]
    const row = house.store.get('key', gone.id)!
    house.store.set({ ...row, destroyAt: house.clock.now() - 1 })
    const list = (over: object = {}) =>
      house.ok(listTagged, {
        places: [here],
        subjects: [],
        conditions: [{ key: 't', values: [] }],
        limit: 10,
        ...over,
      })
    const ids = async (over: object = {}) => (await list(over)).objects.map(({ id }) => id)
    expect(await ids()).toEqual([one.id, two.id])
    expect(await ids({ conditions: [{ key: 't', values: ['x', 'z'] }] })).toEqual([one.id])
    expect(await ids({ places: [{ ...here, region: 'shanghai' }] })).toEqual([])
    expect(await ids({ subjects: [subject(two.id), unknown] })).toEqual([two.id])
    const first = await list({ limit: 1 })
    expect([first.objects[0]?.id, first.next]).toEqual([one.id, one.id])
    expect(await ids({ limit: 2, after: first.next })).toEqual([two.id])
  })
})

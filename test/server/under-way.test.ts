import type { ServerResponse } from 'node:http'
import { expect, test } from 'vitest'
import { UnderWay } from '../../src/http/under-way.ts'

const response = (name: string) => ({ name }) as unknown as ServerResponse

test('what has begun and not ended is under way, and nothing else', () => {
  const underWay = new UnderWay()
  const [one, two, three] = ['one', 'two', 'three'].map(response) as [ServerResponse, ServerResponse, ServerResponse]
  const first = underWay.begin(one)
  underWay.begin(two)
  underWay.end(first)
  expect([...underWay.before()]).toEqual([two])
  underWay.begin(three)
  expect(new Set(underWay.before())).toEqual(new Set([two, three]))
})

test('a place is used again, and keeps nothing of who had it before', () => {
  const underWay = new UnderWay()
  const places = new Set(
    Array.from({ length: 1000 }, (_, at) => {
      const place = underWay.begin(response(String(at)))
      underWay.end(place)
      expect(place.response).toBeUndefined()
      return place
    }),
  )
  expect(places.size).toBe(1)
  expect([...underWay.before()]).toEqual([])
})

test('what came after a time is left out', () => {
  const underWay = new UnderWay()
  const one = response('one')
  underWay.begin(one)
  expect([...underWay.before(performance.now() + 1)]).toEqual([one])
  expect([...underWay.before(performance.now() - 60_000)]).toEqual([])
})

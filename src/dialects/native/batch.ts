/** Several calls of one action at once: each goes its own way through the one door, with its own entry in the record. */
import type { Action } from '../../contract/action.ts'
import { reader } from '../../contract/members.ts'
import { z } from '../../contract/schema.ts'
import { Refusal } from '../../core/failure.ts'
import { recordRefusal } from '../../core/perform.ts'
import type { Code } from './codes.ts'
import { problemFor } from './errors.ts'

export const itemsMax = 100

const problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  instance: z.string(),
  member: z.string().optional(),
})

/** What is wrong with one item is told in its place, and the others are done. */
export const batchOf = (one: Action<Code>, name: string, summary: string): Action<Code> => {
  const items = z.array(z.record(z.string(), z.unknown())).min(1).max(itemsMax, `must be at most ${itemsMax}`)
  const read = reader({ items })
  const outcome = z.object({ ...z.object(one.response).partial().shape, problem: problem.optional() })
  return {
    ...one,
    name,
    summary,
    request: { items: z.array(z.strictObject(one.request)).min(1).max(itemsMax) },
    response: { results: z.array(outcome).describe('In the order of the items; a problem in the place of an answer.') },
    async invoke(members, here) {
      const { house, caller, view, region } = here
      const asked = read(members)
      if ('failures' in asked)
        return recordRefusal({ house, caller, view, now: house.clock.now(), region: region.id }, name, asked.failures)
      const answers = await Promise.all(asked.members.items.map((item) => one.invoke(item, here)))
      const results = answers.map((answer) =>
        answer instanceof Refusal ? { problem: problemFor(one, answer.failures, caller.request) } : answer,
      )
      return { results }
    },
  }
}

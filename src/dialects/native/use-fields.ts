/** Windows of time over which uses are told, and who used. */
import { z } from '../../contract/schema.ts'
import { type Refusal, refuse } from '../../core/failure.ts'
import type { Window } from '../../core/operations/uses.ts'
import { isoOf } from './fields.ts'

const minuteMs = 60_000
const steps = { minute: 1, hour: 60, day: 1440 } as const
const pointsMax = 3000

const instant = z.iso.datetime('must be a time in UTC')
export const windowMembers = {
  from: instant,
  to: instant,
  step: z.enum(['minute', 'hour', 'day']).describe('What is older than two days is known by days alone.'),
}

export const windowOf = (asked: { from: string; to: string; step: keyof typeof steps }): Window | Refusal => {
  const step = steps[asked.step]
  const [from, until] = [asked.from, asked.to].map((at) => Math.floor(Date.parse(at) / minuteMs)) as [number, number]
  const points = (until - from) / step
  if (points <= 0 || points > pointsMax)
    return refuse({
      reason: 'invalidAttributeValue',
      member: 'to',
      why: `must give 1 to ${pointsMax} steps after from`,
    })
  return { from, until, step }
}

export const atOf = (minute: number): string => isoOf(minute * minuteMs)
export const user = z.object({
  version: z.int(),
  principal: z.string(),
  principalName: z.string().describe('Empty where it is gone.'),
  dialect: z.string(),
  count: z.int(),
})
export const userShown = (one: z.output<typeof user>) => {
  const { version, principal, principalName, dialect, count } = one
  return { version, principal, principalName, dialect, count }
}

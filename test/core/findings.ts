/** What a check of everything finds, once it is done. */
import type { Finding } from '../../src/core/house.ts'
import { verifyCanaries } from '../../src/core/operations/check.ts'
import type { TestHouse } from './house.ts'

export const findingsOf = async (house: TestHouse): Promise<Finding[]> => {
  const findings: Finding[] = []
  for await (const step of await house.ok(verifyCanaries, {}, { caller: house.caller({ reach: 'everything' }) }))
    if ('ok' in step) findings.push(step)
  return findings
}

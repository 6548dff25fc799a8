/** What a token is asked for: one project, the whole account, and nothing said means the account. */
import type { Here } from '../../../contract/action.ts'
import { z } from '../../../contract/schema.ts'
import { type Refusal, refuse } from '../../../core/failure.ts'
import type { Account } from '../../../core/object.ts'
import { allProjects, domainIdOf } from './records.ts'

const word = z.string().min(1).max(64)
export const domainRef = z.strictObject({ id: word.optional(), name: word.optional() })

export const scope = z.strictObject({
  project: z.strictObject({ id: word.optional(), name: word.optional(), domain: domainRef.optional() }).optional(),
  domain: domainRef.optional(),
})
export type Scope = z.output<typeof scope>

const isDomain = (asked: z.output<typeof domainRef>, account: Account): boolean =>
  (asked.id === undefined || asked.id === domainIdOf(account)) &&
  (asked.name === undefined || asked.name === account.name)

/** The region that the token is for; null for the whole account. Where both are named, the project is meant. */
export const regionIn = (asked: Scope | undefined, account: Account, { house }: Here): string | null | Refusal => {
  const { project, domain } = asked ?? {}
  const none = refuse({ reason: 'unknownRegion' })
  if (!project) return domain && !isDomain(domain, account) ? none : null
  if (project.domain && !isDomain(project.domain, account)) return none
  const { id, name } = project
  if (id === undefined && name === undefined) return none
  const found = allProjects(account, house).find(
    (one) => (id === undefined || one.id === id) && (name === undefined || one.name === name),
  )
  return found ? found.region.id : none
}

import { inferred } from '../../../../contract/evidence.ts'
import { z } from '../../../../contract/schema.ts'
import { refuse } from '../../../../core/failure.ts'
import { identify } from '../../../../core/operations/session.ts'
import { action } from '../action.ts'
import { allProjects, domainIdOf, projectOf, projectRecord } from '../records.ts'

const word = z.string().min(1).max(64)

export const CreateProject = action({
  name: 'KeystoneCreateProject',
  rights: {},
  summary: 'Answer the project of a region, which is there already; there are no others.',
  evidence: inferred('the Node SDK asks for it where a list did not have exactly one'),

  request: {
    project: z
      .strictObject({
        name: word,
        domain_id: word.optional(),
        parent_id: word.optional(),
        description: z.string().max(255).optional(),
      })
      .describe('The name of a region; everything else is as it is.'),
  },
  response: { project: projectRecord },

  operation: identify,
  toCore({ project: { name, domain_id } }, { caller: { account }, house }) {
    const own = domain_id === undefined || domain_id === domainIdOf(account)
    const there = own && allProjects(account, house).some((project) => project.name === name)
    return there ? {} : refuse({ reason: 'permissionDenied' })
  },
  fromCore({ account }, { house }, { project: { name } }) {
    const found = allProjects(account, house).find((project) => project.name === name)
    if (!found) throw new Error('a project that was found is missing')
    return { project: projectOf(found, account) }
  },
})

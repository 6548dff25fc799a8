/** The projects of an account: it has one in every region that this cloud has a name for, called as the region is. */
import type { House, Region } from '../../core/house.ts'
import type { Account } from '../../core/object.ts'
import { defaultProject } from '../../core/place.ts'

export interface Project {
  readonly id: string
  readonly name: string
  readonly region: Region
}

/** They hang off the account's row. */
const known = new WeakMap<Account, ReadonlyMap<string, Project>>()

/** By their ids. */
export const projectsOf = (account: Account, { regions }: House): ReadonlyMap<string, Project> => {
  const before = known.get(account)
  if (before) return before
  const projects = regions.flatMap((region): Project[] => {
    const name = region.names.huawei
    return name === undefined ? [] : [{ id: defaultProject(account.id, region.id), name, region }]
  })
  const made = new Map(projects.map((project) => [project.id, project]))
  known.set(account, made)
  return made
}

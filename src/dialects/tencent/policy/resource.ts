/**
 * The `resource` of a statement. Keys, data keys and white-box keys are named `key/creatorUin/<creator>/<key id>`; what acts on no key of its own
 * (create, list, random, the service) is judged on `key/*`, so a policy for one key or one creator does not open it.
 */
import { DocumentFault, shown, textsOf } from '../../../contract/policy-document.ts'
import type { ResourcePattern } from '../../../core/access/policy.ts'
import { withCoreVariables } from './variables.ts'

/** Core region ids by this cloud's names. */
export type RegionIds = ReadonlyMap<string, string>

const everything: ResourcePattern = { kind: '*', region: '*', creator: '*', id: '*' }
const keysBegin = 'key/creatorUin/'
const segmented = /^key\/creatorUin\/([^/*]+)\/([^/]+)$/
/** The core kinds that are named `key/...` in this cloud. */
const kinds = ['key', 'dataKey', 'whiteBoxKey', 'service']

type Part = Pick<ResourcePattern, 'kind' | 'creator' | 'id' | 'collection'>

/** Keys, data keys and white-box keys, which have names of the same form. */
const single = (creator: string, id: string): readonly Part[] =>
  ['key', 'dataKey', 'whiteBoxKey'].map((kind) => ({ kind, creator, id, collection: false }))

/** The last part of a name: whole, or with `*` at its end, which stands for anything, also across `/`. */
const readPart = (part: string, where: string): readonly Part[] => {
  const literal = part.endsWith('*') ? part.slice(0, -1) : part
  if (literal.includes('*')) throw new DocumentFault(`${where}: \`*\` may only be at the end`)
  const open = literal !== part
  if (open && 'key/'.startsWith(literal)) return kinds.map((kind) => ({ kind, creator: '*', id: '*' }))
  if (open && keysBegin.startsWith(literal)) return single('*', '*')
  const [, creator, id] = segmented.exec(part) ?? []
  if (creator !== undefined && id !== undefined) return single(creator, id)
  const prefix = literal.slice(keysBegin.length)
  if (open && literal.startsWith(keysBegin) && !prefix.includes('/')) return single(`${prefix}*`, '*')
  throw new DocumentFault(`${where}: must be key/*, key/creatorUin/<uin>/* or key/creatorUin/<uin>/<key id>`)
}

/** Roles are named `roleName/<name>` or `role/<id>` and are of no region; the other things of that service are none of ours. */
const readRole = (part: string, account: string | undefined): readonly ResourcePattern[] => {
  const [, form, named = ''] = /^(role|roleName)\/(.+)$/.exec(part) ?? []
  if (form === undefined) return []
  const owner = account === undefined ? {} : { account }
  const role = { kind: 'role', region: '*', creator: '*', ...owner }
  return [form === 'role' ? { ...role, id: named } : { ...role, id: '*', name: named }]
}

const readRegion = (name: string, regions: RegionIds, where: string): string | undefined => {
  if (name === '' || name === '*') return '*'
  if (!/^[a-z0-9-]+$/.test(name)) throw new DocumentFault(`${where}: the region must be a name, \`*\` or empty`)
  return regions.get(name)
}

/** undefined for the author's own account. */
const readAccount = (text: string, where: string): string | undefined => {
  const match = /^(?:uin\/(\d*))?$/.exec(text)
  if (!match) throw new DocumentFault(`${where}: the account must be uin/<root uin> or empty`)
  return match[1] || undefined
}

const readResource = (text: string, regions: RegionIds, place: string): readonly ResourcePattern[] => {
  if (text === '*') return [everything]
  const where = `${place} ${shown(text)}`
  const [scheme, project, service = '', region = '', account = '', ...rest] = text.split(':')
  if (scheme !== 'qcs' || rest.length === 0)
    throw new DocumentFault(`${where}: must be * or qcs:<project>:<service>:<region>:<account>:<resource>`)
  if (!/^(?:[a-z0-9-]*|\*)$/.test(service))
    throw new DocumentFault(`${where}: the service must be a name in lower case, \`*\` or empty`)
  if (service === 'cam') return readRole(withCoreVariables(rest.join(':'), where), readAccount(account, where))
  if (!['kms', '', '*'].includes(service)) return []
  if (project !== '') throw new DocumentFault(`${where}: the project must be empty`)
  const parts = readPart(withCoreVariables(rest.join(':'), where), where)
  const id = readRegion(region, regions, where)
  const owner = readAccount(account, where)
  if (id === undefined) return []
  return parts.map((part) => ({ ...part, region: id, ...(owner === undefined ? {} : { account: owner }) }))
}

export const readResources = (value: unknown, regions: RegionIds, where: string): readonly ResourcePattern[] =>
  textsOf(value, where).flatMap((text) => readResource(text, regions, where))

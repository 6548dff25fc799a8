/**
 * The `Resource` of a statement: `<service>:<region>:<account>:<type>:<path>`. Keys are `kms:...:KeyId:<id>`; what acts on
 * no key of its own is judged on `KeyId:*`, so a policy for one key does not open it.
 */
import { DocumentFault, shown, textsOf } from '../../../contract/policy-document.ts'
import type { ResourcePattern } from '../../../core/access/policy.ts'

/** Core region ids by this cloud's names. */
export type RegionIds = ReadonlyMap<string, string>

/** A pattern, and the account that it is of by this cloud's id; undefined for the author's own. */
export interface Named {
  readonly pattern: ResourcePattern
  readonly domain: string | undefined
}

const everything: ResourcePattern = { kind: '*', region: '*', creator: '*', id: '*' }

type Part = Pick<ResourcePattern, 'kind' | 'id' | 'name' | 'collection'>

const ofKind =
  (kind: string) =>
  (path: string): readonly Part[] => [{ kind, id: path }]

const keys = (path: string): readonly Part[] =>
  path === '*'
    ? ['key', 'dataKey', 'whiteBoxKey', 'service'].map((kind) => ({ kind, id: '*' }))
    : [{ kind: 'key', id: path, collection: false }]

/** Users are of no name that a policy could ask about, so all of them are meant or none. */
const users = (path: string): readonly Part[] | undefined =>
  path === '*' ? ['principal', 'credential'].map((kind) => ({ kind, id: '*' })) : undefined

/** By service and type, both in lower case. */
const types: ReadonlyMap<string, ReadonlyMap<string, (path: string) => readonly Part[] | undefined>> = new Map([
  [
    'kms',
    new Map([
      ['keyid', keys],
      ['alias', (path) => [{ kind: 'alias', id: '*', name: path }]],
      ['keystore', ofKind('keyStore')],
      ['accesspoint', ofKind('accessPoint')],
      ['policy', ofKind('releasePolicy')],
    ]),
  ],
  [
    'iam',
    new Map([
      ['agency', (path: string) => [{ kind: 'role', id: '*', name: path }]],
      ['user', users],
    ]),
  ],
])

const readRegion = (name: string, regions: RegionIds, where: string): string | undefined => {
  if (name === '' || name === '*') return '*'
  if (!/^[a-z0-9-]+$/.test(name)) throw new DocumentFault(`${where}: the region must be a name, \`*\` or empty`)
  return regions.get(name)
}

const readParts = (service: string, type: string, path: string, where: string): readonly Part[] => {
  const ofService = types.get(service)
  // Of that service alone: who may do everything with keys may not therefore make access keys of users.
  if (type === '*') return [...(ofService?.values() ?? [])].flatMap((partsOf) => partsOf(path) ?? [])
  const parts = ofService?.get(type.toLowerCase())?.(path)
  if (!parts) throw new DocumentFault(`${where}: unknown resource`)
  return parts
}

const readResource = (text: string, regions: RegionIds, place: string): readonly Named[] => {
  if (text === '*') return [{ pattern: everything, domain: undefined }]
  const where = `${place} ${shown(text)}`
  const [service = '', region = '', domain = '', type = '', ...rest] = text.split(':')
  const path = rest.join(':')
  if (path === '' || /[${}]/.test(text))
    throw new DocumentFault(`${where}: must be * or <service>:<region>:<account>:<type>:<path>`)
  const named = service.toLowerCase()
  if (!types.has(named)) {
    if (!/^[a-z][a-z0-9-]*$/.test(named)) throw new DocumentFault(`${where}: the service must be a name`)
    return []
  }
  if (!/^(?:\*|[0-9a-z]*)$/.test(domain)) throw new DocumentFault(`${where}: the account must be an id, \`*\` or empty`)
  const id = readRegion(region, regions, where)
  if (id === undefined) return []
  const own = domain === '' || domain === '*' ? undefined : domain
  return readParts(named, type, path, where).map((part) => ({
    pattern: { region: id, creator: '*', ...part },
    domain: own,
  }))
}

export const readResources = (value: unknown, regions: RegionIds, where: string): readonly Named[] =>
  value === undefined
    ? [{ pattern: everything, domain: undefined }]
    : textsOf(value, where).flatMap((text) => readResource(text, regions, where))

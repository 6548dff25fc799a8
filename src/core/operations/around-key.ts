/** What there is around a key: its versions, and what other products have bound to it. */
import type { Binding, KeyVersion } from '../object.ts'
import { look } from '../operation.ts'
import { versionsOf } from './import.ts'
import { rowsWhere } from './rows-where.ts'
import { keyTarget } from './target.ts'

export interface VersionFacts extends Pick<KeyVersion, 'version' | 'algorithm' | 'createdAt'> {
  readonly materialPresent: boolean
  readonly primary: boolean
}

export const listVersions = look({
  name: 'listVersions',
  summary: 'Read what versions a key has, newest first.',
  rights: { key: 'describe' },
  targets: ({ keyId }: { keyId: string }) => ({ key: keyTarget(keyId) }),
  async run(call): Promise<readonly VersionFacts[]> {
    const { key } = call.at.key
    const versions = await versionsOf(call, key)
    return versions
      .filter(({ version }) => version <= key.primaryVersion)
      .map(({ version, algorithm, createdAt, wrapped }) => ({
        version,
        algorithm,
        createdAt,
        materialPresent: wrapped !== null,
        primary: version === key.primaryVersion,
      }))
      .toReversed()
  },
})

export const listBindings = look({
  name: 'listBindings',
  summary: 'Read what resources of other products rely on a key.',
  rights: { key: 'describe' },
  targets: ({ keyId }: { keyId: string; after: string; limit: number }) => ({ key: keyTarget(keyId) }),
  async run({ at }, { after, limit }, read): Promise<readonly Binding[]> {
    const { id, account, bindings } = at.key.key
    return bindings === 0 ? [] : rowsWhere(read, 'binding', { account, after, limit }, ({ key }) => key === id)
  },
})

import { documented } from '../../../../contract/evidence.ts'
import { z } from '../../../../contract/schema.ts'
import { action } from '../action.ts'

const versionRecord = z.object({
  id: z.literal('v3.6'),
  status: z.literal('stable'),
  updated: z.string(),
  links: z.array(z.object({ rel: z.literal('self'), href: z.string() })),
  'media-types': z.array(z.object({ type: z.string(), base: z.string() })),
})

const version = (): z.output<typeof versionRecord> => ({
  id: 'v3.6',
  status: 'stable',
  updated: '2016-04-04T00:00:00Z',
  links: [{ rel: 'self', href: '/v3/' }],
  'media-types': [{ type: 'application/vnd.openstack.identity-v3+json', base: 'application/json' }],
})

export const ListVersions = action.notice({
  name: 'KeystoneListVersions',
  summary: 'List the versions of this service; anybody may ask. The status is 300.',
  evidence: documented('IAM page'),
  request: {},
  response: { versions: z.object({ values: z.array(versionRecord) }) },
  say: () => ({ versions: { values: [version()] } }),
})

export const ShowVersion = action.notice({
  name: 'KeystoneShowVersion',
  summary: 'Read the version of this service; anybody may ask.',
  evidence: documented('IAM page'),
  request: {},
  response: { version: versionRecord },
  say: () => ({ version: version() }),
})

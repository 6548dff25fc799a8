import { documented } from '../../../contract/evidence.ts'
import { z } from '../../../contract/schema.ts'
import { action } from '../action.ts'
import { versionRecord, versions } from '../versions.ts'

export const ShowVersions = action.notice({
  name: 'ShowVersions',
  summary: 'List the versions of this API; anybody may ask.',
  evidence: documented('API Explorer; that no signature is needed is inferred from clients that send none'),
  request: {},
  response: { versions: z.array(versionRecord) },
  say: () => ({ versions: [...versions] }),
})

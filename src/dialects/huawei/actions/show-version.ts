import { documented } from '../../../contract/evidence.ts'
import { text } from '../../../contract/fields.ts'
import { refuse } from '../../../core/failure.ts'
import { action } from '../action.ts'
import { versionRecord, versions } from '../versions.ts'

const code = 'KMS.0201'

export const ShowVersion = action.notice({
  name: 'ShowVersion',
  summary: 'Read one version of this API; anybody may ask.',
  evidence: documented('API Explorer; that an unknown version is KMS.0201 is inferred from its meaning'),
  request: { version_id: text({ charactersMax: 10, code }).describe('v1.0 or v2.') },
  response: { version: versionRecord },
  say({ version_id }) {
    const version = versions.find(({ id }) => id === version_id)
    return version
      ? { version }
      : refuse({ reason: 'invalidAttributeValue', member: 'version_id', why: 'is no version', code })
  },
})

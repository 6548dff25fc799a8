import { inferred } from '../../../contract/evidence.ts'
import { z } from '../../../contract/schema.ts'
import type { Region } from '../../../core/house.ts'
import type { Found } from '../../../core/operation.ts'
import { describe } from '../../../core/operations/describe.ts'
import { action } from '../action.ts'
import { grantRecord, grantShown } from '../grants.ts'
import { keyRecord, keyRef, keyShown } from '../key-fields.ts'

/** How each cloud shows a key to its own clients. */
export type CloudViews = Readonly<Record<string, (found: Found, region: Region) => Readonly<Record<string, unknown>>>>

export const keyShowWith = (views: CloudViews) =>
  action({
    name: 'key-show',
    rights: { keys: 'key:show' },
    summary: 'Read a key, and how each cloud shows it.',
    evidence: inferred('ours'),
    request: { key: keyRef },
    response: {
      key: keyRecord,
      account: z.object({ id: z.string(), name: z.string() }),
      lineage: z.string().describe('What its ciphertexts name it by.'),
      copies: z.array(z.string()).describe('Regions that have a copy of it.'),
      grants: z.array(grantRecord),
      clouds: z.array(z.object({ cloud: z.string(), members: z.record(z.string(), z.unknown()) })),
    },
    operation: describe,
    toCore: ({ key }) => ({ keyIds: [key] }),
    fromCore([found], { region }) {
      if (!found) throw new Error('a described key is missing')
      const { key, account } = found
      return {
        key: keyShown(found),
        account: { id: account.id, name: account.name },
        lineage: key.lineage,
        copies: [...(key.copies?.regions ?? [])],
        grants: key.grants.map(grantShown),
        clouds: Object.entries(views).map(([cloud, show]) => ({ cloud, members: { ...show(found, region) } })),
      }
    },
  })

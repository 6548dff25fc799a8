import type { Here } from '../../../contract/action.ts'
import { inferred } from '../../../contract/evidence.ts'
import { base64 } from '../../../contract/fields.ts'
import { z } from '../../../contract/schema.ts'
import { generateMac, verifyMac } from '../../../core/operations/mac.ts'
import { action } from '../action.ts'
import { id } from '../key-fields.ts'

const members = { key: id.describe('Id of the key.'), message: base64({ bytesMax: 4096 }) }
const mac = base64({ bytesMax: 64 })

/** A key has one algorithm, so nobody need say it. */
const algorithmFor = async (key: string, { view }: Here): Promise<string> =>
  (await view.get('key', key))?.algorithm ?? ''

export const Mac = action({
  name: 'mac',
  rights: { key: 'key:mac' },
  summary: 'Authenticate a message under a key.',
  evidence: inferred('ours'),
  request: members,
  response: { mac, keyId: z.string() },
  operation: generateMac,
  toCore: async ({ key: keyId, message }, here) => ({ keyId, message, algorithm: await algorithmFor(keyId, here) }),
  fromCore: ({ keyId, mac: made }) => ({ mac: made, keyId }),
})

export const VerifyMac = action({
  name: 'verify-mac',
  rights: { key: 'key:verify-mac' },
  summary: 'Tell whether a message was authenticated under a key.',
  evidence: inferred('ours'),
  request: { ...members, mac },
  response: { valid: z.boolean(), keyId: z.string() },
  operation: verifyMac,
  toCore: async ({ key: keyId, message, mac: given }, here) => ({
    keyId,
    message,
    mac: given,
    algorithm: await algorithmFor(keyId, here),
  }),
  fromCore: ({ valid, keyId }) => ({ valid, keyId }),
})

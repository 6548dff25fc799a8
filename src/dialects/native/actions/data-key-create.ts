import { inferred } from '../../../contract/evidence.ts'
import { base64, integer, sealed } from '../../../contract/fields.ts'
import { z } from '../../../contract/schema.ts'
import { noContext } from '../../../core/context.ts'
import { type Refusal, refuse } from '../../../core/failure.ts'
import { dataKeyBytesMax } from '../../../core/operations/data-key-row.ts'
import { hostDataKey, type ImportDataKeyRequest, importDataKey } from '../../../core/operations/data-keys.ts'
import { action } from '../action.ts'
import { context, description, keyName, keyRef, tags, tagsOf } from '../key-fields.ts'

const labels = {
  name: keyName.describe('Name, unique among the data keys of the account and region.'),
  description: description.optional(),
  tags: tags.optional(),
}

export const DataKeyCreate = action({
  name: 'data-key-create',
  rights: { key: 'data-key:create' },
  summary: 'Make a random data key and keep it, sealed under a key.',
  evidence: inferred('ours'),
  request: {
    key: keyRef,
    bytes: integer({ min: 1, max: dataKeyBytesMax }).describe('Its length; 32 when absent.').optional(),
    context: context().describe('Kept with it; a ciphertext of it needs it to be opened.'),
    ...labels,
  },
  response: {
    dataKey: z.string().describe('Its id.'),
    plaintext: base64({ sensitive: true }),
    ciphertext: base64({ bytesMax: 16_384 }),
    keyId: z.string(),
  },
  operation: hostDataKey,
  toCore: ({ key: keyId, bytes = 32, context: said = noContext, ...rest }, { place }) => ({
    keyId,
    bytes,
    context: said,
    at: place,
    name: rest.name,
    description: rest.description ?? '',
    tags: tagsOf(rest.tags ?? []),
  }),
  fromCore: ({ dataKey, plaintext, ciphertext }) => ({
    dataKey: dataKey.id,
    plaintext,
    ciphertext,
    keyId: dataKey.key,
  }),
})

const plaintext = base64({ bytesMin: 1, bytesMax: dataKeyBytesMax, sensitive: true })
const members = {
  key: keyRef.describe('The key to seal it under, with plaintext.').optional(),
  plaintext: plaintext.describe('The data key; or say its ciphertext.').optional(),
  ciphertext: sealed().describe('A data key that was made without a context; it names its key.').optional(),
  ...labels,
}

type Asked = z.output<z.ZodObject<typeof members>>

const broughtOf = ({ key, plaintext: clear, ciphertext }: Asked): ImportDataKeyRequest['from'] | Refusal => {
  if (ciphertext) {
    if (clear || key !== undefined) return refuse({ reason: 'unknownField', member: clear ? 'plaintext' : 'key' })
    return { sealed: ciphertext }
  }
  if (!clear) return refuse({ reason: 'missingData', member: 'plaintext' })
  return key === undefined ? refuse({ reason: 'missingData', member: 'key' }) : { keyId: key, plaintext: clear }
}

export const DataKeyImport = action({
  name: 'data-key-import',
  rights: { key: 'data-key:import' },
  summary: 'Keep a data key that was made elsewhere, or here without being kept.',
  evidence: inferred('ours'),
  request: members,
  response: { dataKey: z.string().describe('Its id.'), keyId: z.string() },
  operation: importDataKey,
  toCore(asked, { place }) {
    const from = broughtOf(asked)
    if ('failures' in from) return from
    const { name, description: said = '', tags: written = [] } = asked
    return { at: place, name, description: said, tags: tagsOf(written), from }
  },
  fromCore: ({ id: dataKey, key: keyId }) => ({ dataKey, keyId }),
})

import { inferred } from '../../../contract/evidence.ts'
import { base64 } from '../../../contract/fields.ts'
import { z } from '../../../contract/schema.ts'
import { Refusal } from '../../../core/failure.ts'
import { createWhiteBoxKey, encryptWhiteBox } from '../../../core/operations/white-box-keys.ts'
import { describeWhiteBoxKey, listWhiteBoxKeys, readWhiteBoxTables } from '../../../core/operations/white-box-lists.ts'
import { action } from '../action.ts'
import { description, keyName, tags, tagsOf } from '../key-fields.ts'
import { limitOf, next, nextOf, offsetOf, pageMembers } from '../paging.ts'
import { whiteBoxAlgorithm, whiteBoxRecord, whiteBoxRef, whiteBoxShown } from '../white-box-fields.ts'

const common = { evidence: inferred('ours'), request: { key: whiteBoxRef } }
const one = ({ key: keyId }: { readonly key: string }) => ({ keyId })
const tables = base64({ sensitive: true }).describe('What decrypts, for the open decryptor: docs/spec/white-box.md.')

export const WhiteBoxCreate = action({
  ...common,
  name: 'white-box-create',
  rights: { keys: 'white-box:create' },
  summary: 'Make a white-box key: it encrypts here, and its tables decrypt elsewhere.',
  request: {
    name: keyName.describe('Name, unique among the white-box keys of the account and region.'),
    description: description.optional(),
    algorithm: whiteBoxAlgorithm,
    tags: tags.optional(),
  },
  response: { key: whiteBoxRecord, tables },
  operation: createWhiteBoxKey,
  toCore: ({ name, description: said = '', algorithm, tags: written = [] }, { place }) => ({
    at: place,
    name,
    description: said,
    algorithm,
    tags: tagsOf(written),
  }),
  fromCore: ({ key, decryptKey }) => ({ key: whiteBoxShown({ row: key, state: 'active' }), tables: decryptKey }),
})

export const WhiteBoxList = action({
  ...common,
  name: 'white-box-list',
  rights: { keys: 'white-box:list' },
  summary: 'List the white-box keys of the account in the region, oldest first.',
  request: pageMembers,
  response: { keys: z.array(whiteBoxRecord), next, total: z.int() },
  operation: listWhiteBoxKeys,
  toCore(asked, { place }) {
    const offset = offsetOf(asked)
    return offset instanceof Refusal ? offset : { at: place, page: { tags: [], offset, limit: limitOf(asked) } }
  },
  fromCore: ({ total, keys }, _here, asked) => ({
    keys: keys.map(whiteBoxShown),
    next: nextOf(Number(offsetOf(asked)), keys.length, total),
    total,
  }),
})

export const WhiteBoxShow = action({
  ...common,
  name: 'white-box-show',
  rights: { key: 'white-box:show' },
  summary: 'Show a white-box key.',
  response: { key: whiteBoxRecord },
  operation: describeWhiteBoxKey,
  toCore: one,
  fromCore: (found) => ({ key: whiteBoxShown(found) }),
})

export const WhiteBoxTables = action({
  ...common,
  name: 'white-box-tables',
  rights: { key: 'white-box:tables' },
  summary: 'Give the tables of a white-box key, for the devices that are listed now.',
  response: { tables },
  operation: readWhiteBoxTables,
  toCore: one,
  fromCore: (decryptKey) => ({ tables: decryptKey }),
})

export const WhiteBoxEncrypt = action({
  ...common,
  name: 'white-box-encrypt',
  rights: { key: 'white-box:encrypt' },
  summary: 'Encrypt for the tables of a white-box key: CBC with PKCS#7, which shows no change of a ciphertext.',
  request: { key: whiteBoxRef, plaintext: base64({ bytesMin: 1, sensitive: true }) },
  response: { initializationVector: base64(), ciphertext: base64({ bytesMax: 8192 }) },
  operation: encryptWhiteBox,
  toCore: ({ key: keyId, plaintext }) => ({ keyId, plaintext }),
  fromCore: ({ initializationVector, ciphertext }) => ({ initializationVector, ciphertext }),
})

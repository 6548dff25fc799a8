import { inferred } from '../../../contract/evidence.ts'
import { base64 } from '../../../contract/fields.ts'
import { modifyDataKeyDescription, renameDataKey } from '../../../core/operations/data-key-lifecycle.ts'
import { describeDataKeys } from '../../../core/operations/data-key-lists.ts'
import { readDataKey, readDataKeyCiphertext } from '../../../core/operations/data-keys.ts'
import { action } from '../action.ts'
import { dataKeyRecord, dataKeyRef, dataKeyShown } from '../data-key-fields.ts'
import { description, keyName } from '../key-fields.ts'

const common = { evidence: inferred('ours'), request: { dataKey: dataKeyRef } }
const one = ({ dataKey: dataKeyId }: { readonly dataKey: string }) => ({ dataKeyId })

export const DataKeyShow = action({
  ...common,
  name: 'data-key-show',
  rights: { dataKeys: 'data-key:show' },
  summary: 'Show a data key that is kept, without what it is.',
  response: { dataKey: dataKeyRecord },
  operation: describeDataKeys,
  toCore: ({ dataKey }) => ({ dataKeyIds: [dataKey] }),
  fromCore([found]) {
    if (!found) throw new Error('a described data key is missing')
    return { dataKey: dataKeyShown(found) }
  },
})

export const DataKeyRead = action({
  ...common,
  name: 'data-key-read',
  rights: { dataKey: 'data-key:read', key: 'data-key:decrypt' },
  summary: 'Give a data key that is kept in clear.',
  response: { plaintext: base64({ sensitive: true }) },
  operation: readDataKey,
  toCore: one,
  fromCore: ({ plaintext }) => ({ plaintext }),
})

export const DataKeyCiphertext = action({
  ...common,
  name: 'data-key-ciphertext',
  rights: { dataKey: 'data-key:read-ciphertext' },
  summary: 'Give a data key that is kept as it is sealed.',
  response: { ciphertext: base64({ bytesMax: 16_384 }) },
  operation: readDataKeyCiphertext,
  toCore: one,
  fromCore: ({ ciphertext }) => ({ ciphertext }),
})

export const DataKeyRename = action({
  ...common,
  name: 'data-key-rename',
  rights: { dataKey: 'data-key:rename' },
  summary: 'Give a data key another name.',
  request: { dataKey: dataKeyRef, name: keyName },
  response: {},
  operation: renameDataKey,
  toCore: ({ dataKey: dataKeyId, name }) => ({ dataKeyId, name }),
  fromCore: () => ({}),
})

export const DataKeyDescribe = action({
  ...common,
  name: 'data-key-describe',
  rights: { dataKey: 'data-key:describe' },
  summary: 'Describe a data key anew.',
  request: { dataKey: dataKeyRef, description },
  response: {},
  operation: modifyDataKeyDescription,
  toCore: ({ dataKey: dataKeyId, description: said }) => ({ dataKeyId, description: said }),
  fromCore: () => ({}),
})

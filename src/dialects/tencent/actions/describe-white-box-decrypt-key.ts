import { documented } from '../../../contract/evidence.ts'
import { base64FromBytes } from '../../../contract/fields.ts'
import { readWhiteBoxTables } from '../../../core/operations/white-box-lists.ts'
import { action } from '../action.ts'
import { decryptKeyMember, oneWhiteBoxKey, toOne } from '../white-box.ts'

export const DescribeWhiteBoxDecryptKey = action({
  name: 'DescribeWhiteBoxDecryptKey',
  rights: { key: 'kms:DescribeWhiteBoxDecryptKey' },
  summary: 'Read the tables of a white-box key, for the devices that are listed now.',
  evidence: documented('DescribeWhiteBoxDecryptKey page; the form of the tables is our own'),

  request: oneWhiteBoxKey,
  response: { DecryptKey: decryptKeyMember },

  operation: readWhiteBoxTables,
  toCore: toOne,
  fromCore: (decryptKey) => ({ DecryptKey: base64FromBytes(decryptKey) }),
})

/** What the reference says of the Tencent dialect beside its declarations. */
import { actions } from '../../src/dialects/tencent/actions.ts'
import { texts } from '../../src/dialects/tencent/codes.ts'
import { errors, precedence } from '../../src/dialects/tencent/errors.ts'
import { keyStates } from '../../src/dialects/tencent/fields.ts'
import { commonErrors, vendorActions } from '../../src/dialects/tencent/vendor.ts'
import type { ReferenceDialect } from './dialect.ts'
import type { MemberRefusal } from './reachable.ts'

/** What the actions refuse when they read their members. */
const memberRefusals: readonly MemberRefusal[] = [
  { member: 'MemberAccount', failure: { reason: 'foreignAccount' } },
  { member: 'MemberAccounts', failure: { reason: 'foreignAccount' } },
  { member: 'EncryptionPublicKey', failure: { reason: 'unusableRecipientKey' } },
  { member: 'EncryptionPublicKey', failure: { reason: 'serverBusy' } },
  {
    member: 'Tags',
    failure: {
      reason: 'invalidAttributeValue',
      member: 'Tags',
      why: '',
      code: 'InvalidParameterValue.TagKeysDuplicated',
    },
  },
  {
    member: 'DeviceFingerprints',
    failure: {
      reason: 'invalidAttributeValue',
      member: 'DeviceFingerprints',
      why: '',
      code: 'LimitExceeded.FingerprintsLimitExceeded',
    },
  },
  { member: 'KeyUsage', action: 'CreateKey', failure: { reason: 'unsupportedCryptographicParameters' } },
  {
    member: 'Ciphertext',
    action: 'AsymmetricSm2Decrypt',
    failure: { reason: 'unsupportedCryptographicParameters' },
  },
  {
    member: 'ImportKeyMaterial',
    failure: {
      reason: 'invalidAttributeValue',
      member: 'ImportKeyMaterial',
      why: '',
      code: 'InvalidParameterValue.InvalidPlaintext',
    },
  },
  { member: 'KeyId', action: 'ListDataKeyDetail', failure: { reason: 'objectNotFound', kind: 'key' } },
  {
    member: 'DataKeyIds',
    failure: {
      reason: 'invalidAttributeValue',
      member: 'DataKeyIds',
      why: '',
      code: 'InvalidParameterValue.DuplicatedDataKeyId',
    },
  },
  {
    member: 'KeyIds',
    failure: {
      reason: 'invalidAttributeValue',
      member: 'KeyIds',
      why: '',
      code: 'InvalidParameterValue.DuplicatedKeyId',
    },
  },
]

/** Codes that are answered although neither the action nor the common table lists them, and why. */
const statedDifferences: Readonly<Record<string, string>> = {
  'EnableDataKey ResourceUnavailable.DataKeyStateNotSupport':
    'Of a data key in PendingDelete; EnableDataKeys lists the code, EnableDataKey lists none for it.',
  'EnableKeyRotation UnsupportedOperation.RotateNotSupported':
    'Of a key in a key store, or of a copy in another region, both of which only another API makes.',
  'ImportDataKey InvalidParameterValue.InvalidHsmClusterId':
    'ImportDataKey has HsmClusterId and does not list the code; every other action with that member does.',
  'ImportDataKey InvalidParameterValue.DataKeyNameAlreadyExists':
    'Names are unique, and only GenerateDataKey lists the code.',
  'RotateKey UnsupportedOperation.NotRoleOperation':
    'RotateKey has MemberAccount and does not list the code; every other action with that member does.',
  'UpdateAlias ResourceUnavailable.CmkStateNotSupport':
    'The page forbids it in PendingDelete and lists no code that fits.',
  'UpdateDataKeyName InvalidParameterValue.DataKeyNameAlreadyExists':
    'Names are unique, and only GenerateDataKey lists the code.',
  'UpdateKeyDescription ResourceUnavailable.CmkStateNotSupport':
    'The page forbids it in PendingDelete and lists no code that fits.',
}

const groups: Readonly<Record<string, string>> = {
  keys: 'Keys',
  cryptography: 'Cryptography',
  import: 'Imported material',
  service: 'Service',
  rotation: 'Rotation',
  asymmetric: 'Asymmetric keys',
  'data-keys': 'Hosted data keys',
  'white-box': 'White-box keys',
  'post-quantum': 'Post-quantum keys',
  bindings: 'Bindings of cloud products',
}

export const tencent: ReferenceDialect = {
  name: 'tencent',
  title: 'Tencent Cloud KMS (2019-01-18)',
  noun: 'actions',
  requests:
    'Requests go to `/`: POST with a JSON body or GET with a query, signed with TC3-HMAC-SHA256; GET with a query or POST with a form, signed with V1 (HmacSHA256, HmacSHA1).',
  answers:
    'The status is 200 for every answer, as SDKs expect; clients branch on `Code`. The texts are there in Chinese too, for `X-TC-Language: zh-CN`.',
  actions,
  texts,
  errors,
  precedence,
  keyStates,
  commonErrors,
  vendorActions,
  groups,
  memberRefusals,
  statedDifferences,
  errorTests: 'test/dialects/tencent/errors.test.ts',
  always: [['`RequestId`', 'string', 'A UUID, in the audit journal too.']],
}

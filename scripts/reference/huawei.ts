/** What the reference says of the Huawei dialect beside its declarations. */
import { actions } from '../../src/dialects/huawei/actions.ts'
import { codes, statusOf, textOf } from '../../src/dialects/huawei/codes.ts'
import { errors, precedence } from '../../src/dialects/huawei/errors.ts'
import { keyStates } from '../../src/dialects/huawei/fields.ts'
import { commonErrors, vendorActions } from '../../src/dialects/huawei/vendor.ts'
import type { ReferenceDialect } from './dialect.ts'
import type { MemberRefusal } from './reachable.ts'

const groups: Readonly<Record<string, string>> = {
  lifecycle: 'Keys',
  query: 'Looking at keys',
  crypto: 'Encryption',
  datakey: 'Data keys',
  asymmetric: 'Signatures and key agreement',
  mac: 'MACs',
  random: 'Random numbers',
  import: 'Imported material',
  rotation: 'Rotation',
  grant: 'Grants',
  tag: 'Tags',
  alias: 'Aliases',
  quota: 'Quotas',
  keystore: 'Key stores',
  replication: 'Regions and replication',
  'access-point': 'Access points',
  policy: 'Key policies',
  capsule: 'Data key capsules',
  version: 'Versions',
}

/** What the actions refuse when they read their members. */
/** Codes of their own that members have beside that of their field: member, code, and where only one call says it. */
const codedRefusals: readonly (readonly [member: string, code: string, action?: string])[] = [
  ['datakey_length', 'KMS.1903', 'CreateDatakey'],
  ['datakey_length', 'KMS.1903', 'CreateDatakeyWithoutPlaintext'],
  ['operations', 'KMS.2401'],
  ...['0401', '0405', '0406', '0407', '0410', '0411', '0412'].map(
    (code) => ['tags', `KMS.${code}`, 'ReplicateKey'] as const,
  ),
  ['plain_text', 'KMS.2104', 'EncryptDatakey'],
  ['keystore_id', 'KMS.0315', 'CreatePin'],
  ['key_usage', 'KMS.1114', 'CreateKey'],
  ['key_usage', 'KMS.1115', 'CreateKey'],
  ['random_data_length', 'KMS.1802'],
  ['expiration_time', 'KMS.2602', 'ImportKeyMaterial'],
  ...['0405', '0406', '0410', '0411'].flatMap((code) => [
    ['tag', `KMS.${code}`, 'CreateKmsTag'] as const,
    ['tags', `KMS.${code}`, 'BatchCreateKmsTags'] as const,
  ]),
  ...['0401', '0407', '0412'].map((code) => ['tags', `KMS.${code}`, 'BatchCreateKmsTags'] as const),
  ...['0413', '0414'].map((code) => ['tags', `KMS.${code}`, 'ListKmsByTags'] as const),
  ...['0402', '0403', '0415'].map((code) => ['matches', `KMS.${code}`, 'ListKmsByTags'] as const),
  ['limit', 'KMS.0418', 'ListKmsByTags'],
]

const memberRefusals: readonly MemberRefusal[] = [
  ...(
    [
      { reason: 'objectNotFound', kind: 'keyStore' },
      { reason: 'unsupportedByKeyStore' },
      { reason: 'keyStoreUnavailable' },
    ] as const
  ).map((failure) => ({ member: 'keystore_id', action: 'CreateKey', failure })),
  ...codedRefusals.map(([member, code, action]) => ({
    member,
    failure: { reason: 'invalidAttributeValue', member, why: '', code } as const,
    ...(action === undefined ? {} : { action }),
  })),
  {
    member: 'key_id',
    action: 'ShowKeyRotationStatus',
    failure: { reason: 'incompatibleCryptographicUsageMask', usage: 'signVerify', family: 'rsa' },
  },
  { member: 'recipient', action: 'DeriveSharedSecret', failure: { reason: 'unusableRecipientKey' } },
]

/** Codes that are answered although neither the call nor the common table lists them, and why. */
const statedDifferences: Readonly<Record<string, string>> = {
  'AssociateAlias KMS.1105': 'Of a key that has 50 aliases.',
  'AssociateAlias KMS.1101': 'Of alias, as in the call that creates it.',
  'DeleteAlias KMS.1101': 'Of an alias, as in the call that creates it.',
  'ListAliases KMS.1601': 'Of limit, as in other lists.',
  'ListAliases KMS.1602': 'Of marker, as in other lists.',
  'RotateOnDemand KMS.0324': 'Of an asymmetric key, as in the other calls about rotation.',
  'CreateKey KMS.0409': 'Of more tags than a key may have.',
  'DecryptDatakeyCapsule KMS.2201': 'Of a capsule that does not open with the key; the page lists no code for it.',
  'EnableKeyRotation KMS.0106': 'Of a copy in another region than the primary one.',
  'ListAccessPoint KMS.1601': 'Of limit, as in other lists.',
  'ListAccessPoint KMS.1602': 'Of marker, as in other lists.',
  'ListKeyPolicy KMS.1601': 'Of limit, as in other lists.',
  'ListKeyPolicy KMS.1602': 'Of marker, as in other lists.',
  'ReEncrypt KMS.2108': 'Of data that is too long for the new key.',
  'ReplicateKey KMS.0409': 'Of more tags than a key may have.',
  'ReplicateKey KMS.0401': 'Of tags, as in the calls about tags.',
  'ReplicateKey KMS.0405': 'Of tags, as in the calls about tags.',
  'ReplicateKey KMS.0406': 'Of tags, as in the calls about tags.',
  'ReplicateKey KMS.0407': 'Of tags, as in the calls about tags.',
  'ReplicateKey KMS.0410': 'Of tags, as in the calls about tags.',
  'ReplicateKey KMS.0411': 'Of tags, as in the calls about tags.',
  'ReplicateKey KMS.0412': 'Of tags, as in the calls about tags.',
  'ReplicateKey KMS.1101': 'Of key_alias, as in create-key.',
  'ReplicateKey KMS.1103': 'Of key_description, as in create-key.',
  'UpdateKeyRotationInterval KMS.0312': 'Of an imported key, as in the calls that turn rotation on and off.',
  'UpdatePrimaryRegion KMS.0106': 'Of a copy in another region than the primary one.',
}

const known = Object.keys(codes) as (keyof typeof codes)[]

/** One number stands for two states of the core, so the core's word is beside it. */
const shownStates = Object.fromEntries(
  Object.entries(keyStates).map(([state, shown]) => [state, `${shown} (${state})`]),
)

export const huawei: ReferenceDialect = {
  name: 'huawei',
  title: 'Huawei Cloud KMS (v1.0)',
  noun: 'calls',
  requests:
    'Each call has its method and path. Requests are signed with an access key (AK/SK), or carry a token of the identity service in `X-Auth-Token`.',
  answers:
    'Errors have the status in brackets, and their code and text twice: in `error`, and at the top level, since each official client reads one of the two. 502 and 504 cannot arise in one process; those of a gateway in front of it pass through to clients as they are.',
  actions,
  texts: Object.fromEntries(known.map((code) => [code, `(${statusOf(code)}) ${textOf(code)}`])),
  errors,
  precedence,
  keyStates: shownStates as typeof keyStates,
  commonErrors,
  vendorActions: vendorActions.map(({ name, group, errors: listed, method, path }) => ({
    name,
    group,
    errors: listed,
    route: `${method} ${path}`,
  })),
  groups,
  memberRefusals,
  statedDifferences,
  errorTests: 'test/dialects/huawei/errors.test.ts',
  always: [],
}

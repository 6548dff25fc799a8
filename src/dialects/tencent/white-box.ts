/** Fields and records that the actions of white-box keys share, in the vendor's words. */
import { base64FromBytes, distinct, text } from '../../contract/fields.ts'
import { noted, z } from '../../contract/schema.ts'
import { bytesFromHex, concat, utf8 } from '../../core/bytes.ts'
import type { Device, WhiteBoxKey } from '../../core/object.ts'
import type { DescribedWhiteBoxKey } from '../../core/operations/white-box-lists.ts'
import { keyId, keyStates, seconds } from './fields.ts'
import { listed } from './tags.ts'

/** `Algorithm`, as the core calls it. */
export const whiteBoxAlgorithms = { AES_256: 'aes-256', SM4: 'sm4' } as const
const algorithmNames = { 'aes-256': 'AES_256', sm4: 'SM4' } as const

const batchMax = 50

export const oneWhiteBoxKey = { KeyId: keyId.describe('The white-box key.') }
export const manyWhiteBoxKeys = {
  KeyIds: distinct(
    z.array(keyId).min(1, 'must name at least one key').max(batchMax, `must name at most ${batchMax} keys`),
    'InvalidParameterValue.DuplicatedKeyId',
  ).describe('The white-box keys.'),
}

export const toOne = ({ KeyId }: { KeyId: string }) => ({ keyId: KeyId })
/** One white-box key, for an operation that takes several. */
export const toBatchOfOne = ({ KeyId }: { KeyId: string }) => ({ keyIds: [KeyId] })
export const toMany = ({ KeyIds }: { KeyIds: readonly string[] }) => ({ keyIds: KeyIds })

const devicesMax = 200
/** The documented form, and that of a published request. */
const fingerprint =
  /^(?:[0-9a-f]{8}-[0-9a-f]{14}-[0-9a-f]{14}-[0-9a-f]{14}-[0-9a-f]{16}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/

const device = z.strictObject({
  Identity: text({ pattern: fingerprint }).describe('Fingerprint: 8, 14, 14, 14 and 16 hexadecimal digits, or a UUID.'),
  Description: text({ bytesMax: 1024 }).describe('Free text, such as a host name.').optional(),
})

/** `DeviceFingerprints` of a request. */
export const deviceFingerprints = noted(
  listed(device, (devices, wrong) => {
    if (devices.length > devicesMax)
      return wrong('LimitExceeded.FingerprintsLimitExceeded', `must be at most ${devicesMax} fingerprints`)
    if (new Set(devices.map(({ Identity }) => Identity)).size !== devices.length)
      wrong('InvalidParameterValue', 'must not repeat a fingerprint')
  })
    .describe('All of them from now on; none, for every device, when absent or empty.')
    .optional(),
  { limit: `at most ${devicesMax} fingerprints` },
)

type WrittenDevices = z.output<typeof deviceFingerprints>

export const devicesOf = (written: WrittenDevices): readonly Device[] =>
  (written ?? []).map(({ Identity, Description = '' }) => ({ fingerprint: Identity, description: Description }))

/** The same in an answer. */
export const deviceRecords = z.array(z.object({ Identity: z.string(), Description: z.string() }))

/**
 * What names the key that encrypts, in a form of our own: the cloud's tables are for its client library alone. It can
 * nothing that the id cannot: EncryptByWhiteBox asks for the id.
 */
export const encryptKeyOf = ({ algorithm, id }: Pick<WhiteBoxKey, 'algorithm' | 'id'>): string => {
  const mark = Uint8Array.of(algorithm === 'sm4' ? 2 : 1)
  return base64FromBytes(concat(utf8('KWE1'), mark, bytesFromHex(id.replaceAll('-', '')) ?? new Uint8Array()))
}

const keyTables = 'The tables that decrypt, for the open decryptor: docs/spec/white-box.md.'
export const encryptKeyMember = z.string().describe('An opaque handle; EncryptByWhiteBox takes the KeyId.')
export const decryptKeyMember = noted(z.string(), { form: 'Base64', sensitive: true }).describe(keyTables)

export const whiteBoxKeyInfo = z.object({
  KeyId: z.string(),
  Alias: z.string(),
  CreatorUin: z.int(),
  Description: z.string(),
  CreateTime: z.int().describe('Unix seconds.'),
  Status: z.enum(['Enabled', 'Disabled']),
  OwnerUin: z.int(),
  Algorithm: z.enum(['AES_256', 'SM4']),
  EncryptKey: encryptKeyMember,
  DecryptKey: decryptKeyMember,
  ResourceId: z.string(),
  DeviceFingerprintBind: z.boolean().describe('Whether the tables are for listed devices only.'),
})

type WhiteBoxKeyInfo = z.output<typeof whiteBoxKeyInfo>

/** `DecryptKey` is empty where the tables were not read. */
export const whiteBoxKeyInfoOf = ({ row, account, state, decryptKey }: DescribedWhiteBoxKey): WhiteBoxKeyInfo => ({
  KeyId: row.id,
  Alias: row.name,
  CreatorUin: Number(row.creator),
  Description: row.description,
  CreateTime: seconds(row.createdAt),
  Status: keyStates[state] as WhiteBoxKeyInfo['Status'],
  OwnerUin: Number(account.id),
  Algorithm: algorithmNames[row.algorithm],
  EncryptKey: encryptKeyOf(row),
  DecryptKey: decryptKey ? base64FromBytes(decryptKey) : '',
  ResourceId: `creatorUin/${row.creator}/${row.id}`,
  DeviceFingerprintBind: row.bound,
})

/** Fields and records that the actions of hosted data keys share, in the vendor's words. */
import type { ErrorTable } from '../../contract/errors.ts'
import { choice, code, contextText, distinct, integer, text } from '../../contract/fields.ts'
import { z } from '../../contract/schema.ts'
import { noContext } from '../../core/context.ts'
import { Refusal } from '../../core/failure.ts'
import type { Described } from '../../core/operations/data-key-lists.ts'
import { dataKeyBytesMax } from '../../core/operations/data-key-row.ts'
import { type Code, isCode } from './codes.ts'
import { envelopeMembers, envelopeOf } from './envelope-key.ts'
import {
  batchMax,
  hsmClusterId,
  idText,
  keyId,
  keyStates,
  memberAccount,
  namePattern,
  origins,
  seconds,
  withoutCopies,
} from './fields.ts'

export const dataKeyId = idText('InvalidParameterValue.InvalidDataKeyId')

/** Ids of a batch: 1 to 100, none twice. */
export const dataKeyIds = distinct(
  z.array(dataKeyId).min(1, 'must name at least one data key').max(batchMax, `must name at most ${batchMax} data keys`),
  'InvalidParameterValue.DuplicatedDataKeyId',
)

/** No rule is published: it is that of aliases. */
export const dataKeyName = text({ pattern: namePattern, code: 'InvalidParameterValue.InvalidDataKeyName' })

export const dataKeyDescription = text({ bytesMax: 100 })

const specBytes = { AES_128: 16, AES_256: 32 } as const

export const hosting = code([0, 1], { code: 'InvalidParameterValue.InvalidType' })

/** What GenerateDataKey takes whether it hosts the data key or not. */
export const generationMembers = {
  KeyId: keyId.describe('The CMK.'),
  KeySpec: choice(['AES_128', 'AES_256']).describe('Size by name; AES_256 when no size is given.').optional(),
  NumberOfBytes: integer({ min: 1, max: dataKeyBytesMax }).describe('Size in bytes; wins over KeySpec.').optional(),
  EncryptionContext: contextText({ charactersMax: 1024 })
    .describe('JSON object as text; needed again to decrypt.')
    .optional(),
  ...envelopeMembers,
  IsHostedByKms: hosting.describe('1 keeps the data key.').optional(),
  HsmClusterId: hsmClusterId.optional(),
}

type Generation = z.output<z.ZodObject<typeof generationMembers>>

export const generationOf = (members: Generation) => {
  const { KeyId, KeySpec = 'AES_256', NumberOfBytes, EncryptionContext = noContext } = members
  const recipient = envelopeOf(members)
  if (recipient instanceof Refusal) return recipient
  const bytes = NumberOfBytes ?? specBytes[KeySpec]
  return { keyId: KeyId, bytes, context: EncryptionContext, ...(recipient ? { recipient } : {}) }
}

/** Of GenerateDataKey in either form. */
export const generationErrors: Partial<ErrorTable<Code>> = {
  incompatibleCryptographicUsageMask: 'InvalidParameterValue.InvalidKeyUsage',
  wrongKeyLifecycleState: ({ state }) =>
    state === 'destructionScheduled' ? 'ResourceUnavailable.KeyPendingDelete' : 'ResourceUnavailable.CmkDisabled',
}

export const pendingWindow = integer({ min: 7, max: 30, code: 'InvalidParameter.InvalidPendingWindowInDays' })

export const oneDataKey = { DataKeyId: dataKeyId.describe('The data key.'), MemberAccount: memberAccount }
export const manyDataKeys = { DataKeyIds: dataKeyIds.describe('The data keys.'), MemberAccount: memberAccount }

export const toOne = ({ DataKeyId }: { DataKeyId: string }) => ({ dataKeyId: DataKeyId })
/** One data key, for an operation that takes several. */
export const toBatchOfOne = ({ DataKeyId }: { DataKeyId: string }) => ({ dataKeyIds: [DataKeyId] })
export const toMany = ({ DataKeyIds }: { DataKeyIds: readonly string[] }) => ({ dataKeyIds: DataKeyIds })

/** Actions that do not list UnauthorizedOperation. */
export const unlistedDenial = { permissionDenied: 'AuthFailure.UnauthorizedOperation' } as const

/** Actions that list InvalidParameterValue for what has no code of its own. */
export const plainValue: Pick<ErrorTable<Code>, 'invalidAttributeValue'> = {
  invalidAttributeValue: ({ code: own }) => (own !== undefined && isCode(own) ? own : 'InvalidParameterValue'),
}

const time = z.int().describe('Unix seconds; 0 for never.')

export const dataKeyMetadata = z.object({
  DataKeyId: z.string(),
  KeyId: z.string(),
  KeyName: z.string().describe('Alias of the CMK; empty once that is deleted.'),
  DataKeyName: z.string(),
  NumberOfBytes: z.int(),
  CreateTime: time,
  Description: z.string(),
  KeyState: z.enum(['Enabled', 'Disabled', 'PendingDelete']),
  CreatorUin: z.int(),
  Owner: z.string(),
  DeletionDate: time,
  Origin: z.enum(['TENCENT_KMS', 'EXTERNAL']),
  HsmClusterId: z.string(),
  ResourceId: z.string(),
  IsSyncReplica: z.int(),
  SourceRegion: z.string(),
  SyncStatus: z.int(),
  SyncMessages: z.string(),
  SyncStartTime: time,
  SyncEndTime: time,
  SourceHsmClusterId: z.string(),
  AccountAppId: z.int(),
  AccountUin: z.int(),
  AccountName: z.string(),
  CreatorUinString: z.string(),
})
export type DataKeyMetadata = z.output<typeof dataKeyMetadata>

export const dataKeyMetadataOf = ({ row, account, state, keyName = '' }: Described): DataKeyMetadata => ({
  DataKeyId: row.id,
  KeyId: row.key,
  KeyName: keyName,
  DataKeyName: row.name,
  NumberOfBytes: row.bytes,
  CreateTime: seconds(row.createdAt),
  Description: row.description,
  KeyState: keyStates[state] as DataKeyMetadata['KeyState'],
  CreatorUin: Number(row.creator),
  Owner: row.owner,
  DeletionDate: seconds(row.destroyAt),
  Origin: origins[row.origin],
  ResourceId: `creatorUin/${row.creator}/${row.id}`,
  ...withoutCopies,
  AccountAppId: Number(account.external.appId),
  AccountUin: Number(account.id),
  AccountName: account.name,
  CreatorUinString: row.creator,
})

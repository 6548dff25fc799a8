/** Fields and records that several actions share, in the vendor's words. */
import type { Here } from '../../contract/action.ts'
import { code, distinct, integer, text } from '../../contract/fields.ts'
import { noted, z } from '../../contract/schema.ts'
import type { Account } from '../../core/object.ts'
import type { Found } from '../../core/operation.ts'
import type { State } from '../../core/state.ts'
import type { Code } from './codes.ts'
import { keyUsageOf } from './key-usages.ts'

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

/** One pair of quotes around an id is trimmed: a published request has it, and an id never holds a quote. */
const unquoted = (value: unknown): unknown =>
  typeof value === 'string' && value.length > 1 && value.startsWith('"') && value.endsWith('"')
    ? value.slice(1, -1)
    : value

/** An id, with this cloud's code for one that is malformed. */
export const idText = (code: Code) =>
  noted(z.preprocess(unquoted, z.string().regex(uuid, 'must be a UUID in lower case')), { code })

export const keyId = idText('InvalidParameterValue.InvalidKeyId')

export const batchMax = 100

/** Key ids of a batch: 1 to 100, none twice. */
export const keyIds = distinct(
  z.array(keyId).min(1, 'must name at least one key').max(batchMax, `must name at most ${batchMax} keys`),
  'InvalidParameterValue.DuplicatedKeyId',
)

/** The rule of the CreateKey page; names that begin like those of cloud products are theirs. */
export const namePattern = /^(?![Kk][Mm][Ss]-)[0-9A-Za-z][0-9A-Za-z_-]{0,59}$/

export const alias = text({ pattern: namePattern, code: 'InvalidParameterValue.InvalidAlias' })

export const description = text({ bytesMax: 1024 })

/** No cluster exists here, so only the empty name is right. */
export const hsmClusterId = noted(z.string().max(0, 'there is no such cluster'), {
  code: 'InvalidParameterValue.InvalidHsmClusterId',
})

const memberAccountRecord = z.strictObject({ MemberAppId: integer().optional(), MemberUin: integer().optional() })
type MemberAccount = z.output<typeof memberAccountRecord>
export const memberAccount = memberAccountRecord
  .describe("The account to act for: the own one, or one that the own one's organisation has.")
  .optional()
export const memberAccounts = z
  .array(memberAccountRecord)
  .max(100, 'must name at most 100 accounts')
  .describe('The accounts to list; the own one when absent.')
  .optional()

/** Most accounts that are looked through for an AppId. */
const accountsMax = 1000

/** The account that both numbers name, as far as they are given; what names none has an id that no account has. */
const accountIdOf = async (
  { MemberUin, MemberAppId }: MemberAccount,
  { caller, house, view }: Here,
): Promise<string> => {
  if (MemberUin === undefined && MemberAppId === undefined) return caller.account.id
  const isNamed = ({ id, external }: Account) =>
    (MemberUin ?? Number(id)) === Number(id) && (MemberAppId ?? Number(external.appId)) === Number(external.appId)
  if (isNamed(caller.account)) return caller.account.id
  const row = MemberUin === undefined ? undefined : await view.get('account', String(MemberUin))
  const rows =
    MemberUin === undefined ? await house.store.reader.rows('account', { limit: accountsMax }) : row ? [row] : []
  return rows.find(isNamed)?.id ?? ''
}

/** For every action with MemberAccount: whom it acts for. */
export const forMember = {
  acting: async ({ MemberAccount }: { MemberAccount?: MemberAccount | undefined }, here: Here) =>
    MemberAccount && [await accountIdOf(MemberAccount, here)],
}

/** For every list with MemberAccounts. */
export const forMembers = {
  acting: async ({ MemberAccounts = [] }: { MemberAccounts?: readonly MemberAccount[] | undefined }, here: Here) =>
    MemberAccounts.length === 0 ? undefined : Promise.all(MemberAccounts.map((member) => accountIdOf(member, here))),
}

export const bindingMembers = {
  KeyId: keyId.describe('The CMK.'),
  ProductId: text({ charactersMax: 256 }).min(1).describe('The product that uses it.'),
  ResourceId: text({ charactersMax: 1024 }).min(1).describe("The product's own name for the resource."),
}

export const toBinding = ({
  KeyId,
  ProductId,
  ResourceId,
}: {
  KeyId: string
  ProductId: string
  ResourceId: string
}) => ({
  keyId: KeyId,
  product: ProductId,
  resource: ResourceId,
})

/** Paging and the maker of the keys, as all lists have them. */
export const pageMembers = {
  Offset: integer().describe('Rows to skip.').optional(),
  Limit: integer({ min: 1, max: 200 }).describe('Most rows to return; 10 when absent.').optional(),
  Role: code([0, 1]).describe('Made by 0 the user, 1 a cloud product.').optional(),
  HsmClusterId: hsmClusterId.optional(),
}

export const pageOf = ({ Offset = 0, Limit = 10 }: { Offset?: number | undefined; Limit?: number | undefined }) => ({
  offset: Offset,
  limit: Limit,
})

export const keyStates: Readonly<Record<State, string>> = {
  active: 'Enabled',
  suspended: 'Disabled',
  preActive: 'PendingImport',
  deactivated: 'Archived',
  destructionScheduled: 'PendingDelete',
  destroyed: 'Deleted', // Never shown: a destroyed key is not found.
}

export const origins = { generated: 'TENCENT_KMS', imported: 'EXTERNAL' } as const

/** `Type` of KeyMetadata: the compliance class of the algorithm. */
const typeOf = (algorithm: string): number => (algorithm === 'sm4' || algorithm === 'sm2' ? 4 : 2)

/** All times of this API are unix seconds, 0 for never. */
export const seconds = (instant: number | null): number => (instant === null ? 0 : Math.floor(instant / 1000))

const time = z.int().describe('Unix seconds; 0 for never.')

export const keyMetadata = z.object({
  KeyId: z.string(),
  Alias: z.string(),
  CreateTime: time,
  Description: z.string(),
  KeyState: z.enum(['Enabled', 'Disabled', 'PendingDelete', 'PendingImport', 'Archived']),
  KeyUsage: z.string(),
  Type: z.int().describe('2 FIPS 140-2 algorithms, 4 SM algorithms.'),
  CreatorUin: z.int(),
  KeyRotationEnabled: z.boolean(),
  Owner: z.string(),
  NextRotateTime: time,
  DeletionDate: time,
  Origin: z.enum(['TENCENT_KMS', 'EXTERNAL']),
  ValidTo: time,
  ResourceId: z.string(),
  HsmClusterId: z.string(),
  RotateDays: z.int(),
  LastRotateTime: time,
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
export type KeyMetadata = z.output<typeof keyMetadata>

/** No cross-region copies and no clusters exist here. */
export const withoutCopies = {
  HsmClusterId: '',
  IsSyncReplica: 0,
  SourceRegion: '',
  SyncStatus: 0,
  SyncMessages: '',
  SyncStartTime: 0,
  SyncEndTime: 0,
  SourceHsmClusterId: '',
}

export const metadataOf = ({ key, account, state }: Found): KeyMetadata => ({
  KeyId: key.id,
  Alias: key.name,
  CreateTime: seconds(key.createdAt),
  Description: key.description,
  KeyState: keyStates[state] as KeyMetadata['KeyState'],
  KeyUsage: keyUsageOf(key),
  Type: typeOf(key.algorithm),
  CreatorUin: Number(key.creator),
  KeyRotationEnabled: key.rotation.enabled,
  Owner: key.owner,
  NextRotateTime: seconds(key.rotation.nextAt),
  DeletionDate: seconds(key.destroyAt),
  Origin: origins[key.origin],
  ValidTo: seconds(key.materialExpiresAt),
  ResourceId: `creatorUin/${key.creator}/${key.id}`,
  RotateDays: key.rotation.periodDays,
  LastRotateTime: seconds(key.rotation.lastAt),
  ...withoutCopies,
  AccountAppId: Number(account.external.appId),
  AccountUin: Number(account.id),
  AccountName: account.name,
  CreatorUinString: key.creator,
})

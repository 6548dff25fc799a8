/** The record of a key, as describe-key and list-keys give it: every member is text. */
import { z } from '../../contract/schema.ts'
import type { Region } from '../../core/house.ts'
import { userOwner } from '../../core/object.ts'
import type { Found } from '../../core/operation.ts'
import { keyState, keyStates, milliseconds } from './fields.ts'
import { keySpecOf, keyUsageNames, keyUsageOf } from './key-specs.ts'

const time = z.string().describe('UTC milliseconds as text; empty for never.')

export const keyRecord = z.object({
  key_id: z.string(),
  domain_id: z.string().describe('The account.'),
  key_alias: z.string().describe('The name of the key.'),
  realm: z.string().describe('The region.'),
  key_spec: z.string(),
  key_usage: z.enum(keyUsageNames),
  key_description: z.string(),
  creation_date: time,
  scheduled_deletion_date: time,
  key_state: keyState.describe('2 enabled, 3 disabled, 4 pending deletion, 5 pending import.'),
  default_key_flag: z.enum(['0', '1']).describe('1: a product owns the key.'),
  key_type: z.literal('1'),
  expiration_time: time.describe('When imported material ends: UTC milliseconds as text; empty for never.'),
  origin: z.enum(['kms', 'external']),
  key_rotation_enabled: z.enum(['true', 'false']).describe('Text, and no boolean.'),
  sys_enterprise_project_id: z.string().describe('0: the default one.'),
  keystore_id: z.string(),
})
export type KeyRecord = z.output<typeof keyRecord>

export const recordOf = ({ key, account, state }: Found, region: Region): KeyRecord => ({
  key_id: key.id,
  domain_id: account.external.domainId ?? '',
  key_alias: key.name,
  realm: region.names.huawei ?? '',
  key_spec: keySpecOf(key),
  key_usage: keyUsageOf(key),
  key_description: key.description,
  creation_date: milliseconds(key.createdAt),
  scheduled_deletion_date: milliseconds(key.destroyAt),
  key_state: keyStates[state],
  default_key_flag: key.owner === userOwner ? '0' : '1',
  key_type: '1',
  expiration_time: milliseconds(key.materialExpiresAt),
  origin: key.origin === 'imported' ? 'external' : 'kms',
  key_rotation_enabled: key.rotation.enabled ? 'true' : 'false',
  sys_enterprise_project_id: key.group === '' ? '0' : key.group,
  keystore_id: key.keyStore ?? '0',
})

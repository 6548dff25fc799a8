/** The record of an alias. */
import { z } from '../../contract/schema.ts'
import type { House } from '../../core/house.ts'
import type { Account, Alias, Instant } from '../../core/object.ts'

const time = z.string().describe('ISO 8601, in UTC, to the second.')

export const aliasMembers = {
  domain_id: z.string().describe('The account.'),
  key_id: z.string().describe('The key that it names.'),
  alias: z.string().describe('As it was written when it was made.'),
  alias_urn: z.string().describe('kms:<region>:<domain>:alias:<name>.'),
  create_time: time,
  update_time: time.describe('When it came to name the key.'),
}

const isoSeconds = (instant: Instant): string => new Date(instant).toISOString().replace(/\.\d{3}/, '')

export const aliasRecord = (
  { region, name, written, key, createdAt, updatedAt }: Alias,
  { external }: Account,
  { regions }: House,
) => {
  const domain = external.domainId ?? ''
  const shown = regions.find(({ id }) => id === region)?.names.huawei ?? ''
  return {
    domain_id: domain,
    key_id: key,
    alias: written,
    alias_urn: `kms:${shown}:${domain}:alias:${name}`,
    create_time: isoSeconds(createdAt),
    update_time: isoSeconds(updatedAt),
  }
}

/** How users and what they hold are shown. */
import { z } from '../../contract/schema.ts'
import type { Principal } from '../../core/object.ts'
import { isoOf, revision, time } from './fields.ts'

export const userMembers = {
  id: z.string(),
  name: z.string(),
  account: z.string(),
  root: z.boolean().describe('It may do everything in its account.'),
  disabled: z.boolean(),
  password: z.boolean().describe('Whether it has one.'),
  policies: z.int().describe('How many it has.'),
  createdAt: time,
  revision,
}

export const userShown = (row: Principal) => ({
  id: row.id,
  name: row.name,
  account: row.account,
  root: row.root,
  disabled: row.disabled,
  password: row.passwordRecord !== null,
  policies: row.policies.length,
  createdAt: isoOf(row.createdAt),
  revision: row.revision,
})

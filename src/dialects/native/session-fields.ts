/** What a session shows of itself. */
import type { Here } from '../../contract/action.ts'
import { noted, z } from '../../contract/schema.ts'
import type { Instant } from '../../core/object.ts'
import type { SignedIn, SignedInAs } from '../../core/operations/sign-in.ts'
import { isoOf } from './fields.ts'

/** How long a session lasts, and how long it can be renewed after its owner signed in. */
export const sessionSeconds = 3600
export const renewableSeconds = 12 * 3600

const named = z.object({ id: z.string(), name: z.string() })

export const sessionMembers = {
  principal: named.extend({ root: z.boolean() }),
  account: named,
  operator: z.boolean().describe('Whether it may look after the whole installation.'),
  region: z.string().describe('The region that the request was for.'),
  regions: z.array(z.object({ id: z.string(), names: z.record(z.string(), z.string()) })),
  version: z.string().describe('Of Keystead.'),
  expiresAt: z.string().nullable().describe('UTC.'),
  renewableUntil: z.string().nullable().describe('Until when it can be renewed, UTC.'),
}

export const issuedMembers = {
  token: noted(z.string(), { sensitive: true })
    .describe('The bearer token; absent where the session is in a cookie.')
    .optional(),
  ...sessionMembers,
}

interface Ends {
  readonly expiresAt?: Instant | undefined
  readonly renewableUntil?: Instant | undefined
}

const maybeIso = (at: Instant | undefined): string | null => (at === undefined ? null : isoOf(at))

export const sessionShown = (
  { caller: { principal, account }, operator }: SignedInAs,
  { house, region }: Here,
  { expiresAt, renewableUntil }: Ends,
) => ({
  principal: { id: principal.id, name: principal.name, root: principal.root },
  account: { id: account.id, name: account.name },
  operator,
  region: region.id,
  regions: house.regions.map(({ id, names }) => ({ id, names: { ...names } })),
  version: house.inspect.version,
  expiresAt: maybeIso(expiresAt),
  renewableUntil: maybeIso(renewableUntil),
})

export const issuedShown = (signed: SignedIn, here: Here) => ({
  token: signed.issued.token,
  ...sessionShown(signed, here, signed.issued),
})

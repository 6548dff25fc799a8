/** Grants of keys: what may be granted here, to whom, and how a grant is shown. */
import type { Here } from '../../contract/action.ts'
import { z } from '../../contract/schema.ts'
import { Refusal, refuse } from '../../core/failure.ts'
import type { Grant, Party, Principal } from '../../core/object.ts'
import { isoOf, principalOf, time } from './fields.ts'

export const grantRecord = z.object({
  id: z.string(),
  name: z.string(),
  grantee: z.string(),
  dialect: z.string(),
  operations: z.array(z.string()).describe('Words of the dialect.'),
  creator: z.string(),
  createdAt: time,
})

const partyText = ({ of, id }: Party): string => `${of} ${id}`

export const grantShown = ({ id, name, grantee, issuer, allows, createdAt }: Grant) => ({
  id,
  name,
  grantee: partyText(grantee),
  dialect: allows.dialect,
  operations: [...allows.words],
  creator: partyText(issuer),
  createdAt: isoOf(createdAt),
})

/** What of a key can be lent: using it, and knowing what it is. */
export const lendable = [
  'describe',
  'encrypt',
  'decrypt',
  'generateDataKey',
  'getPublicKey',
  'sign',
  'verify',
  'generateMac',
  'verifyMac',
] as const
export type Lendable = (typeof lendable)[number]

/** Here a grant is about words, as in every dialect: those that need nothing else than what is lent. */
export const allowsOf = (rights: readonly Lendable[], { house }: Here): Grant['allows'] => {
  const lent: ReadonlySet<string> = new Set(rights)
  const words = [...(house.vocabularies.get('native') ?? [])]
    .filter(([, reached]) => [...reached].every((right) => lent.has(right)))
    .map(([word]) => word)
  return { dialect: 'native', words, rights: [...new Set(rights)] }
}

/** What a grant calls a principal by. */
const partyOf = ({ external }: Principal): Party | undefined =>
  external.userId ? { of: 'principal', by: 'userId', id: external.userId } : undefined

const nameless = (member: string) =>
  refuse({ reason: 'invalidAttributeValue', member, why: 'has no id that a grant could name' })

/** Who it is for, and who makes it. */
export const partiesOf = async (user: string, here: Here): Promise<{ grantee: Party; issuer: Party } | Refusal> => {
  const principal = await principalOf(here, { user })
  if (principal instanceof Refusal) return principal
  const [grantee, issuer] = [partyOf(principal), partyOf(here.caller.principal)]
  if (!grantee) return nameless('user')
  return issuer ? { grantee, issuer } : nameless('key')
}

/** Who signs in by a password: found by name or id, and verified in the same time whether there is such a user or not. */
import { z } from '../../../contract/schema.ts'
import { signedInBy as checkedBy, type SignedIn } from '../../../core/access/sign-in.ts'
import type { House } from '../../../core/house.ts'
import { accountName, principalName } from '../../../core/operations/administer.ts'
import type { View } from '../../../core/ports.ts'
import { domainRef } from './scope.ts'

const word = z.string().min(1).max(64)

export const passwordUser = z.strictObject({
  id: word.optional(),
  name: word.optional(),
  domain: domainRef.optional(),
  password: z.string().min(1).max(128),
})
export type PasswordUser = z.output<typeof passwordUser>

/** What failures are counted by. */
export const claimedBy = ({ id, name, domain }: PasswordUser): string =>
  `password ${id ?? `${domain?.id ?? domain?.name}/${name}`}`

const accountIdOf = async ({ store: { reader } }: House, { id, name }: NonNullable<PasswordUser['domain']>) => {
  if (id !== undefined) return reader.knownAs('account', 'domainId', id)
  return name === undefined ? undefined : reader.holder(accountName(name))
}

const principalIdOf = async (house: House, { id, name, domain }: PasswordUser): Promise<string | undefined> => {
  const { reader } = house.store
  if (id !== undefined) return reader.knownAs('principal', 'userId', id)
  const account = domain && (await accountIdOf(house, domain))
  return account === undefined || name === undefined ? undefined : reader.holder(principalName(account, name))
}

const find = async (house: House, view: View, user: PasswordUser): Promise<SignedIn | undefined> => {
  const id = await principalIdOf(house, user)
  const principal = id === undefined ? undefined : await view.get('principal', id)
  const account = principal && (await view.get('account', principal.account))
  return principal && account && { principal, account }
}

/** The user whose password it is; undefined for whatever is wrong, all alike. */
export const signedInBy = (house: House, view: View, user: PasswordUser): Promise<SignedIn | 'busy' | undefined> =>
  checkedBy(house, user.password, () => find(house, view, user))

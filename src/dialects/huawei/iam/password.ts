/** Who signs in by a password: found by name or id, and verified in the same time whether there is such a user or not. */
import { z } from '../../../contract/schema.ts'
import type { House } from '../../../core/house.ts'
import type { Account, Principal } from '../../../core/object.ts'
import { accountName, principalName } from '../../../core/operations/administer.ts'
import { QueueFull, type View } from '../../../core/ports.ts'
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

interface Found {
  readonly principal: Principal
  readonly account: Account
}

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

const find = async (house: House, view: View, user: PasswordUser): Promise<Found | undefined> => {
  const id = await principalIdOf(house, user)
  const principal = id === undefined ? undefined : await view.get('principal', id)
  const account = principal && (await view.get('account', principal.account))
  return principal && account && { principal, account }
}

/** A record that no password matches, of the usual cost: its hash is not the one of anything known. */
const nobodys = `scrypt$32768$8$1$${'A'.repeat(22)}$${'A'.repeat(43)}`

/** Checks at once; each takes a thread for a tenth of a second, which other work waits for. */
const checkingMax = 32
let checking = 0

/** The user whose password it is; undefined for whatever is wrong, all alike. */
export const signedInBy = async (house: House, view: View, user: PasswordUser): Promise<Found | 'busy' | undefined> => {
  if (checking >= checkingMax) return 'busy'
  checking += 1
  try {
    const found = await find(house, view, user)
    const usable = found && !found.principal.disabled && found.principal.role === null
    const record = (usable && found.principal.passwordRecord) || nobodys
    const { password } = user
    return (await house.slow.run('checkPassword', { password, record })) ? found : undefined
  } catch (error) {
    if (error instanceof QueueFull) return 'busy'
    throw error
  } finally {
    checking -= 1
  }
}

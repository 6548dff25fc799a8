/** What signs in: an access key pair of either cloud, or the password of a user. */
import { Denied, type Head, Unjudged } from '../../contract/serve.ts'
import type { Caller } from '../../core/access/caller.ts'
import { type SignedIn, signedInBy, signedInWith } from '../../core/access/sign-in.ts'
import { firstAccountName } from '../../core/founding.ts'
import type { House } from '../../core/house.ts'
import { accountName, principalName } from '../../core/operations/administer.ts'
import type { View } from '../../core/ports.ts'
import type { Code } from './codes.ts'

export type SigningIn =
  | { readonly accessKey: string; readonly secretKey: string }
  | { readonly account: string; readonly user: string; readonly password: string }

const textMax = 256
const isText = (value: unknown): value is string => typeof value === 'string' && value !== '' && value.length <= textMax

/** undefined where the members are no way to sign in; which of them is wrong the declaration tells. */
export const signingIn = (members: unknown): SigningIn | undefined => {
  const {
    accessKey,
    secretKey,
    account = firstAccountName,
    user,
    password,
  } = (members ?? {}) as Record<string, unknown>
  if (isText(accessKey) && isText(secretKey) && user === undefined && password === undefined)
    return { accessKey, secretKey }
  if (isText(account) && isText(user) && isText(password) && accessKey === undefined && secretKey === undefined)
    return { account, user, password }
  return undefined
}

/** What failures are counted by. */
export const claimedBy = (by: SigningIn): string =>
  'accessKey' in by ? by.accessKey : `password ${by.account}/${by.user}`

const userOf = async (house: House, view: View, account: string, user: string): Promise<SignedIn | undefined> => {
  const { reader } = house.store
  const accountId = (await view.get('account', account)) ? account : await reader.holder(accountName(account))
  const id = accountId && (await reader.holder(principalName(accountId, user)))
  const principal = id ? await view.get('principal', id) : undefined
  const row = principal && (await view.get('account', principal.account))
  return principal && row && { principal, account: row }
}

const wrong = () => new Denied<Code>('unauthenticated', 'There is no such user, or the secret is wrong.')

export const signInCaller = async (
  by: SigningIn,
  { source }: Head,
  view: View,
  house: House,
  request: string,
): Promise<Caller | Denied<Code>> => {
  const common = { dialect: 'native', source, request, reach: 'policies' } as const
  if ('accessKey' in by) {
    const rows = await signedInWith(house, view, by.accessKey, by.secretKey)
    return rows ? { ...common, ...rows } : wrong()
  }
  const found = await signedInBy(house, by.password, () => userOf(house, view, by.account, by.user))
  if (found === 'busy') return new Unjudged('tooManyRequests', 'Too many sign in at once: try again in a moment.')
  return found ? { ...common, credential: undefined, ...found } : wrong()
}

/** Callers that no row stands for, and no policy speaks of: Keystead itself, and whoever may command its process. */
import type { Account } from '../object.ts'
import type { Caller } from './caller.ts'

/** The account of what is done in none. */
const nobody: Account = {
  kind: 'account',
  id: '',
  account: '',
  revision: 1,
  name: '',
  external: {},
  administrator: null,
  createdAt: 0,
}

export interface Unlisted extends Pick<Caller, 'dialect' | 'source' | 'request'> {
  /** Of the principal, as the record names it. */
  readonly id: string
  readonly name: string
  /** What the caller acts in; absent for none. */
  readonly account?: Account
}

export const unlistedCaller = ({ id, name, account = nobody, ...how }: Unlisted): Caller => ({
  ...how,
  credential: undefined,
  principal: {
    kind: 'principal',
    id,
    account: account.id,
    revision: 1,
    name,
    root: false,
    disabled: false,
    external: {},
    policies: [],
    passwordRecord: null,
    role: null,
    createdAt: 0,
  },
  account,
  reach: 'everything',
})

/**
 * Who is calling: whoever can open the admin socket, which only the operating-system user of the server and root can.
 * There is nothing to sign; the record names the user whose server it is.
 */
import type { Caller } from '../../core/access/caller.ts'
import type { Account, Principal } from '../../core/object.ts'

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

const operator = (user: string): Principal => ({
  kind: 'principal',
  id: `os:${user}`,
  account: '',
  revision: 1,
  name: user,
  root: false,
  disabled: false,
  external: {},
  policies: [],
  passwordRecord: null,
  role: null,
  createdAt: 0,
})

export const operatorCaller = (user: string, source: string, request: string): Caller => ({
  dialect: 'native',
  credential: undefined,
  principal: operator(user),
  account: nobody,
  source: source === '' ? 'admin.sock' : source, // A socket file has no address.
  request,
  reach: 'everything',
})

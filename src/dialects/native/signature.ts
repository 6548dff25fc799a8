/**
 * Who is calling: whoever can open the admin socket, which only the operating-system user of the server and root can.
 * There is nothing to sign; the record names the user whose server it is.
 */
import type { Caller } from '../../core/access/caller.ts'
import { unlistedCaller } from '../../core/access/unlisted.ts'

export const operatorCaller = (user: string, source: string, request: string): Caller =>
  unlistedCaller({
    dialect: 'native',
    id: `os:${user}`,
    name: user,
    source: source === '' ? 'admin.sock' : source, // A socket file has no address.
    request,
  })

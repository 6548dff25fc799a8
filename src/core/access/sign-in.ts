/** Signing in by a password or an access key pair: in the same time whether there is such a user or not. */
import { equalInConstantTime } from '../../crypto/compare.ts'
import { utf8 } from '../bytes.ts'
import type { House } from '../house.ts'
import type { Account, Principal } from '../object.ts'
import { QueueFull, type View } from '../ports.ts'
import { type Claimed, claimed } from './caller.ts'
import { secretOf } from './secret.ts'

export interface SignedIn {
  readonly principal: Principal
  readonly account: Account
}

/** A record that no password matches, of the usual cost: its hash is not the one of anything known. */
const nobodys = `scrypt$32768$8$1$${'A'.repeat(22)}$${'A'.repeat(43)}`

/** Checks at once; each takes a thread for a tenth of a second, which other work waits for. */
const checkingMax = 32
let checking = 0

/** Who was found, where the password is theirs; undefined for whatever is wrong, all alike. */
export const signedInBy = async (
  house: House,
  password: string,
  find: () => Promise<SignedIn | undefined>,
): Promise<SignedIn | 'busy' | undefined> => {
  if (checking >= checkingMax) return 'busy'
  checking += 1
  try {
    const found = await find()
    const usable = found && !found.principal.disabled && found.principal.role === null
    const record = (usable && found.principal.passwordRecord) || nobodys
    return (await house.slow.run('checkPassword', { password, record })) ? found : undefined
  } catch (error) {
    if (error instanceof QueueFull) return 'busy'
    throw error
  } finally {
    checking -= 1
  }
}

/** Whose access key it is, of whatever dialect, where the secret is the right one. */
export const signedInWith = async (
  house: House,
  view: View,
  id: string,
  secret: string,
): Promise<Claimed | undefined> => {
  const credential = await view.get('credential', id)
  const rows = credential && (await claimed(view, id, credential.dialect))
  if (!rows) return undefined
  const [known, said] = [await secretOf(house, view, rows.credential), utf8(secret)]
  const right = equalInConstantTime(known, said)
  known.fill(0)
  said.fill(0)
  return right ? rows : undefined
}

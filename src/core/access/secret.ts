/** The secret of an access key, for the one who checks a signature made with it. */
import type { House } from '../house.ts'
import { domainKeyOf } from '../material.ts'
import type { Credential } from '../object.ts'
import type { View } from '../ports.ts'

export const secretBinding = (credential: Pick<Credential, 'account' | 'id'>) =>
  ({ kind: 'credential', account: credential.account, id: credential.id, version: 1 }) as const

/** The bytes of the secret, which the caller zeroes once it has derived its signing key. */
export const secretOf = async (house: House, view: View, credential: Credential): Promise<Uint8Array> => {
  const domain = await domainKeyOf(view, credential.account)
  const secret = house.keyring.unwrap(domain, secretBinding(credential), credential.secret)
  if (!secret)
    throw new Error(`the secret of access key ${credential.id} does not unwrap: its row was damaged or exchanged`)
  return secret
}

/** The first rows of an account: itself, its domain key, its root principal and that principal's access keys. */
import { secretBinding } from './access/secret.ts'
import type { AuditEntry } from './audit.ts'
import { utf8 } from './bytes.ts'
import type { Keyring } from './keyring.ts'
import type { Account, Credential, ExternalIds, Instant, Principal } from './object.ts'
import type { Commit } from './ports.ts'

/** What the first start calls the account that it makes; no other has that name. */
export const firstAccountName = 'keystead'

export interface FirstAccount {
  readonly id: string
  readonly name: string
  readonly external: ExternalIds
  readonly principalName: string
  readonly principalExternal: ExternalIds
  readonly passwordRecord: string | null
  readonly accessKeys: readonly { readonly dialect: string; readonly id: string; readonly secret: string }[]
}

export const found = (keyring: Keyring, first: FirstAccount, request: string, now: Instant): Commit => {
  const { id } = first
  const account: Account = {
    kind: 'account',
    id,
    account: id,
    revision: 1,
    name: first.name,
    external: first.external,
    administrator: null,
    createdAt: now,
  }
  const domain = keyring.newDomainKey(id, 1, now)
  // The root principal of an account has the account's own number, as both clouds show it.
  const principal: Principal = {
    kind: 'principal',
    id,
    account: id,
    revision: 1,
    name: first.principalName,
    root: true,
    disabled: false,
    external: first.principalExternal,
    policies: [],
    passwordRecord: first.passwordRecord,
    role: null,
    createdAt: now,
  }
  const credentials = first.accessKeys.map(({ dialect, id: credentialId, secret }): Credential => {
    const row = { account: id, id: credentialId }
    const bytes = utf8(secret)
    const wrapped = keyring.wrap(domain, secretBinding(row), bytes)
    bytes.fill(0)
    return {
      kind: 'credential',
      ...row,
      revision: 1,
      principal: id,
      dialect,
      description: '',
      disabled: false,
      secret: wrapped,
      createdAt: now,
    }
  })
  const entry: AuditEntry = {
    request,
    at: now,
    dialect: 'system',
    action: 'found',
    region: '',
    account: id,
    principal: 'system',
    credential: '',
    source: '',
    objects: [{ kind: 'account', id }],
    outcome: 'success',
  }
  const effects = [
    { add: account, claim: { account: '', region: '', kind: 'account', name: first.name } as const },
    { add: domain },
    { add: principal, claim: { account: id, region: '', kind: 'principal', name: first.principalName } as const },
    ...credentials.map((add) => ({ add })),
  ]
  return { guards: [], effects, entry, now }
}

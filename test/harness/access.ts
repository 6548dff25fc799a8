/** Puts accounts, principals, access keys and policies into a running installation, as an administrator's tool would. */

import { secretBinding } from '../../src/core/access/secret.ts'
import { found } from '../../src/core/founding.ts'
import { domainKeyOf } from '../../src/core/material.ts'
import type { Credential, Policy, Principal } from '../../src/core/object.ts'
import { defaultProject } from '../../src/core/place.ts'
import type { Commit, Effect } from '../../src/core/ports.ts'
import type { AccessKey, TestKeystead } from './keystead.ts'

const commit = async ({ running }: TestKeystead, change: Commit): Promise<void> => {
  const { house } = running.installation
  const committed = await house.store.commit(change)
  if (committed.outcome !== 'committed') throw new Error(`the rows could not be added: ${committed.outcome}`)
  await house.journal.append(change.entry)
  house.outbox.drained([change.entry.request])
  await house.coherence.settle(committed.epoch)
}

/** Changes rows, and waits until every process has seen it. */
export const change = (keystead: TestKeystead, ...effects: readonly Effect[]): Promise<void> => {
  const { house } = keystead.running.installation
  const now = house.clock.now()
  const entry: Commit['entry'] = {
    request: house.random.id(now),
    at: now,
    dialect: 'system',
    action: 'seed',
    region: '',
    account: keystead.credentials.tencent.uin,
    principal: 'system',
    credential: '',
    source: '',
    objects: [],
    outcome: 'success',
  }
  return commit(keystead, { guards: [], effects, entry, now })
}

const add = (keystead: TestKeystead, ...rows: readonly (Principal | Credential | Policy)[]): Promise<void> =>
  change(keystead, ...rows.map((row) => ({ add: row })))

let drawn = 0
const nextUin = (): string => String(200_000_000_000 + ++drawn)

export interface NewPrincipal {
  readonly disabled?: boolean
  readonly policies?: readonly object[]
  /** The language of the policies; the core's own where none is named. */
  readonly language?: string
  readonly external?: Readonly<Record<string, string>>
}

/** A principal of the first account, without rights but for its policies. Resolves with its id. */
export const addPrincipal = async (
  keystead: TestKeystead,
  { disabled = false, policies = [], language = 'rights', external = {} }: NewPrincipal = {},
): Promise<string> => {
  const account = keystead.credentials.tencent.uin
  const id = nextUin()
  const rows = policies.map(
    (document, at): Policy => ({
      kind: 'policy',
      id: `${id}-${at}`,
      account,
      revision: 1,
      name: `policy ${at}`,
      language,
      document: JSON.stringify(document),
      createdAt: 0,
    }),
  )
  const principal: Principal = {
    kind: 'principal',
    id,
    account,
    revision: 1,
    name: `sub ${id}`,
    root: false,
    disabled,
    external,
    policies: rows.map((row) => row.id),
    passwordRecord: null,
    role: null,
    createdAt: 0,
  }
  await add(keystead, ...rows, principal)
  return id
}

export interface NewAccessKey {
  readonly principal?: string
  readonly secretId?: string
  readonly secretKey?: string
  readonly dialect?: string
  readonly disabled?: boolean
}

/** An access key of a principal, of the account's administrator where none is named. */
export const addAccessKey = async (keystead: TestKeystead, asked: NewAccessKey = {}): Promise<AccessKey> => {
  const { house } = keystead.running.installation
  const account = keystead.credentials.tencent.uin
  const { principal = account, secretId = `AKIDtest${nextUin()}`, secretKey = `secret-of-${secretId}` } = asked
  const domain = await domainKeyOf(await house.coherence.view(), account)
  const secret = house.keyring.wrap(domain, secretBinding({ account, id: secretId }), Buffer.from(secretKey))
  await add(keystead, {
    kind: 'credential',
    id: secretId,
    account,
    revision: 1,
    principal,
    dialect: asked.dialect ?? 'tencent',
    description: '',
    disabled: asked.disabled ?? false,
    secret,
    createdAt: 0,
  })
  return { secretId, secretKey }
}

/** The project of an account in the region that tests speak to. */
const projectOf = (uin: string): string => defaultProject(uin, 'guangzhou')

export interface NewAccount extends AccessKey {
  readonly uin: string
  readonly appId: string
  /** What the other cloud's clients are told of the same account and administrator. */
  readonly huawei: { accessKey: string; secretKey: string; domainId: string; userId: string; projectId: string }
}

/** A second account with its own administrator. Resolves with that one's access keys. */
export const addAccount = async (keystead: TestKeystead): Promise<NewAccount> => {
  const { house } = keystead.running.installation
  const uin = nextUin()
  const key = { secretId: `AKIDroot${uin}`, secretKey: `secret-of-${uin}` }
  const appId = '1259999999'
  const [domainId, userId] = [`d${uin}`.padEnd(32, '0'), `e${uin}`.padEnd(32, '0')]
  const huawei = { accessKey: `HWROOT${uin}`, secretKey: key.secretKey, domainId, userId, projectId: projectOf(uin) }
  const first = {
    id: uin,
    name: `account ${uin}`,
    external: { appId, domainId, domainName: `account ${uin}` },
    principalName: 'administrator',
    principalExternal: { userId },
    passwordRecord: '',
    role: null,
    accessKeys: [
      { dialect: 'tencent', id: key.secretId, secret: key.secretKey },
      { dialect: 'huawei', id: huawei.accessKey, secret: key.secretKey },
    ],
  }
  const now = house.clock.now()
  await commit(keystead, found(house.keyring, first, house.random.id(now), now))
  return { ...key, uin, appId, huawei }
}

/**
 * What the record of a call tells of what it took away, so that it can be seen what a backup undoes. The record has no
 * bodies: where it cannot tell what exactly became of an object, the object is `changed`, and a person looks at it.
 */
import type { Kind } from './object.ts'
import type { Undone, Withdrawal } from './upkeep.ts'

type Meaning = Partial<Readonly<Record<Kind, Withdrawal>>>

/** For each operation, what became of the objects in its entry. */
const taken: Readonly<Record<string, Meaning>> = {
  destroy: { key: 'destroyed', dataKey: 'destroyed' },
  destroyDataKey: { dataKey: 'destroyed' },
  scheduleDestruction: { key: 'destructionScheduled' },
  scheduleDataKeyDestruction: { dataKey: 'destructionScheduled' },
  suspend: { key: 'suspended' },
  suspendDataKeys: { dataKey: 'suspended' },
  suspendWhiteBoxKeys: { whiteBoxKey: 'suspended' },
  deleteWhiteBoxKey: { whiteBoxKey: 'removed' },
  bindWhiteBoxDevices: { whiteBoxKey: 'changed' },
  deactivate: { key: 'deactivated' },
  deleteMaterial: { key: 'emptied' },
  dropMaterial: { key: 'emptied' },
  deleteCredential: { credential: 'removed' },
  changeCredential: { credential: 'changed' },
  deleteRole: { principal: 'removed' },
  deleteUser: { principal: 'removed' },
  changePrincipal: { principal: 'changed' },
  detachPolicy: { policy: 'removed', principal: 'changed' },
  attachPolicy: { principal: 'changed' },
  setPassword: { principal: 'changed' },
  endSessions: { principal: 'changed' },
  setAdministrator: { account: 'changed' },
  revokeGrant: { key: 'changed' },
  retireGrant: { key: 'changed' },
  suspendKeyStore: { keyStore: 'suspended' },
  removeKeyStore: { keyStore: 'removed' },
  suspendAccessPoint: { accessPoint: 'suspended' },
  removeAccessPoint: { accessPoint: 'removed' },
  readAccessPointKey: { accessPoint: 'changed' },
  changeReleasePolicy: { releasePolicy: 'changed' },
  removeReleasePolicy: { releasePolicy: 'removed' },
  tag: { key: 'changed', dataKey: 'changed', whiteBoxKey: 'changed' },
  untag: { key: 'changed', dataKey: 'changed', whiteBoxKey: 'changed' },
  retag: { key: 'changed', dataKey: 'changed', whiteBoxKey: 'changed' },
  tagKey: { key: 'changed' },
  untagKey: { key: 'changed' },
  takeTag: { key: 'changed' },
  moveAlias: { key: 'changed' },
  deleteAliases: { alias: 'removed', key: 'changed' },
  rotate: { key: 'changed' },
  beginRotation: { key: 'changed' },
  endRotation: { key: 'changed' },
  importNextMaterial: { key: 'changed' },
  rotateImported: { key: 'changed' },
  updatePrimary: { key: 'changed' },
  unbind: { key: 'changed', binding: 'removed' },
  disableRotation: { key: 'changed' },
  setRotationPeriod: { key: 'changed' },
  setRotation: { key: 'changed' },
  enableRotation: { key: 'changed' },
  create: { key: 'lost' },
  replicate: { key: 'lost' },
  hostDataKey: { dataKey: 'lost' },
  importDataKey: { dataKey: 'lost' },
  createWhiteBoxKey: { whiteBoxKey: 'lost' },
  createCredential: { credential: 'lost' },
  createPrincipal: { principal: 'lost' },
  createAccount: { account: 'lost' },
  createKeyStore: { keyStore: 'lost' },
  createAccessPoint: { accessPoint: 'lost' },
  createReleasePolicy: { releasePolicy: 'lost' },
  createAlias: { alias: 'lost' },
  cancelDestruction: { key: 'kept' },
  cancelDataKeyDestruction: { dataKey: 'kept' },
  createGrant: { key: 'changed' },
  bind: { key: 'changed' },
}

/** For each operation, of what it is the opposite: that is no longer so. */
const givenBack: Readonly<Record<string, Meaning>> = {
  resume: { key: 'suspended' },
  returnToUse: { key: 'suspended' },
  reactivate: { key: 'deactivated' },
  cancelDestruction: { key: 'destructionScheduled' },
  scheduleDestruction: { key: 'kept' },
  scheduleDataKeyDestruction: { dataKey: 'kept' },
  importMaterial: { key: 'emptied' },
  resumeDataKeys: { dataKey: 'suspended' },
  resumeWhiteBoxKeys: { whiteBoxKey: 'suspended' },
  cancelDataKeyDestruction: { dataKey: 'destructionScheduled' },
  resumeKeyStore: { keyStore: 'suspended' },
  resumeAccessPoint: { accessPoint: 'suspended' },
}

/** Changes that say nothing of access, and those of which nothing is lost with them but a name or a ticket. */
const harmless: ReadonlySet<string> = new Set([
  'rename',
  'modifyDescription',
  'relabel',
  'renameDataKey',
  'modifyDataKeyDescription',
  'prepareImport',
  'importPrivateKey',
  'endQuarantine',
  'scrubCanaries',
  // What a backup wraps by an older generation that generation opens, and the root key keeps it.
  'rewrapDomainKeys',
])

/** Whether it is said above what a change means for a backup; a test asks it of every change that there is. */
export const isTold = (operation: string): boolean =>
  Object.hasOwn(taken, operation) || Object.hasOwn(givenBack, operation) || harmless.has(operation)

/** The end of an object ends whatever else was said of it. */
const ends: ReadonlySet<Withdrawal> = new Set(['destroyed', 'removed'])

export interface Recorded {
  readonly operation: string
  /** The dialect and its own word. */
  readonly by: string
  readonly at: number
  readonly objects: readonly { readonly kind: string; readonly id: string }[]
}

/** Collects what became of objects and has not been reversed since, call by call in their order. */
export class Withdrawals {
  readonly #byObject = new Map<string, Map<Withdrawal, Undone>>()

  note({ operation, by, at, objects }: Recorded): void {
    for (const { kind, id } of objects) {
      const was = taken[operation]?.[kind as Kind]
      const again = givenBack[operation]?.[kind as Kind]
      const said = this.#of(`${kind}/${id}`)
      if (again) said.delete(again)
      if (!was) continue
      if (ends.has(was)) said.clear()
      said.set(was, { was, kind: kind as Kind, id, at, by })
    }
  }

  all(): Undone[] {
    return [...this.#byObject.values()].flatMap((said) => [...said.values()])
  }

  #of(name: string): Map<Withdrawal, Undone> {
    const said = this.#byObject.get(name) ?? new Map<Withdrawal, Undone>()
    this.#byObject.set(name, said)
    return said
  }
}

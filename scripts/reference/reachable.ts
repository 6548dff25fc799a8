/** Which refusals an action can answer, worked out from its declaration, its operation's targets, and what follows. */
import { type Action, variantsOf } from '../../src/contract/action.ts'
import { codeOf, type ErrorTable } from '../../src/contract/errors.ts'
import { entryOf, notesOf } from '../../src/contract/schema.ts'
import type { Failure, Reason } from '../../src/core/failure.ts'
import type { ManagedKind, Usage } from '../../src/core/object.ts'
import type { ActedOn, CollectionTarget, KeyTarget, Targets } from '../../src/core/operation.ts'
import { type State, states } from '../../src/core/state.ts'
import type { Family } from '../../src/crypto/algorithms.ts'

/** A signing key that does not sign by what was asked. */
const mismatched: Failure = { reason: 'incompatibleCryptographicUsageMask', usage: 'signVerify', family: 'rsa' }

/** What an operation refuses beyond its targets. `test/reference.test.ts` holds it against the operations' sources. */
export const refusals: Readonly<Record<string, readonly (Reason | Failure)[]>> = {
  create: [
    'unsupportedCryptographicParameters',
    'nonUniqueNameAttribute',
    { reason: 'objectQuotaExceeded', kind: 'key' },
    'tooManyTags',
    'serverBusy',
  ],
  retag: ['tooManyTags', { reason: 'objectNotFound', kind: 'key' }],
  tag: ['tooManyTags'],
  tagKey: ['tooManyTags'],
  takeTag: ['tagNotFound'],
  replicate: [
    'tooManyTags',
    'nonUniqueNameAttribute',
    { reason: 'objectQuotaExceeded', kind: 'key' },
    'notGenerated',
    'unsupportedByKeyStore',
    'notPrimary',
    'copyExists',
    'rotationRunning',
  ],
  updatePrimary: ['notPrimary', 'copyMissing'],
  readAccessPointKey: ['noKeyToHandOut'],
  createAccessPoint: ['serverBusy'],
  createCapsule: [{ reason: 'objectNotFound', kind: 'releasePolicy' }],
  openCapsule: ['cryptographicFailure', 'attestationRefused', 'serverBusy'],
  exportRows: [{ reason: 'invalidAttributeValue', member: '', why: '' }],
  unsealRootKey: [{ reason: 'invalidAttributeValue', member: '', why: '' }],
  prepareSeal: [{ reason: 'invalidAttributeValue', member: '', why: '' }],
  adoptSeal: [{ reason: 'invalidAttributeValue', member: '', why: '' }],
  addRootGeneration: [{ reason: 'invalidAttributeValue', member: '', why: '' }],
  createKeyStore: ['unknownBacking', 'nonUniqueNameAttribute'],
  removeKeyStore: ['objectInUse'],
  createGrant: ['permissionDenied', 'tooManyGrants'],
  revokeGrant: ['foreignAccount', 'grantNotFound', 'grantOfAnotherKey'],
  retireGrant: ['permissionDenied', 'grantNotFound', 'grantOfAnotherKey'],
  createAlias: ['nonUniqueNameAttribute', { reason: 'objectQuotaExceeded', kind: 'alias' }],
  moveAlias: [
    { reason: 'objectNotFound', kind: 'alias' },
    { reason: 'objectQuotaExceeded', kind: 'alias' },
  ],
  deleteAliases: [{ reason: 'objectNotFound', kind: 'alias' }],
  rename: ['nonUniqueNameAttribute'],
  hostDataKey: [
    'nonUniqueNameAttribute',
    { reason: 'objectQuotaExceeded', kind: 'dataKey' },
    'unusableRecipientKey',
    'tooManyTags',
    'serverBusy',
  ],
  importDataKey: [
    'nonUniqueNameAttribute',
    { reason: 'objectQuotaExceeded', kind: 'dataKey' },
    'cryptographicFailure',
    'tooManyTags',
  ],
  readDataKey: ['unusableRecipientKey', 'serverBusy'],
  resumeDataKeys: [
    { reason: 'objectNotFound', kind: 'key' },
    { reason: 'wrongKeyLifecycleState', kind: 'key', state: 'destructionScheduled' },
  ],
  cancelDataKeyDestruction: [
    { reason: 'objectNotFound', kind: 'key' },
    { reason: 'wrongKeyLifecycleState', kind: 'key', state: 'destructionScheduled' },
    { reason: 'objectQuotaExceeded', kind: 'dataKey' },
  ],
  renameDataKey: ['nonUniqueNameAttribute'],
  createWhiteBoxKey: [
    'nonUniqueNameAttribute',
    { reason: 'objectQuotaExceeded', kind: 'whiteBoxKey' },
    'tooManyTags',
    'serverBusy',
  ],
  bindWhiteBoxDevices: ['serverBusy'],
  prepareImport: ['serverBusy'],
  importMaterial: [
    'invalidTicket',
    'ticketOfAnotherKey',
    'expiredTicket',
    'keyUnwrapFailure',
    { reason: 'wrongMaterialLength', of: 'material' },
    'materialMismatch',
    'serverBusy',
  ],
  importNextMaterial: [
    'invalidTicket',
    'ticketOfAnotherKey',
    'expiredTicket',
    'keyUnwrapFailure',
    { reason: 'wrongMaterialLength', of: 'material' },
    'rotationRunning',
    'serverBusy',
  ],
  rotateImported: [{ reason: 'objectNotFound', kind: 'keyVersion' }],
  importPrivateKey: [
    'invalidTicket',
    'ticketOfAnotherKey',
    'expiredTicket',
    'keyUnwrapFailure',
    { reason: 'wrongMaterialLength', of: 'wrappingKey' },
    'invalidPrivateKey',
    'serverBusy',
  ],
  wrapDataKey: ['cryptographicFailure'],
  unwrapDataKey: ['cryptographicFailure', 'unsupportedCryptographicParameters'],
  decrypt: ['cryptographicFailure'],
  reEncrypt: ['cryptographicFailure'],
  reEncryptAcross: [
    'cryptographicFailure',
    'unsupportedCryptographicParameters',
    { reason: 'unsupportedCryptographicParameters', plaintextTooLong: true },
    'serverBusy',
  ],
  generateDataKeyPair: ['serverBusy'],
  deriveSharedSecret: ['unsupportedCryptographicParameters', 'serverBusy'],
  assumeRole: ['permissionDenied', 'sessionTooLong'],
  federate: ['permissionDenied'],
  delegate: ['permissionDenied'],
  createCredential: ['featureNotSupported'],
  setPassword: ['featureNotSupported', 'serverBusy'],
  deleteRole: [{ reason: 'objectNotFound', kind: 'principal' }],
  setAdministrator: ['conflict'],
  encryptAsymmetric: [{ reason: 'unsupportedCryptographicParameters', plaintextTooLong: true }, 'serverBusy'],
  decryptRsa: ['cryptographicFailure', 'serverBusy'],
  decryptSm2: ['cryptographicFailure', 'serverBusy'],
  sign: [mismatched, 'unsupportedCryptographicParameters', 'serverBusy'],
  verify: [mismatched, 'unsupportedCryptographicParameters', 'serverBusy'],
  encryptPostQuantum: ['serverBusy'],
  decryptPostQuantum: ['cryptographicFailure', 'unusableRecipientKey', 'serverBusy'],
  signPostQuantum: [mismatched, 'unsupportedCryptographicParameters', 'serverBusy'],
  verifyPostQuantum: [mismatched, 'unsupportedCryptographicParameters', 'serverBusy'],
  unbind: [{ reason: 'objectNotFound', kind: 'binding' }],
  enableRotation: ['unsupportedByKeyStore', 'notPrimary'],
  scheduleDestruction: ['objectInUse'],
  beginRotation: ['unsupportedByKeyStore', 'notPrimary', 'rotationEnabled'],
  setRotationPeriod: ['rotationNotEnabled'],
  endRotation: ['rotationNotEnabled'],
  rotate: ['unsupportedByKeyStore', 'notPrimary', 'rotationNotEnabled', 'rotationRunning', 'rotatedRecently'],
}

/** What an action's own reading of its members refuses, by the member that leads to it. */
export interface MemberRefusal {
  readonly member: string
  readonly failure: Failure
  /** Only in this action. */
  readonly action?: string
}

/** Every operation names its targets from these. */
const sample = {
  keyId: 'key',
  keyIds: ['key'],
  dataKeyId: 'data key',
  dataKeyIds: ['data key'],
  from: { keyId: 'key' },
  subject: { id: 'key', where: {} },
  subjects: [{ id: 'key', where: {} }],
  places: [],
  at: { account: '', region: '', project: '' },
  scheme: 'rsaOaepSha256',
  source: { sealed: { lineage: '0'.repeat(32), version: 1 } },
  destination: { keyId: 'key' },
  sealed: { lineage: '0'.repeat(32), version: 1 },
}

type Named = readonly [name: string, target: ActedOn | CollectionTarget]

export const targetsOf = (action: Action<string>): Named[] => {
  const { targets } = action.operation as unknown as { targets(request: unknown): Targets }
  return Object.entries(targets(sample)).flatMap(([name, target]): Named[] => {
    const one = (Array.isArray(target) ? target[0] : target) as Named[1] | undefined
    return one ? [[name, one]] : []
  })
}

const isKey = (target: ActedOn | CollectionTarget): target is KeyTarget => 'ref' in target
const isActedOn = (target: ActedOn | CollectionTarget): target is ActedOn => 'ref' in target || 'managed' in target
const kindOf = (target: ActedOn): ManagedKind => ('managed' in target ? target.managed : 'key')

/** Those states that objects of a kind can get into at all. */
const statesOfKind: Readonly<Record<ManagedKind, ReadonlySet<State>>> = {
  key: new Set(states),
  dataKey: new Set(['active', 'suspended', 'destructionScheduled']),
  whiteBoxKey: new Set(['active', 'suspended']),
}

const visible = states.filter((state) => state !== 'destroyed')

export interface TargetStates {
  readonly name: string
  readonly kind: ManagedKind
  readonly possible: readonly State[]
  readonly allowed: ReadonlySet<State>
}

/** In which states each key and data key that the action is about may be. */
export const statesOf = (action: Action<string>): TargetStates[] =>
  targetsOf(action).flatMap(([name, target]) => {
    if (!isActedOn(target)) return []
    const kind = kindOf(target)
    const narrow = action.narrow[name]
    const possible = visible.filter((state) => statesOfKind[kind].has(state))
    const allowed = possible.filter(
      (state) => (target.states?.includes(state) ?? true) && (narrow?.includes(state) ?? true),
    )
    return [{ name, kind, possible, allowed: new Set(allowed) }]
  })

/** One key of every use and family that there can be. */
const keyKinds: readonly (readonly [Usage, Family])[] = [
  ['encryptDecrypt', 'symmetric'],
  ['encryptDecrypt', 'rsa'],
  ['encryptDecrypt', 'sm2'],
  ['encryptDecrypt', 'mlKem'],
  ['signVerify', 'rsa'],
  ['signVerify', 'ec'],
  ['signVerify', 'sm2'],
  ['signVerify', 'edwards'],
  ['signVerify', 'mlDsa'],
  ['generateVerifyMac', 'hmac'],
  ['keyAgreement', 'ec'],
  ['keyAgreement', 'sm2'],
]

const ofMisuse = ({ usage, families }: KeyTarget): Failure[] =>
  keyKinds
    .filter(([use, family]) => (usage ?? use) !== use || families?.includes(family) === false)
    .map(([use, family]) => ({ reason: 'incompatibleCryptographicUsageMask', usage: use, family }))

const ofTarget = (target: ActedOn | CollectionTarget, userOwned: boolean): Failure[] => {
  const failures: Failure[] = [{ reason: 'permissionDenied' }]
  if (!isActedOn(target)) return failures
  if (!target.optional) failures.push({ reason: 'objectNotFound', kind: kindOf(target) })
  if (!isKey(target)) return failures
  failures.push(...ofMisuse(target))
  if (target.origin) failures.push({ reason: target.origin === 'imported' ? 'notImported' : 'notGenerated' })
  if (target.userOwned || userOwned) failures.push({ reason: 'notUserOwned' })
  if (target.unbound) failures.push({ reason: 'objectInUse' })
  return failures
}

const ofStates = (action: Action<string>): Failure[] =>
  statesOf(action).flatMap(({ kind, possible, allowed }) =>
    possible
      .filter((state) => !allowed.has(state))
      .map((state) => ({ reason: 'wrongKeyLifecycleState', kind, state }) as const),
  )

const ofMembers = ({ request }: Action<string>): Failure[] => [
  { reason: 'unknownField', member: '' },
  { reason: 'invalidField', member: '', why: '' },
  ...Object.entries(request).flatMap(([member, schema]): Failure[] => {
    const { code } = notesOf(entryOf(schema) ?? schema)
    const value: Failure = { reason: 'invalidAttributeValue', member, why: '', ...(code === undefined ? {} : { code }) }
    return schema.isOptional() ? [value] : [value, { reason: 'missingData', member }]
  }),
]

/** What `perform` and the store may answer after the decision. */
const ofMode = ({ operation }: Action<string>): Failure[] =>
  operation.mode === 'change' ? [{ reason: 'conflict' }] : []

export const failuresOf = (action: Action<string>, byMember: readonly MemberRefusal[]): Failure[] => [
  { reason: 'notServing', state: 'sealed', told: '' },
  ...ofMembers(action),
  ...byMember
    .filter((row) => row.member in action.request && (row.action ?? action.name) === action.name)
    .map(({ failure }) => failure),
  ...targetsOf(action).flatMap(([name, target]) => ofTarget(target, action.userOwned.includes(name))),
  ...ofStates(action),
  ...(refusals[action.operation.name] ?? []).map((one) =>
    typeof one === 'string' ? ({ reason: one } as Failure) : one,
  ),
  ...ofMode(action),
]

/** Code to the reasons that lead to it. */
export const codesOf = (
  action: Action<string>,
  table: ErrorTable<string>,
  byMember: readonly MemberRefusal[],
): Map<string, Set<Reason>> => {
  const codes = new Map<string, Set<Reason>>()
  for (const variant of variantsOf(action))
    for (const failure of failuresOf(variant, byMember)) {
      const code = codeOf(table, variant.errors, failure)
      codes.set(code, (codes.get(code) ?? new Set()).add(failure.reason))
    }
  return codes
}

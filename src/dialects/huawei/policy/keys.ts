/** The condition keys: what each says of a question, and whether it can be said at all. */
import type { ConditionType } from '../../../contract/policy-document.ts'
import type { Attribute } from '../../../core/access/condition.ts'
import type { KeyFacts, Question } from '../../../core/access/policy.ts'
import type { Tags } from '../../../core/object.ts'
import { keySpecOf, keyUsageOf } from '../key-specs.ts'
import { macAlgorithms } from '../mac-fields.ts'

export interface Key {
  readonly type: ConditionType
  readonly attribute: Attribute
  /** False where the question does not say it: a condition on it then speaks against the caller. */
  tells?(question: Question): boolean
}

const present = (value: string | undefined): readonly string[] | undefined => (value ? [value] : undefined)
const text = (attribute: Attribute): Key => ({ type: 'text', attribute })

/** Of the key that is acted on, or of the one that is asked to be made. */
const factsOf = ({ resource, request }: Question): KeyFacts | undefined => resource.key ?? request?.key

const ofKey = (say: (facts: KeyFacts) => string): Key => ({
  type: 'text',
  attribute(question) {
    const facts = factsOf(question)
    return facts && [say(facts)]
  },
  tells: (question) => factsOf(question) !== undefined,
})

const macNames = new Map<string, string>(Object.entries(macAlgorithms).map(([name, algorithm]) => [algorithm, name]))

const aliasNames = (names: readonly string[] | undefined) => names?.map((name) => `alias/${name}`)

const untold: Key = { type: 'text', attribute: () => undefined, tells: () => false }

const domainId: Attribute = ({ caller }) => present(caller.account.external.domainId)
const userId: Attribute = ({ caller }) => present(caller.principal.external.userId ?? caller.principal.id)

const keys: ReadonlyMap<string, Key> = new Map<string, Key>([
  ['g:CurrentTime', { type: 'date', attribute: ({ now }) => [new Date(now).toISOString()] }],
  ['g:SourceIp', { type: 'network', attribute: ({ caller }) => present(caller.source) }],
  ['g:DomainName', text(({ caller }) => [caller.account.name])],
  ['g:DomainId', text(domainId)],
  ['g:PrincipalAccount', text(domainId)],
  ['g:UserName', text(({ caller }) => [caller.principal.name])],
  ['g:UserId', text(userId)],
  ['g:PrincipalId', text(userId)],
  ['g:PrincipalIsRootUser', { type: 'boolean', attribute: ({ caller }) => [String(caller.principal.root)] }],
  // Nobody has a second factor here.
  ['g:MFAPresent', { type: 'boolean', attribute: () => ['false'] }],
  ['g:EnterpriseProjectId', ofKey(({ group = '' }) => (group === '' ? '0' : group))],
  ['g:TagKeys', text(({ requestTags }) => requestTags && [...requestTags.keys()])],
  ['kms:KeyOrigin', ofKey(({ origin }) => (origin === 'imported' ? 'external' : 'kms'))],
  ['kms:KeySpec', ofKey(keySpecOf)],
  ['kms:KeyUsage', ofKey(keyUsageOf)],
  [
    'kms:MacAlgorithm',
    {
      type: 'text',
      attribute: ({ request }) => present(macNames.get(request?.mac ?? '')),
      tells: ({ request }) => request?.mac !== undefined,
    },
  ],
  ['kms:MultiRegionKeyType', untold],
  ['kms:RequestAlias', text(({ request }) => aliasNames(request?.aliases))],
  [
    'kms:ResourceAliases',
    {
      type: 'text',
      attribute: ({ resource }) => aliasNames(resource.key?.aliases),
      tells: ({ resource }) => resource.key?.aliases !== undefined,
    },
  ],
])

const tag = (tags: Tags | undefined, name: string): readonly string[] | undefined => {
  const value = tags?.get(name)
  return value === undefined ? undefined : [value]
}

const inContext = (name: string): Key => ({
  type: 'text',
  attribute({ request }) {
    const context = request?.context
    return context?.kind === 'map' && context.members.has(name) ? [String(context.members.get(name))] : undefined
  },
  // A text has no members, and nothing that could be asked by a name.
  tells: ({ request }) => request?.context !== undefined && request.context.kind !== 'bytes',
})

/** Keys that end in a name of the author's. */
const named: Readonly<Record<string, (name: string) => Key>> = {
  'g:ResourceTag/': (name) => text(({ resource }) => tag(resource.tags, name)),
  'g:RequestTag/': (name) => text(({ requestTags }) => tag(requestTags, name)),
  'kms:EncryptionContext/': inContext,
  'kms:RecipientAttestation/': () => untold,
}

export const keyOf = (written: string): Key | undefined => {
  const begins = Object.keys(named).find((start) => written.startsWith(start) && written.length > start.length)
  return begins === undefined ? keys.get(written) : named[begins]?.(written.slice(begins.length))
}

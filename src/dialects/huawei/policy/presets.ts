/** The system's own policies, by the names that the vendor has for them. */

interface Preset {
  readonly Effect: 'Allow'
  readonly Action: readonly string[]
}

const document = (...statements: readonly Preset[]): string => JSON.stringify({ Version: '1.1', Statement: statements })

/** What a reader of keys may do: no call that uses one, and none that prepares a change. */
const reading = [
  'kms:cmk:get',
  'kms:cmk:list',
  'kms:cmk:getInstance',
  'kms:cmk:getQuota',
  'kms:cmk:getRotation',
  'kms:cmkTag:list',
  'kms:cmkTag:listInstance',
  'kms:grant:list',
]

export const presets: ReadonlyMap<string, string> = new Map([
  ['KMS Administrator', document({ Effect: 'Allow', Action: ['kms:*:*'] })],
  [
    'KMS CMKFullAccess',
    document({ Effect: 'Allow', Action: ['kms:cmk:*', 'kms:dek:*', 'kms:grant:*', 'kms:cmkTag:*'] }),
  ],
  ['KMS CMKReadOnlyAccess', document({ Effect: 'Allow', Action: reading })],
])

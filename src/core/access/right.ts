/**
 * What a caller may do to an object: one right for each target of each operation, finer than the words of any cloud, so
 * that a policy of either cloud compiles to a set of these without saying more or less than its author did.
 */
export const rights = [
  'create',
  'describe',
  'list',
  'resume',
  'suspend',
  'rename',
  'modifyDescription',
  'deactivate',
  'reactivate',
  'scheduleDestruction',
  'cancelDestruction',
  'prepareImport',
  'importMaterial',
  'deleteMaterial',
  'enableRotation',
  'disableRotation',
  'describeRotation',
  'rotate',
  'bind',
  'unbind',
  'encrypt',
  'decrypt',
  'reEncryptFrom',
  'reEncryptTo',
  'generateDataKey',
  'random',
  'describeService',
  'assumeRole',
  'federate',
  'tag',
  'untag',
  'retag',
  'describeTags',
  'listTagged',
] as const

/** The system's own work, and the operator's: no policy grants these. */
type OwnRight = 'destroy' | 'dropMaterial' | 'administer'
export type Right = (typeof rights)[number] | OwnRight

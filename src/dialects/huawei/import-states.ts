/** What an import is told of a key that does not wait for its material. */
import type { Failure } from '../../core/failure.ts'
import type { Code } from './codes.ts'

export const notPending = ({ state }: Extract<Failure, { reason: 'wrongKeyLifecycleState' }>): Code =>
  state === 'destructionScheduled' ? 'KMS.0210' : 'KMS.0310'

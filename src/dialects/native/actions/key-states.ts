import { inferred } from '../../../contract/evidence.ts'
import { integer } from '../../../contract/fields.ts'
import {
  cancelDestruction,
  deactivate,
  reactivate,
  resume,
  scheduleDestruction,
  suspend,
} from '../../../core/operations/lifecycle.ts'
import { action } from '../action.ts'
import { keyRef } from '../key-fields.ts'

const common = {
  evidence: inferred('ours'),
  request: { key: keyRef },
  response: {},
  fromCore: () => ({}),
}
const one = ({ key }: { readonly key: string }) => ({ keyId: key })
const many = ({ key }: { readonly key: string }) => ({ keyIds: [key] })

export const KeySuspend = action({
  ...common,
  name: 'key-suspend',
  rights: { keys: 'key:suspend' },
  summary: 'Take a key out of use until it is resumed.',
  operation: suspend,
  toCore: many,
})

export const KeyResume = action({
  ...common,
  name: 'key-resume',
  rights: { keys: 'key:resume' },
  summary: 'Return a suspended key to use.',
  operation: resume,
  toCore: many,
})

export const KeyDeactivate = action({
  ...common,
  name: 'key-deactivate',
  rights: { key: 'key:deactivate' },
  summary: 'Archive a key: it only opens what it sealed.',
  operation: deactivate,
  toCore: one,
})

export const KeyReactivate = action({
  ...common,
  name: 'key-reactivate',
  rights: { key: 'key:reactivate' },
  summary: 'Return an archived key to use.',
  operation: reactivate,
  toCore: one,
})

export const KeyDestroy = action({
  ...common,
  name: 'key-schedule-destruction',
  rights: { key: 'key:schedule-destruction' },
  summary: 'Plan the destruction of a key.',
  request: { key: keyRef, days: integer({ min: 7, max: 1096 }).describe('How long it can be cancelled.') },
  operation: scheduleDestruction,
  toCore: ({ key: keyId, days }) => ({ keyId, days }),
})

export const KeyKeep = action({
  ...common,
  name: 'key-cancel-destruction',
  rights: { key: 'key:cancel-destruction' },
  summary: 'Keep a key whose destruction was planned; it comes back suspended.',
  operation: cancelDestruction,
  toCore: one,
})

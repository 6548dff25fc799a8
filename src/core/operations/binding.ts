/** Other products say that they rely on a key, and then it cannot be taken from them by the way. */
import { sha256Hex } from '../../crypto/digest.ts'
import { refuse } from '../failure.ts'
import type { Binding, KeyId } from '../object.ts'
import { change } from '../operation.ts'
import type { Effect, View } from '../ports.ts'
import { keyTarget } from './target.ts'

export interface BindRequest {
  readonly keyId: KeyId
  readonly product: string
  readonly resource: string
}

/** One binding has one id, whoever makes it again. */
export const bindingId = ({ keyId, product, resource }: BindRequest): string =>
  sha256Hex(JSON.stringify(['keystead binding', keyId, product, resource]))

/** Whether the binding is there, asked anew whenever something overtook the decision: the same call may have. */
const present = ({ view }: { view: View }, request: BindRequest) => view.reload('binding', bindingId(request))

export const bind = change({
  name: 'bind',
  summary: 'Record that a resource of another product relies on a key.',
  rights: { key: 'bind' },
  targets: ({ keyId }: BindRequest) => ({ key: keyTarget(keyId, { states: ['active'] }) }),
  prepare: present,
  refresh: present,
  decide({ at, now }, request, before) {
    const { key } = at.key
    // What somebody relies on does not end by itself: imported material loses its date.
    const put = { ...key, materialExpiresAt: null, bindings: key.bindings + 1 }
    if (before) return { result: undefined, effects: [] }
    const { product, resource } = request
    const add: Binding = {
      kind: 'binding',
      id: bindingId(request),
      account: key.account,
      revision: 1,
      key: key.id,
      product,
      resource,
      createdAt: now,
    }
    const effects: Effect[] = [{ put, over: key }, { add }]
    return { result: undefined, effects }
  },
})

export const unbind = change({
  name: 'unbind',
  summary: 'Record that a resource of another product no longer relies on a key.',
  rights: { key: 'unbind' },
  targets: ({ keyId }: BindRequest) => ({ key: keyTarget(keyId) }),
  prepare: present,
  refresh: present,
  decide({ at }, _request, before) {
    const { key } = at.key
    if (!before) return refuse({ reason: 'objectNotFound', kind: 'binding' })
    const put = { ...key, bindings: key.bindings - 1 }
    return { result: undefined, effects: [{ put, over: key }, { drop: before }] }
  },
})

/**
 * The identity service that this cloud's clients need beside KMS, at the same endpoint: tokens, projects, the catalog,
 * access keys. What `/` is for is told by the host; every other path is of one of the two services.
 */
import { codeOf, foremost } from '../../../contract/errors.ts'
import { Denied, type Dialect, type Head, Unjudged } from '../../../contract/serve.ts'
import type { Caller } from '../../../core/access/caller.ts'
import type { House } from '../../../core/house.ts'
import type { View } from '../../../core/ports.ts'
import { authenticate, locked } from '../signature.ts'
import { isRoot } from '../versions.ts'
import { iamActions } from './calls.ts'
import type { IamCode } from './codes.ts'
import { failure, success } from './envelope.ts'
import { detailOf, errors, precedence } from './errors.ts'
import { signedInBy } from './password.ts'
import { bodyBytesMax, fromSignature, type IamAsking, type IamOpened, open, read } from './transport.ts'

const recognises = (head: Head): boolean =>
  /^\/v3(?:\.0)?(?:\/|$)|^\/v5\//.test(head.path) || (isRoot(head) && /^iam\./i.test(head.headers.host ?? ''))

const authenticated = async (
  { by }: IamAsking,
  head: Head,
  body: Uint8Array,
  view: View,
  house: House,
  request: string,
): Promise<Caller | Denied<IamCode>> => {
  if (!by || !('password' in by)) {
    const caller = await authenticate(by, head, body, view, house, request)
    return caller instanceof Denied ? fromSignature(caller) : caller
  }
  const found = await signedInBy(house, view, by)
  if (!found) return new Denied('wrongPassword')
  if (found === 'busy') return new Unjudged('busy')
  return { dialect: 'huawei', credential: undefined, ...found, source: head.source, request, reach: 'policies' }
}

export const iam: Dialect<IamCode, IamOpened, IamAsking> = {
  name: 'huawei-iam',
  actions: iamActions,
  recognises,
  open,
  bodyBytesMax: () => bodyBytesMax,
  isKnown: async () => true,
  read: (opened, _head, body) => read(opened, body),
  authenticate: authenticated,
  locked({ by }) {
    if (!by || 'password' in by) return undefined
    const denied = locked(by)
    return denied && fromSignature(denied)
  },
  // What is asked here is of the whole account; the first region stands for all.
  place(_asking, { account }, { regions: [region] }) {
    if (!region) throw new Error('an installation without a region')
    return { region: { ...region, id: '' }, place: { account: account.id, region: '', project: '' } }
  },
  perSecond: () => undefined,
  members: ({ members }) => members,
  succeed: ({ status, base }, members, request) => success(status, members, base, request),
  refuse({ action }, failures, request) {
    const first = foremost(failures, precedence)
    return failure(codeOf(errors, action.errors, first), detailOf(first), request)
  },
  deny: ({ code, detail }, _head, request) => failure(code, detail, request),
  tooLarge: (_head, request) => failure('tooLarge', undefined, request),
  throttled: (_head, request) => failure('tooMany', undefined, request),
  internal: (_head, request) => failure('internal', undefined, request),
}

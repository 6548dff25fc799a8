/** Huawei Cloud KMS (DEW): how a request is recognised, read, authenticated and answered. */
import { codeOf, foremost } from '../../contract/errors.ts'
import type { Dialect } from '../../contract/serve.ts'
import type { Caller } from '../../core/access/caller.ts'
import type { House, Region } from '../../core/house.ts'
import { defaultPlace } from '../../core/place.ts'
import { actions } from './actions.ts'
import { type Code, textOf } from './codes.ts'
import { failure, success } from './envelope.ts'
import { errors, messageOf, precedence } from './errors.ts'
import { withLinks } from './links.ts'
import { projectsOf } from './projects.ts'
import { authenticate, isKnown, locked } from './signature.ts'
import { bodyBytesMax, type HuaweiAsking, membersOf, open } from './transport.ts'
import { isRoot } from './versions.ts'

export interface HuaweiSettings {
  /** What a cloud calls it; for calls that name no project. */
  readonly defaultRegion: string
}

/** A token for one project is for no other; one for the whole account is for none. */
const regionOf = (
  { project }: HuaweiAsking,
  { account, session }: Caller,
  house: House,
  defaultRegion: string,
): Region | undefined => {
  const region =
    project === undefined
      ? house.regions.find(({ names }) => Object.values(names).includes(defaultRegion))
      : projectsOf(account, house).get(project)?.region
  return session?.region === undefined || session.region === region?.id ? region : undefined
}

export const huawei = ({ defaultRegion }: HuaweiSettings): Dialect<Code, HuaweiAsking, HuaweiAsking> => ({
  name: 'huawei',
  actions,
  recognises: (head) =>
    /^\/v[12](?:\.\d)?(?:\/|$)/.test(head.path) ||
    isRoot(head) ||
    head.headers['x-sdk-date'] !== undefined ||
    head.headers['x-auth-token'] !== undefined,
  open,
  bodyBytesMax: () => bodyBytesMax,
  isKnown: async ({ claim }, view, house) => claim !== undefined && isKnown(claim, view, house),
  read: (opened) => opened,
  authenticate: ({ claim }, head, body, view, house, request) => authenticate(claim, head, body, view, house, request),
  locked: ({ claim }) => locked(claim),
  place(asking, caller, house) {
    const region = regionOf(asking, caller, house, defaultRegion)
    if (region) return { region, place: defaultPlace(caller.account.id, region.id) }
    return { reason: 'unknownRegion', ...(caller.session?.region === null ? { unscoped: true } : {}) }
  },
  perSecond: () => undefined,
  members: membersOf,
  succeed({ action, status, base, inArray }, members, request) {
    const shown = action.notice ? withLinks(members, base) : members
    return success(status, inArray ? [shown] : shown, request)
  },
  refuse({ action }, failures, request) {
    const first = foremost(failures, precedence)
    const code = codeOf(errors, action.errors, first)
    return failure(code, messageOf(code, first), request)
  },
  deny: ({ code, detail }, _head, request) =>
    failure(code, detail === undefined ? textOf(code) : `${textOf(code)} ${detail}`, request),
  tooLarge: (_head, request) => failure('KMS.0203', textOf('KMS.0203'), request),
  throttled: (_head, request) => failure('APIG.0308', textOf('APIG.0308'), request),
  internal: (_head, request) => failure('KMS.0101', textOf('KMS.0101'), request),
})

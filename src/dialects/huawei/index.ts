/** Huawei Cloud KMS (DEW): how a request is recognised, read, authenticated and answered. */
import { codeOf, foremost } from '../../contract/errors.ts'
import type { Dialect } from '../../contract/serve.ts'
import type { House, Region } from '../../core/house.ts'
import type { Account } from '../../core/object.ts'
import { defaultPlace, defaultProject } from '../../core/place.ts'
import { actions } from './actions.ts'
import { type Code, textOf } from './codes.ts'
import { failure, success } from './envelope.ts'
import { errors, messageOf, precedence } from './errors.ts'
import { denied } from './signature/claim.ts'
import { authenticate } from './signature.ts'
import { bodyBytesMax, type HuaweiAsking, membersOf, open } from './transport.ts'

/** The regions of an account by their project; they hang off its row. */
const projects = new WeakMap<Account, ReadonlyMap<string, Region>>()

const projectsOf = (account: Account, { regions }: House): ReadonlyMap<string, Region> => {
  const known = projects.get(account)
  if (known) return known
  const named = regions.filter(({ names }) => names.huawei !== undefined)
  const made = new Map(named.map((region) => [defaultProject(account.id, region.id), region]))
  projects.set(account, made)
  return made
}

export interface HuaweiSettings {
  /** What a cloud calls it; for calls that name no project. */
  readonly defaultRegion: string
}

export const huawei = ({ defaultRegion }: HuaweiSettings): Dialect<Code, HuaweiAsking, HuaweiAsking> => ({
  name: 'huawei',
  actions,
  recognises: ({ path, headers }) =>
    /^\/v\d/.test(path) || headers['x-sdk-date'] !== undefined || headers['x-auth-token'] !== undefined,
  open,
  bodyBytesMax: () => bodyBytesMax,
  isKnown: async ({ claimed }, view) => (await view.get('credential', claimed)) !== undefined,
  read: (opened) => opened,
  authenticate: ({ claim }, head, body, view, house, request) => authenticate(claim, head, body, view, house, request),
  locked: ({ claim }) =>
    claim.form === 'signature' ? denied('AK access failed to reach the limit,forbidden') : undefined,
  place({ project }, { account }, house) {
    const region =
      project === undefined
        ? house.regions.find(({ names }) => Object.values(names).includes(defaultRegion))
        : projectsOf(account, house).get(project)
    return region && { region, place: defaultPlace(account.id, region.id) }
  },
  perSecond: () => undefined,
  members: membersOf,
  succeed: ({ status }, members, request) => success(status, members, request),
  refuse({ action }, failures, request) {
    const first = foremost(failures, precedence)
    const code = codeOf(errors, action.errors, first)
    return failure(code, messageOf(code, first), request)
  },
  deny: ({ code, detail }, _head, request) =>
    failure(code, detail === undefined ? textOf(code) : `${textOf(code)} ${detail}`, request),
  tooLarge: (_head, request) => failure('KMS.0203', textOf('KMS.0203'), request),
  internal: (_head, request) => failure('KMS.0101', textOf('KMS.0101'), request),
})

/** Tencent Cloud KMS, and what its clients ask beside it: how a request is recognised, read, authenticated and answered. */
import { codeOf, foremost } from '../../contract/errors.ts'
import type { Dialect, Head } from '../../contract/serve.ts'
import type { Region } from '../../core/house.ts'
import { defaultPlace } from '../../core/place.ts'
import { type Code, textOf } from './codes.ts'
import { failure, success } from './envelope.ts'
import { errors, messageOf, precedence } from './errors.ts'
import { everyAction } from './services.ts'
import { authenticate } from './signature.ts'
import { bodyBytesMax, membersOf, open, read, type TencentAsking, type TencentOpened } from './transport.ts'
import { vendorActions } from './vendor.ts'
import { neighbourPerSecond } from './vendor-neighbours.ts'

const perSecond: ReadonlyMap<string, number> = new Map(vendorActions.map((row) => [row.name, row.perSecond]))

/** For answers to requests that were not read to the point of saying their language. */
const languageOf = ({ headers, query }: Head): string | undefined =>
  headers['x-tc-language'] ?? /(?:^|&)Language=([A-Za-z-]{1,16})(?:&|$)/.exec(query)?.[1]

export interface TencentSettings {
  readonly regions: readonly Region[]
  /** For requests that name no region: an older page says that they need not. */
  readonly defaultRegion: string
}

export const tencent = ({ regions, defaultRegion }: TencentSettings): Dialect<Code, TencentOpened, TencentAsking> => {
  const regionByName = new Map(regions.map((region) => [region.names.tencent, region]))
  const plain = (code: Code, head: Head, request: string) => failure(code, textOf(code, languageOf(head)), request)
  return {
    name: 'tencent',
    actions: everyAction,
    recognises: ({ method, path, query, headers }) =>
      path === '/' &&
      (method === 'POST' ||
        /(?:^|&)Action=/.test(query) ||
        headers['x-tc-action'] !== undefined ||
        headers.authorization?.startsWith('TC3-') === true),
    open,
    bodyBytesMax: ({ form }) => bodyBytesMax[form],
    isKnown: async (opened, view) =>
      opened.form !== 'form' && (await view.get('credential', opened.asking.claimed)) !== undefined,
    read: (opened, _head, body) => read(opened, body),
    authenticate: ({ claim }, head, body, view, house, request) =>
      authenticate(claim, head, body, view, house, request),
    place({ region: asked }, { account }) {
      const region = regionByName.get(asked || defaultRegion)
      return region ? { region, place: defaultPlace(account.id, region.id) } : { reason: 'unknownRegion' }
    },
    perSecond: ({ name }) => perSecond.get(name) ?? neighbourPerSecond,
    members: membersOf,
    succeed: (_asking, members, request) => success(members, request),
    refuse({ action, language }, failures, request) {
      const first = foremost(failures, precedence)
      const code = codeOf(errors, action.errors, first)
      return failure(code, messageOf(code, first, language), request)
    },
    deny({ code, detail }, head, request) {
      const text = textOf(code, languageOf(head))
      return failure(code, detail === undefined ? text : `${text} ${detail}`, request)
    },
    tooLarge: (head, request) => plain('RequestSizeLimitExceeded', head, request),
    throttled: (head, request) => plain('RequestLimitExceeded', head, request),
    internal: (head, request) => plain('InternalError', head, request),
  }
}

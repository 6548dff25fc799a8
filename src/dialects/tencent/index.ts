/** Tencent Cloud KMS, API 2019-01-18: how a request is recognised, read, authenticated and answered. */

import type { Action } from '../../contract/action.ts'
import { codeOf, foremost } from '../../contract/errors.ts'
import { Denied, type Dialect, type Head, type Opened } from '../../contract/serve.ts'
import type { Region } from '../../core/house.ts'
import { defaultPlace } from '../../core/place.ts'
import { actions } from './actions.ts'
import { type Code, texts } from './codes.ts'
import { failure, success } from './envelope.ts'
import { errors, messageOf, precedence } from './errors.ts'
import { authenticate, type Claim, readClaim } from './signature.ts'

const version = '2019-01-18'
const byName: ReadonlyMap<string, Action<Code>> = new Map(actions.map((action) => [action.name, action]))

interface TencentOpened extends Opened<Code> {
  readonly claim: Claim
  readonly region: string | undefined
}

const denied = (code: Code, message: string = texts[code]) => new Denied(code, message)

const isJson = (contentType: string): boolean => /^application\/json\s*(?:;|$)/i.test(contentType)

/** The order in which the head is judged: method and form, version, action, and whether it can be signed rightly. */
const open = (head: Head): TencentOpened | Denied<Code> => {
  const { headers } = head
  if (head.method !== 'POST') return denied('UnsupportedProtocol')
  const contentType = headers['content-type'] ?? ''
  if (/^multipart\//i.test(contentType)) return denied('InvalidRequest')
  if (!isJson(contentType)) return denied('UnsupportedProtocol')
  if (headers['x-tc-version'] === undefined) return denied('MissingParameter', 'The header `X-TC-Version` is required.')
  if (headers['x-tc-version'] !== version) return denied('NoSuchVersion')
  const name = headers['x-tc-action']
  if (name === undefined) return denied('MissingParameter', 'The header `X-TC-Action` is required.')
  const action = byName.get(name)
  if (!action) return denied('InvalidAction')
  const claim = readClaim(head)
  return claim instanceof Denied ? claim : { action, claim, region: headers['x-tc-region'] }
}

const parse = (body: Uint8Array): unknown => {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body))
  } catch {
    return undefined
  }
}

/** The documented limit of a JSON request. */
const bodyBytesMax = 10 * 1024 * 1024

export interface TencentSettings {
  readonly regions: readonly Region[]
  /** For requests that name no region: an older page says that they need not. */
  readonly defaultRegion: string
}

export const tencent = ({ regions, defaultRegion }: TencentSettings): Dialect<Code, TencentOpened> => {
  const regionByName = new Map(regions.map((region) => [region.names.tencent, region]))
  return {
    name: 'tencent',
    actions,
    bodyBytesMax,
    recognises: ({ method, path, query, headers }) =>
      path === '/' &&
      (method === 'POST' ||
        /(?:^|&)Action=/.test(query) ||
        headers['x-tc-action'] !== undefined ||
        headers.authorization?.startsWith('TC3-') === true),
    open,
    isKnown: async ({ claim }, view) => (await view.get('credential', claim.secretId)) !== undefined,
    authenticate: ({ claim }, head, body, view, house, request) =>
      authenticate(claim, head, body, view, house, request),
    place({ region: asked }, { account }) {
      const region = regionByName.get(asked || defaultRegion)
      return region ? { region, place: defaultPlace(account.id, region.id) } : denied('UnsupportedRegion')
    },
    members(_opened, body) {
      const members = parse(body)
      if (members !== undefined) return { members }
      return { reason: 'invalidField', member: 'body', why: 'must be JSON in UTF-8' }
    },
    succeed: success,
    refuse(action, failures, request) {
      const first = foremost(failures, precedence)
      const code = codeOf(errors, action?.errors ?? {}, first)
      return failure(code, messageOf(code, first), request)
    },
    deny: ({ code, message }, request) => failure(code, message, request),
    tooLarge: (request) => failure('RequestSizeLimitExceeded', texts.RequestSizeLimitExceeded, request),
    internal: (request) => failure('InternalError', texts.InternalError, request),
  }
}

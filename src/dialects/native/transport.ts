/** What a request asks: its head first, and then what its body says. */
import type { Action } from '../../contract/action.ts'
import { Denied, type Head, headerNamed } from '../../contract/serve.ts'
import type { Failure } from '../../core/failure.ts'
import type { Code } from './codes.ts'
import { claimedBy, type SigningIn, signingIn } from './sign-in.ts'
import { isFromConsole, notFromConsole, type Shown, shownIn } from './signature.ts'

export const prefix = '/api/v1/'

/** What the head says. */
export interface NativeOpened {
  readonly action: Action<Code>
  readonly shown: Shown | undefined
  readonly fromConsole: boolean
  readonly secure: boolean
  readonly region: string
  /** What If-Match says. */
  readonly revision: number | undefined | Failure
}

export interface NativeAsking extends NativeOpened {
  readonly claimed: string
  readonly by: SigningIn | undefined
  readonly members: { readonly members: unknown } | Failure
}

const parse = (body: Uint8Array): { members: unknown } | Failure => {
  try {
    return { members: JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body)) }
  } catch {
    return { reason: 'invalidField', member: 'body', why: 'must be JSON in UTF-8' }
  }
}

const revisionForm = /^"?(\d{1,15})"?$/

const revisionIn = (head: Head): NativeOpened['revision'] => {
  const written = headerNamed(head, 'if-match')
  if (written === '' || written === '*') return undefined
  const digits = revisionForm.exec(written)?.[1]
  return digits === undefined
    ? { reason: 'invalidField', member: 'If-Match', why: 'must be one revision in quotes' }
    : Number(digits)
}

export const openWith =
  (byName: ReadonlyMap<string, Action<Code>>) =>
  (head: Head): NativeOpened | Denied<Code> => {
    const { method, path } = head
    const action = path.startsWith(prefix) ? byName.get(path.slice(prefix.length)) : undefined
    if (!action || method !== 'POST') return new Denied('notFound', 'There is no such action.')
    // Whoever signs in is nobody yet, whatever an older cookie says.
    const shown = action.name === 'session-create' ? undefined : shownIn(head)
    if (shown instanceof Denied) return shown
    const region = headerNamed(head, 'x-keystead-region')
    return { action, shown, fromConsole: isFromConsole(head), secure: head.secure, region, revision: revisionIn(head) }
  }

export const memberOf = (asking: Pick<NativeAsking, 'members'>, name: string): unknown =>
  'members' in asking.members ? (asking.members.members as Record<string, unknown> | null)?.[name] : undefined

export const read = (opened: NativeOpened, body: Uint8Array): NativeAsking | Denied<Code> => {
  const members = parse(body)
  const by = opened.action.name === 'session-create' && 'members' in members ? signingIn(members.members) : undefined
  const asking = { ...opened, members, by, claimed: by ? claimedBy(by) : opened.shown ? 'bearer' : '' }
  // Else a page of another site could sign its reader in as somebody else.
  if (memberOf(asking, 'console') === true && by && !opened.fromConsole) return notFromConsole()
  if (opened.action.name === 'session-create' && !by)
    return new Denied('invalidRequest', 'Give accessKey and secretKey, or user, password and account.')
  return asking
}
